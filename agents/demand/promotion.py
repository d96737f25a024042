"""Demand with promotions and the dip that follows them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..inversion import with_noise
from ..parameters import Number, parameter
from ..quantity import Array
from .base import Clipped


@dataclass
class Promotion(Clipped):
    """Demand that a promotion lifts for some periods, at the expense of as many periods after it.

    1. A promotion begins in period ``first`` and again ``every`` so many periods, once only if ``every`` is 0.
    2. level = mean (1 + uplift) for ``duration`` periods, then mean (1 - dip) for as many, else the mean. Where the
       next promotion begins during a dip, the dip ends.
    3. demand = max(level + sd z, minimum), where z is standard normal; rounded before if ``whole``.

    Let n be ``every``, d the duration and e = min(d, n - d) the periods with a dip. In the long run and before clipping
    the expected demand is mean (1 + m) with m = (d uplift - e dip) / n, and its variance is
    mean^2 ((d uplift^2 + e dip^2) / n - m^2) + sd^2. A single promotion leaves no trace in the long run.

    Reference: Lee, Padmanabhan & Whang (1997), Information Distortion in a Supply Chain: The Bullwhip Effect,
    Management Science 43(4):546-558 (forward buying).
    """

    mean: Number = parameter("mean demand a period without promotion", unit="units", minimum=0)
    uplift: Number = parameter("additional demand during a promotion, as a share of the mean", minimum=0)
    duration: int = parameter("length of a promotion", unit="periods", minimum=1, whole=True, per_product=False)
    every: int = parameter(
        "time from one promotion to the next; 0: only one",
        unit="periods",
        minimum=0,
        whole=True,
        per_product=False,
        default=0,
    )
    first: int = parameter(
        "when the first promotion begins", unit="periods", minimum=0, whole=True, per_product=False, default=0
    )
    dip: Number = parameter(
        "demand missing after a promotion, as a share of the mean", minimum=0, maximum=1, default=0.0
    )
    sd: Number = parameter("standard deviation of the noise", unit="units", minimum=0, default=0.0)

    def __call__(self, period: int) -> Array:
        """The demand of a period, ``[runs]``."""
        level = self.mean * (1.0 + self._change(period))
        return self.cut(with_noise(level, self.sd, self._stream.uniforms(period)[0]))

    def _change(self, period: int) -> Number:
        """How far demand is above its mean in a period, as a share of the mean."""
        since = period - self.first
        if since < 0:
            return 0.0
        place = since % self.every if self.every else since
        if place < self.duration:
            return self.uplift
        return -self.dip if place < 2 * self.duration else 0.0

    def expected(self) -> Number:
        """The mean over one cycle of promotions."""
        return self.mean * (1.0 + self._cycle()[0])

    def deviation(self) -> Number:
        """The standard deviation over one cycle of promotions, noise included."""
        mean, square = self._cycle()
        return np.sqrt(self.mean * self.mean * (square - mean * mean) + self.sd * self.sd)

    def _cycle(self) -> tuple[Number, Number]:
        """Mean and mean square of the change over one cycle."""
        if not self.every:
            return 0.0, 0.0
        up = min(self.duration, self.every) / self.every
        down = min(self.duration, max(self.every - self.duration, 0)) / self.every
        change = up * self.uplift - down * self.dip
        return change, up * self.uplift * self.uplift + down * self.dip * self.dip

    def check(self) -> str | None:
        """A promotion ends before the next one begins."""
        if 0 < self.every < self.duration:
            return f"a promotion of {self.duration} periods every {self.every} periods would never end"
        return None
