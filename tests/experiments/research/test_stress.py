from __future__ import annotations

import re
from pathlib import Path

import pytest
from ripieno.experiments.research.stress import OPEN, SECTIONS, checklist, write_checklist
from ripieno.experiments.sweeps.errors import StudyError
from ripieno.experiments.sweeps.merging import merge, table_hash
from ripieno.experiments.sweeps.store import Store

ROOT = Path(__file__).parents[3]
NUMBERS = [
    *("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5.1", "2.5.2", "2.5.3", "2.5.4"),
    *("3.1", "3.2", "3.3", "3.4", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "5.4", "6.1"),
]


def row(text: str, number: str) -> str:
    """What is said of an item."""
    found = re.search(rf"^\| {re.escape(number)} [^|]+\| (.+) \|$", text, re.MULTILINE)
    assert found is not None
    return found.group(1)


def test_all_items_are_there_once() -> None:
    assert [item.number for items in SECTIONS.values() for item in items] == NUMBERS
    assert all(item.text or item.fill for items in SECTIONS.values() for item in items)


def test_the_page_is_the_checklist_without_a_study() -> None:
    page = (ROOT / "docs" / "research" / "stress.md").read_text(encoding="utf-8")
    assert page == checklist()
    assert OPEN in page


def test_a_study_fills_every_item(results: Path) -> None:
    store = Store.open(results)
    text = checklist(store)
    assert OPEN not in text
    assert "In a small world?" in row(text, "1.1")
    assert "Primary outcome: cost." in row(text, "1.2")
    assert "Arms: none, dear, compared with none" in row(text, "1.3")
    assert "cost dear higher" in row(text, "1.3")
    assert "dear: warehouses.W.holding_cost = 3.0" in row(text, "2.3")
    assert "level: 5 to 15 (2 values)" in row(text, "3.3")
    assert row(text, "4.2") == "12 days, the first 0 of them not measured."
    assert "2 design points (grid), 3 replications of each arm at each." in row(text, "4.3")
    session = store.sessions()[0]
    assert f"numpy {session['versions']['numpy']}" in row(text, "5.1")
    assert "Seed 3." in row(text, "5.2")
    assert "12 runs in 1 session." in row(text, "5.3")
    assert session["code_hash"] in row(text, "6.1")
    assert table_hash(merge(store).frame) in row(text, "6.1")


def test_it_is_written_once(results: Path, tmp_path: Path) -> None:
    path = write_checklist(Store.open(results), tmp_path / "stress.md")
    assert path.read_text(encoding="utf-8") == checklist(Store.open(results))
    with pytest.raises(StudyError, match="exists already"):
        write_checklist(Store.open(results), path)
    with pytest.raises(StudyError, match="there is no folder"):
        write_checklist(Store.open(results), tmp_path / "nowhere" / "stress.md")
