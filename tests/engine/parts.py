"""Random policies, forecasts, demand processes and rules, as the tables that a scenario file would hold."""

from __future__ import annotations

from random import Random
from typing import Any

Part = dict[str, Any]


def policy(draw: Random, mean: float) -> Part:
    """A policy of any kind for a site that sells about ``mean`` a period; some are far too high or too low."""
    level = mean * draw.choice((0.0, 0.5, 2.0, 4.0, 8.0, 50.0))
    kinds: tuple[Part, ...] = (
        {"type": "base-stock", "level": level},
        {"type": "echelon-base-stock", "level": 2 * level},
        {"type": "fixed-order", "quantity": mean * draw.uniform(0.5, 1.5), "period": draw.choice((1.0, 3.0))},
        {"type": "fixed-periodic", "period": float(draw.randint(1, 4)), "phase": float(draw.randint(0, 2))},
        {"type": "fixed-periodic", "period": 3.0, "level": level},
        {"type": "order-up-to", "cover": draw.choice((1.0, 2.5, 4.0)), "forecast": forecast(draw, mean)},
        {"type": "order-up-to", "cover": 3.0, "safety_factor": 1.5, "forecast": forecast(draw, mean)},
        "pass-through",  # type: ignore[assignment]
        {
            "type": "proportional-order-up-to",
            "lead_time": 2.0,
            "inventory_gain": draw.choice((0.2, 1.0, 1.9)),
            "target_net_stock": level / 2,
            "forecast": forecast(draw, mean),
        },
        {"type": "r-Q", "reorder_point": level / 2, "lot": mean * draw.uniform(0.5, 4.0)},
        {"type": "r-nQ", "reorder_point": level / 2, "lot": mean * draw.uniform(0.3, 3.0)},
        {"type": "s-S", "reorder_point": level / 2, "level": level},
        {"type": "sterman", "theta": 0.36, "alpha": 0.26, "beta": 0.34, "target": level},
        {"type": "sterman", "theta": 1.0, "alpha": 1.0, "beta": 0.0, "target": level, "expectation": "previous"},
    )
    return draw.choice(kinds)


def forecast(draw: Random, mean: float) -> Part:
    """A forecast of any kind."""
    kinds: tuple[Part, ...] = (
        {"type": "constant", "mean": mean},
        {"type": "moving-average", "window": draw.randint(1, 5)},
        {"type": "moving-average", "window": 3, "initial": mean},
        {"type": "exponential-smoothing", "alpha": draw.choice((0.0, 0.3, 1.0))},
        {"type": "holt-linear", "alpha": 0.4, "beta": 0.2},
        {"type": "autoregressive", "mean": mean, "rho": 0.5},
        {"type": "inferred-demand", "mean": mean, "rho": 0.5, "customer_cover": 3.0},
        {"type": "seasonal", "season": draw.randint(1, 4), "alpha": 0.5},
    )
    return {**draw.choice(kinds), "signal": draw.choice(("incoming", "incoming", "point-of-sale"))}


def demand(draw: Random, mean: float) -> Part:
    """A demand process of any kind with a mean near ``mean``; counts have a mean near 5."""
    noise = {"sd": mean / 3, "minimum": draw.choice((0.0, -mean))}
    kinds: tuple[Part, ...] = (
        {"type": "constant", "mean": mean},
        {"type": "step", "before": mean / 2, "after": mean * 2, "at": 6.0},
        {"type": "normal", "mean": mean, "sd": mean / 4},
        {"type": "normal", "mean": mean, "sd": mean, "whole": True},
        {"type": "poisson", "mean": 5.0},
        {"type": "negative-binomial", "mean": 5.0, "variance": 12.0},
        {"type": "autoregressive", "mean": mean, "rho": 0.7, **noise},
        {"type": "uniform", "low": 0.0, "high": 2 * mean},
        {"type": "seasonal", "mean": mean, "amplitude": 0.5, "length": 5, **noise},
        {"type": "promotion", "mean": mean, "uplift": 1.5, "duration": 2, "every": 7, "dip": 0.3, **noise},
        {"type": "regime-switching", "low": mean / 4, "high": mean * 2, "low_length": 5.0, "high_length": 3.0},
        {"type": "pattern", "mean": mean, "factors": [0.0, 1.0, 2.5], **noise},
        {"type": "intermittent", "probability": 0.3, "mean": 3 * mean, "sd": mean},
        {"type": "trace", "values": [mean, 0.0, 3 * mean], "after_end": "repeat"},
    )
    return draw.choice(kinds)


def allocation(draw: Random) -> Any:
    """An allocation rule of any kind."""
    return draw.choice(("priority", "proportional", "first-come", {"type": "first-come", "age_classes": 3}))


def sourcing(draw: Random) -> str:
    """A sourcing rule of any kind."""
    return draw.choice(("split", "cheapest", "priority", "capacity-aware"))


def order_rules(draw: Random, mean: float, *, of_site: bool) -> Part:
    """Rules of a site's orders or of a lane's, a few of all there are."""
    possible: dict[str, Any] = {
        "minimum": mean / 2,
        "multiple": mean * draw.choice((0.1, 0.7)),
        "cap": mean * draw.choice((0.2, 1.5, 5.0)),
        "cost": 3.0,
        "forced": [{"until": draw.randint(1, 8), "quantity": mean * draw.uniform(0.0, 2.0)}],
        "script": [mean * draw.uniform(0.0, 3.0) for _ in range(draw.randint(1, 6))],
    }
    if of_site:
        possible |= {"review_period": draw.randint(1, 4), "phase": draw.choice((0, 1, "random"))}
    chosen = draw.sample(sorted(possible), draw.choice((0, 0, 1, 1, 2, 3)))
    rules = {key: possible[key] for key in chosen}
    if "cap" in rules:
        rules["cap"] = max(rules["cap"], rules.get("minimum", 0.0), rules.get("multiple", 0.0))
    return rules


def travel_time(draw: Random) -> Any:
    """A fixed or random travel time, none at times."""
    low = draw.randint(0, 2)
    return draw.choice(
        (
            0,
            1,
            draw.randint(1, 4),
            {"type": "uniform-periods", "low": low, "high": low + 2},
            {"type": "choice", "values": [1.0, 4.0], "probabilities": [0.8, 0.2]},
        )
    )


def when(draw: Random) -> Part:
    """When an outage happens: states that repeat, a window, every so often, or at random."""
    return draw.choice(
        (
            {"states": [0.0, 0.0, 1.0, 1.0, 0.0]},
            {"start": draw.randint(0, 9), "length": draw.randint(1, 6)},
            {"start": 2, "length": 2, "every": 5},
            {"mean_up": draw.choice((1.0, 5.0)), "mean_down": draw.choice((1.0, 3.0))},
        )
    )
