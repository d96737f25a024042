"""Design points side by side in one scenario."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ripieno.model.schema import (
    Scenario,
    StructureDiffers,
    build_part,
    differences,
    expand,
    groups,
    parse,
    stack,
    timeline,
    with_values,
)

World = dict[str, Any]
LEVEL = "warehouses.Depot.policy.level"


@pytest.fixture
def scenario(world: World) -> Scenario:
    return parse(world)


def points(scenario: Scenario) -> list[Scenario]:
    return [with_values(scenario, {LEVEL: level, "lanes.Mill->Depot.transit_cost": level / 10}) for level in (5, 7, 9)]


def test_numbers_that_differ_become_arrays_over_the_runs(scenario: Scenario) -> None:
    stacked = stack(points(scenario), np.array([0, 2, 2, 1]))
    assert stacked.site("Depot").policy.given()["level"].tolist() == [5.0, 9.0, 9.0, 7.0]
    assert stacked.lane("Mill->Depot").transit_cost.tolist() == [0.5, 0.9, 0.9, 0.7]


def test_all_else_stays_as_it_is(scenario: Scenario) -> None:
    full = scenario.resolved()
    stacked = stack(points(scenario), np.array([0, 1, 2]))
    assert stacked.site("Shop") == full.site("Shop")
    assert stacked.lane("Mine->Mill") == full.lane("Mine->Mill")
    assert stacked.site("Depot").holding_cost == 1.0
    assert stacked.resolved() is stacked


def test_points_that_are_equal_give_plain_numbers(scenario: Scenario) -> None:
    assert stack([scenario, scenario], np.array([0, 1])) == scenario.resolved()


def test_points_need_not_share_their_tables(world: World) -> None:
    """Scenarios that were read one by one are stacked like those made from one another."""
    separate = [with_values(parse(world), {LEVEL: level}) for level in (5, 7)]
    assert stack(separate, np.array([1, 0])).site("Depot").policy.given()["level"].tolist() == [7.0, 5.0]


def test_entries_of_tables_are_stacked_one_by_one(world: World) -> None:
    world["warehouses"][0]["policy"]["level"] = {"chair": 1, "table": 2}
    both = [with_values(parse(world), {f"{LEVEL}.table": value}) for value in (3, 4)]
    stacked = stack(both, np.array([0, 1, 1]))
    policy = build_part(stacked.site("Depot").policy, ("chair", "table"))
    assert policy.level.tolist() == [[1.0, 1.0, 1.0], [3.0, 4.0, 4.0]]


def test_demand_is_stacked_after_it_was_narrowed_to_a_product(scenario: Scenario) -> None:
    both = [with_values(scenario, {"markets.Town.demand.mean": mean}) for mean in (1, 2)]
    process = build_part(stack(both, np.array([1, 0])).site("Town").demand["chair"], ("chair",))
    assert process.mean.tolist() == [2.0, 1.0]


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"lanes.Mine->Mill.travel_time": 4}, "lanes.Mine->Mill.travel_time"),
        ({"periods": 60}, "periods"),
        ({"sequence": "order-first"}, "sequence"),
        ({"warehouses.Depot.policy": {"type": "echelon-base-stock", "level": 3}}, "warehouses.Depot.policy.type"),
        ({"suppliers.Mine.capacity": 5}, "suppliers.Mine.capacity"),
        ({LEVEL: {"chair": 1, "table": 2}}, LEVEL),
        ({"outages.Mill/production.length": 3}, "outages.Mill/production.length"),
        ({"lanes.Mill->Depot.products": ["chair"]}, "products"),
    ],
)
def test_structure_that_differs_is_named(scenario: Scenario, values: World, key: str) -> None:
    with pytest.raises(StructureDiffers) as caught:
        stack([scenario, with_values(scenario, values)], np.array([0, 1]))
    assert key in caught.value.key
    assert key in str(caught.value)


def test_groups_hold_the_points_that_can_be_stacked(scenario: Scenario) -> None:
    slow = with_values(scenario, {"lanes.Mine->Mill.travel_time": 4})
    mixed = [scenario, slow, *points(scenario), with_values(slow, {LEVEL: 3})]
    assert groups(mixed) == [[0, 2, 3, 4], [1, 5]]
    for group in groups(mixed):
        stack([mixed[position] for position in group], np.arange(len(group)))


def test_groups_tell_apart_what_cannot_be_stacked(scenario: Scenario) -> None:
    changes: list[World] = [{"periods": 60}, {"suppliers.Mine.capacity": 5}, {LEVEL: {"chair": 1, "table": 2}}]
    assert groups([scenario, *(with_values(scenario, change) for change in changes)]) == [[0], [1], [2], [3]]


def test_a_stacked_scenario_has_a_timeline(world: World) -> None:
    world["interventions"] = [{"at": 5, "until": 8, "set": {LEVEL: 50, "lanes.Mill->Depot.transit_cost": 2}}]
    stacked = stack(points(parse(world)), np.array([0, 1, 2]))
    before, during, after = timeline(stacked)
    assert [period for period, _ in (before, during, after)] == [0, 5, 8]
    assert during[1].site("Depot").policy.given()["level"] == 50.0
    assert after[1].site("Depot").policy.given()["level"].tolist() == [5.0, 7.0, 9.0]
    assert after[1].lane("Mill->Depot").transit_cost.tolist() == [0.5, 0.7, 0.9]


def test_factors_act_on_what_a_number_is_at_the_time(world: World) -> None:
    """In each point on its own value, on what an earlier intervention has set, and on what another factor has made."""
    cost = "lanes.Mill->Depot.transit_cost"
    world["interventions"] = [
        {"at": 3, "until": 7, "scale": {LEVEL: 3, cost: 2.0}},
        {"at": 5, "scale": {LEVEL: 0.5}},
        {"at": 9, "set": {LEVEL: 50}},
        {"at": 11, "scale": {LEVEL: 1.5, "warehouses.Shop.orders.review_period": 2.6}},
    ]
    found = dict(timeline(stack(points(parse(world)), np.array([0, 1, 2]))))
    levels = [np.asarray(found[at].site("Depot").policy.given()["level"]).tolist() for at in (0, 3, 5, 7, 9, 11)]
    own = [5.0, 7.0, 9.0]
    assert levels[:4] == [own, [15.0, 21.0, 27.0], [7.5, 10.5, 13.5], [2.5, 3.5, 4.5]]
    assert levels[4:] == [50.0, 75.0]
    assert [found[at].site("Shop").orders.review_period for at in (0, 11)] == [1, 3]
    assert found[3].lane("Mill->Depot").transit_cost.tolist() == [1.0, 1.4, 1.8]
    assert found[7].lane("Mill->Depot").transit_cost.tolist() == [0.5, 0.7, 0.9]


def test_differences_name_the_keys_and_values(scenario: Scenario) -> None:
    several = [*points(scenario)[:2], with_values(scenario, {"periods": 60})]
    assert differences(several) == {
        "periods": [100, 100, 60],
        LEVEL: [5.0, 7.0, 20.0],
        "lanes.Mill->Depot.transit_cost": [0.5, 0.7, 0.5],
    }
    assert differences([scenario, scenario]) == {}
    assert differences([]) == {}


def test_differences_of_structure_are_shown(scenario: Scenario) -> None:
    other = with_values(scenario, {"warehouses.Depot.policy": "pass-through", "suppliers.Mine.capacity": 5})
    assert differences([scenario, other]) == {
        "suppliers.Mine.capacity": [None, 5.0],
        "warehouses.Depot.policy.type": ["base-stock", "pass-through"],
    }


def test_expand_orders_a_table_by_the_products() -> None:
    table = {"a": 1.0, "b": np.array([2.0, 3.0])}
    assert expand(table, ("b", "a")).tolist() == [[2.0, 3.0], [1.0, 1.0]]
    assert expand({"a": 1.0}, ("a", "c"), np.inf).tolist() == [[1.0], [np.inf]]
    assert expand(4.0, ("a",)) == 4.0
    with pytest.raises(ValueError, match="has no value for c"):
        expand({"a": 1.0}, ("a", "c"))
