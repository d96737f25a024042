"""What the books keep of a quantity over the periods: its total, its spread, or how often it was positive.

A tally adds strictly from the first period to the last, so it makes no difference whether periods come one by one or
several together. Its sums are arrays of its own, which nobody else sees, and are written in place: rows that were kept
for later would crowd everything else out of the processor's cache.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from .numeric import sum_rows
from .order_rules import TINY
from .quantity import Array, Mask

MOST_FLAGS = 32  # periods that are counted together


class Notes(Protocol):
    """What all tallies do."""

    def note(self, row: Array) -> None:
        """Take in one more period."""

    def note_all(self, rows: Sequence[Array]) -> None:
        """Take in several more periods."""


class Total:
    """The sum of a quantity over the periods noted; ``like`` is an array of its shape."""

    def __init__(self, like: Array) -> None:
        self.periods = 0
        self._sum = np.zeros_like(like)

    def note(self, row: Array) -> None:
        """Take in one more period."""
        self.periods = self.periods + 1
        np.add(self._sum, row, out=self._sum)

    def note_all(self, rows: Sequence[Array]) -> None:
        """Take in several more periods."""
        self.periods = self.periods + len(rows)
        self._sum = sum_rows(stacked([self._sum, *rows]))

    @property
    def total(self) -> Array:
        """The sum over the periods."""
        return self._sum.copy()

    @property
    def mean(self) -> Array:
        """The mean over the periods."""
        return self._sum / max(self.periods, 1)


class Count:
    """The number of periods in which a quantity was positive, by more than rounding."""

    def __init__(self, like: Array) -> None:
        self._before = np.zeros_like(like)
        self._lately: list[Mask] = []

    def note(self, row: Array) -> None:
        """Take in one more period."""
        self._lately.append(row > TINY)
        if len(self._lately) == MOST_FLAGS:
            self._before = self.total
            self._lately = []

    def note_all(self, rows: Sequence[Array]) -> None:
        """Take in several more periods."""
        for row in rows:
            self.note(row)

    @property
    def total(self) -> Array:
        """The number of such periods."""
        if not self._lately:
            return self._before.copy()
        flags = stacked(self._lately).view(np.uint8)  # bytes add up fastest
        lately: Array = np.add.reduce(flags, axis=0, dtype=np.uint8).astype(np.float64)
        return self._before + lately


class Spread:
    """Mean and population variance of a quantity over the periods noted; ``like`` is an array of its shape.

    Sums of deviations from the first value: a constant has a variance of exactly zero, and a large mean costs no
    digits (Chan, Golub & LeVeque 1983, The American Statistician 37(3), shifted data).
    """

    def __init__(self, like: Array) -> None:
        self.periods = 0
        self._shift = np.zeros_like(like)
        self._sum = np.zeros_like(like)
        self._squares = np.zeros_like(like)

    def note(self, row: Array) -> None:
        """Take in one more period."""
        if self.periods == 0:
            self._shift = row
        self.periods = self.periods + 1
        off = row - self._shift
        np.add(self._sum, off, out=self._sum)
        np.multiply(off, off, out=off)
        np.add(self._squares, off, out=self._squares)

    def note_all(self, rows: Sequence[Array]) -> None:
        """Take in several more periods."""
        if self.periods == 0:
            self._shift = rows[0]
        self.periods = self.periods + len(rows)
        work = stacked([self._sum, *rows])
        added = work[1:]
        added -= self._shift
        self._sum = sum_rows(work)
        added *= added
        work[0] = self._squares
        self._squares = sum_rows(work)

    @property
    def total(self) -> Array:
        """The sum over the periods."""
        return self.mean * self.periods

    @property
    def mean(self) -> Array:
        """The mean over the periods."""
        return self._shift + self._sum / max(self.periods, 1)

    @property
    def variance(self) -> Array:
        """The population variance over the periods (divided by their number)."""
        mean = self._sum / max(self.periods, 1)
        return np.maximum(self._squares / max(self.periods, 1) - mean * mean, 0.0)


def stacked(rows: Sequence[Any]) -> Any:
    """Equally shaped arrays one above the other; `np.stack` does the same in twice the time."""
    return np.concatenate(rows).reshape(len(rows), *rows[0].shape)
