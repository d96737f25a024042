"""One stage with uncertain demand: newsvendor and base stock, and newsvendors that share a capacity.

``order-then-serve`` with a travel time of L: what is ordered after the demand of one period covers the demand of L
periods. With L = 1 every period is a newsvendor problem of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ....model.schema import Scenario, parse
from ..estimates import mean_of
from ..facts import facts
from ..targets import Effort, Target, exact, statistical
from ..worlds import SOURCE, Chain, Stage, measure, stage

RUNS = 1024


def targets(effort: Effort) -> Iterator[Target]:
    """All of them."""
    yield from normal_demand(effort)
    yield from poisson_demand(effort)
    yield from shared_capacity(effort)


def base_stock(level: float, L: int, demand: Mapping[str, Any], costs: Mapping[str, float], periods: int) -> Scenario:
    """A single stage with a base-stock level; ``costs`` are h of stock and p of backlog."""
    site = {"holding_cost": costs["h"], "backlog_cost": costs["p"], "initial_stock": level}
    chain = Chain("newsvendor", demand, [Stage(L, {"type": "base-stock", "level": level}, site)], periods, 20 + L)
    return parse(chain.mapping(sequence="order-then-serve"), source="newsvendor")


def normal_demand(effort: Effort) -> Iterator[Target]:
    """Cost and service at the best level, over one period and over L."""
    case = facts("newsvendor")
    for key in ("normal_1", "normal_2", "base_stock"):
        given, expected = case.parameters[key], case.expected[key]
        demand = {"type": "normal", "mean": given["mu"], "sd": given["sd"]}
        scenario = base_stock(expected["S"], given.get("L", 1), demand, given, effort.pick(1_000, 100))
        (sample,) = measure([scenario], RUNS)
        name = f"newsvendor/{key.replace('_', ' ')}"
        cost = expected.get("cost", expected.get("cost_per_period"))
        yield statistical(f"{name}/cost", case.source, cost, mean_of(sample.agent(stage(1), "cost")))
        for metric, fact in (("fill_rate", "fill_rate_type2"), ("cycle_service", "cycle_service")):
            if fact in expected:
                found = mean_of(sample.agent(stage(1), metric))
                yield statistical(f"{name}/{metric.replace('_', ' ')}", case.source, expected[fact], found)


def poisson_demand(effort: Effort) -> Iterator[Target]:
    """The level with the least cost among its neighbours, which all see the same demand, and its cost."""
    case = facts("newsvendor")
    given, expected = case.parameters["poisson"], case.expected["poisson"]
    demand = {"type": "poisson", "mean": given["lam"]}
    levels = [expected["S"] + step for step in range(-3, 4)]
    periods = effort.pick(1_000, 150)
    sampled = measure([base_stock(level, 1, demand, given, periods) for level in levels], RUNS)
    costs = [sample.agent(stage(1), "cost") for sample in sampled]
    best = min(range(len(levels)), key=lambda place: float(costs[place].mean()))
    yield exact("newsvendor/poisson/best level", case.source, expected["S"], levels[best], tolerance=0.0)
    yield statistical("newsvendor/poisson/cost", case.source, expected["cost"], mean_of(costs[3]))


def shared_capacity(effort: Effort) -> Iterator[Target]:
    """Cost of four newsvendors together, by how a capacity is shared: the levels that a price leads to are the best."""
    case = facts("shared_capacity")
    given, expected = case.parameters, case.expected
    free, K = expected["q_unconstrained"], given["K"]
    cut = (sum(free) - K) / len(free)
    arms = {
        "no limit": (free, expected["cost_unconstrained"]),
        "at the best price": (expected["q_star"], expected["cost_star"]),
        "proportional rations": ([q * K / sum(free) for q in free], expected["cost_proportional_rationing"]),
        "equal cuts": ([q - cut for q in free], expected["cost_equal_cut"]),
    }
    scenarios = [_four(levels, given, effort.pick(500, 100)) for levels, _ in arms.values()]
    for (arm, (_, cost)), sample in zip(arms.items(), measure(scenarios, RUNS), strict=True):
        found = mean_of(sample.network("cost"))
        yield statistical(f"newsvendor/shared capacity, {arm}/cost", case.source, cost, found)


def _four(levels: Sequence[float], given: Mapping[str, Sequence[float]], periods: int) -> Scenario:
    names = [f"Shop{i + 1}" for i in range(len(levels))]
    return parse(
        {
            "name": "shared capacity",
            "periods": periods + 20,
            "warm_up": 20,
            "sequence": "order-then-serve",
            "suppliers": [{"name": SOURCE}],
            "warehouses": [
                {
                    "name": name,
                    "policy": {"type": "base-stock", "level": levels[i]},
                    "initial_stock": levels[i],
                    "holding_cost": given["h"][i],
                    "backlog_cost": given["b"][i],
                }
                for i, name in enumerate(names)
            ],
            "markets": [
                {
                    "name": f"Town{name}",
                    "sites": [name],
                    # Demand may fall below zero, as the closed form lets it: 60 +- 25 does in 0.8 % of the periods.
                    "demand": {"type": "normal", "mean": given["mu"][i], "sd": given["sd"][i], "minimum": -1e6},
                }
                for i, name in enumerate(names)
            ],
            "lanes": [{"from": SOURCE, "to": name, "travel_time": 1} for name in names],
        },
        source="shared capacity",
    )
