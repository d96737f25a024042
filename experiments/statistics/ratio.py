"""Ratios of means over the same runs, such as the share of a gap that an arm closes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from ...agents.quantity import Array
from .intervals import RESAMPLES, Interval, check_level, resampler
from .tidy import complete, long_table


def fieller(numerator: Array | Sequence[float], denominator: Array | Sequence[float], level: float = 0.95) -> Interval:
    """The ratio of two means over paired runs, with Fieller's interval; exact for normal pairs.

    It is the set of ratios r for which mean(x - r y) = 0 is not rejected by a t-test: with t the quantile of Student,
    all r with (xm - r ym)^2 <= t^2 (sxx - 2 r sxy + r^2 syy) / n. When the denominator's own interval contains 0 that
    set is unbounded; the bounds are then infinite and the note says why. Pairs with a missing value are left out and
    counted; with fewer than two pairs the bounds are missing.

    Source: E. C. Fieller (1954), Some problems in interval estimation, J. Royal Statistical Society B 16, 175-185.
    """
    from scipy.stats import t

    check_level(level)
    (x, y), missing = complete(numerator, denominator)
    count = len(x)
    estimate = _ratio(x, y) if count else np.nan
    if count < 2:
        return Interval(estimate, np.nan, np.nan, level, count, missing, "Fieller", "an interval needs two pairs")
    scale = t.ppf((1 + level) / 2, count - 1) ** 2 / count
    covariance = np.cov(x, y)
    a = y.mean() ** 2 - scale * covariance[1, 1]
    b = x.mean() * y.mean() - scale * covariance[0, 1]
    c = x.mean() ** 2 - scale * covariance[0, 0]
    if a <= 0:
        note = "the denominator cannot be told from 0, so the ratio is unbounded"
        return Interval(estimate, -np.inf, np.inf, level, count, missing, "Fieller", note)
    # Rounding may push the discriminant of a ratio without spread just below 0.
    root = np.sqrt(max(b * b - a * c, 0.0))
    return Interval(estimate, float((b - root) / a), float((b + root) / a), level, count, missing, "Fieller")


def share_of_gap_closed(
    start: Array | Sequence[float],
    arm: Array | Sequence[float],
    best: Array | Sequence[float],
    level: float = 0.95,
    method: Literal["fieller", "bootstrap"] = "fieller",
    seed: int = 0,
) -> Interval:
    """How much of the way from one reference arm to another an arm has gone: mean(start - arm) / mean(start - best).

    1 is all of the gap, 0 none, below 0 worse than the start; no unit. Position i is replication i in all three.
    ``"bootstrap"`` resamples replications whole (bias-corrected and accelerated); a gap close to 0 makes it unsound,
    where Fieller's interval becomes unbounded and so tells the truth.
    """
    (a, b, c), missing = complete(start, arm, best)
    if method == "fieller":
        found = fieller(a - b, a - c, level)
    elif method == "bootstrap":
        found = _bootstrap_ratio(a - b, a - c, level, seed)
    else:
        raise ValueError(f"the method is 'fieller' or 'bootstrap', not {method!r}")
    return Interval(**(found.as_dict() | {"missing": missing}))


def gap_table(frame: pd.DataFrame, metrics: Sequence[str], start: str, best: str, level: float = 0.95) -> pd.DataFrame:
    """`share_of_gap_closed` by Fieller for every other arm of a tidy table of runs, point by point.

    One row a point, arm and metric: ``point, arm, metric, gap`` (mean of start - best, in the metric's unit),
    ``estimate, low, high`` (shares), ``count, missing, note``. Raises `ValueError` when an arm is unknown.
    """
    table = long_table(frame, metrics)
    arms = list(dict.fromkeys(table["arm"]))
    unknown = [arm for arm in (start, best) if arm not in arms]
    if unknown or start == best:
        raise ValueError(f"the gap runs between two of the arms {arms}, not from {start!r} to {best!r}")
    rows = []
    for (point, metric), group in table.groupby(["point", "metric"], sort=False):
        wide = group.pivot(index="replication", columns="arm", values="value").reindex(columns=arms)
        for arm in arms:
            if arm not in (start, best):
                found = share_of_gap_closed(wide[start].to_numpy(), wide[arm].to_numpy(), wide[best].to_numpy(), level)
                gap = float((wide[start] - wide[best]).where(wide[arm].notna()).mean())
                rows.append((point, arm, metric, gap, *_row(found)))
    names = ["point", "arm", "metric", "gap", "estimate", "low", "high", "count", "missing", "note"]
    return pd.DataFrame(rows, columns=names)


def _row(found: Interval) -> tuple[float, float, float, int, int, str]:
    return found.estimate, found.low, found.high, found.count, found.missing, found.note


def _ratio(x: Array, y: Array) -> float:
    return float(x.mean() / y.mean()) if y.mean() != 0 else np.nan


def _bootstrap_ratio(x: Array, y: Array, level: float, seed: int) -> Interval:
    from scipy.stats import bootstrap

    check_level(level)
    estimate = _ratio(x, y) if len(x) else np.nan
    if len(x) < 2 or np.ptp(x - estimate * y) == 0:
        note = "an interval needs two pairs" if len(x) < 2 else "the ratio is the same in every run"
        bound = np.nan if len(x) < 2 else estimate
        return Interval(estimate, bound, bound, level, len(x), 0, "bootstrap", note)
    found = bootstrap(
        (x, y),
        lambda u, v, axis: u.mean(axis=axis) / v.mean(axis=axis),
        paired=True,
        n_resamples=RESAMPLES,
        batch=max(1, 2_000_000 // len(x)),
        confidence_level=level,
        rng=resampler(seed),
    ).confidence_interval
    return Interval(estimate, float(found.low), float(found.high), level, len(x), 0, "bootstrap")
