"""Demand that is zero in most periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..inversion import with_noise
from ..parameters import Number, parameter
from ..quantity import Array
from .base import Clipped


@dataclass
class Intermittent(Clipped):
    """Demand that arises in some periods only, then of a normally distributed size.

    1. There is demand in a period with the given probability, where a uniform number is above 1 - probability.
    2. size = max(mean + sd z, minimum), where z is standard normal; rounded before if ``whole``.
    3. demand = size if there is demand, else 0.

    Before clipping the expected demand is probability mean, its variance is
    probability (sd^2 + mean^2) - (probability mean)^2. The time between two demands is 1 / probability on average.

    Reference: Croston (1972), Forecasting and Stock Control for Intermittent Demands, Operational Research Quarterly
    23(3):289-303.
    """

    draws: ClassVar[int] = 2  # one for whether there is demand, one for its size

    probability: Number = parameter("probability that there is demand in a period", minimum=0, maximum=1)
    mean: Number = parameter("mean size of the demand of such a period", unit="units", minimum=0)
    sd: Number = parameter("standard deviation of the size", unit="units", minimum=0, default=0.0)

    def __call__(self, period: int) -> Array:
        """The demand of a period, ``[runs]``."""
        arises, size = self._stream.uniforms(period)
        return np.where(arises > 1.0 - self.probability, self.cut(with_noise(self.mean, self.sd, size)), 0.0)

    def expected(self) -> Number:
        """The mean over all periods."""
        return self.probability * self.mean

    def deviation(self) -> Number:
        """The standard deviation over all periods."""
        p, mean = self.probability, self.mean
        return np.sqrt(p * (self.sd * self.sd + mean * mean) - (p * mean) * (p * mean))
