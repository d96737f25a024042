"""Autoregressive demand and the value of sharing it: Lee, So & Tang (2000), Raghunathan (2001).

In ``order-then-serve`` their lead times count the periods of demand that an order has to cover: travel time l + 1 to
the retailer and L + 1 to the manufacturer. The manufacturer's net stock is what its level leaves after the orders of
L + 1 periods, so its variance is their V; its own supplier is unlimited, as in the paper.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from statistics import NormalDist

from ..estimates import mean_of, ratio_of
from ..facts import facts
from ..targets import Effort, Target, statistical
from ..worlds import MARKET, Chain, Stage, measure, stage
from .chen import RUNS, order_up_to


def targets(effort: Effort) -> Iterator[Target]:
    """The bullwhip of the best forecast, then the manufacturer's gain from knowing demand."""
    yield from best_forecast(effort)
    yield from manufacturer(effort)


def best_forecast(effort: Effort) -> Iterator[Target]:
    """Variance of orders over that of demand with the conditional expectation as forecast."""
    case = facts("lee_so_tang_mmse")
    mean, deviation = case.parameters["mean"], case.parameters["deviation"]
    scenarios = []
    for row in case.expected["rows"]:
        L, rho = row["L"], row["rho"]
        demand = {"type": "autoregressive", "mean": mean, "rho": rho, "sd": deviation * (1 - rho**2) ** 0.5}
        policy = order_up_to(L, {"type": "autoregressive", "mean": mean, "rho": rho})
        site = Stage(L - 1, policy, {"initial_stock": L * mean})
        scenarios.append(Chain("mmse", demand, [site], effort.pick(1500, 60), 100).scenario())
    for row, sample in zip(case.expected["rows"], measure(scenarios, RUNS), strict=True):
        ratio = ratio_of(sample.orders(stage(1)), sample.demand(MARKET))
        yield statistical(f"sharing/best forecast L={row['L']} rho={row['rho']:g}", case.source, row["formula"], ratio)


def manufacturer(effort: Effort) -> Iterator[Target]:
    """Variance that the manufacturer has to cover, and its cost, by what it knows."""
    case = facts("lee_so_tang_sharing")
    expected = case.expected
    arms = {
        "from orders alone": ("V_no_sharing", "cost_no_sharing"),
        "demand shared": ("V_sharing", "cost_sharing"),
        "demand worked out from orders": ("V_sharing", "cost_sharing"),
    }
    scenarios = [_two_stages(arm, expected[v], case.parameters, effort).scenario() for arm, (v, _) in arms.items()]
    for (arm, (v, cost)), sample in zip(arms.items(), measure(scenarios, RUNS), strict=True):
        seen = sample.agent(stage(1), "order_variance_day")
        spread = mean_of(sample.net_stock(stage(2), seen))
        yield statistical(f"sharing/{arm}/net stock variance", case.source, expected[v], spread)
        yield statistical(f"sharing/{arm}/cost", case.source, expected[cost], mean_of(sample.agent(stage(2), "cost")))
        if arm == "demand shared":
            ratio = ratio_of(sample.orders(stage(1)), sample.demand(MARKET))
            yield statistical("sharing/retailer orders", case.source, expected["bullwhip_retailer"], ratio)


def _two_stages(arm: str, variance: float, given: dict[str, float], effort: Effort) -> Chain:
    rho, mean = given["rho"], given["d"] / (1.0 - given["rho"])
    cover = {1: int(given["l"]) + 1, 2: int(given["L"]) + 1}
    known = {"mean": mean, "rho": rho}
    forecasts = {
        "from orders alone": {"type": "autoregressive", **known},
        "demand shared": {"type": "inferred-demand", "signal": "point-of-sale", "customer_cover": cover[1], **known},
        "demand worked out from orders": {"type": "inferred-demand", "customer_cover": cover[1], **known},
    }
    safety = NormalDist().inv_cdf(given["P"] / (given["P"] + given["H"])) * sqrt(variance)
    linear = {"orders": {"returns": True}}
    retailer = Stage(
        cover[1],
        order_up_to(cover[1], {"type": "autoregressive", **known}),
        {
            "initial_stock": cover[1] * mean,
            **linear,
        },
    )
    maker = Stage(
        cover[2],
        order_up_to(cover[2], forecasts[arm], safety=safety),
        {
            "initial_stock": cover[2] * mean + safety,
            "holding_cost": given["H"],
            "backlog_cost": given["P"],
            **linear,
        },
    )
    demand = {"type": "autoregressive", "sd": given["sigma"], "minimum": -1e6, **known}
    return Chain("sharing", demand, [retailer, maker], effort.pick(1500, 100), 100, "order-then-serve")
