"""Demand that rises and falls in a smooth season."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from ..inversion import with_noise
from ..parameters import Number, parameter
from ..quantity import Array
from ..remembered import Remembered
from .base import Clipped, Stream


@dataclass
class Seasonal(Clipped):
    """Demand that follows a sine wave around its mean, with normally distributed noise.

    1. wave = sin(2 pi (period + phase) / length), from a table of one season.
    2. level = mean (1 + amplitude wave).
    3. demand = max(level + sd z, minimum), where z is standard normal; rounded before if ``whole``.

    Over whole seasons and before clipping the expected demand is the mean and its variance is
    (mean amplitude)^2 / 2 + sd^2, for a season of three or more periods.

    Reference: Winters (1960), Forecasting Sales by Exponentially Weighted Moving Averages, Management Science
    6(3):324-342 (a season that multiplies the level).
    """

    mean: Number = parameter("mean demand a period over the season", unit="units", minimum=0)
    amplitude: Number = parameter("height of the peak above the mean, as a share of the mean", minimum=0, maximum=1)
    length: int = parameter("length of the season", unit="periods", minimum=2, whole=True, per_product=False)
    phase: int = parameter(
        "how far into the season period 0 is; the peak is at a quarter of it",
        unit="periods",
        minimum=0,
        whole=True,
        per_product=False,
        default=0,
    )
    sd: Number = parameter("standard deviation of the noise", unit="units", minimum=0, default=0.0)
    _wave: Remembered[tuple[float, ...]] = field(init=False, repr=False, compare=False)

    def start(self, stream: Stream, runs: int) -> None:
        """Take up the stream of random numbers."""
        super().start(stream, runs)
        self._wave = Remembered(wave, size=1)

    def __call__(self, period: int) -> Array:
        """The demand of a period, ``[runs]``."""
        here = self._wave(self.length)[(period + self.phase) % self.length]
        level = self.mean * (1.0 + self.amplitude * here)
        return self.cut(with_noise(level, self.sd, self._stream.uniforms(period)[0]))

    def expected(self) -> Number:
        """The mean over a season."""
        return self.mean

    def deviation(self) -> Number:
        """The standard deviation over a season, noise included."""
        swing = self.mean * self.amplitude
        squares = [height * height for height in wave(self.length)]
        return np.sqrt(swing * swing * (math.fsum(squares) / self.length) + self.sd * self.sd)


def wave(length: int) -> tuple[float, ...]:
    """One season of a sine wave."""
    return tuple(math.sin(2.0 * math.pi * place / length) for place in range(length))
