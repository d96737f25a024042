"""Proportional order-up-to: Disney & Lambrecht (2008), Dejonckheere et al. (2003), Disney et al. (2006).

Default sequence: the travel time is Disney's physical delay Tp and goods can be sold Tp + 1 periods after their order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from statistics import NormalDist
from typing import Any

import numpy as np

from ....model.schema import Scenario
from ..estimates import mean_of, ratio_of
from ..facts import facts
from ..targets import Effort, Target, exact, statistical
from ..trajectories import trajectories
from ..worlds import MARKET, Chain, Stage, measure, stage

RUNS = 1024


def targets(effort: Effort) -> Iterator[Target]:
    """All of them."""
    yield from single_stage(effort)
    yield from golden_ratio(effort)
    yield from cascade(effort)
    yield from chain_cost(effort)


def pout(delay: int, gain: float, demand: Mapping[str, Any], **site: Any) -> Stage:
    """A stage that orders by the proportional rule around a known mean; ``site`` holds further keys."""
    target = site.pop("target_net_stock", 0.0)
    policy = {
        "type": "proportional-order-up-to",
        "lead_time": delay,
        "inventory_gain": gain,
        "target_net_stock": target,
        "forecast": {"type": "constant", "mean": demand["mean"]},
    }
    stock = {"initial_stock": (delay + 1) * demand["mean"] + target, "orders": {"returns": True}}
    return Stage(delay, policy, stock | site)


def single_stage(effort: Effort) -> Iterator[Target]:
    """Variance of orders and of net stock over that of demand; with Ti = 1 the orders are the demand itself."""
    case = facts("smoothing")
    demand = {"type": "normal", "mean": case.parameters["mean"], "sd": case.parameters["deviation"]}
    rows = case.expected["rows"]
    scenarios = [
        Chain("smoothing", demand, [pout(row["Tp"], 1 / row["Ti"], demand)], effort.pick(1500, 300), 250).scenario()
        for row in rows
    ]
    for row, sample in zip(rows, measure(scenarios, RUNS), strict=True):
        name = f"smoothing/Tp={row['Tp']} Ti={row['Ti']:.4g}"
        varied = sample.demand(MARKET)
        net_stock = sample.net_stock(stage(1), sample.agent(MARKET, "demand_variance_day"))
        ratio = 1.0 / (2.0 * row["Ti"] - 1.0)
        yield statistical(f"{name}/orders", case.source, ratio, ratio_of(sample.orders(stage(1)), varied))
        yield statistical(f"{name}/net stock", case.source, row["net_stock_ratio"], ratio_of(net_stock, varied))


def golden_ratio(effort: Effort) -> Iterator[Target]:
    """The Ti with the least sum of both variances among its neighbours, which all see the same demand."""
    case = facts("smoothing")
    demand = {"type": "normal", "mean": case.parameters["mean"], "sd": case.parameters["deviation"]}
    golden = case.expected["golden_ratio"]
    times = [golden + step for step in (-0.2, -0.1, 0.0, 0.1, 0.2)]
    scenarios = [
        Chain("golden ratio", demand, [pout(1, 1 / Ti, demand)], effort.pick(1500, 300), 250).scenario() for Ti in times
    ]
    sums = [
        sample.orders(stage(1)).mean() + sample.net_stock(stage(1), sample.agent(MARKET, "demand_variance_day")).mean()
        for sample in measure(scenarios, RUNS)
    ]
    best = times[min(range(len(times)), key=sums.__getitem__)]
    yield exact("smoothing/golden ratio, best of Ti 0.1 apart", case.source, golden, best)


def cascade(effort: Effort) -> Iterator[Target]:
    """Variance of orders, stage by stage, when all smooth."""
    case = facts("smoothing_cascade")
    demand = {"type": "normal", "mean": 100.0, "sd": 10.0}
    for row in case.expected["rows"]:
        stages = [pout(L - 1, 1 / Ti, demand) for L, Ti in zip(row["L"], row["Ti"], strict=True)]
        shape = ",".join(map(str, row["Ti"]))
        scenario = Chain(f"smoothing cascade {shape}", demand, stages, effort.pick(1500, 300), 250).scenario()
        (sample,) = measure([scenario], RUNS)
        varied = sample.demand(MARKET)
        for number, expected in enumerate(row["exact"], 1):
            ratio = ratio_of(sample.orders(stage(number)), varied)
            yield statistical(f"smoothing/cascade Ti={shape}/stage {number}", case.source, expected, ratio)


def chain_cost(effort: Effort) -> Iterator[Target]:
    """A retailer's cost of stock and its factory's cost of capacity, when the retailer smooths and when it does not."""
    case = facts("smoothing_chain_cost")
    given, expected = case.parameters, case.expected
    for label, beta, costs in (
        ("retailer alone", expected["beta_retailer_alone"], expected["cost_alone"]),
        ("chain optimum", expected["beta_star"], expected["cost_star"]),
    ):
        scenario = _retailer(beta, given, effort)
        retailer, factory = _costs(scenario, beta, given)
        name = f"smoothing/{label}"
        yield statistical(f"{name}/retailer cost", case.source, costs["retailer"], mean_of(retailer))
        yield statistical(f"{name}/factory capacity cost", case.source, costs["factory"], mean_of(factory))
        yield statistical(f"{name}/total cost", case.source, costs["total"], mean_of(retailer + factory))


def _retailer(beta: float, given: Mapping[str, float], effort: Effort) -> Scenario:
    demand = {"type": "normal", "mean": given["mu"], "sd": given["sigma"]}
    rest = (1 - beta) ** 2
    deviation = given["sigma"] * sqrt(given["Lx"] + rest / (1 - rest))
    safety = NormalDist().inv_cdf(given["backorder"] / (given["backorder"] + given["h"])) * deviation
    site = pout(
        int(given["Lx"]) - 1, beta, demand,
        target_net_stock=safety, holding_cost=given["h"], backlog_cost=given["backorder"],
    )  # fmt: skip
    return Chain(f"smoothing cost {beta}", demand, [site], effort.pick(500, 150), 100).scenario()


def _costs(scenario: Scenario, beta: float, given: Mapping[str, float]) -> Sequence[np.ndarray[Any, Any]]:
    """Cost a period of the retailer and of the factory that sees its orders, ``[runs]`` each.

    The factory rents the capacity that is best for its orders, at the mean and above at the regular cost, and makes
    the rest in overtime. Both are the model's closed form, applied to the orders of every period.
    """
    tracks = trajectories(scenario, RUNS)
    share = 1 - given["c_regular"] / given["c_overtime"]
    spare = NormalDist().inv_cdf(share) * given["sigma"] * sqrt(beta / (2 - beta))
    overtime = np.maximum(tracks(stage(1), "ordered") - given["mu"] - spare, 0.0)
    factory = given["c_regular"] * spare + given["c_overtime"] * overtime.mean(axis=0)
    retailer = tracks(stage(1), "cost holding") + tracks(stage(1), "cost backlog")
    return retailer.mean(axis=0), factory
