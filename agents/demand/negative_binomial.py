"""Demand in whole units that varies more than Poisson demand."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..inversion import Counts, counts
from ..parameters import Number, parameter
from ..quantity import Array
from ..remembered import Remembered
from .base import Demand, Stream


@dataclass
class NegativeBinomial(Demand):
    """Independent negative binomial demand: Poisson demand whose mean itself varies from period to period.

    1. p = mean / variance and r = mean^2 / (variance - mean).
    2. demand = the smallest k with P(0) + ... + P(k) >= u, where P(k) = C(k + r - 1, k) p^r (1 - p)^k and u is uniform.

    The expected demand is the mean, its deviation the square root of the variance. A variance equal to the mean gives
    Poisson demand; a smaller one is impossible.

    Reference: Agrawal & Smith (1996), Estimating Negative Binomial Demand for Retail Inventory Management with
    Unobservable Lost Sales, Naval Research Logistics 43(6):839-861.
    """

    mean: Number = parameter("mean demand a period", unit="units", minimum=0, maximum=1e6)
    variance: Number = parameter("variance of the demand of a period, at least its mean", unit="units^2", minimum=0)
    _counts: Remembered[Counts] = field(init=False, repr=False, compare=False)

    def start(self, stream: Stream, runs: int) -> None:
        """Take up the stream of random numbers; tables are made when the first demand is asked for."""
        super().start(stream, runs)
        self._counts = Remembered(counts, size=1)

    def __call__(self, period: int) -> Array:
        """The demand of a period, ``[runs]``."""
        return self._counts(self.mean, self.variance)(self._stream.uniforms(period)[0])

    def expected(self) -> Number:
        """The mean."""
        return self.mean

    def deviation(self) -> Number:
        """The square root of the variance."""
        return np.sqrt(self.variance)

    def check(self) -> str | None:
        """The variance is at least the mean, and not beyond what a table can hold."""
        try:
            counts(self.mean, self.variance)
        except ValueError as error:
            return str(error)
        return None
