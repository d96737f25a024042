"""What the books keep of a quantity over the periods: its total, its spread, or how often it was positive.

A tally is a value: `plus` gives a new one that has taken in the rows of further periods, and the old one stays as it
is. Sums run strictly from the first period to the last, so it makes no difference in how many pieces rows come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from .numeric import sum_rows
from .order_rules import TINY
from .quantity import Array

Rows = Sequence[Array]  # one quantity, a row for each period


class Notes(Protocol):
    """What all tallies do."""

    def plus(self, rows: Rows) -> Any:
        """The tally with further periods."""


@dataclass(frozen=True)
class Total:
    """The sum of a quantity over the periods noted."""

    periods: int = 0
    total: Array | None = None

    def plus(self, rows: Rows) -> Total:
        """The sum with further periods."""
        return Total(self.periods + len(rows), _added(self.total, rows))

    @property
    def mean(self) -> Array:
        """The mean over the periods."""
        return (np.zeros(()) if self.total is None else self.total) / max(self.periods, 1)


@dataclass(frozen=True)
class Count:
    """The number of periods in which a quantity was positive, by more than rounding."""

    periods: int = 0
    total: Array | None = None

    def plus(self, rows: Rows) -> Count:
        """The count with further periods."""
        # Bytes hold the count of a few rows and add up fastest; whole numbers add up alike in any order.
        positive = np.add.reduce((stacked(rows) > TINY).view(np.uint8), axis=0, dtype=np.uint8).astype(np.float64)
        return Count(self.periods + len(rows), positive if self.total is None else self.total + positive)


@dataclass(frozen=True)
class Spread:
    """Mean and population variance of a quantity over the periods noted.

    Sums of deviations from the first value: a constant has a variance of exactly zero, and a large mean costs no
    digits (Chan, Golub & LeVeque 1983, The American Statistician 37(3), shifted data).
    """

    periods: int = 0
    shift: Array | None = None
    deviations: Array | None = None
    squares: Array | None = None

    def plus(self, rows: Rows) -> Spread:
        """The spread with further periods."""
        shift = rows[0] if self.shift is None else self.shift
        if len(rows) == 1:
            off = rows[0] - shift
            return Spread(self.periods + 1, shift, _added(self.deviations, [off]), _added(self.squares, [off * off]))
        # An array of our own, changed in place: the sum before and below it what is added.
        work = stacked([_or_zero(self.deviations, shift), *rows])
        added = work[1:]
        added -= shift
        deviations = sum_rows(work)
        added *= added
        work[0] = _or_zero(self.squares, shift)
        return Spread(self.periods + len(rows), shift, deviations, sum_rows(work))

    @property
    def total(self) -> Array:
        """The sum over the periods."""
        return self.mean * self.periods

    @property
    def mean(self) -> Array:
        """The mean over the periods."""
        if self.shift is None or self.deviations is None:
            return np.zeros(())
        return self.shift + self.deviations / self.periods

    @property
    def variance(self) -> Array:
        """The population variance over the periods (divided by their number)."""
        if self.squares is None or self.deviations is None:
            return np.zeros(())
        mean = self.deviations / self.periods
        return np.maximum(self.squares / self.periods - mean * mean, 0.0)


def stacked(rows: Rows) -> Array:
    """Equally shaped arrays one above the other; `np.stack` does the same in twice the time."""
    return rows[0][None] if len(rows) == 1 else np.concatenate(rows).reshape(len(rows), *rows[0].shape)


def _or_zero(before: Array | None, like: Array) -> Array:
    return np.zeros_like(like) if before is None else before


def _added(before: Array | None, rows: Rows) -> Array:
    """The sum before and that of the rows, added one row after the other."""
    if before is None:
        return rows[0] if len(rows) == 1 else sum_rows(stacked(rows))
    return before + rows[0] if len(rows) == 1 else sum_rows(stacked([before, *rows]))
