"""When trucks leave: shipment consolidation by load, by age and by calendar, and the threshold of a dispatcher.

Poisson orders of one unit reach the source through a hub that passes them on; what waits at the source costs holding,
and each departure a fixed amount. The sources count in continuous time. Here a rule acts once a period, a fraction of
their unit of time; what that changes is known exactly (`grids`) and taken off what is measured. Most of it is that an
order, which comes at any time of a period, waits for the rest of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ....model.schema import Scenario, parse
from ....model.schema.world import plain
from ..estimates import Array, Estimate, Sample, mean_of, ratio_of
from ..facts import Facts, facts
from ..grids import Orders, Rule, by_age, by_calendar, by_full_trucks, by_load, by_load_or_age
from ..targets import Effort, Target, statistical
from ..worlds import MARKET, SOURCE, measure

HUB, OTHER_HUB, CARRIER = "Hub", "Other hub", "Haulier"
LARGE = 10_000.0  # a truck that takes everything
RUNS = 128


@dataclass(frozen=True)
class Case:
    """A rule on a grid: the carrier's truck and dispatch rule, and what it leads to, exactly."""

    name: str
    orders: Orders
    truck: float
    dispatch: Mapping[str, Any]
    exactly: Rule

    @property
    def cycle(self) -> int:
        """Periods from one departure to the next, on average or by calendar."""
        return int(self.dispatch.get("every", round(self.orders.steps / self.exactly.departures)))


def targets(effort: Effort) -> Iterator[Target]:
    """All of them."""
    yield from shipments(effort)
    yield from trucks(effort)
    yield from thresholds(effort)


def scenario(case: Case, effort: Effort) -> Scenario:
    """The world of a case over whole cycles; a long warm-up lets the runs, which start together, forget the start."""
    orders = case.orders
    warm_up = (2 if "every" in case.dispatch else effort.pick(150, 60)) * case.cycle
    return parse(
        {
            "name": f"consolidation {case.name}",
            "periods": warm_up + effort.pick(200, 80) * case.cycle,
            "warm_up": warm_up,
            "suppliers": [{"name": SOURCE, "holding_cost": orders.holding / orders.steps}],
            "warehouses": [{"name": HUB, "policy": "pass-through"}],
            "markets": [
                {
                    "name": MARKET,
                    "sites": [HUB],
                    "demand": {"type": "poisson", "mean": orders.rate / orders.steps},
                }
            ],
            "lanes": [{"from": SOURCE, "to": HUB, "travel_time": 1, "carrier": CARRIER}],
            "carriers": [
                {
                    "name": CARRIER,
                    "fleet": {"capacity": case.truck},
                    "dispatch": dict(case.dispatch),
                    "costs": {"departure": orders.fixed},
                }
            ],
        },
        source="consolidation",
    )


def two_shippers(case: Case, effort: Effort) -> Scenario:
    """The world of a case with two customers, of half the orders each, whose goods go on the same trucks."""
    one = plain(scenario(case, effort))
    hubs = (HUB, OTHER_HUB)
    demand = {"type": "poisson", "mean": case.orders.rate / case.orders.steps / 2}
    lanes = [f"{SOURCE}->{hub}" for hub in hubs]
    carrier = one["carriers"][0] | {"lanes": lanes, "pools": [{"lanes": lanes, "route": True}]}
    return parse(
        one
        | {
            "warehouses": [{"name": hub, "policy": "pass-through"} for hub in hubs],
            "markets": [{"name": f"{MARKET} of {hub}", "sites": [hub], "demand": demand} for hub in hubs],
            "lanes": [{"from": SOURCE, "to": hub, "travel_time": time} for time, hub in enumerate(hubs, start=1)],
            "carriers": [carrier],
        },
        source="consolidation",
    )


def measured(case: Case, effort: Effort) -> Sample:
    """The runs of a case."""
    return measure([scenario(case, effort)], RUNS)[0]


def cost(case: Case, sample: Sample) -> Array:
    """The cost of a unit of time, by replication."""
    return sample.network("cost") * case.orders.steps


def delay(case: Case, sample: Sample) -> Array:
    """The mean delay of an order in units of time, by Little's law, by replication."""
    return sample.agent(SOURCE, "cost") * case.orders.steps / case.orders.holding / case.orders.rate


def off(grid: float, published: float, found: Estimate) -> Estimate:
    """What was measured on the grid, with the error of the grid taken off."""
    return replace(found, value=found.value + published - grid)


def shipments(effort: Effort) -> Iterator[Target]:
    """Cost and mean delay when everything leaves by calendar, by load, by the age of the oldest order, or by both."""
    source = facts("shipment_consolidation")
    for key, case in _shipments(source).items():
        sample, expected = measured(case, effort), source.expected[key]
        for name, found, grid in (
            ("cost_rate", cost(case, sample), case.exactly.cost),
            ("mean_order_delay", delay(case, sample), case.exactly.delay),
        ):
            estimate = off(grid, expected[name], mean_of(found))
            yield statistical(f"consolidation/{key}/{name.replace('_', ' ')}", source.source, expected[name], estimate)
        if "mean_load" in expected:
            rate = sample.network("departures") * case.orders.steps
            load = ratio_of(case.orders.rate + 0.0 * rate, rate)
            estimate = off(case.orders.rate / case.exactly.departures, expected["mean_load"], load)
            yield statistical(f"consolidation/{key}/mean load", source.source, expected["mean_load"], estimate)


def _orders(source: Facts, steps: int) -> Orders:
    given = source.parameters
    return Orders(given["lam"], given["K"] if "K" in given else given["F"], given["w"], steps)


def _shipments(source: Facts) -> dict[str, Case]:
    coarse, fine = _orders(source, 6), _orders(source, 8)
    q, most = source.expected["quantity"]["q"], source.expected["hybrid"]["q"]
    T = {key: row["T"] for key, row in source.expected.items() if "T" in row}
    every, age, limit = round(T["calendar"] * 6), round(T["time since first"] * 8), round(T["hybrid"] * 8)
    both = {"longest_wait": limit}
    return {
        "calendar": Case("calendar", coarse, LARGE, {"every": every}, by_calendar(coarse, every, LARGE)),
        "quantity": Case("quantity", fine, float(q), {}, by_full_trucks(fine, q)),
        "time since first": Case("age", fine, LARGE, {"longest_wait": age}, by_age(fine, age)),
        "hybrid": Case("hybrid", fine, float(most), both, by_load_or_age(fine, most, limit)),
    }


def trucks(effort: Effort) -> Iterator[Target]:
    """Cost of a calendar when each departure takes as many trucks as it needs."""
    source = facts("shipment_consolidation")
    orders = _orders(source, 6)
    for row in source.expected["truck_capacity"]:
        every, truck = round(row["T"] * 6), float(row["V"])
        name = f"trucks T={row['T']:.3g} V={row['V']}"
        case = Case(name, orders, truck, {"every": every}, by_calendar(orders, every, truck))
        found = off(case.exactly.cost, row["cost_rate"], mean_of(cost(case, measured(case, effort))))
        yield statistical(f"consolidation/{name}/cost rate", source.source, row["cost_rate"], found)


def thresholds(effort: Effort) -> Iterator[Target]:
    """The best load to leave with, the best calendar, and what the carrier likes best, full trucks only."""
    source = facts("dispatch_threshold")
    given, expected = source.parameters, source.expected
    truck, least = float(given["W"]), expected["Q_star"]
    orders, calendar = _orders(source, 10), _orders(source, 28)
    every = round(expected["T_star"] * 28)
    cases = {
        "cost_Q_star": Case("best load", orders, truck, {"threshold": least / truck}, by_load(orders, least)),
        "cost_full_truck": Case("full trucks", orders, truck, {}, by_full_trucks(orders, int(truck))),
        "cost_T_star": Case("best calendar", calendar, truck, {"every": every}, by_calendar(calendar, every, truck)),
    }
    for key, case in cases.items():
        found = off(case.exactly.cost, expected[key], mean_of(cost(case, measured(case, effort))))
        yield statistical(f"consolidation/threshold/{case.name}", source.source, expected[key], found)
    together, least = replace(orders, rate=2 * orders.rate), expected["pool_Q"]
    case = Case("pooled", together, truck, {"threshold": least / truck}, by_load(together, least))
    sample = measure([two_shippers(case, effort)], RUNS)[0]
    found = off(case.exactly.cost, expected["two_shippers_pooled"], mean_of(cost(case, sample)))
    name = "consolidation/threshold/two shippers on one truck"
    yield statistical(name, source.source, expected["two_shippers_pooled"], found)
