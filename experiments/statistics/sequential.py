"""How many replications are enough: sequential stopping and Stein's two stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...agents.quantity import Array
from .intervals import Interval, check_level


@dataclass(frozen=True)
class Precision:
    """The half-width asked of an interval: ``half_width`` in the metric's unit or ``relative`` to the absolute mean.

    ``first`` runs are made before the spread is trusted and never more than ``most``. Raises `ValueError` unless
    exactly one positive width is given.
    """

    half_width: float | None = None
    relative: float | None = None
    level: float = 0.95
    first: int = 20
    most: int = 10_000

    def __post_init__(self) -> None:
        check_level(self.level)
        given = [width for width in (self.half_width, self.relative) if width is not None]
        if len(given) != 1 or not given[0] > 0:
            raise ValueError(f"give one positive width: half_width={self.half_width}, relative={self.relative}")
        if not 2 <= self.first <= self.most:
            raise ValueError(f"2 <= first <= most is needed: first={self.first}, most={self.most}")

    def wanted(self, mean: Array) -> Array:
        """The half-width to reach at these means.

        A relative width r is taken as r / (1 + r) of the estimated mean, so that the error relative to the true mean
        is at most r. Source: A. M. Law (2015), Simulation Modeling and Analysis, 5th ed., section 9.4.1.
        """
        if self.half_width is not None:
            return np.full_like(mean, self.half_width)
        relative = self.relative or 0.0
        return np.abs(mean) * relative / (1 + relative)


@dataclass(frozen=True)
class Sequential(Precision):
    """Add ``step`` runs at a time until the t-interval of every metric is narrow enough.

    Looking repeatedly costs a little coverage (the rule stops sooner when the spread happens to look small): with
    first = 20 it stays within about two points of the level, see the explanation pages. Use `Stein` where the level
    has to hold exactly. Source: Y. S. Chow and H. Robbins (1965), On the asymptotic theory of fixed-width sequential
    confidence intervals for the mean, Annals of Mathematical Statistics 36, 457-462.
    """

    step: int = 10

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.step < 1:
            raise ValueError(f"step must be at least 1, not {self.step}")

    def runs_to_add(self, values: Array | Sequence[float]) -> int:
        """How many replications to make next, 0 to stop, given all values so far, ``[runs]`` or ``[runs, metrics]``.

        Missing values are left out metric by metric, but their runs count towards ``most``: a metric that is often
        missing cannot make the study endless.
        """
        table = _columns(values)
        made = len(table)
        if made < self.first:
            return self.first - made
        if made >= self.most or self.reached(table):
            return 0
        return min(self.step, self.most - made)

    def reached(self, values: Array | Sequence[float]) -> bool:
        """Whether every metric has at least ``first`` values and an interval as narrow as asked."""
        table = _columns(values)
        count, mean, deviation = _moments(table)
        if (count < self.first).any():
            return False
        return bool((_t(self.level, count - 1) * deviation / np.sqrt(count) <= self.wanted(mean)).all())


@dataclass(frozen=True)
class Stein(Precision):
    """Two stages: the spread of the first runs fixes the total, and the interval keeps that spread.

    1. Make ``first`` runs; s is their standard deviation, t the quantile of Student with first - 1 degrees.
    2. Make N = max(first, ceil((t s / h)^2)) runs in all, at most ``most``.
    3. The interval is the mean of all N runs plus and minus t s / sqrt(N): at least the level for normal values,
       whatever their variance. With a relative width h comes from the first-stage mean, and the level is approximate.

    Source: C. Stein (1945), A two-sample test for a linear hypothesis whose power is independent of the variance,
    Annals of Mathematical Statistics 16, 243-258.
    """

    def total(self, values: Array | Sequence[float]) -> int:
        """The number of runs to make in all, from the first ``first`` rows of ``[runs]`` or ``[runs, metrics]``.

        Several metrics take the largest total. Raises `ValueError` when a first-stage value is missing: the spread
        would not be the one of ``first`` runs.
        """
        mean, error = self._first_stage(values)
        wanted = self.wanted(mean)
        with np.errstate(divide="ignore", invalid="ignore"):
            needed = np.where(error > 0, np.ceil((error / wanted) ** 2), 0.0)
        return int(min(max(float(np.max(needed)), self.first), self.most))

    def interval(self, values: Array | Sequence[float]) -> Interval:
        """The interval of one metric over all runs made, with the spread of the first stage; ``values [runs]``."""
        _, error = self._first_stage(values)
        x = np.asarray(values, dtype=float)
        kept = x[~np.isnan(x)]
        half = float(error[0]) / np.sqrt(len(kept))
        short = len(x) < self.total(values) or len(x) >= self.most
        note = "stopped before the width was sure to be reached" if short else ""
        mean = float(kept.mean())
        return Interval(mean, mean - half, mean + half, self.level, len(kept), len(x) - len(kept), "Stein", note)

    def _first_stage(self, values: Array | Sequence[float]) -> tuple[Array, Array]:
        table = _columns(values)[: self.first]
        if len(table) < self.first or np.isnan(table).any():
            raise ValueError(
                f"the first stage needs {self.first} complete runs; it has {len(table)}, "
                f"{int(np.isnan(table).any(axis=1).sum())} of them with a missing value"
            )
        _, mean, deviation = _moments(table)
        return mean, _t(self.level, np.array(self.first - 1.0)) * deviation


def _columns(values: Array | Sequence[float]) -> Array:
    table = np.asarray(values, dtype=float)
    if table.ndim not in (1, 2):
        raise ValueError(f"values are [runs] or [runs, metrics], not of shape {table.shape}")
    return table[:, None] if table.ndim == 1 else table


def _moments(table: Array) -> tuple[Array, Array, Array]:
    present = ~np.isnan(table)
    count = present.sum(axis=0).astype(float)
    filled = np.where(present, table, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = filled.sum(axis=0) / count
        squares = (np.where(present, table - mean, 0.0) ** 2).sum(axis=0)
        return count, mean, np.sqrt(squares / (count - 1))


def _t(level: float, degrees: Array) -> Array:
    from scipy.stats import t

    return np.asarray(t.ppf((1 + level) / 2, degrees))
