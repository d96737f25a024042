"""Streams of orders: what the one who is asked needs to know of them, and how a rule makes one out of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np

from ...agents.numeric import add_all
from ...agents.parameters import Number, plainly
from ...agents.quantity import Array, Units

LEAST = 1e-9
DAILY = 1  # the review period of a stream without a calendar


class Timed(Protocol):
    """What has a calendar."""

    @property
    def every(self) -> Number:
        """The review period."""

    @property
    def phase(self) -> Number:
        """The first period."""


@dataclass(frozen=True)
class Orders:
    """The orders on one way; ``[products, runs]``, calendars a number or ``[runs]``.

    ``mean`` is that of a period, ``lasting`` the variance that a long time adds up to, for each of its periods;
    ``excess`` is what the variance of one period is above that, which dies away by the part ``decay`` a period, as
    orders that follow a forecast, or smooth demand (then it is negative), take back what they have given. Orders come
    every ``every`` periods from ``phase`` on, with what has been wanted since then. ``lumps`` is the variance, of any
    number of periods, that comes from the batches of those who order further downstream.
    """

    mean: Units
    lasting: Units
    excess: Units
    decay: float | Array = 1.0
    every: Number = DAILY
    phase: Number = 0
    lumps: Number = 0.0

    def over(self, periods: Number) -> Units:
        """The variance of what comes in so many periods in a row, the calendar's batches among it.

        1. lasting W + excess h(W), h(W) = (1 - (1 - decay)^W) / decay; h(1) = 1.
        2. With a calendar of R > W: W / R of that for R periods.
        3. The batches, m^2 times those of `batches`.
        """
        if plainly(self.every, DAILY):
            return self.lasting * periods + self.excess * _taken_back(self.decay, periods) + self.lumps
        R = np.asarray(self.every)
        longest = np.maximum(R, periods)
        part = np.minimum(periods / R, 1.0)
        noise = self.lasting * periods + self.excess * _taken_back(self.decay, longest) * part
        return noise + np.square(self.mean) * batches(R, periods) + self.lumps * part

    @property
    def once(self) -> Units:
        """The variance of one period."""
        return self.over(1.0)

    @property
    def noise(self) -> Units:
        """The variance of one order, which comes every ``every`` periods."""
        return self.lasting * self.every + self.excess * _taken_back(self.decay, self.every) + self.lumps

    def evenly(self) -> Orders:
        """The same without a calendar: of the noise of an order the part of a period."""
        if plainly(self.every, DAILY):
            return self
        R = np.asarray(self.every)
        excess = self.excess * (_taken_back(self.decay, R) / R)
        return Orders(self.mean, self.lasting, excess, self.decay, lumps=self.lumps / R)

    def scaled(self, share: Number) -> Orders:
        """A fixed share of all orders."""
        if plainly(share, 1.0):
            return self
        square = np.square(share)
        return Orders(
            self.mean * share, self.lasting * square, self.excess * square, self.decay, self.every, self.phase,
            self.lumps * square,
        )  # fmt: skip


def batches(every: Number, periods: Number) -> Array:
    """The variance of the batches of a calendar of R periods in W periods, for a mean of one: R^2 f (1 - f).

    f is the part of W / R beyond whole numbers, W in whole periods.
    """
    R = np.asarray(every)
    cycles = np.rint(periods) / R
    f = cycles - np.floor(cycles)
    return np.asarray(np.square(R) * (f * (1.0 - f)))


def _taken_back(decay: float | Array, periods: Number) -> Number:
    if plainly(periods, 1.0) or plainly(decay, 1.0):
        return 1.0
    found = (1.0 - np.power(1.0 - decay, periods)) / decay
    return np.where(np.equal(periods, 1.0), 1.0, found)


@dataclass(frozen=True)
class Joined:
    """Several streams that reach one place; independent, but for calendars that are known.

    What has been asked is kept: rules that differ ask the same streams again and again.
    """

    streams: Sequence[Orders]
    asked: dict[float, Units] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def mean(self) -> Units:
        """Mean of a period."""
        return add_all([stream.mean for stream in self.streams])

    @cached_property
    def lasting(self) -> Units:
        """Variance that a long time adds up to, a period."""
        return add_all([stream.lasting for stream in self.streams])

    @property
    def once(self) -> Units:
        """Variance of one period."""
        return self.over(1.0)

    @cached_property
    def lumps(self) -> Units:
        """Variance of one period that comes from batches, those of the streams themselves among it.

        Of the batches of those further downstream it is the part that `Orders.over` counts in one period: with a
        calendar of R they come every R periods.
        """
        terms = [np.zeros_like(self.streams[0].mean) + stream.lumps / stream.every for stream in self.streams]
        timed = [stream for stream in self.streams if not plainly(stream.every, DAILY)]
        terms += [np.square(stream.mean) * (np.asarray(stream.every) - 1.0) for stream in timed]
        terms += [_in_step(a, b, 1.0) for place, a in enumerate(timed) for b in timed[:place]]
        return add_all(terms)

    def over(self, periods: Number) -> Units:
        """Variance of what comes in so many periods in a row."""
        if np.ndim(periods) > 0:
            return self._over(periods)
        key = float(periods)
        if key not in self.asked:
            self.asked[key] = self._over(periods)
        return self.asked[key]

    def _over(self, periods: Number) -> Units:
        terms = [stream.over(periods) for stream in self.streams]
        timed = [stream for stream in self.streams if not plainly(stream.every, DAILY)]
        terms += [_in_step(a, b, periods) for place, a in enumerate(timed) for b in timed[:place]]
        return add_all(terms)


def _in_step(a: Orders, b: Orders, periods: Number) -> Units:
    """Twice the covariance of the batches of two streams."""
    return a.mean * b.mean * (2.0 * together(a, b, periods))


def together(a: Timed, b: Timed, periods: Number) -> Array:
    """The covariance of the batches of two streams with the same review period R, for means of one; else nothing.

    In a window of W periods a stream has one batch more than floor(W / R) with probability f, see `batches`;
    two that are d periods apart have both with probability (max(f R - d, 0) + max(f R - (R - d), 0)) / R.
    """
    R = np.asarray(a.every)
    cycles = np.rint(periods) / R
    f = cycles - np.floor(cycles)
    apart = (np.asarray(a.phase) - b.phase) % R
    both = (np.maximum(f * R - apart, 0.0) + np.maximum(f * R - (R - apart), 0.0)) / R
    same = np.equal(a.every, b.every) & (R > 1)
    return np.asarray(same * (np.square(R) * (both - f * f)), dtype=np.float64)
