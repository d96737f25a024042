"""Means over runs with confidence intervals, by Student's t or by the bootstrap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from ...agents.quantity import Array
from .tidy import complete, long_table

Method = Literal["t", "bootstrap"]
RESAMPLES = 9_999


@dataclass(frozen=True)
class Interval:
    """An estimate with a two-sided confidence interval.

    ``count`` values were used and ``missing`` ones were left out; ``note`` says what a reader has to know, such as
    why the bounds are missing or infinite. All of ``estimate``, ``low`` and ``high`` carry the unit of the sample.
    """

    estimate: float
    low: float
    high: float
    level: float
    count: int
    missing: int = 0
    method: str = "t"
    note: str = ""

    @property
    def half_width(self) -> float:
        """Half the width of the interval; missing when the bounds are."""
        return (self.high - self.low) / 2

    def covers(self, value: float) -> bool:
        """Whether the value lies inside the interval, bounds included; never inside a missing interval."""
        return self.low <= value <= self.high

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, to make a row of a table."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.estimate:.4g} [{self.low:.4g}, {self.high:.4g}] ({self.level:.0%}, n = {self.count})"


def check_level(level: float) -> None:
    """Raise `ValueError` unless the confidence level lies strictly between 0 and 1."""
    if not 0 < level < 1:
        raise ValueError(f"the confidence level must lie between 0 and 1, not be {level}")


def mean_interval(
    values: Array | Sequence[float], level: float = 0.95, method: Method = "t", seed: int = 0
) -> Interval:
    """The mean of independent runs with its interval.

    ``method="t"`` is Student's interval, exact for normal values and good for means of many; ``"bootstrap"`` is the
    bias-corrected and accelerated bootstrap of `scipy.stats.bootstrap` with 9,999 resamples, drawn from ``seed``.
    Missing values are left out and counted. With fewer than two values the bounds are missing.

    Source: B. Efron (1987), Better bootstrap confidence intervals, JASA 82, 171-185.
    """
    check_level(level)
    (kept,), missing = complete(values)
    count = len(kept)
    mean = float(kept.mean()) if count else np.nan
    if count < 2:
        note = f"{count} value(s): an interval needs at least two"
        return Interval(mean, np.nan, np.nan, level, count, missing, method, note)
    if np.ptp(kept) == 0:
        return Interval(mean, mean, mean, level, count, missing, method, "all values are equal")
    if method == "bootstrap":
        low, high = _bootstrap(kept, level, seed)
    elif method == "t":
        low, high = (float(x) for x in t_bounds(mean, kept.std(ddof=1), count, level))
    else:
        raise ValueError(f"the method is 't' or 'bootstrap', not {method!r}")
    return Interval(mean, low, high, level, count, missing, method)


def resampler(seed: int) -> np.random.Generator:
    """The generator behind a bootstrap. It draws no run: runs draw from the streams of the model."""
    return np.random.Generator(np.random.PCG64(seed))


def t_bounds(mean: Any, deviation: Any, count: Any, level: float) -> tuple[Array, Array]:
    """Student's bounds for means with sample standard deviations, element by element; missing below two values."""
    from scipy.stats import t

    count = np.asarray(count, dtype=float)
    usable = np.where(count >= 2, count, np.nan)
    half = t.ppf((1 + level) / 2, usable - 1) * np.asarray(deviation, dtype=float) / np.sqrt(usable)
    return mean - half, mean + half


def t_p_value(mean: Any, deviation: Any, count: Any) -> Array:
    """The two-sided p-value of "the mean is 0"; without any spread it is 1 at a mean of 0 and 0 elsewhere."""
    from scipy.stats import t

    mean, count = np.asarray(mean, dtype=float), np.asarray(count, dtype=float)
    usable = np.where(count >= 2, count, np.nan)
    error = np.asarray(deviation, dtype=float) / np.sqrt(usable)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * t.sf(np.abs(mean / error), usable - 1)
    exact = np.where(mean == 0, 1.0, 0.0)
    return np.where((error == 0) & (count >= 2), exact, p)


def describe(
    frame: pd.DataFrame,
    metrics: Sequence[str],
    level: float = 0.95,
    method: Method = "t",
    seed: int = 0,
) -> pd.DataFrame:
    """The mean of every metric at every design point and arm, with its interval.

    ``frame`` is a tidy table of runs (see `ripieno.experiments.statistics.tidy`). One row a point, arm and metric:
    ``point, arm, metric, estimate, low, high, deviation, count, missing``.
    """
    check_level(level)
    return summarise(long_table(frame, metrics), ["point", "arm", "metric"], "value", level, method, seed)


def summarise(
    table: pd.DataFrame, by: Sequence[str], column: str, level: float, method: Method, seed: int
) -> pd.DataFrame:
    """Means with intervals of one column of a long table, one row for each group of ``by``, in order of appearance."""
    groups = table.groupby(list(by), sort=False)[column]
    result = groups.agg(estimate="mean", deviation="std", count="count", size="size").reset_index()
    if method == "bootstrap":
        found = [mean_interval(values.to_numpy(), level, method, seed) for _, values in groups]
        bounds = np.array([(interval.low, interval.high) for interval in found]).reshape(-1, 2)
        low, high = bounds[:, 0], bounds[:, 1]
    else:
        low, high = t_bounds(result["estimate"].to_numpy(), result["deviation"], result["count"], level)
    result = result.assign(low=low, high=high, missing=result["size"] - result["count"])
    return result[[*by, "estimate", "low", "high", "deviation", "count", "missing"]]


def _bootstrap(values: Array, level: float, seed: int) -> tuple[float, float]:
    from scipy.stats import bootstrap

    # A batch bounds the memory: resamples x values would be 80 MB for a thousand runs.
    batch = max(1, 2_000_000 // len(values))
    found = bootstrap(
        (values,), np.mean, n_resamples=RESAMPLES, batch=batch, confidence_level=level, rng=resampler(seed)
    ).confidence_interval
    return float(found.low), float(found.high)
