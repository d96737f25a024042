"""Demand that stays at one level for a while and then changes to another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from ..inversion import with_noise
from ..parameters import Number, parameter
from ..quantity import Array
from .base import Clipped, Stream


@dataclass
class RegimeSwitching(Clipped):
    """Demand that switches at random between a low and a high level, with normally distributed noise.

    1. In the first period the level is high with probability share = high length / (low length + high length).
    2. Then a low level becomes high with probability 1 / low length, a high one low with 1 / high length. The level is
       high where a uniform number is above 1 - that probability of being high.
    3. demand = max(level + sd z, minimum), where z is standard normal; rounded before if ``whole``.

    Before clipping the expected demand is low + share (high - low) and its variance is
    share (1 - share) (high - low)^2 + sd^2. Levels that are k periods apart correlate by
    (1 - 1 / low length - 1 / high length)^k.

    Reference: Song & Zipkin (1993), Inventory Control in a Fluctuating Demand Environment, Operations Research
    41(2):351-370.
    """

    draws: ClassVar[int] = 2  # one for the level, one for the noise

    low: Number = parameter("mean demand a period while it is low", unit="units", minimum=0)
    high: Number = parameter("mean demand a period while it is high", unit="units", minimum=0)
    low_length: Number = parameter("mean time that demand stays low", unit="periods", minimum=1)
    high_length: Number = parameter("mean time that demand stays high", unit="periods", minimum=1)
    sd: Number = parameter("standard deviation of the noise", unit="units", minimum=0, default=0.0)
    _is_high: Array | None = field(init=False, repr=False, compare=False)

    def start(self, stream: Stream, runs: int) -> None:
        """Take up the stream of random numbers; nothing is remembered of a time before."""
        super().start(stream, runs)
        self._is_high = None

    def __call__(self, period: int) -> Array:
        """The demand of a period, ``[runs]``."""
        switch, noise = self._stream.uniforms(period)
        if self._is_high is None:
            chance = self._zeros + self._share()
        else:
            chance = np.where(self._is_high, 1.0 - 1.0 / self.high_length, 1.0 / self.low_length)
        self._is_high = switch > 1.0 - chance
        return self.cut(with_noise(np.where(self._is_high, self.high, self.low), self.sd, noise))

    def _share(self) -> Number:
        """The part of the time in which demand is high."""
        return self.high_length / (self.low_length + self.high_length)

    def expected(self) -> Number:
        """The mean over both levels."""
        return self.low + self._share() * (self.high - self.low)

    def deviation(self) -> Number:
        """The standard deviation over both levels, noise included."""
        share, step = self._share(), self.high - self.low
        return np.sqrt(share * (1.0 - share) * (step * step) + self.sd * self.sd)
