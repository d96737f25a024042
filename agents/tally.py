"""What the books keep of a quantity over the periods: its total, or its spread.

Rows are collected by reference (arrays are never changed in place) and reduced a block of periods at a time, which
costs a quarter of the NumPy calls of a running sum; the order of the additions is that of the periods all the same.
"""

from __future__ import annotations

import numpy as np

from .numeric import sum_rows
from .quantity import Array

BLOCK = 16  # periods collected before a reduction


def stacked(rows: list[Array]) -> Array:
    """Equally shaped arrays one above the other; `np.stack` does the same in twice the time."""
    return np.concatenate(rows).reshape(len(rows), *rows[0].shape)


class Total:
    """The sum of a quantity over the periods since the last reset."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything, as at the end of the warm-up."""
        self.periods = 0
        self._sum: Array | None = None
        self._rows: list[Array] = []

    def add(self, x: Array) -> None:
        """Note the value of this period; ``x`` must not be changed afterwards."""
        self._rows.append(x)
        if len(self._rows) == BLOCK:
            self._flush()

    @property
    def total(self) -> Array:
        """The sum over the periods, in the shape of the quantity; 0.0 before the first period."""
        self._flush()
        return np.zeros(()) if self._sum is None else self._sum

    @property
    def mean(self) -> Array:
        """The mean over the periods."""
        return self.total / max(self.periods, 1)

    def _flush(self) -> None:
        if not self._rows:
            return
        self.periods = self.periods + len(self._rows)
        block = self._block()
        self._sum = sum_rows(block if self._sum is None else np.concatenate((self._sum[None], block)))
        self._rows = []

    def _block(self) -> Array:
        return stacked(self._rows)


class Count(Total):
    """The number of periods in which a quantity was positive."""

    def _block(self) -> Array:
        return (stacked(self._rows) > 0).astype(np.float64)


class Spread:
    """Mean and population variance of a quantity over the periods since the last reset.

    Sums of deviations from the first value: a constant has a variance of exactly zero, and a large mean costs no
    digits (Chan, Golub & LeVeque 1983, The American Statistician 37(3), shifted data).
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything, as at the end of the warm-up."""
        self.periods = 0
        self._shift: Array | None = None
        self._sums: tuple[Array, Array] | None = None
        self._rows: list[Array] = []

    def add(self, x: Array) -> None:
        """Note the value of this period; ``x`` must not be changed afterwards."""
        self._rows.append(x)
        if len(self._rows) == BLOCK:
            self._flush()

    @property
    def total(self) -> Array:
        """The sum over the periods."""
        return self.mean * self.periods

    @property
    def mean(self) -> Array:
        """The mean over the periods."""
        self._flush()
        if self._shift is None or self._sums is None:
            return np.zeros(())
        return self._shift + self._sums[0] / self.periods

    @property
    def variance(self) -> Array:
        """The population variance over the periods (divided by their number)."""
        self._flush()
        if self._sums is None:
            return np.zeros(())
        mean = self._sums[0] / self.periods
        return np.maximum(self._sums[1] / self.periods - mean * mean, 0.0)

    def _flush(self) -> None:
        if not self._rows:
            return
        self.periods = self.periods + len(self._rows)
        if self._shift is None:
            self._shift = self._rows[0]
        deviation = stacked(self._rows) - self._shift
        self._sums = (self._added(0, deviation), self._added(1, deviation * deviation))
        self._rows = []

    def _added(self, which: int, rows: Array) -> Array:
        if self._sums is None:
            return sum_rows(rows)
        return sum_rows(np.concatenate((self._sums[which][None], rows)))
