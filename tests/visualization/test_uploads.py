"""Files that a visitor brings: read, or refused with a message that helps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import ripieno
from ripieno.model.schema import ScenarioError, bundled, dumps_toml
from ripieno.model.schema.world import plain
from ripieno.visualization.caps import Caps, TooMuch
from ripieno.visualization.csv_tables import csv_tables
from ripieno.visualization.uploads import scenario_from

CAPS = Caps()
TABLES = [name for name in bundled() if not name.startswith("beer-game")]  # forced orders have no form in CSV


def file(text: str, name: str = "mine.toml") -> dict[str, str]:
    return {"name": name, "text": text}


def toml(name: str) -> str:
    return dumps_toml(ripieno.load(name))


@pytest.mark.parametrize("name", ["regional", "beer-game"])
def test_a_scenario_comes_back_from_toml_and_json(name: str) -> None:
    scenario = ripieno.load(name)
    assert scenario_from([file(dumps_toml(scenario))], CAPS).resolved() == scenario.resolved()
    text = json.dumps(plain(scenario))
    assert scenario_from([file(text, "mine.json")], CAPS).resolved() == scenario.resolved()


@pytest.mark.parametrize("name", TABLES)
def test_a_scenario_comes_back_from_its_tables(name: str) -> None:
    scenario = ripieno.load(name)
    files = [file(text, table) for table, text in csv_tables(scenario).items()]
    assert scenario_from(files, CAPS).resolved() == scenario.resolved()


@pytest.mark.parametrize(("name", "words"), [("beer-game", "forced"), ("example-6-1", None)])
def test_what_tables_cannot_hold_is_refused(name: str, words: str | None) -> None:
    if words is None:
        assert csv_tables(ripieno.load(name))
        return
    with pytest.raises(TooMuch, match=words):
        csv_tables(ripieno.load(name))


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (None, "no file"),
        ([], "no file"),
        ("text", "no file"),
        ([3], "not a file"),
        ([{"name": "a.toml"}], "not a file"),
        ([{"name": 3, "text": ""}], "printable"),
        ([file("", "../../a.toml")], "cannot be read"),
        ([file("", "a\\b.toml")], "cannot be read"),
        ([file("", "a.py")], "cannot be read"),
        ([file("", ".toml")], "cannot be read"),
        ([file("x", f"{i}.csv") for i in range(11)], "11 files are asked for; 10"),
        ([file("x" * 2_000_001)], "2,000,001 upload bytes are asked for"),
        ([file(""), file("", "other.toml")], "one scenario file"),
        ([file("a = = 3")], "line 1"),
        ([file("{", "a.json")], "line 1"),
        ([file("[" * 5000, "a.json")], "nested|line 1"),
        ([file('name = "x"\nperiods = 10')], "mine.toml"),
        ([file("site\n", "sites.csv")], "kind"),
        ([file("a,b\n", "odd.csv")], "horizon|sites"),
    ],
)
def test_bad_files_are_refused_in_words(files: Any, words: str) -> None:
    with pytest.raises((TooMuch, ScenarioError), match=words) as found:
        scenario_from(files, CAPS)
    assert "Traceback" not in str(found.value)
    assert "/tmp" not in str(found.value)


def test_a_file_may_not_name_code(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    text = toml("beer-game").replace('type = "sterman"', f'type = "pathlib:Path({str(marker)!r}).touch"', 1)
    assert "pathlib" in text
    with pytest.raises(TooMuch, match="names code outside"):
        scenario_from([file(text)], CAPS)
    tables = csv_tables(ripieno.load("e5-departures"))
    tables["sites.csv"] = tables["sites.csv"].replace("base-stock", "antigravity:geohash", 1)
    with pytest.raises(TooMuch, match="names code outside"):
        scenario_from([file(text, name) for name, text in tables.items()], CAPS)
    assert not marker.exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('policy = { type = "base-stock", level = 220 }', 'policy = "antigravity:geohash"'),
        ('demand = { type = "poisson", mean = 8 }', 'demand = "antigravity:geohash"'),
        ('demand = { type = "poisson", mean = 8 }', 'demand = { case = "antigravity:geohash" }'),
        ("periods = 465", 'periods = 465\norchestration = { arm = "orch", escalation = ["antigravity:geohash"] }'),
        ("periods = 465", 'periods = 465\norchestration = { arm = "orch", governance = "antigravity:geohash" }'),
    ],
)
def test_a_file_may_not_name_code_in_short_either(old: str, new: str) -> None:
    import sys

    path = Path(ripieno.__file__).parent / "experiments" / "scenarios" / "e5-departures.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(TooMuch, match="names code outside"):
        scenario_from([file(text.replace(old, new, 1))], CAPS)
    assert "antigravity" not in sys.modules


def test_a_table_may_not_name_code_in_short_either() -> None:
    sites = "kind,name,policy,level\nwarehouse,W,antigravity:geohash,3\n"
    with pytest.raises(TooMuch, match="names code outside"):
        scenario_from([file(sites, "sites.csv")], CAPS)


@pytest.mark.parametrize("before", ["\ufeff", "\ufeff\n", "# \ud800\n"])
def test_a_mark_in_front_hides_nothing(before: str) -> None:
    text = before + toml("e5-departures").replace('"base-stock"', '"antigravity:geohash"', 1)
    with pytest.raises(TooMuch, match="names code outside"):
        scenario_from([file(text)], CAPS)
    text = before + json.dumps(plain(ripieno.load("e5-departures"))).replace("base-stock", "antigravity:geohash", 1)
    with pytest.raises((TooMuch, ScenarioError), match=r"names code outside|line 1"):
        scenario_from([file(text, "a.json")], CAPS)


def test_names_may_hold_colons() -> None:
    text = toml("e5-departures").replace('"Corby"', '"Corby: north"').replace("Depot->Corby", "Depot->Corby: north")
    assert "Corby: north" in [site.name for site in scenario_from([file(text)], CAPS).sites()]


@pytest.mark.parametrize("path", ["/etc/passwd", "../secret.csv", "sub/data.csv"])
def test_a_file_may_not_name_files_of_this_computer(path: str) -> None:
    text = (
        toml("newsvendor")
        + f'\n[[markets]]\nname = "M"\nsites = ["x"]\ndemand = {{ type = "trace", file = "{path}" }}\n'
    )
    with pytest.raises(TooMuch, match="only files given together"):
        scenario_from([file(text)], CAPS)


def test_a_trace_that_comes_with_it_is_read() -> None:
    text = """name = "t"
periods = 3
[[suppliers]]
name = "S"
[[warehouses]]
name = "W"
policy = { type = "base-stock", level = 9 }
[[lanes]]
from = "S"
to = "W"
travel_time = 1
[[markets]]
name = "M"
sites = ["W"]
demand = { type = "trace", file = "sold.csv", column = "sold" }
"""
    scenario = scenario_from([file(text), file("day,sold\n1,4\n2,5\n3,6\n", "sold.csv")], CAPS)
    assert list(scenario.markets[0].demand.values) == [4, 5, 6]


def test_a_world_that_is_too_large_is_refused() -> None:
    text = toml("beer-game").replace("periods = 36", "periods = 5000")
    with pytest.raises(TooMuch, match="5,000 periods are asked for; 4,000"):
        scenario_from([file(text)], CAPS)
