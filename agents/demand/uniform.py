"""Demand that is equally likely anywhere between two bounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..parameters import Number, parameter
from ..quantity import Array
from .base import Demand


@dataclass
class Uniform(Demand):
    """Independent demand, equally likely anywhere between two bounds.

    1. demand = low + (high - low) u, where u is uniform.
    2. With ``whole``, each of the whole numbers low, low + 1, ..., high is equally likely instead:
       demand = low + floor((high - low + 1) u).

    The expected demand is (low + high) / 2; its variance is (high - low)^2 / 12, with ``whole``
    ((high - low + 1)^2 - 1) / 12.

    Reference: Devroye (1986), Non-Uniform Random Variate Generation, chapter II.2.
    """

    low: Number = parameter("smallest demand", unit="units", minimum=0)
    high: Number = parameter("largest demand", unit="units", minimum=0)
    whole: bool = parameter("whether demand comes in whole units", default=False)

    def __call__(self, period: int) -> Array:
        """The demand of a period, ``[runs]``."""
        u = self._stream.uniforms(period)[0]
        width = self.high - self.low
        # The product is rounded: with u next to 1 it may reach the end of the last interval.
        above: Array = np.minimum(np.floor((width + 1.0) * u), width) if self.whole else width * u
        return self.low + above

    def expected(self) -> Number:
        """The middle of the bounds."""
        return (self.low + self.high) / 2.0

    def deviation(self) -> Number:
        """The standard deviation of continuous or of whole demand."""
        width = self.high - self.low
        squared = (width + 1.0) * (width + 1.0) - 1.0 if self.whole else width * width
        return np.sqrt(squared / 12.0)

    def check(self) -> str | None:
        """The bounds are in order, and whole where demand is."""
        if not np.all(np.less_equal(self.low, self.high)):
            return f"low is {self.low}, which is more than high, {self.high}"
        if self.whole and not all(np.all(np.equal(np.floor(bound), bound)) for bound in (self.low, self.high)):
            return f"demand is to be whole, but the bounds {self.low} and {self.high} are not"
        return None
