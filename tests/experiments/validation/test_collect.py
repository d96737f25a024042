"""Families are found by their files, targets by their names."""

from __future__ import annotations

from pathlib import Path

import pytest
from ripieno.experiments.validation import families
from ripieno.experiments.validation.collect import chosen_families, family_names, measured, wanted
from ripieno.experiments.validation.targets import Effort

ROOT = Path(__file__).resolve().parents[3]
NEW = """
from ripieno.experiments.validation.targets import exact

def targets(effort):
    yield exact("brand_new/one", "a source (2000)", 1.0, 1.0)
    yield exact("brand_new/two", "a source (2000)", 1.0, 2.0)
"""


@pytest.fixture
def new_family(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "brand_new.py").write_text(NEW, encoding="utf-8")
    monkeypatch.setattr(families, "__path__", [*families.__path__, str(tmp_path)])
    return "brand_new"


def test_a_new_file_is_found_by_itself(new_family: str) -> None:
    assert new_family in family_names()
    assert [target.verdict for target in measured(new_family, Effort())] == ["pass", "miss"]
    assert [target.name for target in measured(new_family, Effort(), "brand_new/t*")] == ["brand_new/two"]


def test_the_page_names_every_family() -> None:
    page = (ROOT / "docs" / "explanation" / "validation.md").read_text(encoding="utf-8")
    judged = {name for name in family_names() if not name.startswith(("peer", "guaranteed", "strategic"))}
    assert {name for name in judged if f"| `{name}` |" not in page} == set()


@pytest.mark.parametrize(
    ("only", "found"),
    [
        ("sterman", ["sterman"]),
        ("c*", ["chen", "clark_scarf", "clipping", "consolidation", "contracts"]),
        ("sterman/benchmark*", ["sterman"]),
    ],
)
def test_families_of_a_pattern(only: str, found: list[str]) -> None:
    assert chosen_families(only) == found


def test_patterns_that_mean_all_families_or_none() -> None:
    assert chosen_families("*/*net stock") == family_names() == chosen_families(None)
    assert chosen_families("stermann") == []


@pytest.mark.parametrize(
    ("only", "yes"),
    [(None, True), ("chen", True), ("chen/a", True), ("chen/a/orders", True), ("*orders", True), ("chen/b", False)],
)
def test_names_of_a_pattern(only: str | None, yes: bool) -> None:
    assert wanted("chen/a/orders", only) is yes
