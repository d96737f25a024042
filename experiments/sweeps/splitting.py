"""Where a prediction came: the cut through one parameter that divides the points where it did from the others best."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

LEAST_SHARE, LEAST_POINTS = 0.1, 3
"""Both sides of a cut have at least this share of the points, and this many."""


@dataclass(frozen=True)
class Split:
    """A cut: the condition, the share of points on either side at which the prediction came, and their numbers."""

    condition: str
    inside: float
    outside: float
    points_inside: int
    points_outside: int
    gain: float


def splits(points: pd.DataFrame, parameters: Sequence[str], came: NDArray[np.bool_]) -> list[Split]:
    """The best cut of each parameter, the best one first; none where no parameter can be cut.

    ``points`` has one row a design point with its parameters. A cut is good when knowing the side of a point tells
    most about whether the prediction came there: by the fall of the mean Gini impurity, as in the first step of a
    regression tree. Cuts are found in the data they describe, so they are for looking, and for a new design to test.

    Source: L. Breiman, J. Friedman, R. Olshen and C. Stone (1984), Classification and Regression Trees.
    """
    best = [max(found, key=lambda split: split.gain) for n in parameters if (found := list(_cuts(points[n], n, came)))]
    return sorted(best, key=lambda split: -split.gain)


def _cuts(values: pd.Series, name: str, came: NDArray[np.bool_]) -> Iterator[Split]:
    numeric = values.dtype.kind in "if"
    for edge in _edges(values.to_numpy()) if numeric else dict.fromkeys(values):
        inside = (values <= edge if numeric else values == edge).to_numpy()
        least = max(LEAST_POINTS, LEAST_SHARE * len(came))
        if min(inside.sum(), (~inside).sum()) >= least:
            condition = f"{name} <= {edge:.3g}" if numeric else f"{name} == {edge!r}"
            yield _split(condition, inside, came)


def _edges(values: NDArray[Any]) -> list[float]:
    """The middles between neighbouring values."""
    known = np.unique(values).astype(np.float64)
    return [float(edge) for edge in (known[1:] + known[:-1]) / 2]


def _split(condition: str, inside: NDArray[np.bool_], came: NDArray[np.bool_]) -> Split:
    share, rest = float(came[inside].mean()), float(came[~inside].mean())
    weight = float(inside.mean())
    gain = _impurity(float(came.mean())) - weight * _impurity(share) - (1 - weight) * _impurity(rest)
    return Split(condition, share, rest, int(inside.sum()), int((~inside).sum()), gain)


def _impurity(share: float) -> float:
    return 2 * share * (1 - share)
