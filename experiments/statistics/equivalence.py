"""Equivalence: showing that a difference is small, which a large p-value does not show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...agents.quantity import Array
from .intervals import Interval, mean_interval
from .tidy import complete, paired_runs


@dataclass(frozen=True)
class Equivalence:
    """The outcome of two one-sided tests.

    ``difference`` is treatment - control with its interval of level 1 - 2 alpha; ``margin`` is the half-width of the
    zone of equivalence in the metric's unit (a relative margin times the absolute control mean); ``p`` is the larger
    of the two one-sided p-values. ``equivalent`` is p <= alpha: the data show that the difference is within the zone.
    """

    difference: Interval
    margin: float
    p: float
    alpha: float

    @property
    def equivalent(self) -> bool:
        """Whether equivalence is shown; never with missing data."""
        return bool(self.p <= self.alpha)


def tost(
    treatment: Array | Sequence[float],
    control: Array | Sequence[float],
    margin: float | None = None,
    relative: float | None = None,
    alpha: float = 0.05,
) -> Equivalence:
    """Two one-sided t-tests of the paired difference against an absolute or a relative margin.

    1. Absolute margin m: test mean(x - y) > -m and mean(x - y) < m.
    2. Relative margin r: test mean(x - y) > -r |mean(y)| and the mirror image. The control mean is estimated too, so
       each test is a t-test of the mean of x - y + r s y (or x - y - r s y), with s the sign of mean(y). That is
       exact for normal pairs; plugging the estimate in as if it were known would not be.
    3. Equivalent at level alpha when both are rejected at alpha, which is when the 1 - 2 alpha interval lies inside
       the zone (for an absolute margin).

    Pairs with a missing value are left out and counted. Raises `ValueError` unless exactly one positive margin is
    given.

    Source: D. J. Schuirmann (1987), A comparison of the two one-sided tests procedure and the power approach,
    J. Pharmacokinetics and Biopharmaceutics 15, 657-680.
    """
    _check(margin, relative, alpha)
    (x, y), missing = complete(treatment, control)
    difference = mean_interval(x - y, 1 - 2 * alpha)
    difference = Interval(**(difference.as_dict() | {"missing": missing}))
    if len(x) < 2:
        return Equivalence(difference, np.nan if margin is None else margin, np.nan, alpha)
    base = float(y.mean())
    slack = np.full(len(x), margin) if margin is not None else _relative(relative) * np.sign(base) * y
    p = max(_one_sided(x - y + slack), _one_sided(y - x + slack))
    return Equivalence(difference, float(slack.mean()), p, alpha)


def equivalence_table(
    frame: pd.DataFrame,
    metrics: Sequence[str],
    control: str,
    margin: float | None = None,
    relative: float | None = None,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """`tost` of every arm against the control at every design point, for a batch of metrics.

    One row a point, arm and metric: ``point, arm, metric, estimate, low, high`` (level 1 - 2 alpha), ``margin, p,
    equivalent, count, missing``.
    """
    rows = []
    for key, pairs in paired_runs(frame, metrics, control).groupby(["point", "arm", "metric"], sort=False):
        found = tost(pairs["treatment"].to_numpy(), pairs["control"].to_numpy(), margin, relative, alpha)
        rows.append((*key, *_row(found)))
    names = ["point", "arm", "metric", "estimate", "low", "high", "margin", "p", "equivalent", "count", "missing"]
    return pd.DataFrame(rows, columns=names)


def _row(found: Equivalence) -> tuple[float | bool | int, ...]:
    gap = found.difference
    return gap.estimate, gap.low, gap.high, found.margin, found.p, found.equivalent, gap.count, gap.missing


def _one_sided(values: Array) -> float:
    """The p-value against "the mean is at most 0"; without spread it is 0 above 0 and 1 elsewhere."""
    from scipy.stats import t

    error = values.std(ddof=1) / np.sqrt(len(values))
    if np.ptp(values) == 0 or error == 0:
        return 0.0 if values[0] > 0 else 1.0
    return float(t.sf(values.mean() / error, len(values) - 1))


def _relative(relative: float | None) -> float:
    return 0.0 if relative is None else relative


def _check(margin: float | None, relative: float | None, alpha: float) -> None:
    given = [value for value in (margin, relative) if value is not None]
    if len(given) != 1 or given[0] <= 0:
        raise ValueError(f"give one positive margin, absolute or relative: margin={margin}, relative={relative}")
    if not 0 < alpha < 0.5:
        raise ValueError(f"alpha must lie between 0 and 0.5, not be {alpha}")
