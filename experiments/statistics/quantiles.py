"""Quantiles over runs, with intervals that hold for any continuous distribution."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ...agents.quantity import Array
from .intervals import Interval, check_level
from .tidy import complete, long_table


def quantile_interval(values: Array | Sequence[float], q: float, level: float = 0.95) -> Interval:
    """The q-quantile over independent runs with a distribution-free interval between two order statistics.

    1. The number of runs below the true quantile is binomial(n, q).
    2. Take the order statistics l and u such that at most (1 - level) / 2 lies outside on each side.

    The coverage is at least ``level`` for a continuous distribution, and may exceed it since ranks are whole. Where n
    is too small for a bound, the bound is infinite and the note says so. The estimate interpolates linearly between
    order statistics. Missing values are left out and counted; with none left all is missing.

    Source: W. J. Conover (1999), Practical Nonparametric Statistics, 3rd ed., section 3.2.
    """
    check_level(level)
    if not 0 < q < 1:
        raise ValueError(f"the quantile must lie between 0 and 1, not be {q}")
    (kept,), missing = complete(values)
    count = len(kept)
    if count == 0:
        return Interval(np.nan, np.nan, np.nan, level, 0, missing, "order statistics", "no value")
    lower, upper = _ranks(count, q, level)
    low, high = _at(np.sort(kept), lower, upper)
    note = "" if np.isfinite(low) and np.isfinite(high) else f"{count} runs are too few for both bounds"
    return Interval(float(np.quantile(kept, q)), low, high, level, count, missing, "order statistics", note)


def quantile_table(
    frame: pd.DataFrame, metrics: Sequence[str], quantiles: Sequence[float], level: float = 0.95
) -> pd.DataFrame:
    """Quantiles of every metric at every design point and arm.

    One row a point, arm, metric and quantile: ``point, arm, metric, quantile, estimate, low, high, count, missing``.
    """
    rows = []
    for key, group in long_table(frame, metrics).groupby(["point", "arm", "metric"], sort=False):
        for q in quantiles:
            found = quantile_interval(group["value"].to_numpy(), q, level)
            rows.append((*key, q, found.estimate, found.low, found.high, found.count, found.missing))
    names = ["point", "arm", "metric", "quantile", "estimate", "low", "high", "count", "missing"]
    return pd.DataFrame(rows, columns=names)


def fan_table(
    series: pd.DataFrame, value: str = "value", quantiles: Sequence[float] = (0.05, 0.25, 0.5, 0.75, 0.95)
) -> pd.DataFrame:
    """Quantiles over runs in every period, the table behind a fan chart: ``period, quantile, value, count, missing``.

    ``series`` has one row a run and period, with the columns ``period`` and ``value``. The bands describe the spread
    of single runs; they are not confidence intervals.
    """
    groups = series.groupby("period", sort=True)[value]
    counts = groups.agg(count="count", size="size")
    bands = groups.quantile(np.asarray(quantiles)).rename("value").rename_axis(["period", "quantile"]).reset_index()
    counts = counts.assign(missing=counts["size"] - counts["count"])[["count", "missing"]]
    return bands.merge(counts, left_on="period", right_index=True)


def _ranks(count: int, q: float, level: float) -> tuple[int, int]:
    """One-based ranks of the two order statistics; 0 and count + 1 stand for no bound."""
    from scipy.stats import binom

    tail = (1 - level) / 2
    # P(quantile < l-th order statistic) = P(fewer than l runs lie below the quantile) = cdf(l - 1), which is below
    # the tail for l = ppf(tail); P(u-th order statistic < quantile) = 1 - cdf(u - 1) likewise.
    return int(binom.ppf(tail, count, q)), int(binom.ppf(1 - tail, count, q)) + 1


def _at(ordered: Array, lower: int, upper: int) -> tuple[float, float]:
    low = float(ordered[lower - 1]) if lower >= 1 else -np.inf
    high = float(ordered[upper - 1]) if upper <= len(ordered) else np.inf
    return low, high
