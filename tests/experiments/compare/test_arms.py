"""Names of arms, and the scenario under each."""

from __future__ import annotations

from typing import Any

import pytest
from ripieno.experiments.compare import arms
from ripieno.experiments.compare.comparison import prepared
from ripieno.model.schema import Scenario, ScenarioError, get_value, with_values
from ripieno.model.schema.orchestration import ARMS

LEVEL = "warehouses.Shop.policy.level"


def test_the_names_are_those_of_the_scenario() -> None:
    assert list(arms.ARMS) == list(ARMS)
    assert set(arms.DEFAULT) <= set(ARMS)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["none", "orhc"], r'there is no arm "orhc"; did you mean "orch"\?'),
        (["none", "xyz"], r'there is no arm "xyz"; known here: none, opt, selfish'),
        (["opt", "none", "opt"], 'the arm "opt" is named twice'),
        ([], "no arm to compare"),
        ({}, "no arm to compare"),
    ],
)
def test_wrong_names_are_refused(world: Scenario, names: Any, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        arms.worlds_of(world, names)


def test_without_orchestration_nobody_acts(world: Scenario) -> None:
    assert arms.armed(world, "none") is world
    assert arms.worlds_of(world, "none") == {"none": world}


def test_an_arm_is_a_key_of_the_scenario(world: Scenario) -> None:
    for start in (world, with_values(world, {"orchestration": {"arm": "opt", "cadence": 5}})):
        found = arms.armed(start, "orch").orchestration
        assert found is not None
        assert (found.arm, found.cadence) == ("orch", 20 if start is world else 5)
    still = arms.armed(start, "none").orchestration
    assert still is not None
    assert still.arm == "none"


def test_arms_of_ones_own(world: Scenario) -> None:
    other = with_values(world, {LEVEL: 44.0})
    found = arms.worlds_of(world, {"as it is": {}, "low": {LEVEL: 20.0}, "other": other})
    assert [get_value(scenario, LEVEL) for scenario in found.values()] == [30.0, 20.0, 44.0]
    assert list(found) == ["as it is", "low", "other"]
    with pytest.raises(ScenarioError, match="levle"):
        arms.worlds_of(world, {"low": {"warehouses.Shop.policy.levle": 20.0}})


def test_a_list_on_the_command_line() -> None:
    assert arms.arms_in(" none, opt,,orch-then-opt ") == ("none", "opt", "orch-then-opt")


def test_files_have_plain_names() -> None:
    assert arms.scenario_file("orch-then-opt") == "scenario-orch-then-opt.toml"
    assert arms.scenario_file("../a b") == "scenario----a-b.toml"


def test_settings_of_the_orchestration_hold_in_every_arm(world: Scenario) -> None:
    values = {"orchestration.cadence": 7, "orchestration.search.singles": 3, "seed": 8}
    for arm, scenario in prepared(world, ("none", "orch"), values).items():
        table = scenario.orchestration
        assert table is not None
        assert (table.arm, table.cadence, table.search.singles, table.search.rounds) == (arm, 7, 3, 3)
        assert scenario.seed == 8
    given = with_values(world, {"orchestration": {"arm": "opt", "cadence": 9}})
    kept = prepared(given, ("none",), {"orchestration.trial": 5})["none"].orchestration
    assert kept is not None
    assert (kept.arm, kept.cadence, kept.trial) == ("none", 9, 5)
    assert prepared(world, ("none",), {"seed": 8})["none"].orchestration is None
    with pytest.raises(ScenarioError, match=r"orchestration\.cadnce"):
        prepared(world, ("none",), {"orchestration.cadnce": 5})
