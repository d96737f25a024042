"""The page about figures: its code runs and draws what it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ripieno.visualization import figures

PAGE = (Path(__file__).parents[2] / "docs" / "howto" / "figures.md").read_text(encoding="utf-8")


def test_the_code_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for block in re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL):
        exec(compile(block, "figures.md", "exec"), names)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["net-stock.svg", "windows.html", "windows.pdf"]
    assert names["fan"].axes[0].get_ylabel() == "net stock of Stage1 (units)"
    assert len(names["dots"].axes[0].get_yticks()) == 2
    # The report says in words that both arms cost less.
    assert (names["table"]["high"] < 0).all()
    assert names["table"].set_index("arm")["estimate"].idxmin() == "window 40"
    assert "zero: the sign turns" in [text.get_text() for text in names["regimes"].legends[0].get_texts()]


def test_every_figure_is_on_the_page() -> None:
    drawn = set(figures.__all__) - {"as_bytes", "save"}
    assert {name for name in drawn if f"| `{name}` |" in PAGE} == drawn
