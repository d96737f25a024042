"""Bullwhip of order-up-to with estimated demand: Chen, Drezner, Ryan & Simchi-Levi (2000); Chen, Ryan & Simchi-Levi.

Their lead time L counts the periods of demand between an order and the end of the period in which it can be sold. A
single stage runs in the default sequence, where L is the travel time plus one. Chains run in ``order-then-serve``,
where L is the travel time. The order-up-to level covers L periods and has no safety stock.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ....model.schema import Scenario
from ..estimates import Sample, ratio_of
from ..facts import Facts, facts
from ..targets import Effort, Target, statistical
from ..worlds import MARKET, Chain, Stage, measure, stage

RUNS = 1024


def targets(effort: Effort) -> Iterator[Target]:
    """All of them."""
    yield from single_stage(effort, facts("chen_moving_average"), "moving average")
    yield from single_stage(effort, facts("chen_exponential_smoothing"), "exponential smoothing")
    yield from multi_stage(effort)


def single_stage(effort: Effort, case: Facts, label: str) -> Iterator[Target]:
    """Variance of orders and, for independent demand, of net stock, over that of demand."""
    rows = case.expected["rows"]
    sampled = measure([_single(row, case, effort) for row in rows], RUNS)
    for row, sample in zip(rows, sampled, strict=True):
        forecast = f"p={row['p']}" if "p" in row else f"alpha={row['alpha']:.4g}"
        name = f"chen/{label} L={row['L']} {forecast} rho={row['rho']:g}"
        demand = sample.demand(MARKET)
        yield statistical(f"{name}/orders", case.source, row["formula"], ratio_of(sample.orders(stage(1)), demand))
        if row["net_stock_ratio_formula"] is not None:
            net_stock = sample.net_stock(stage(1), sample.agent(MARKET, "demand_variance_day"))
            yield statistical(
                f"{name}/net stock", case.source, row["net_stock_ratio_formula"], ratio_of(net_stock, demand)
            )


def _single(row: dict[str, Any], case: Facts, effort: Effort) -> Scenario:
    mean, deviation = case.parameters["mean"], case.parameters["deviation"]
    innovation = deviation * (1.0 - row["rho"] ** 2) ** 0.5
    demand = {"type": "autoregressive", "mean": mean, "rho": row["rho"], "sd": innovation}
    site = Stage(row["L"] - 1, order_up_to(row["L"], forecast_of(row, mean)), {"initial_stock": row["L"] * mean})
    return Chain(case.name, demand, [site], effort.pick(1000, 60), 150).scenario()


def forecast_of(row: dict[str, Any], mean: float, signal: str = "incoming") -> dict[str, Any]:
    """The forecast that a row of a case names: a window p or a weight alpha."""
    if "p" in row:
        return {"type": "moving-average", "window": row["p"], "initial": mean, "signal": signal}
    return {"type": "exponential-smoothing", "alpha": row["alpha"], "initial": mean, "signal": signal}


def order_up_to(cover: int, forecast: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An order-up-to policy."""
    return {"type": "order-up-to", "cover": cover, "forecast": forecast, **more}


def cascade(row: dict[str, Any], demand: dict[str, Any], effort: Effort, signal: str, delay: int = 0) -> Scenario:
    """A chain of stages that all forecast alike, from the orders that come in or from the demand of the market."""
    mean = demand["mean"]
    stages = [
        Stage(L, order_up_to(L, forecast_of(row, mean, signal)), {"initial_stock": L * mean}, {"order_delay": delay})
        for L in row["L"]
    ]
    name = f"cascade {row['L']}"
    return Chain(name, demand, stages, effort.pick(1000, 60), 150, "order-then-serve").scenario()


def stage_ratios(name: str, source: str, expected: list[float], sample: Sample) -> Iterator[Target]:
    """One target a stage: the variance of its orders over that of the market's demand."""
    demand = sample.demand(MARKET)
    for number, value in enumerate(expected, 1):
        ratio = ratio_of(sample.orders(stage(number)), demand)
        yield statistical(f"{name}/stage {number}", source, value, ratio)


def multi_stage(effort: Effort) -> Iterator[Target]:
    """Chains in which every stage forecasts from the market's demand, or from the orders that it receives."""
    case = facts("chen_multi_stage")
    demand = {"type": "normal", "mean": case.parameters["mean"], "sd": case.parameters["deviation"]}
    for row in case.expected["rows"]:
        arms = {
            "decentralised": (cascade(row, demand, effort, "incoming"), row["decentralised_exact"]),
            "centralised": (cascade(row, demand, effort, "point-of-sale"), row["centralised_formula"]),
            "centralised, orders a period late": (cascade(row, demand, effort, "point-of-sale", 1), late(row)),
        }
        sampled = measure([scenario for scenario, _ in arms.values()], RUNS)
        shape = f"L={','.join(map(str, row['L']))} p={row['p']}"
        for (arm, (_, expected)), sample in zip(arms.items(), sampled, strict=True):
            yield from stage_ratios(f"chen/{arm} {shape}", case.source, expected, sample)


def late(row: dict[str, Any]) -> list[float]:
    """The centralised ratios when each stage sees orders one period late: 1 + 2 a + 2 a^2 + 2 (a_2^2 + ... + a_k^2).

    a = L / p. Demand reaches all at once, orders do not, so the changes of the levels no longer meet in one period.
    """
    parts = [L / row["p"] for L in row["L"]]
    first = 1.0 + 2.0 * parts[0] + 2.0 * parts[0] ** 2
    return [first + 2.0 * sum(a * a for a in parts[1:k]) for k in range(1, len(parts) + 1)]
