"""Normally distributed demand."""

from __future__ import annotations

from dataclasses import dataclass

from ..inversion import with_noise
from ..parameters import Number, parameter
from ..quantity import Array
from .base import Clipped


@dataclass
class Normal(Clipped):
    """Independent normally distributed demand, cut off at the minimum.

    1. draw = mean + sd z, where z is standard normal.
    2. demand = max(draw, minimum), rounded before if ``whole``.

    Before clipping the expected demand is the mean and its deviation is sd. Clipped at 0 the mean is
    mean Phi(mean / sd) + sd phi(mean / sd); with mean = 3 sd that is 0.04 % of sd more, with mean = 2 sd 0.85 %.

    Reference: Silver, Pyke & Thomas (2017), Inventory and Production Management in Supply Chains, 4th ed., chapter 6.
    """

    mean: Number = parameter("mean demand a period before clipping", unit="units", minimum=0)
    sd: Number = parameter("standard deviation of the demand of a period", unit="units", minimum=0)

    def __call__(self, period: int) -> Array:
        """The demand of a period, ``[runs]``."""
        return self.cut(with_noise(self.mean, self.sd, self._stream.uniforms(period)[0]))

    def expected(self) -> Number:
        """The mean before clipping."""
        return self.mean

    def deviation(self) -> Number:
        """The standard deviation before clipping."""
        return self.sd
