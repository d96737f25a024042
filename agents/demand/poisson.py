"""Demand of many customers who each take one unit."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..inversion import Counts, counts
from ..parameters import Number, parameter
from ..quantity import Array
from ..remembered import Remembered
from .base import Demand, Stream


@dataclass
class Poisson(Demand):
    """Independent Poisson demand, in whole units.

    1. demand = the smallest k with P(0) + ... + P(k) >= u, where P(k) = e^-mean mean^k / k! and u is uniform.

    The expected demand is the mean, its deviation is the square root of the mean.

    Reference: Hadley & Whitin (1963), Analysis of Inventory Systems, chapter 3.
    """

    mean: Number = parameter("mean demand a period", unit="units", minimum=0, maximum=1e6)
    _counts: Remembered[Counts] = field(init=False, repr=False, compare=False)

    def start(self, stream: Stream, runs: int) -> None:
        """Take up the stream of random numbers; tables are made when the first demand is asked for."""
        super().start(stream, runs)
        self._counts = Remembered(counts, size=1)

    def __call__(self, period: int) -> Array:
        """The demand of a period, ``[runs]``."""
        return self._counts(self.mean)(self._stream.uniforms(period)[0])

    def expected(self) -> Number:
        """The mean."""
        return self.mean

    def deviation(self) -> Number:
        """The square root of the mean."""
        return np.sqrt(self.mean)
