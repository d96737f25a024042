"""Demand that resembles that of the period before."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..inversion import standard_normal
from ..parameters import Number, parameter
from ..quantity import Array
from .base import Clipped, Stream


@dataclass
class Autoregressive(Clipped):
    """First-order autoregressive demand, AR(1), from its stationary distribution on.

    1. deviation = sd z / sqrt(1 - rho^2) in the first period, then rho deviation + sd z, where z is standard normal.
    2. demand = max(mean + deviation, minimum), rounded before if ``whole``; the deviation itself is never cut off.

    Before clipping the expected demand is the mean, its variance sd^2 / (1 - rho^2), and demands that are k periods
    apart correlate by rho^k.

    Reference: Lee, So & Tang (2000), The Value of Information Sharing in a Two-Level Supply Chain, Management Science
    46(5):626-643.
    """

    mean: Number = parameter("mean of the demand in the long run", unit="units", minimum=0)
    rho: Number = parameter("correlation of demand with that of the period before", above=-1, maximum=0.9999)
    sd: Number = parameter("standard deviation of what is new each period (the innovation)", unit="units", minimum=0)
    _deviation: Array | None = field(init=False, repr=False, compare=False)

    def start(self, stream: Stream, runs: int) -> None:
        """Take up the stream of random numbers; nothing is remembered of a time before."""
        super().start(stream, runs)
        self._deviation = None

    def __call__(self, period: int) -> Array:
        """The demand of a period, ``[runs]``."""
        z = standard_normal(self._stream.uniforms(period)[0])
        if self._deviation is None:
            self._deviation = self.deviation() * z
        else:
            self._deviation = self.rho * self._deviation + self.sd * z
        return self.cut(self.mean + self._deviation)

    def expected(self) -> Number:
        """The mean before clipping."""
        return self.mean

    def deviation(self) -> Number:
        """The stationary standard deviation before clipping."""
        return self.sd / np.sqrt(1.0 - self.rho * self.rho)
