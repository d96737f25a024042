"""Parameters that act on many keys, multiply or add, and choose among several scenarios."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ripieno.experiments.sweeps.errors import StudyError, valid
from ripieno.experiments.sweeps.merging import merge
from ripieno.experiments.sweeps.plan import make_plan
from ripieno.experiments.sweeps.prepared import Prepared
from ripieno.experiments.sweeps.reading import dumps_study, prepare
from ripieno.experiments.sweeps.runner import Options, run_study
from ripieno.experiments.sweeps.store import Store
from ripieno.experiments.sweeps.study import Study
from ripieno.experiments.sweeps.verification import verify

from .conftest import tiny_scenario

Make = Callable[..., Study]


def longer() -> dict[str, Any]:
    """Two warehouses in a row, named otherwise than the one of the tiny scenario."""
    table = tiny_scenario()
    first = table["warehouses"][0] | {"name": "Depot", "backlog_cost": 1.0}
    last = table["warehouses"][0] | {"name": "Shop"}
    lanes = [{"from": "S", "to": "Depot", "travel_time": 3}, {"from": "Depot", "to": "Shop", "travel_time": 1}]
    market = table["markets"][0] | {"sites": ["Shop"]}
    return table | {"name": "longer", "warehouses": [first, last], "lanes": lanes, "markets": [market]}


@pytest.fixture
def several(make_study: Make) -> Callable[..., Study]:
    """A study of both scenarios, with its parameters as given."""

    def make(*points: dict[str, Any], **parameters: dict[str, Any]) -> Study:
        network = {"values": ["one", "two"], "keys": ["scenario"]}
        return make_study(
            scenario=None,
            scenarios={"one": tiny_scenario(), "two": longer()},
            parameters={"network": network} | parameters,
            arms={"none": {}, "dear": {"warehouses.*.holding_cost": 3.0}},
            metrics=["cost", "*.fill_rate"],
            design={"type": "list", "points": list(points)} if points else {"type": "grid"},
        )

    return make


def set_by(prepared: Prepared, arm: str = "none", **point: Any) -> dict[str, Any]:
    return prepared.overrides(point, arm)


def test_a_pattern_means_what_is_there(several: Make) -> None:
    prepared = prepare(several(level={"values": [9.0, 12.0], "keys": ["warehouses.*.policy.level"]}))
    assert set_by(prepared, network="one", level=9.0) == {"scenario": "one", "warehouses.W.policy.level": 9.0}
    assert set_by(prepared, "dear", network="two", level=12.0) == {
        "scenario": "two",
        "warehouses.Depot.holding_cost": 3.0,
        "warehouses.Shop.holding_cost": 3.0,
        "warehouses.Depot.policy.level": 12.0,
        "warehouses.Shop.policy.level": 12.0,
    }


def test_it_multiplies_and_adds_and_whole_numbers_stay_whole(several: Make) -> None:
    lead = {"values": [0, 2], "act": "shift", "keys": ["lanes.*.travel_time", "warehouses.*.policy.level"]}
    stock = {"low": 0.5, "high": 3.0, "act": "scale", "keys": ["warehouses.*.policy.level", "lanes.S->*.travel_time"]}
    prepared = prepare(several({"network": "two", "lead": 2, "stock": 1.5}, lead=lead, stock=stock))
    found = set_by(prepared, network="two", lead=2, stock=1.5)
    # Both act on the level, in their order: (20 + 2) x 1.5; and 3 + 2 periods x 1.5 are rounded to 8.
    assert found["warehouses.Shop.policy.level"] == 33.0
    assert found["lanes.Depot->Shop.travel_time"] == 3
    assert found["lanes.S->Depot.travel_time"] == 8
    assert isinstance(found["lanes.S->Depot.travel_time"], int)


def test_it_acts_on_what_the_arm_has_set(several: Make) -> None:
    cost = {"values": [2.0], "act": "scale", "keys": ["warehouses.*.holding_cost"]}
    prepared = prepare(several(dear=cost))
    assert set_by(prepared, "none", network="one", dear=2.0)["warehouses.W.holding_cost"] == 2.0
    assert set_by(prepared, "dear", network="one", dear=2.0)["warehouses.W.holding_cost"] == 6.0


def test_a_run_is_that_of_the_scenario_that_was_chosen(several: Make, make_study: Make, tmp_path: Path) -> None:
    lead = {"values": [0, 2], "act": "shift", "keys": ["lanes.*.travel_time"]}
    run_study(several(lead=lead), tmp_path / "both", Options(quiet=True))
    both = merge(Store.open(tmp_path / "both")).frame
    alone = make_study(
        scenario=longer(),
        parameters={"lanes.S->Depot.travel_time": {}, "lanes.Depot->Shop.travel_time": {}},
        design={"type": "list", "points": [{"lanes.S->Depot.travel_time": 5, "lanes.Depot->Shop.travel_time": 3}]},
        arms={"none": {}},
        comparison=None,
    )
    run_study(alone, tmp_path / "alone", Options(quiet=True))
    expected = merge(Store.open(tmp_path / "alone")).frame["cost"].to_numpy()
    chosen = both[(both["network"] == "two") & (both["lead"] == 2) & (both["arm"] == "none")]
    assert chosen["cost"].to_numpy().tobytes() == expected.tobytes()
    # What a network does not have is missing there.
    assert both[both["network"] == "two"]["W.fill_rate"].isna().all()
    assert np.isfinite(both[both["network"] == "one"]["W.fill_rate"]).all()
    assert verify(Store.open(tmp_path / "both"), 6).differences == []


def test_scenarios_are_structures_and_part_of_the_hash(several: Make) -> None:
    study = several()
    prepared = prepare(study)
    points = prepared.study.design[0].sample(prepared.space)
    plan = make_plan(prepared, points)
    assert len(points) == 2
    assert len(set(plan.group.tolist())) == 2
    other = study.model_copy(update={"scenarios": study.scenarios | {"two": longer() | {"periods": 13}}})
    assert prepare(other).scenario_hash != prepared.scenario_hash


def test_a_study_of_several_scenarios_resolves_to_itself(several: Make) -> None:
    resolved = prepare(several(lead={"values": [0, 2], "act": "shift", "keys": ["lanes.*.travel_time"]})).study
    again = prepare(valid(Study, tomllib.loads(dumps_study(resolved)), "again")).study
    assert again.table() == resolved.table()


BAD: list[tuple[dict[str, Any], str]] = [
    ({"x": {"values": [1.0], "keys": ["warehouses.*.polcy.level"]}}, r"parameters.x: warehouses.\*.polcy.level stands"),
    ({"x": {"values": [1.0], "keys": ["warehouses.W.policy.level"]}}, r"parameters.x in two in arm none: .*W"),
    ({"x": {"values": [2], "act": "scale", "keys": ["suppliers.S.name"]}}, r"holds no single number to scale"),
    ({"x": {"values": [-9], "act": "shift", "keys": ["lanes.*.travel_time"]}}, r"parameters.x in one in arm none"),
]


@pytest.mark.parametrize(("parameters", "message"), BAD)
def test_a_parameter_that_cannot_act_is_refused(several: Make, parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(StudyError, match=message):
        prepare(several(**parameters))


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"parameters": {"n": {"values": ["tow"], "keys": ["scenario"]}}}, r'n = "tow": is not among.*did you mean "two"'),
    ({"parameters": {"n": {"low": 0, "high": 1, "keys": ["scenario"]}}}, r"chooses a scenario and more, or from noth"),
    ({"parameters": {}}, r"scenarios: is there and no parameter chooses from it"),
    ({"parameters": {"n": {"values": ["x"], "act": "scale"}}}, r"n.values: are not all numbers"),
]


@pytest.mark.parametrize(("changed", "message"), REFUSED)
def test_scenarios_that_cannot_be_chosen_are_refused(changed: dict[str, Any], message: str) -> None:
    table = {"name": "x", "scenarios": {"one": tiny_scenario(), "two": longer()}} | changed
    with pytest.raises(StudyError, match=message):
        valid(Study, table, "study")


def test_a_pattern_in_an_arm_that_means_nothing_is_refused(make_study: Make) -> None:
    with pytest.raises(StudyError, match=r"arms.dear.warehouses.\*.holdng_cost: stands for nothing"):
        prepare(make_study(arms={"none": {}, "dear": {"warehouses.*.holdng_cost": 3.0}}))


def test_arms_share_values_and_may_set_others(make_study: Make) -> None:
    arms = {"none": {}, "dear": {"warehouses.W.holding_cost": 3.0}}
    prepared = prepare(make_study(values={"warehouses.*.holding_cost": 2.0, "periods": 9}, arms=arms))
    held = {arm: scenario.warehouses[0].holding_cost for (_, arm), scenario in prepared.arm_scenarios.items()}
    assert held == {"none": 2.0, "dear": 3.0}
    assert {scenario.periods for scenario in prepared.arm_scenarios.values()} == {9}


def test_arms_of_orchestration_need_no_table_in_the_scenario(make_study: Make) -> None:
    study = make_study(
        values={"orchestration.cadence": 15},
        arms={"none": {"orchestration.arm": "none"}, "orch": {"orchestration.arm": "orch"}},
        parameters={"inertia": {"low": 0.0, "high": 0.1, "levels": 2, "keys": ["orchestration.inertia.share"]}},
    )
    found = prepare(study).built({"inertia": 0.1}, "orch").orchestration
    assert found is not None
    assert (found.arm, found.cadence, found.inertia.share) == ("orch", 15, 0.1)


def test_the_quick_version_is_what_look_says(make_study: Make) -> None:
    study = make_study(
        replications=500,
        design={"type": "lhs", "points": 64},
        parameters={"level": {"low": 1.0, "high": 2.0, "keys": ["warehouses.W.policy.level"]}},
        look={"points": 3, "replications": 4, "values": {"periods": 5}},
    )
    quick = study.cut_down()
    assert (quick.replications.number, len(prepare(quick).study.design[0].sample(prepare(quick).space))) == (4, 3)
    assert {scenario.periods for scenario in prepare(quick).arm_scenarios.values()} == {5}
    assert {scenario.periods for scenario in prepare(study).arm_scenarios.values()} == {12}
    assert quick.cut_down() == quick
