"""Dotted keys: finding values, and making scenarios that differ in some."""

from __future__ import annotations

from typing import Any

import pytest
from ripieno.model.schema import Scenario, ScenarioError, dumps_toml, get_value, leaf_keys, parse, with_values

World = dict[str, Any]


@pytest.fixture
def scenario(world: World) -> Scenario:
    return parse(world)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("periods", 100),
        ("sequence", "serve-then-order"),
        ("warehouses.Depot.policy.level", 20.0),
        ("warehouses.Depot.policy.type", "base-stock"),
        ("warehouses.Shop.holding_cost.chair", 2.0),
        ("warehouses.Shop.orders.review_period", 1),
        ("lanes.Mill->Depot.transit_cost", 0.5),
        ("lanes.Mine->Mill.from", "Mine"),
        ("lanes.Forest->Mill.travel_time.high", 3),
        ("factories.Mill.bill.chair.wood", 4.0),
        ("markets.Town.demand.mean", 5.0),
        ("markets.Web.demand.chair.mean", 2.0),
        ("markets.Web.sites.Depot.share", 2.0),
        ("products.chair.value", 50.0),
        ("outages.Mill/production.length", 5),
        ("interventions.1.at", 50),
        ("interventions.1.set.markets.Town.demand.mean", 9),
        ("lanes.Depot->Web.share", 2.0),  # exists in the resolved scenario only
        ("suppliers.Mine.capacity", None),
    ],
)
def test_values_are_found(scenario: Scenario, key: str, value: Any) -> None:
    assert get_value(scenario, key) == value


@pytest.mark.parametrize(
    ("key", "cure"),
    [
        ("warehouse.Depot.policy.level", 'did you mean "warehouses"?'),
        ("warehouses.Depo.policy.level", 'did you mean "Depot"?'),
        ("warehouses.Depot.polcy.level", 'did you mean "policy"?'),
        ("warehouses.Depot.policy.levle", 'did you mean "level"?'),
        ("warehouses.Shop.holding_cost.chair.x", "stop there"),
        ("warehouses.Shop.holding_cost.chiar", 'did you mean "chair"?'),
        ("periods.x", "stop there"),
        ("lanes.Depot->Town.share", 'did you mean "Depot->Web"?'),
        ("interventions.2.at", "known here: 1"),
        ("warehouses.Depot.waves.every", "stop there"),
    ],
)
def test_unknown_keys_are_refused_with_the_nearest_one(scenario: Scenario, key: str, cure: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        get_value(scenario, key)
    assert cure in str(caught.value)
    with pytest.raises(ScenarioError):
        with_values(scenario, {key: "?"})


NUMBERS = {
    "warehouses.Depot.policy.level": 33,
    "warehouses.Shop.holding_cost.chair": 0.25,
    "warehouses.Shop.orders.cost": 6,
    "lanes.Mill->Depot.transit_cost": 0.75,
    "markets.Web.demand.chair.mean": 8,
    "markets.Town.initial_backlog": 4,
    "suppliers.Forest.capacity": 90,
    "products.chair.value": 70,
}


@pytest.mark.parametrize("key", NUMBERS)
def test_a_number_set_quickly_equals_the_file_that_says_so(world: World, key: str) -> None:
    """The quick way and reading the changed file again lead to the same resolved scenario."""
    quick = with_values(parse(world), {key: NUMBERS[key]})
    which, name, *steps = key.split(".")
    held: Any = next(e for e in world[which] if (e.get("name") or f"{e['from']}->{e['to']}") == name)
    for step in steps[:-1]:
        held = held.setdefault(step, {})
    held[steps[-1]] = NUMBERS[key]
    slow = parse(world)
    assert quick.resolved() == slow.resolved()
    assert get_value(quick, key) == NUMBERS[key]


def test_a_number_of_a_carrier_set_quickly_equals_the_file_too(world: World) -> None:
    world["carriers"] = [{"name": "Van", "lanes": ["Mine->Mill"], "fleet": {"capacity": 10}}]
    quick = with_values(parse(world), {"carriers.Van.fleet.capacity": 12}).resolved()
    world["carriers"][0]["fleet"]["capacity"] = 12
    assert quick == parse(world).resolved()
    assert quick.carriers[0].owner == "Van"


def test_numbers_set_one_after_another_add_up(scenario: Scenario) -> None:
    chosen = list(NUMBERS.items())
    together = with_values(scenario, NUMBERS)
    one_by_one = scenario
    for key, value in chosen:
        one_by_one = with_values(one_by_one, {key: value})
    assert one_by_one.resolved() == together.resolved()


def test_the_scenario_itself_stays_as_it_was(scenario: Scenario, world: World) -> None:
    with_values(scenario, NUMBERS | {"periods": 70, "lanes.Mine->Mill.travel_time": 9})
    assert scenario == parse(world)


def test_structure_can_be_set_and_everything_follows(scenario: Scenario) -> None:
    changed = with_values(scenario, {"lanes.Mill->Depot.products": ["chair"], "periods": 60})
    assert changed.resolved().site("Town").products == ["chair"]
    assert changed.resolved().periods == 60


def test_a_number_becomes_a_table_and_back(scenario: Scenario) -> None:
    key = "warehouses.Depot.policy.level"
    table = with_values(scenario, {key: {"chair": 1, "table": 2}})
    assert get_value(table, f"{key}.table") == 2.0
    assert get_value(with_values(table, {key: 5}), key) == 5.0


def test_nothing_takes_a_key_back_to_its_default(scenario: Scenario) -> None:
    changed = with_values(scenario, {"suppliers.Forest.capacity": None, "products.chair.value": None})
    assert get_value(changed, "suppliers.Forest.capacity") is None
    assert get_value(changed, "products.chair.value") == 0.0


def test_what_has_no_value_can_get_one(scenario: Scenario) -> None:
    assert with_values(scenario, {"suppliers.Mine.capacity": 12}).resolved().site("Mine").capacity == 12.0


def test_keys_of_the_resolved_scenario_can_be_set(scenario: Scenario) -> None:
    changed = with_values(scenario, {"lanes.Shop->Town.transit_cost": 3, "warehouses.Depot.policy.level": 4})
    assert changed.resolved().lane("Shop->Town").transit_cost == 3.0
    assert changed.resolved().site("Depot").policy.given()["level"] == 4.0


def test_a_resolved_scenario_gives_a_resolved_one(scenario: Scenario) -> None:
    changed = with_values(scenario.resolved(), {"markets.Town.initial_backlog": 4})
    assert changed.resolved() is changed
    assert changed.lane("Shop->Town").initial_backlog == 4.0


def test_one_key_may_stand_for_the_demand_of_all_products(scenario: Scenario) -> None:
    full = scenario.resolved()
    assert get_value(full, "markets.Town.demand.mean") == 5.0
    tables = {"chair": {"type": "poisson", "mean": 1}, "table": {"type": "poisson", "mean": 2}}
    both = with_values(scenario, {"markets.Town.demand": tables})
    assert get_value(both, "markets.Town.demand.mean") == {"chair": 1.0, "table": 2.0}
    assert get_value(with_values(both, {"markets.Town.demand.mean": 3}), "markets.Town.demand.table.mean") == 3.0


@pytest.mark.parametrize(
    ("values", "place", "cure"),
    [
        ({"warehouses.Depot.policy.level": "x"}, 'warehouses.Depot.policy.level = "x"', "without quotes"),
        ({"warehouses.Depot.holding_cost": -1}, "warehouses.Depot.holding_cost = -1", "at least 0"),
        ({"warehouses.Depot.holding_cost": float("nan")}, "holding_cost = nan", "a number"),
        ({"lanes.Mine->Mill.travel_time": -1}, "lanes.Mine->Mill.travel_time = -1", "at least 0"),
        ({"warehouses.Shop.policy.reorder_point": 99}, "warehouses.Shop.policy.reorder_point", "99"),
        ({"warehouses.Depot.policy.level": {"chair": 3}}, "warehouses.Depot.policy.level", "add table"),
        ({"lanes.Mine->Mill.share": 0}, "lanes.Mine->Mill.share = 0", "above 0"),
        ({"periods": 0}, "periods = 0", "at least 1"),
        ({"lanes.Depot->Shop.to": "Mill"}, "lanes: form a cycle", "remove one"),
    ],
)
def test_values_that_do_not_fit_are_refused(scenario: Scenario, values: World, place: str, cure: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        with_values(scenario, values)
    assert place in str(caught.value)
    assert cure in str(caught.value)


def test_all_bad_values_are_reported_together(scenario: Scenario) -> None:
    with pytest.raises(ScenarioError) as caught:
        with_values(scenario, {"warehouses.Depot.holding_cost": -1, "lanes.Mine->Mill.transit_cost": "x"})
    assert len(str(caught.value).splitlines()) == 2


def test_a_value_that_an_intervention_does_not_fit_is_refused(world: World) -> None:
    world["interventions"] = [{"at": 5, "set": {"warehouses.Shop.policy.reorder_point": 15}}]
    with pytest.raises(ScenarioError, match="from period 5 on do not fit"):
        with_values(parse(world), {"warehouses.Shop.policy.level": 10})


def test_names_may_contain_dots(world: World) -> None:
    world["warehouses"][0]["name"] = "Depot.2"
    for lane in world["lanes"]:
        lane |= {end: "Depot.2" for end in ("from", "to") if lane[end] == "Depot"}
    world["markets"][1]["sites"][0]["site"] = "Depot.2"
    scenario = with_values(parse(world), {"warehouses.Depot.2.policy.level": 7})
    assert get_value(scenario, "warehouses.Depot.2.policy.level") == 7.0


def test_every_leaf_key_leads_to_its_value(scenario: Scenario) -> None:
    for some in (scenario, scenario.resolved()):
        keys = leaf_keys(some)
        assert len(set(keys)) == len(keys)
        assert {"periods", "warehouses.Depot.policy.level", "lanes.Mine->Mill.from"} <= set(keys)
        assert not [key for key in keys if "early_cost" in key]
        for key in keys:
            get_value(some, key)


def test_a_changed_scenario_can_be_written_and_read(scenario: Scenario) -> None:
    import tomllib

    changed = with_values(scenario, NUMBERS)
    assert parse(tomllib.loads(dumps_toml(changed))).resolved() == changed.resolved()
