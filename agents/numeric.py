"""Sums in a fixed order, and the index work between product lists.

NumPy adds ``x.sum(0)`` of a ``[k, 1]`` array in another order than the same column of ``[k, 1000]``, so a run alone
would differ in the last bit from the same run in a batch. Everything here adds strictly from first to last.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .quantity import Array


def add_all(terms: Sequence[Array]) -> Array:
    """The sum of equally shaped arrays, from first to last; a single term is returned as it is."""
    if len(terms) == 1:
        return terms[0]
    result = terms[0] + terms[1]
    for term in terms[2:]:
        result = result + term
    return result


@lru_cache(maxsize=256)
def _filled(shape: tuple[int, ...], value: float) -> Array:
    return np.full(shape, value)


def at_least(x: Array, value: float) -> Array:
    """The larger of ``x`` and a number; NumPy compares with an array faster than with a number."""
    return np.maximum(x, _filled(x.shape, value))


def positive(x: Array) -> Array:
    """``x`` where it is above zero, and zero elsewhere."""
    return np.maximum(x, _filled(x.shape, 0.0))


def rows_of(parts: Sequence[Array]) -> Array:
    """Arrays ``[runs]`` as the rows of one array; a single one is not copied."""
    return parts[0][None] if len(parts) == 1 else np.stack(parts)


def total(x: Array) -> Array:
    """The sum over the first axis, ``[products, runs]`` to ``[runs]``, from first to last."""
    if len(x) <= 4:
        return add_all(x) if len(x) else np.zeros(x.shape[1:])  # type: ignore[arg-type]
    return sum_rows(x)


def sum_rows(x: Array) -> Array:
    """The sum over the first axis of a long array, with the same bits as adding row after row.

    NumPy reduces over the outer axis row by row unless a row holds a single number; then it would add pairwise.
    """
    if x[0].size > 1:
        return np.add.reduce(x, axis=0)  # type: ignore[no-any-return]
    return np.add.accumulate(x, axis=0)[-1]  # type: ignore[no-any-return]


class Rows:
    """Where the rows of one product list stand in another: a lane carries its origin's list, a site reads its own.

    ``theirs`` and ``ours`` are lists of product names, ``carried`` those that the lane carries (default: all that both
    sides know).
    """

    def __init__(self, theirs: Sequence[str], ours: Sequence[str], carried: Sequence[str] | None = None) -> None:
        shared = [name for name in theirs if name in ours and (carried is None or name in carried)]
        self.same = tuple(theirs) == tuple(ours) == tuple(shared)
        self.theirs: NDArray[np.intp] = np.array([theirs.index(name) for name in shared], dtype=np.intp)
        self.ours: NDArray[np.intp] = np.array([ours.index(name) for name in shared], dtype=np.intp)
        self.shape = (len(theirs), len(ours))

    def to_ours(self, x: Array) -> Array:
        """``[their products, runs]`` as ``[our products, runs]``, zero where they do not carry the product."""
        return x if self.same else self._moved(x, self.theirs, self.ours, self.shape[1])

    def to_theirs(self, x: Array) -> Array:
        """``[our products, runs]`` as ``[their products, runs]``."""
        return x if self.same else self._moved(x, self.ours, self.theirs, self.shape[0])

    @staticmethod
    def _moved(x: Array, source: NDArray[np.intp], target: NDArray[np.intp], length: int) -> Array:
        moved = np.zeros((length, *x.shape[1:]))
        moved[target] = x[source]
        return moved
