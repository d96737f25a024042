"""Information enrichment: Dejonckheere, Disney, Lambrecht & Towill (2004), order-up-to with exponential smoothing."""

from __future__ import annotations

from collections.abc import Iterator

from ..facts import facts
from ..targets import Effort, Target
from ..worlds import measure
from .chen import RUNS, cascade, stage_ratios


def targets(effort: Effort) -> Iterator[Target]:
    """The traditional chain forecasts incoming orders, the enriched one the demand of the market.

    Demand varies by 1 % so that no order is negative although the last chain amplifies its variance 392 times.
    """
    case = facts("dejonckheere")
    demand = {"type": "normal", "mean": 100.0, "sd": 1.0}
    for row in case.expected["rows"]:
        arms = {"traditional": ("incoming", row["traditional_exact"])}
        arms["enriched"] = ("point-of-sale", row["information_enriched_exact"])
        sampled = measure([cascade(row, demand, effort, signal) for signal, _ in arms.values()], RUNS)
        shape = f"L={','.join(map(str, row['L']))} alpha={row['alpha']:.4g}"
        for (arm, (_, expected)), sample in zip(arms.items(), sampled, strict=True):
            yield from stage_ratios(f"dejonckheere/{arm} {shape}", case.source, expected, sample)
