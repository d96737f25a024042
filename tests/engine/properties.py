"""What has to hold in every world, as functions that raise `AssertionError` where it does not."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
from ripieno.agents.numeric import add_all, total
from ripieno.agents.quantity import Array
from ripieno.model.api import run_batch
from ripieno.model.schema import Scenario, parse, with_values
from ripieno.model.schema.toml import plain
from ripieno.model.supply_chain import SupplyChain

from .watching import Seen, assert_same, metrics, runs_of, seen_of, watch
from .worlds import WorldMaker

REPLICATIONS = (4, 0, 7)
SMALL = 1e-9  # relative; what rounding may do to a sum


def goods_are_conserved(scenario: Scenario) -> None:
    """The audit finds nothing, and no number is missing or infinite."""
    for (_, name), values in watch(scenario, REPLICATIONS, audit=True).items():
        assert name.startswith("metric") or np.isfinite(values).all() or values.ndim < 3, name


def a_run_does_not_depend_on_its_batch(scenario: Scenario) -> None:
    """Alone, in a batch and in a batch of another order a run is the same to the last bit."""
    batch = watch(scenario, REPLICATIONS)
    assert_same(runs_of(batch, [1]), watch(scenario, [REPLICATIONS[1]]))
    assert_same(runs_of(batch, [2, 0, 1]), watch(scenario, [REPLICATIONS[run] for run in (2, 0, 1)]))


def agents_of_a_moment_commute(scenario: Scenario) -> None:
    """Nobody sees what others do in the same moment, so that their order does not matter, but for orders."""
    draw = Random(11)

    def shuffle(world: SupplyChain) -> None:
        world.agenda = [
            (moment, acts if moment == "order" else draw.sample(acts, len(acts))) for moment, acts in world.agenda
        ]

    assert_same(watch(scenario, [1]), watch(scenario, [1], change=shuffle))


def debts_add_up(scenario: Scenario) -> None:
    """What is on order is in the post, owed, set aside, on the way or at the gate, on every lane at every time."""
    world = SupplyChain(scenario, REPLICATIONS, seed=3)
    for _ in range(scenario.periods):
        world.step()
        for name, lane in world.lanes.items():
            near(lane.transit.content(), lane.in_transit, f"period {world.period}: in transit on {name}")
            if name.split("->")[-1] not in world.markets:
                places = [lane.orders_under_way.content(), lane.owed, lane.set_aside, lane.in_transit, lane.waiting]
                near(lane.on_order, add_all(places), f"period {world.period}: on order on {name}")
        for site in world.workshops:
            near(site.work.content(), site.in_work, f"period {world.period}: in work at {site.name}")
    world.dispose()


def nothing_is_owed_twice(scenario: Scenario) -> None:
    """What was booked on a lane has been shipped, is set aside, is owed or was lost."""
    seen = watch(scenario, REPLICATIONS)
    for lane in scenario.resolved().lanes:
        name = str(lane.name)
        owed = seen[name, "owed"] + seen[name, "set_aside"] - _at_start(lane, scenario, seen)
        gone = np.cumsum(seen[name, "shipped"] + seen[name, "lost"], axis=0)
        if scenario.kind_of(lane.destination) == "market" or lane.order_delay == 0:
            near(np.cumsum(seen[name, "ordered"], axis=0), owed + gone, f"booked on {name}")


def money_adds_up(scenario: Scenario) -> None:
    """Payments cancel, the owners bear what the network costs, and the books agree with the money of every period."""
    world = SupplyChain(scenario, REPLICATIONS, seed=3, series=True).run()
    accounts, scale = world.accounts, 1.0 + sum(np.abs(line.money()) for line in world.accounts.lines)
    owners = add_all([np.zeros(world.runs), *(accounts.balance(owner) for owner in accounts.owners())])
    assert (np.abs(owners - accounts.cost()) <= SMALL * scale).all(), "owners and network"
    lines = add_all([np.zeros(world.runs), *(accounts.cost(name=name) for name in accounts.names())])
    assert (np.abs(lines - accounts.cost()) <= SMALL * scale).all(), "lines and network"
    sites = add_all([np.zeros(world.runs), *(accounts.cost(agent=name) for name in world.sites)])
    assert (np.abs(sites - accounts.cost()) <= SMALL * scale).all(), "sites and network"
    assert world.recorder is not None
    for line, track in zip(accounts.lines, world.recorder._money, strict=True):
        by_period = total(np.concatenate(track.rows[scenario.warm_up :]))
        assert (np.abs(by_period - line.money()) <= SMALL * scale).all(), f"{line.name} of {line.agent}"
    world.dispose()


def setting_what_is_set_changes_nothing(scenario: Scenario) -> None:
    """An intervention that leaves every number as it is leaves every result as it is."""
    full = scenario.resolved()
    keys = {f"markets.{market.name}.demand_factor": market.demand_factor for market in full.markets}
    same = plain(scenario) | {"interventions": [{"at": 0, "set": keys}, {"at": 7, "set": keys}]}
    bare = plain(scenario) | {"interventions": []}
    assert_same(watch(parse(bare), REPLICATIONS), watch(parse(same), REPLICATIONS))


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
    metric_columns = [name for name in whole if name not in ("run", "replication") and "." not in name]
    for place, (point, replication) in enumerate(pairs):
        alone = run_batch(points, [(point, replication)], seed=3).summary
        for name in metric_columns:
            expected = alone[name][0] if name in alone else 0.0  # a line that is free of charge in this point
            assert np.array_equal(whole[name][place], expected, equal_nan=True), name
    parts = [run_batch(points, pairs[start : start + 4], seed=3).summary for start in range(0, len(pairs), 4)]
    for name in metric_columns:
        chunked = np.concatenate([part[name].to_numpy() for part in parts])
        assert np.array_equal(whole[name].to_numpy(), chunked, equal_nan=True), name


def strangers_change_nothing(scenario: Scenario) -> None:
    """Another chain in the same world, put first in every list, leaves the draws and deeds of all others alone."""
    stranger = WorldMaker(Random(5), scenario.periods, returns=False).world()
    renamed = _renamed(stranger)
    table = plain(scenario)
    joined = table | {key: [*renamed[key], *table[key]] for key in renamed if key != "products"}
    joined["products"] = [*table["products"], *renamed["products"]]
    joined["suppliers"] = [
        {**site, "products": list(full.products)} if "products" not in site else site
        for site, full in zip(joined["suppliers"], [*_full(renamed), *scenario.resolved().suppliers], strict=True)
    ]
    alone, together = watch(scenario, REPLICATIONS), watch(parse(joined), REPLICATIONS)
    shared = [key for key in alone if key in together and alone[key].ndim == 3]
    assert shared
    assert_same({key: alone[key] for key in shared}, {key: together[key] for key in shared})


def what_never_binds_changes_nothing(scenario: Scenario) -> None:
    """Limits that are never reached give what no limits give, but for rounding."""
    table = plain(scenario)
    for which in ("suppliers", "factories", "lanes"):
        table[which] = [{"capacity": 1e14, **entry} for entry in table[which]]
    for entry in [*table["warehouses"], *table["lanes"]]:
        entry["orders"] = {"cap": 1e14, "minimum": 0.0, "multiple": 0.0, **entry.get("orders", {})}
    table["outages"] = [*table["outages"], *_idle_outages(scenario)]
    free, bounded = watch(scenario, REPLICATIONS), watch(parse(table), REPLICATIONS)
    for key in free:
        if free[key].ndim == 3:
            near(free[key], bounded[key], f"{key}", 1e-6)


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
    what_never_binds_changes_nothing,
)


def near(one: Array, other: Array, what: str, tolerance: float = SMALL) -> None:
    """Equal but for rounding, measured against the largest number of the two."""
    scale = max(float(np.abs(one).max(initial=0.0)), float(np.abs(other).max(initial=0.0)))
    error = np.abs(one - other).max(initial=0.0)
    assert error <= tolerance * max(scale, 1e-9), f"{what}: {error:g} off"


def _at_start(lane: Any, scenario: Scenario, seen: Seen) -> Array:
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


def _renamed(world: dict[str, Any]) -> dict[str, Any]:
    """A world under other names, so that it fits into a second one."""
    return {}


def _full(world: dict[str, Any]) -> list[Any]:
    return []


def _idle_outages(scenario: Scenario) -> list[dict[str, Any]]:
    """Outages of every kind that never strike."""
    return []
