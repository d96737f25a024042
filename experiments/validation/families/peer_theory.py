"""Long-run values with a closed form that stockpyl was checked by: base stock, and bullwhip of four policies.

All run in ``order-then-serve``, where a travel time of L means that an order covers the demand of L periods. What is a
lead time of L for stockpyl covers L + 1 periods in the formulas of the textbooks. The published cost of its three-stage
chain is measured in the family ``clark_scarf``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ....model.schema import Scenario
from ..estimates import mean_of, ratio_of
from ..facts import Facts, facts
from ..targets import Effort, Target, exact, statistical
from ..worlds import MARKET, Chain, Stage, measure, stage

RUNS = 1024
SITE = stage(1)
MEASURED = {
    "newsvendor": {"th01_newsvendor_normal": (SITE, "cost")},
    "base_stock": {"th02_base_stock_L4": (SITE, "cost")},
    "poisson": {
        "th03_poisson_base_stock": (SITE, "cost"),
        "th04_fill_rate": (SITE, "fill_rate"),
        "th05_cycle_service": (SITE, "cycle_service"),
        "th06_littles_law": (SITE, "in_transit"),
    },
}


def targets(effort: Effort) -> Iterator[Target]:
    """All of them."""
    case = facts("peer_theory")
    yield from base_stock(case, effort)
    yield from bullwhip(case, effort)


def base_stock(case: Facts, effort: Effort) -> Iterator[Target]:
    """Cost, fill rate, cycle service and goods on the way under a base-stock level."""
    for key, names in MEASURED.items():
        (sample,) = measure([_base_stock(key, case.parameters[key], effort)], RUNS)
        for name, (agent, metric) in names.items():
            found = mean_of(sample.agent(agent, metric))
            yield statistical(f"peer_theory/{name}", case.source, case.expected[name], found)


def _base_stock(name: str, given: Mapping[str, float], effort: Effort) -> Scenario:
    demand = {"type": "normal", "mean": given["mean"], "sd": given["sd"]} if "sd" in given else None
    site = {"initial_stock": given["S"], "holding_cost": given["h"], "backlog_cost": given["p"]}
    only = Stage(int(given["periods"]), {"type": "base-stock", "level": given["S"]}, site)
    poisson = {"type": "poisson", "mean": given["mean"]}
    name = f"peer theory {name}"
    return Chain(name, demand or poisson, [only], effort.pick(1000, 150), 30, "order-then-serve").scenario()


def bullwhip(case: Facts, effort: Effort) -> Iterator[Target]:
    """Variance of orders over that of independent demand; orders under a fixed level are the demand itself."""
    given = case.parameters["bullwhip"]
    demand = {"type": "normal", "mean": given["mean"], "sd": given["sd"]}
    ways = _ways(given["mean"])
    scenarios = [
        Chain("peer theory bullwhip", demand, [way], effort.pick(1000, 100), 150, "order-then-serve").scenario()
        for way in ways.values()
    ]
    for name, sample in zip(ways, measure(scenarios, RUNS), strict=True):
        ratio = ratio_of(sample.orders(SITE), sample.demand(MARKET))
        expected = case.expected[name]
        if name == "th08_bullwhip_fixed_S":
            yield exact(f"peer_theory/{name}", case.source, expected, ratio.value)
        else:
            yield statistical(f"peer_theory/{name}", case.source, expected, ratio)


def _ways(mean: float) -> dict[str, Stage]:
    """A stage for each formula; negative orders are returns, as the formulas have them."""

    def returning(travel: int, policy: dict[str, Any]) -> Stage:
        return Stage(travel, policy, {"initial_stock": travel * mean, "orders": {"returns": True}})

    def up_to(travel: int, forecast: dict[str, Any]) -> Stage:
        return returning(travel, {"type": "order-up-to", "cover": travel, "forecast": forecast | {"initial": mean}})

    known = {"type": "constant", "mean": mean}
    smoothed = {"type": "proportional-order-up-to", "lead_time": 1, "inventory_gain": 0.5, "forecast": known}
    return {
        "th08_bullwhip_fixed_S": returning(2, {"type": "base-stock", "level": 2 * mean}),
        "th09_bullwhip_MA_p5_L2": up_to(3, {"type": "moving-average", "window": 5}),
        "th09_bullwhip_MA_p10_L1": up_to(2, {"type": "moving-average", "window": 10}),
        "th10_bullwhip_ES": up_to(3, {"type": "exponential-smoothing", "alpha": 0.3}),
        "th11_proportional_out": returning(2, smoothed),
    }
