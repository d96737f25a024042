from __future__ import annotations

from typing import Any

import pytest
from ripieno.experiments.regimes.ingredients import CONTROLS, INGREDIENTS, ORCH, left_out, with_all, worlds_for
from ripieno.experiments.sweeps.reading import load_study
from ripieno.model.schema import Scenario, with_values
from ripieno.model.schema.orchestration import Orchestration
from ripieno.model.schema.world import plain


def table(scenario: Scenario) -> dict[str, Any]:
    assert scenario.orchestration is not None
    found: dict[str, Any] = plain(scenario.orchestration)
    return found


def test_the_study_defines_what_leaving_out_means() -> None:
    arms = load_study("ingredients").arms
    for arm in INGREDIENTS.values():
        assert {f"orchestration.{key}": value for key, value in left_out(arm).items()} == arms[arm]
        assert len(left_out(arm)) > 1


def test_every_arm_keeps_the_rules_of_the_scenario_and_leaves_out_one_thing(chain: Scenario) -> None:
    worlds, notes = worlds_for(chain)
    assert list(worlds) == [*CONTROLS, ORCH, *INGREDIENTS.values()]
    assert not notes
    whole = table(worlds[ORCH])
    assert whole["cadence"] == 10
    for arm, world in worlds.items():
        assert table(world)["search"] == whole["search"]
        usual = "interleaved" if arm == "without-governance" else "orch"
        assert table(world)["arm"] == (arm if arm in CONTROLS else usual)
    assert table(worlds["without-visibility"]) == {**whole, "visibility": {**whole["visibility"], "share": 0.0}}
    assert table(worlds["without-governance"])["rollback"] is False
    assert "governance" not in whole


@pytest.mark.parametrize(
    ("values", "ingredient"),
    [
        ({"visibility.share": 0.0}, "visibility"),
        ({"governance": "mandate", "enforcement": 0.98, "rollback": False}, "governance"),
        ({"protocol": {"type": "joint", "shared": False}}, "shared metrics"),
    ],
)
def test_an_ingredient_that_the_scenario_lacks_is_put_back_and_said(
    chain: Scenario, values: dict[str, Any], ingredient: str
) -> None:
    lacking = with_values(chain, {f"orchestration.{key}": value for key, value in values.items()})
    full, notes = with_all(lacking)
    arm = INGREDIENTS[ingredient]
    assert notes == [f"The scenario leaves out {ingredient}; here all arms have it but {arm}."]
    assert table(full) == table(chain)
    worlds, _ = worlds_for(lacking)
    assert table(worlds["selfish"])["visibility"]["share"] == 1.0
    assert table(worlds[arm]) == table(worlds_for(chain)[0][arm])


def test_half_an_ingredient_is_left_as_it_is(chain: Scenario) -> None:
    partly = with_values(chain, {"orchestration.visibility.share": 0.5, "orchestration.governance": "mandate"})
    full, notes = with_all(partly)
    assert not notes
    assert full is partly


def test_a_scenario_without_orchestration_gets_the_defaults(chain: Scenario) -> None:
    bare = with_values(chain, {"orchestration": None})
    worlds, _ = worlds_for(bare)
    assert worlds["none"] is bare
    assert table(worlds[ORCH]) == {**plain(Orchestration()), "arm": "orch"}
