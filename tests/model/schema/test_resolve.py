"""Resolving fills in every default and nothing else."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from ripieno.model.schema import PartSpec, Scenario, ScenarioError, build_part, parse

World = dict[str, Any]


@pytest.fixture
def full(world: World) -> Scenario:
    return parse(world).resolved()


def chain(**warehouse: Any) -> World:
    return {
        "name": "chain",
        "periods": 10,
        "suppliers": [{"name": "S"}],
        "warehouses": [{"name": "W", "policy": {"type": "base-stock", "level": 3}} | warehouse],
        "markets": [{"name": "M", "sites": ["W"], "demand": {"type": "constant", "mean": 1}}],
        "lanes": [{"from": "S", "to": "W"}],
    }


def test_products_follow_the_goods_downstream(full: Scenario) -> None:
    assert {agent.name: agent.products for agent in full.agents()} == {
        "Mine": ["ore"],
        "Forest": ["wood"],
        "Mill": ["chair", "table"],
        "Depot": ["chair", "table"],
        "Shop": ["chair", "table"],
        "Town": ["chair", "table"],
        "Web": ["chair"],
    }
    assert {lane.name: lane.products for lane in full.lanes} == {
        "Mine->Mill": ["ore"],
        "Forest->Mill": ["wood"],
        "Mill->Depot": ["chair", "table"],
        "Depot->Shop": ["chair", "table"],
        "Shop->Town": ["chair", "table"],
        "Depot->Web": ["chair"],
        "Shop->Web": ["chair"],
    }


def test_a_lane_limits_what_arrives_downstream(world: World) -> None:
    world["lanes"][2]["products"] = ["chair"]
    full = parse(world).resolved()
    assert full.site("Shop").products == ["chair"]
    assert full.site("Town").products == ["chair"]


def test_suppliers_have_what_no_factory_makes(world: World) -> None:
    del world["suppliers"][0]["products"]
    full = parse(world).resolved()
    assert full.site("Mine").products == ["ore", "wood"]
    assert full.lane("Mine->Mill").products == ["ore", "wood"]


def test_without_products_there_is_one_named_goods() -> None:
    full = parse(chain()).resolved()
    assert [product.name for product in full.products] == ["goods"]
    assert full.site("M").products == ["goods"]
    assert set(full.site("M").demand) == {"goods"}


def test_links_of_markets_become_lanes(full: Scenario) -> None:
    lane = full.lane("Depot->Web")
    assert (lane.origin, lane.destination, lane.travel_time, lane.share) == ("Depot", "Web", 0, 2.0)
    assert all(market.sites == [] for market in full.markets)
    assert [lane.name for lane in full.lanes][-3:] == ["Shop->Town", "Depot->Web", "Shop->Web"]


def test_a_second_lane_between_the_same_sites_gets_a_number() -> None:
    world = chain()
    world["lanes"] += [{"from": "S", "to": "W", "travel_time": 5}, {"from": "S", "to": "W", "travel_time": 9}]
    assert [lane.name for lane in parse(world).lanes] == ["S->W", "S->W#2", "S->W#3"]


def test_a_lane_of_a_market_takes_over_its_rules() -> None:
    world = chain()
    world["markets"][0] |= {"unmet": "lost", "partial": False, "initial_backlog": 7}
    full = parse(world).resolved()
    lane, inner = full.lane("W->M"), full.lane("S->W")
    assert (lane.unmet, lane.partial, lane.initial_backlog) == ("lost", False, 7.0)
    assert (inner.unmet, inner.partial, inner.initial_backlog) == ("backlog", True, 0.0)


def test_an_explicit_lane_to_a_market_keeps_its_own_rules() -> None:
    world = chain()
    world["markets"][0] |= {"unmet": "lost", "sites": []}
    world["lanes"].append({"from": "W", "to": "M", "unmet": "backlog", "travel_time": 2})
    lane = parse(world).resolved().lane("W->M")
    assert (lane.unmet, lane.travel_time) == ("backlog", 2)


def test_backlog_of_a_market_is_owed_by_the_first_lane_that_carries_the_product(world: World) -> None:
    world["markets"][0] |= {"sites": ["Depot", "Shop"], "initial_backlog": {"chair": 3, "table": 4}}
    world["warehouses"][0]["products"] = ["chair", "table"]
    assert parse(world).resolved().lane("Depot->Town").initial_backlog == {"chair": 3.0, "table": 4.0}
    world["lanes"].append({"from": "Depot", "to": "Town", "products": ["table"]})
    world["markets"][0]["sites"] = ["Shop"]
    full = parse(world).resolved()
    assert full.lane("Depot->Town").initial_backlog == {"table": 4.0}
    assert full.lane("Shop->Town").initial_backlog == {"chair": 3.0, "table": 0.0}


def test_owners_and_echelons(full: Scenario) -> None:
    assert full.site("Depot").owner == "Depot"
    assert {site.name: site.echelon for site in full.sites()} == {
        "Mine": 4, "Forest": 4, "Mill": 3, "Depot": 2, "Shop": 1,
    }  # fmt: skip


def test_given_owners_and_echelons_stay() -> None:
    site = parse(chain(owner="Us", echelon="stores")).resolved().site("W")
    assert (site.owner, site.echelon) == ("Us", "stores")


def test_parts_get_the_defaults_of_their_parameters() -> None:
    policy = {"type": "order-up-to", "cover": 3, "forecast": {"type": "moving-average", "window": 4}}
    site = parse(chain(policy=policy)).resolved().site("W")
    assert site.policy.given()["safety"] == 0.0
    assert site.policy.given()["forecast"].given()["signal"] == "incoming"
    assert (site.sourcing.type, site.allocation.type) == ("split", "priority")


def test_a_part_may_be_named_without_a_table() -> None:
    site = parse(chain(policy="pass-through", allocation="proportional")).resolved().site("W")
    assert (site.policy.type, site.allocation.type) == ("pass-through", "proportional")


def test_tables_are_completed_by_the_default(full: Scenario) -> None:
    assert full.site("Shop").holding_cost == {"chair": 2.0, "table": 0.0}


def test_a_demand_process_of_all_products_is_narrowed_to_each(world: World) -> None:
    world["markets"][0]["demand"] = {"type": "poisson", "mean": {"chair": 1, "table": 2}}
    demand = parse(world).resolved().site("Town").demand
    assert {product: process.given()["mean"] for product, process in demand.items()} == {"chair": 1.0, "table": 2.0}


def test_the_rate_at_the_gate_stays_open_so_that_it_follows_the_holding_cost(full: Scenario) -> None:
    assert full.lane("Depot->Shop").held_cost is None


def test_resolving_twice_changes_nothing(full: Scenario, world: World) -> None:
    assert full.resolved() is full
    scenario = parse(world)
    assert scenario.resolved() is scenario.resolved()


def test_a_scenario_made_in_python_is_checked_when_it_is_resolved(world: World) -> None:
    world["lanes"].append({"from": "Shop", "to": "Depot"})
    scenario = Scenario.model_validate(world)
    with pytest.raises(ScenarioError, match="scenario chairs: lanes: form a cycle"):
        scenario.resolved()


def test_interventions_are_checked_then_too(world: World) -> None:
    world["interventions"][0]["set"] = {"warehouses.Depot.policy.levle": 3}
    with pytest.raises(ScenarioError, match="levle"):
        Scenario.model_validate(world).resolved()


def test_names_are_found(full: Scenario) -> None:
    assert full.kind_of("Mill") == "factory"
    assert full.kind_of("Web") == "market"
    with pytest.raises(KeyError, match='did you mean "Depot"'):
        full.site("Depo")
    with pytest.raises(KeyError, match="no lane"):
        full.lane("Depot->Mine")


@pytest.mark.parametrize("again", [copy.deepcopy, lambda scenario: pickle.loads(pickle.dumps(scenario))])
def test_copies_are_equal_and_stay_resolved(full: Scenario, again: Any) -> None:
    other = again(full)
    assert other == full
    assert other.resolved() is other
    assert isinstance(other.site("Depot").policy, PartSpec)


def test_a_scenario_cannot_be_changed_in_place(full: Scenario) -> None:
    with pytest.raises(ValueError, match="frozen"):
        full.periods = 3  # type: ignore[misc]


FORECAST = {"type": "moving-average", "window": 4}


@pytest.mark.parametrize(
    ("parameter", "policy"),
    [
        ("safety_factor", {"type": "order-up-to", "cover": 3, "forecast": FORECAST}),
        ("level", {"type": "fixed-periodic"}),
        ("initial", {"type": "order-up-to", "cover": 3, "forecast": FORECAST}),
    ],
)
def test_a_table_without_a_default_names_every_product(parameter: str, policy: World, world: World) -> None:
    """A product that such a table left out used to become NaN without a word."""
    holder = policy["forecast"] = dict(policy["forecast"]) if "forecast" in policy else {}
    table = holder if parameter == "initial" else policy
    if not holder:
        del policy["forecast"]
    world["warehouses"][0]["policy"] = policy
    table[parameter] = {"chair": 2}
    with pytest.raises(ScenarioError, match=rf"{parameter} = {{chair = 2}}: has no value for table; add table"):
        parse(world)
    table[parameter] = {"chair": 2, "table": 3}
    assert parse(world).resolved().site("Depot").policy.type == policy["type"]


def test_a_table_with_a_default_may_leave_products_out(world: World) -> None:
    policy = {"type": "order-up-to", "cover": 3, "forecast": FORECAST, "safety": {"chair": 2}}
    world["warehouses"][0]["policy"] = policy
    spec = parse(world).resolved().site("Depot").policy
    assert build_part(spec, ["chair", "table"]).safety.tolist() == [[2.0], [0.0]]


def test_capacity_of_a_product_that_is_left_out_is_unlimited(world: World) -> None:
    import ripieno

    del world["suppliers"][0]["products"]
    del world["interventions"]
    world["suppliers"][0]["capacity"] = {"ore": 500}
    assert len(ripieno.simulate(parse(world), runs=1, periods=20).summary) == 1
