"""The arm central in a comparison: searched for once, on other random numbers, and kept in its scenario."""

from __future__ import annotations

from typing import Any

import pytest
import ripieno
from ripieno.experiments.central import Best
from ripieno.experiments.compare import best
from ripieno.model.schema import Scenario, with_values


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Every search: its arm and its seed."""
    made: list[tuple[str, int]] = []

    def search(scenario: Scenario, seed: int, told: Any) -> Best:
        assert scenario.orchestration is not None
        made.append((scenario.orchestration.arm, seed))
        told(0, 12.5)
        return Best({"a lever": 3.0}, 12.5, 20.0, 10)

    monkeypatch.setattr(best, "best_setting", search)
    return made


def test_only_an_arm_without_settings_is_searched_for(world: Scenario, searches: list[tuple[str, int]]) -> None:
    given = {"orchestration": {"arm": "central", "settings": {"other": 1.0}}}
    worlds = {
        "none": world,
        "orch": with_values(world, {"orchestration": {"arm": "orch"}}),
        "central": with_values(world, {"orchestration": {"arm": "central", "cadence": 9}}),
        "given": with_values(world, given),
    }
    heard: list[tuple[str, int]] = []
    found = best.with_best(worlds, 11, lambda arm, made: heard.append((arm, made)))
    assert searches == [("central", 11)]
    assert heard == [("central, searching", 0), ("central, round 1: 12.5", 0)]
    tables = {arm: scenario.orchestration for arm, scenario in found.items()}
    assert tables["central"] is not None
    assert (tables["central"].settings, tables["central"].cadence) == ({"a lever": 3.0}, 9)
    assert tables["given"] is not None
    assert tables["given"].settings == {"other": 1.0}
    assert found["none"] is world


def test_a_comparison_without_central_does_not_search(world: Scenario, searches: list[tuple[str, int]]) -> None:
    ripieno.compare(world, ("none",), runs=1)
    assert searches == []
