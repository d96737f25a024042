from __future__ import annotations

import re
from pathlib import Path

import pytest
import ripieno
from ripieno.model.schema import with_values
from ripieno.visualization.export import export, page
from ripieno.visualization.player import script, style
from ripieno.visualization.recording import Recording, record


@pytest.fixture(scope="module")
def beer() -> Recording:
    scenario = ripieno.load("beer-game")
    return record(scenario, with_values(scenario, {"factories.Brewery.policy.alpha": 0.5}))


def test_nothing_is_fetched_from_anywhere(beer: Recording) -> None:
    text = page(beer)
    assert not re.findall(r"https?://|@import|url\(|<link(?! rel=\"icon\" href=\"data:)", text)
    assert "default-src 'none'" in text


def test_the_player_is_small() -> None:
    print(f"{len(script()):,} bytes of JavaScript, {len(style()):,} of CSS")
    assert len(script()) + len(style()) < 90_000


def test_texts_cannot_become_markup(beer: Recording) -> None:
    text = page(
        beer,
        title="<b>&",
        lead="</script><script>alert(1)</script>",
        results=[{"metric": "<i>cost", "difference": -12.3456789}],
        options={"site": "</script>"},
    )
    assert text.count("<script") == text.count("</script>") == 2
    assert "<title>&lt;b&gt;&amp;</title>" in text
    assert "<td>&lt;i&gt;cost</td><td>-12.35</td>" in text
    assert '{"site": "\\u003c/script>"}' in text


def test_the_page_says_what_is_compared_and_where_it_comes_from(beer: Recording) -> None:
    text = page(beer)
    assert "A: policy.alpha = 1. B: policy.alpha = 0.5. Both on the same random numbers, one run of 36 weeks." in text
    assert "<td>factories.Brewery.policy.alpha</td><td>1</td><td>0.5</td>" in text
    assert all(value in text for world in beer.worlds for value in world.provenance.values())


def test_one_world_is_not_compared() -> None:
    assert "same random numbers" not in page(record(ripieno.load("beer-game")))


def test_a_failed_export_leaves_the_old_page(beer: Recording, tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    assert export(beer, target, title="first") == target
    with pytest.raises(ValueError, match="not JSON compliant"):
        export(beer, target, options={"day": float("nan")})
    assert "<title>first</title>" in target.read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
