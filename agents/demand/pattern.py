"""Demand with a repeated pattern, such as the days of a week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np

from ..inversion import with_noise
from ..parameters import Number, parameter
from ..quantity import Array
from .base import Clipped


@dataclass
class Pattern(Clipped):
    """Demand whose level repeats a list of factors, such as a week, with normally distributed noise.

    1. level = mean times the factor of the period; after the last factor the first one follows again.
    2. demand = max(level + sd z, minimum), where z is standard normal; rounded before if ``whole``.

    Over whole patterns and before clipping the expected demand is mean m and its variance is mean^2 v + sd^2, where m
    and v are the mean and the population variance of the factors.

    Reference: Winters (1960), Forecasting Sales by Exponentially Weighted Moving Averages, Management Science
    6(3):324-342 (seasonal factors).
    """

    mean: Number = parameter("demand a period where the factor is 1", unit="units", minimum=0)
    factors: Sequence[float] = parameter("multiplies the mean in periods 0, 1, ...", minimum=0, per_product=False)
    sd: Number = parameter("standard deviation of the noise", unit="units", minimum=0, default=0.0)

    def __call__(self, period: int) -> Array:
        """The demand of a period, ``[runs]``."""
        factor = self.factors[period % len(self.factors)]
        return self.cut(with_noise(self.mean * factor, self.sd, self._stream.uniforms(period)[0]))

    def expected(self) -> Number:
        """The mean over a pattern."""
        return self.mean * (fsum(self.factors) / len(self.factors))

    def deviation(self) -> Number:
        """The standard deviation over a pattern, noise included."""
        swing = self.mean * float(np.std(self.factors))
        return np.sqrt(swing * swing + self.sd * self.sd)

    def check(self) -> str | None:
        """There has to be a factor, and one a period."""
        if len(self.factors) == 0:
            return "factors is empty"
        return "factors has lists in it" if np.ndim(self.factors) != 1 else None
