"""What has to hold in every world, as functions that raise `AssertionError` where it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import numpy as np
from ripieno.agents.factory import Factory
from ripieno.agents.lane import MarketLane
from ripieno.agents.numeric import add_all, total
from ripieno.agents.quantity import Array
from ripieno.agents.supplier import Supplier
from ripieno.model.api import run_batch
from ripieno.model.schema import Scenario, get_value, leaf_keys, parse, with_values
from ripieno.model.schema.keys import find
from ripieno.model.schema.world import plain
from ripieno.model.supply_chain import SupplyChain

from .watching import assert_same, metrics, runs_of, seen_of, watch

REPLICATIONS = (4, 0, 7)
KINDS = ("ordering", "shipping", "transit", "receiving")
SMALL = 1e-9  # relative; what rounding may do to a sum


def goods_are_conserved(scenario: Scenario) -> None:
    """The audit finds nothing, and no number is missing or infinite."""
    for (_, name), values in watch(scenario, REPLICATIONS, audit=True).items():
        assert name.startswith("metric") or np.isfinite(values).all() or values.ndim < 3, name


def a_run_does_not_depend_on_its_batch(scenario: Scenario) -> None:
    """Alone, in a batch and in a batch of another order a run is the same to the last bit."""
    batch = watch(scenario, REPLICATIONS)
    assert_same(runs_of(batch, [0]), watch(scenario, [REPLICATIONS[0]]))
    assert_same(runs_of(batch, [2, 0, 1]), watch(scenario, [REPLICATIONS[run] for run in (2, 0, 1)]))


def agents_of_a_moment_commute(scenario: Scenario) -> None:
    """Nobody sees what others do in the same moment, so that their order does not matter.

    But for orders, and for the demand of markets that ask their sites by priority.
    """
    draw = Random(11)

    def shuffle(world: SupplyChain) -> None:
        ordered = {"order"} | {"demand" for market in world.markets.values() if market.split == "priority"}
        world.agenda = [
            (moment, acts if moment in ordered else draw.sample(acts, len(acts))) for moment, acts in world.agenda
        ]

    assert_same(watch(scenario, [1]), watch(scenario, [1], change=shuffle))


def debts_add_up(scenario: Scenario) -> None:
    """What is on order is in the post, owed, set aside, on the way or at the gate, on every lane at every time."""
    world = SupplyChain(scenario, REPLICATIONS, seed=3)
    largest: dict[str, float] = {}
    for period in range(scenario.periods):
        for what, one, other, moved in _both_sides(world):
            largest[what] = max(largest.get(what, 0.0), float(np.abs(other).max()), float(np.abs(moved).max()))
            near(one, other, f"before period {period}: {what}", largest[what])
        world.step()
    world.dispose()


def _both_sides(world: SupplyChain) -> Iterator[tuple[str, Array, Array, Array]]:
    """A number that an agent keeps, the same added up from where the goods and orders are, and what was added to it."""
    for name, lane in world.lanes.items():
        yield f"in transit on {name}", lane.in_transit, lane.transit.content(), lane.shipped
        if not isinstance(lane, MarketLane):
            places = [
                lane.orders_under_way.content(),
                lane.owed,
                lane.set_aside,
                lane.loading,
                lane.in_transit,
                lane.at_dock,
                lane.waiting,
            ]
            yield f"on order on {name}", lane.on_order, add_all(places), lane.ordered
    for site in (site for site in world.sites.values() if isinstance(site, Factory | Supplier)):
        yield f"in work at {site.name}", site.in_work, site.work.content(), site.in_work


def nothing_is_owed_twice(scenario: Scenario) -> None:
    """What was booked on a lane has been shipped, is set aside, is owed or was lost."""
    seen = watch(scenario, REPLICATIONS)
    for lane in scenario.resolved().lanes:
        name = str(lane.name)
        start = _at_start(lane, scenario)
        owed = seen[name, "owed"] + seen[name, "set_aside"] + seen[name, "loading"] - start
        gone = np.cumsum(seen[name, "shipped"] + seen[name, "lost"], axis=0)
        if scenario.kind_of(lane.destination) == "market" or lane.order_delay == 0:
            near(np.cumsum(seen[name, "ordered"], axis=0), owed + gone, f"booked on {name}", float(start.max()))


def money_adds_up(scenario: Scenario) -> None:
    """Payments cancel, the owners bear what the network costs, and the books agree with the money of every period."""
    world = SupplyChain(scenario, REPLICATIONS, seed=3, series=True).run()
    accounts, scale = world.accounts, 1.0 + sum(np.abs(line.money()) for line in world.accounts.lines)
    owners = add_all([np.zeros(world.runs), *(accounts.balance(owner) for owner in accounts.owners())])
    assert (np.abs(owners - accounts.cost()) <= SMALL * scale).all(), "owners and network"
    lines = add_all([np.zeros(world.runs), *(accounts.cost(name=name) for name in accounts.names())])
    assert (np.abs(lines - accounts.cost()) <= SMALL * scale).all(), "lines and network"
    agents = [*world.sites, *world.carriers]
    places = add_all([np.zeros(world.runs), *(accounts.cost(agent=name) for name in agents)])
    assert (np.abs(places - accounts.cost()) <= SMALL * scale).all(), "agents and network"
    assert world.recorder is not None
    for line, track in zip(accounts.lines, world.recorder._money, strict=True):
        by_period = total(np.concatenate(track.rows[scenario.warm_up :]))
        assert (np.abs(by_period - line.money()) <= SMALL * scale).all(), f"{line.name} of {line.agent}"
    world.dispose()


def setting_what_is_set_changes_nothing(scenario: Scenario) -> None:
    """An intervention that sets every number to what it is, or takes it once, leaves every result as it is."""
    full = scenario.resolved()
    same = {key: get_value(full, key) for key in leaf_keys(full) if _may_change(full, key)}
    assert len(same) > 10
    table = plain(scenario) | {"interventions": []}
    once = dict.fromkeys(same, 1.0)
    repeated = table | {"interventions": [{"at": 0, "set": same}, {"at": 3, "scale": once}, {"at": 7, "set": same}]}
    assert_same(watch(parse(table), REPLICATIONS), watch(parse(repeated), REPLICATIONS))


def looking_changes_nothing(scenario: Scenario) -> None:
    """Metrics and books may be read at any time without a trace in later numbers."""
    world = SupplyChain(scenario, REPLICATIONS, seed=3, series=True)
    while world.period < scenario.periods:
        world.run(min(5, scenario.periods - world.period))
        metrics(world)
    assert_same(watch(scenario, REPLICATIONS), seen_of(world))
    world.dispose()


def design_points_do_not_mix(scenario: Scenario) -> None:
    """Design points side by side, in one batch or in chunks, give what each gives alone."""
    points = [scenario, *(with_values(scenario, change) for change in _changes(scenario))]
    pairs = [(point, replication) for point in range(len(points)) for replication in (5, 2)]
    whole = run_batch(points, pairs, seed=3).summary
    metric_columns = [str(n) for n in whole.columns if n not in ("run", "replication") and "." not in str(n)]
    for place, (point, replication) in list(enumerate(pairs))[::2]:
        alone = run_batch(points, [(point, replication)], seed=3).summary
        for name in metric_columns:
            expected = alone[name][0] if name in alone else 0.0  # a line that is free of charge in this point
            assert np.array_equal(whole[name][place], expected, equal_nan=True), name
    parts = [run_batch(points, some, seed=3).summary for some in (pairs[:4], pairs[4:])]
    for name in metric_columns:
        chunked = np.concatenate([part.get(name, 0.0 * part["run"]).to_numpy() for part in parts])
        assert np.array_equal(whole[name].to_numpy(), chunked, equal_nan=True), name


def strangers_change_nothing(scenario: Scenario) -> None:
    """Another chain in the same world, put first in every list, leaves the draws and deeds of all others alone."""
    alone, together = watch(scenario, REPLICATIONS), watch(_with_stranger(scenario), REPLICATIONS)
    shared = [key for key in alone if alone[key].ndim == 3]
    assert_same({key: alone[key] for key in shared}, {key: together[key] for key in shared})


def newcomers_leave_draws_alone(scenario: Scenario) -> None:
    """A market, an outage and a lane more change what happens, but not what the other markets draw."""
    table, site = plain(scenario), scenario.warehouses[0].name
    market = {"name": "Aa", "demand": {"type": "normal", "mean": 50.0, "sd": 9.0}, "sites": [site]}
    more = table | {
        "markets": [market, *table["markets"]],
        "outages": [
            {"name": "Aa", "site": site, "kind": "receiving", "mean_up": 3.0, "mean_down": 2.0},
            *table["outages"],
        ],
    }
    alone, together = watch(scenario, REPLICATIONS), watch(parse(more), REPLICATIONS)
    drawn = [key for key in alone if key[1] == "demanded"]
    assert drawn
    assert_same({key: alone[key] for key in drawn}, {key: together[key] for key in drawn})


def what_never_binds_changes_nothing(scenario: Scenario) -> None:
    """Limits that are never reached and outages that never strike give the very numbers that none of them gives.

    But for limits of a supplier that makes to order, which then adds what it makes to a stock first.
    """
    table = plain(scenario)
    suppliers = {supplier.name for supplier in scenario.suppliers}
    table["factories"] = [{"capacity": 1e14} | entry for entry in table["factories"]]
    table["lanes"] = [({} if entry["from"] in suppliers else {"capacity": 1e14}) | entry for entry in table["lanes"]]
    for entry in table["warehouses"]:
        entry["orders"] = {"cap": 1e14} | entry["orders"]
    never = {"states": [*[0.0] * scenario.periods, 1.0]}
    lanes = [lane.name for lane in scenario.lanes]
    to_markets = [lane.name for lane in scenario.resolved().lanes if lane.name not in lanes]
    places = [(kind, lane) for kind in KINDS for lane in lanes]
    places += [(kind, lane) for kind in ("shipping", "transit") for lane in to_markets]
    table["outages"] = [
        *table["outages"],
        *({"name": f"idle {number}", "lane": lane, "kind": kind} | never for number, (kind, lane) in enumerate(places)),
    ]
    free, bounded = watch(scenario, REPLICATIONS), watch(parse(table), REPLICATIONS)
    kept = [key for key in free if free[key].ndim == 3]
    assert_same({key: free[key] for key in kept}, {key: bounded[key] for key in kept})


PROPERTIES: tuple[Callable[[Scenario], None], ...] = (
    goods_are_conserved,
    a_run_does_not_depend_on_its_batch,
    agents_of_a_moment_commute,
    debts_add_up,
    nothing_is_owed_twice,
    money_adds_up,
    setting_what_is_set_changes_nothing,
    looking_changes_nothing,
    design_points_do_not_mix,
    strangers_change_nothing,
    newcomers_leave_draws_alone,
    what_never_binds_changes_nothing,
)


def near(one: Array, other: Array, what: str, largest: float = 0.0) -> None:
    """Equal but for rounding, measured against the largest number that has come up."""
    scale = max(largest, float(np.abs(one).max(initial=0.0)), float(np.abs(other).max(initial=0.0)))
    error = float(np.abs(one - other).max(initial=0.0))
    assert error <= SMALL * scale, f"{what}: {error:g} off"


def _at_start(lane: Any, scenario: Scenario) -> Array:
    """What a lane owed before the first period, ``[products, 1]``."""
    world = SupplyChain(scenario, [0], seed=3)
    owed = world.lanes[str(lane.name)].owed
    world.dispose()
    return owed


def _changes(scenario: Scenario) -> list[dict[str, Any]]:
    """Other numbers of two sites, a lane and a market."""
    lane, market, site = scenario.lanes[0], scenario.markets[0], scenario.warehouses[0]
    return [
        {f"markets.{market.name}.demand_factor": 1.7, f"warehouses.{site.name}.holding_cost": 0.4},
        {f"lanes.{lane.name}.transit_cost": 0.6, f"warehouses.{site.name}.initial_stock": 33.0},
    ]


def _may_change(scenario: Scenario, key: str) -> bool:
    """Whether an intervention may set this key."""
    starts = any(step.startswith("initial_") for step in key.split("."))
    return not starts and all(place.plain_number for place in find(scenario, key))


def _with_stranger(scenario: Scenario) -> Scenario:
    """The scenario with a chain of its own before all others."""
    table = plain(scenario)
    demand = {"stranger": {"type": "normal", "mean": 20.0, "sd": 5.0}}
    policy = {"type": "order-up-to", "cover": 3.0, "forecast": {"type": "moving-average", "window": 3}}
    chain: dict[str, dict[str, Any]] = {
        "products": {"name": "stranger"},
        "suppliers": {"name": "Aa", "products": ["stranger"], "capacity": 25.0},
        "warehouses": {"name": "Ab", "policy": policy, "initial_stock": 30.0},
        "markets": {"name": "Ac", "demand": demand, "sites": ["Ab"]},
        "lanes": {"from": "Aa", "to": "Ab", "travel_time": {"type": "uniform-periods", "low": 1, "high": 4}},
        "outages": {"name": "Ad", "site": "Ab", "kind": "transit", "mean_up": 3.0, "mean_down": 2.0},
    }
    return parse(table | {which: [entry, *table[which]] for which, entry in chain.items()})
