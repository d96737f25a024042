"""Uniform numbers turned into draws by inversion: the quantile function of a distribution, element by element.

A draw grows with its uniform number and with the mean of its distribution, so two design points that share the
uniform numbers of a replication get close draws (common random numbers). Every draw depends on its own uniform number
and its own parameters alone, with the same bits in any batch.

Source: Devroye (1986), Non-Uniform Random Variate Generation, chapters II.2 and III.2 (inversion, by table look-up).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from .parameters import Number, plainly
from .quantity import Array

TAIL = 2.0**-60  # what a table leaves out beyond its ends: less than the distance of any uniform number from 0 and 1
MOST_ENTRIES = 2**17  # of one table
KEPT_ENTRIES = 2**22  # of all tables that are kept for the next process that asks: 32 MiB


@cache
def _ndtri() -> Callable[[Array], Array]:
    from scipy.special import ndtri  # here, so that importing the package stays quick

    return ndtri  # type: ignore[no-any-return]


def standard_normal(u: Array) -> Array:
    """Standard normal draws from uniform numbers, of the same shape."""
    return _ndtri()(u)


def with_noise(mean: Number, sd: Number, u: Array) -> Array:
    """Normal draws of that mean and standard deviation; a deviation that is the number zero costs nothing."""
    if plainly(sd, 0.0):
        return np.zeros(u.shape) + mean  # the same bits: mean + 0 * draw is the mean
    return mean + sd * standard_normal(u)


class Table:
    """The distribution function of one whole-numbered quantity, from ``first`` on; the last entry is 1."""

    def __init__(self, first: int, cumulated: Array) -> None:
        self.first = first
        self.cumulated = cumulated


class Counts:
    """Whole-numbered draws from the tables of all runs; made by `counts`.

    1. The table of a run is found by its parameters; equal parameters share one.
    2. A draw is the smallest number whose cumulated probability reaches the uniform number.
    """

    def __init__(self, tables: list[Table], table_of_run: NDArray[np.intp]) -> None:
        lengths = np.array([len(table.cumulated) for table in tables])
        starts = np.cumsum(lengths) - lengths
        self._single = tables[0] if len(tables) == 1 else None
        self._cumulated = np.concatenate([table.cumulated for table in tables])
        self._start = starts[table_of_run]
        self._last = self._start + lengths[table_of_run] - 1
        self._shift = np.array([table.first for table in tables])[table_of_run] - self._start
        self._steps = [2**power for power in reversed(range(int(lengths.max() - 1).bit_length()))]

    def __call__(self, u: Array) -> Array:
        """The draws of uniform numbers ``[runs]``."""
        if self._single is not None:
            single: Array = (np.searchsorted(self._single.cumulated, u) + self._single.first).astype(np.float64)
            return single
        place = self._start
        for step in self._steps:  # a binary search of all runs at once, each in its own table
            probe = np.minimum(place + (step - 1), self._last)
            place = np.where(self._cumulated.take(probe) < u, probe + 1, place)
        drawn: Array = (place + self._shift).astype(np.float64)
        return drawn


def counts(mean: Number, variance: Number | None = None) -> Counts:
    """Draws of a Poisson distribution, or with a variance of a negative binomial one, for numbers or ``[runs]``.

    Raises `ValueError` where the variance is below the mean or so large that a table would be too long.
    """
    spread = mean if variance is None else variance
    means, variances = np.broadcast_arrays(np.atleast_1d(np.asarray(mean, np.float64)), np.asarray(spread, np.float64))
    pairs, place = np.unique(np.stack([means, variances]), axis=1, return_inverse=True)
    tables = [_kept.table(float(m), float(v)) for m, v in pairs.T]
    return Counts(tables, place.reshape(-1))


class _Kept:
    """Tables by their parameters; all are forgotten when they have become too many."""

    def __init__(self, most_entries: int) -> None:
        self.most_entries = most_entries
        self.entries = 0
        self.known: dict[tuple[float, float], Table] = {}

    def table(self, mean: float, variance: float) -> Table:
        """The table of these parameters."""
        found = self.known.get((mean, variance))
        if found is None:
            found = count_table(mean, variance)
            if self.entries > self.most_entries:
                self.entries, self.known = 0, {}
            self.entries = self.entries + len(found.cumulated)
            self.known[mean, variance] = found
        return found


_kept = _Kept(KEPT_ENTRIES)


def count_table(mean: float, variance: float) -> Table:
    """The distribution function of counts: Poisson where the variance equals the mean, else negative binomial.

    1. P(k) / P(k - 1) = a + b / k, where a = (variance - mean) / variance and b = mean - a (mean + 1).
    2. The most likely count gets weight 1; the weights above and below follow as products of such ratios, until they
       have become negligible.
    3. The cumulated weights are divided by their total.

    No exponential and no factorial appear, so nothing overflows, and the error is some units in the last place.

    Source: Panjer (1981), Recursive Evaluation of a Family of Compound Distributions, ASTIN Bulletin 12(1):22-26.
    """
    if not 0.0 <= mean <= variance:
        raise ValueError(f"the variance of counts is at least their mean, but {variance:g} is less than {mean:g}")
    if mean == 0.0:
        return Table(0, np.ones(1))
    a = (variance - mean) / variance
    b = mean - a * (mean + 1.0)
    mode = max(int(b / (1.0 - a)), 0)
    above = np.concatenate(list(_above(a, b, mode)))
    below = np.concatenate(list(_below(a, b, mode)))[::-1]
    cumulated = np.cumsum(np.concatenate([below, [1.0], above]))
    return Table(mode - len(below), cumulated / cumulated[-1])


def _above(a: float, b: float, mode: int) -> Iterator[Array]:
    """Weights of the counts from ``mode`` + 1 on, in relation to that of ``mode``, in ever longer pieces."""
    weight, first, length = 1.0, mode + 1, 32
    while first - mode <= MOST_ENTRIES:
        ratios = np.maximum(a + b / np.arange(first, first + length), 0.0)
        weights: Array = np.asarray(weight * np.cumprod(ratios), dtype=np.float64)
        # What follows is less than a geometric series of the last ratio, or of the ratio a to which they rise.
        negligible = np.flatnonzero(weights < TAIL * (1.0 - np.maximum(ratios, a)))
        if len(negligible):
            yield weights[: negligible[0] + 1]
            return
        yield weights
        weight, first, length = float(weights[-1]), first + length, 2 * length
    raise ValueError(f"the variance of counts is too large: their table would have more than {MOST_ENTRIES} entries")


def _below(a: float, b: float, mode: int) -> Iterator[Array]:
    """Weights of the counts from ``mode`` - 1 down to 0 or to where they are negligible, in ever longer pieces."""
    weight, last, length = 1.0, mode, 32
    yield np.empty(0)
    while last > 0:
        counted = np.arange(last, max(last - length, 0), -1)
        ratios = 1.0 / (a + b / counted)
        weights: Array = np.asarray(weight * np.cumprod(ratios), dtype=np.float64)
        negligible = np.flatnonzero(weights < TAIL * (1.0 - ratios))
        if len(negligible):
            yield weights[: negligible[0] + 1]
            return
        yield weights
        weight, last, length = float(weights[-1]), last - length, 2 * length
