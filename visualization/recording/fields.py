"""Fields: numbers by row and period, as bytes with a scale for each row or as single floats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Codes: TypeAlias = NDArray[np.uint8] | NDArray[np.float32]

LEVELS = 255
"""The largest code of a byte."""
NOISE = 1e-9
"""Numbers that are smaller than this share of the largest of their field are rounding errors of zero."""


@dataclass(frozen=True, eq=False)
class Field:
    """Numbers ``[rows, periods]``: ``codes`` as they travel, and what they stand for, ``low + step * code``.

    A field of single floats has no ``low`` and ``step``. In a field of bytes every row has its own scale, so that the
    error is at most half a step of that row: the 510th part of its range with 255 as the largest code, and nothing at
    all for whole numbers whose range is no more than the largest code.
    """

    codes: Codes
    low: NDArray[np.float32] | None = None
    step: NDArray[np.float32] | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and periods."""
        return self.codes.shape[0], self.codes.shape[1]

    def values(self) -> NDArray[np.float64]:
        """The numbers, ``[rows, periods]``."""
        plain = self.codes.astype(np.float64)
        if self.low is None or self.step is None:
            return plain
        return self.low.astype(np.float64)[:, None] + self.step.astype(np.float64)[:, None] * plain

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Field) and all(
            _same(mine, theirs)
            for mine, theirs in ((self.codes, other.codes), (self.low, other.low), (self.step, other.step))
        )

    def __hash__(self) -> int:
        return hash(self.codes.tobytes())


def exact(values: ArrayLike) -> Field:
    """The numbers as single floats, missing ones too."""
    return Field(np.atleast_2d(np.asarray(values, dtype=np.float64)).astype(np.float32))


def quantised(values: ArrayLike, levels: int = LEVELS) -> Field:
    """The numbers as bytes, in ``levels`` equal steps from the least to the largest of each row.

    Raises `ValueError` when a number is missing or infinite: bytes have no code for that.
    """
    table = np.atleast_2d(np.asarray(values, dtype=np.float64))
    if not np.isfinite(table).all():
        raise ValueError("a field of bytes cannot hold missing or infinite numbers; use exact()")
    largest = np.max(np.abs(table), initial=0.0)
    table = np.where(np.abs(table) <= NOISE * largest, 0.0, table)
    low = table.min(axis=1).astype(np.float32)
    span = table.max(axis=1) - low
    whole = (table == np.round(table)).all(axis=1) & (span <= levels) & (low == np.round(low))
    step = np.where(whole, np.minimum(span, 1.0), span / levels).astype(np.float32)
    by_row = (table - low[:, None]) / np.where(step > 0, step, 1.0)[:, None]
    codes = np.clip(np.round(by_row), 0, levels).astype(np.uint8)
    return Field(codes, low, step)


def _same(mine: Any, theirs: Any) -> bool:
    if mine is None or theirs is None:
        return mine is theirs
    return mine.dtype == theirs.dtype and np.array_equal(mine, theirs, equal_nan=mine.dtype != np.uint8)
