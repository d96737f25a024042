"""A surface over the regime coordinates, fitted to gains at design points, and how far it can be trusted.

The surface is a Gaussian process's mean (kriging with an unknown constant): SciPy's `RBFInterpolator` with a Gaussian
kernel, in which ``smoothing`` is the variance of the noise over that of the surface. How far it reaches and how much it
smooths is chosen by leaving points out. SciPy has it, so that a map needs no library of machine learning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import product
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...agents.quantity import Array, Mask
from ..statistics.intervals import resampler

if TYPE_CHECKING:
    import pandas as pd

REACHES = (1.5, 3.0, 6.0)
SMOOTHINGS = (0.03, 0.3, 3.0, 30.0)
FOLDS = 10
INNER_FOLDS = 5
RESAMPLES = 200
LEVEL = 0.95
Manner: TypeAlias = tuple[float, float]
"""How far the surface reaches, in standard deviations of the coordinates, and how much it smooths."""


@dataclass(frozen=True)
class Axes:
    """The coordinates that a surface uses, each as log(1 + value), with mean and standard deviation of the points."""

    names: tuple[str, ...]
    centre: tuple[float, ...]
    scale: tuple[float, ...]

    @classmethod
    def of(cls, rows: pd.DataFrame, names: Sequence[str]) -> Axes:
        """The axes of those coordinates that are known in all rows and take more than one value."""
        varied = [name for name in names if rows[name].notna().all() and rows[name].nunique() > 1]
        placed = np.log1p(rows[varied].to_numpy(dtype=float))
        return cls(tuple(varied), tuple(placed.mean(axis=0).tolist()), tuple(placed.std(axis=0).tolist()))

    def __call__(self, rows: pd.DataFrame) -> Array:
        """Places ``[rows, axes]`` in standard deviations from the mean of the points."""
        values = np.log1p(rows[list(self.names)].to_numpy(dtype=float))
        return np.asarray((values - np.array(self.centre)) / np.array(self.scale))


@dataclass(frozen=True)
class Sample:
    """Points to fit: places ``[rows, axes]``, gains ``[rows]``, and the design point of each row.

    Rows of one design point share their random numbers, so that they are left out and drawn together.
    """

    places: Array
    gains: Array
    points: NDArray[Any]

    def taken(self, chosen: Mask | NDArray[np.intp]) -> Sample:
        """Some of the rows."""
        return Sample(self.places[chosen], self.gains[chosen], self.points[chosen])

    def folds(self, count: int) -> Iterator[Mask]:
        """Masks of the rows that are left out together: every design point once, dealt out in order."""
        known = np.unique(self.points)
        parts = min(count, len(known))
        for part in range(parts):
            yield np.isin(self.points, known[part::parts])

    @cached_property
    def rows_of(self) -> list[NDArray[np.intp]]:
        """The rows of each design point."""
        return [np.flatnonzero(self.points == point) for point in np.unique(self.points)]


def fitted(sample: Sample, manner: Manner) -> Callable[[Array], Array]:
    """The surface: from places ``[rows, axes]`` to gains ``[rows]``."""
    from scipy.interpolate import RBFInterpolator

    reach, smoothing = manner
    return RBFInterpolator(  # type: ignore[no-any-return]
        sample.places, sample.gains, kernel="gaussian", epsilon=1.0 / reach, smoothing=smoothing, degree=0
    )


def chosen_manner(sample: Sample, folds: int = FOLDS) -> Manner:
    """The manner whose squared errors at left-out points are least."""
    errors = {
        manner: left_out(sample, partial(fitted, manner=manner), folds) for manner in product(REACHES, SMOOTHINGS)
    }
    return min(errors, key=lambda manner: float(np.mean((errors[manner] - sample.gains) ** 2)))


def fitted_by_choice(sample: Sample) -> Callable[[Array], Array]:
    """A surface whose manner is chosen inside the sample, so that leaving points out judges the choice too."""
    return fitted(sample, chosen_manner(sample, INNER_FOLDS))


def left_out(sample: Sample, fit: Callable[[Sample], Callable[[Array], Array]], folds: int = FOLDS) -> Array:
    """What surfaces say at points that they have not seen ``[rows]``."""
    said = np.empty(len(sample.gains))
    for out in sample.folds(folds):
        said[out] = fit(sample.taken(~out))(sample.places[out])
    return said


def bootstrapped(sample: Sample, manner: Manner, places: Array, resamples: int = RESAMPLES, seed: int = 0) -> Array:
    """Surfaces of design points drawn with replacement, at some places: ``[resamples, places]``."""
    generator = resampler(seed)
    groups = sample.rows_of
    draws = generator.integers(len(groups), size=(resamples, len(groups)))
    made = [fitted(sample.taken(np.concatenate([groups[i] for i in draw])), manner)(places) for draw in draws]
    return np.stack(made)


def bounds(resampled: Array, level: float = LEVEL) -> tuple[Array, Array]:
    """The percentile interval of bootstrapped surfaces at every place."""
    low, high = np.quantile(resampled, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return low, high


def quality(sample: Sample, said: Array) -> dict[str, float]:
    """How good a surface is at points that it has not seen.

    ``error`` is the root mean square of the errors there, ``explained`` the share of the variance that it explains
    (below 0 where the mean of all points would do better), ``reach`` the size that 95 % of the errors stay within.
    """
    errors = said - sample.gains
    spread = float(np.mean((sample.gains - sample.gains.mean()) ** 2))
    square = float(np.mean(errors**2))
    return {
        "error": square**0.5,
        "explained": 1 - square / spread if spread > 0 else np.nan,
        "reach": float(np.quantile(np.abs(errors), LEVEL, method="higher")),
    }


def sample_of(rows: pd.DataFrame, axes: Axes, value: str = "relative") -> Sample:
    """The rows as points to fit."""
    gains: Any = rows[value].to_numpy(dtype=float)
    return Sample(axes(rows), gains, rows["point"].to_numpy())
