"""A forecast from the mean of the latest periods."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..parameters import Number, parameter
from ..quantity import Units
from ..sliding_sum import SlidingSum
from .base import Forecast, SiteView


@dataclass
class MovingAverage(Forecast):
    """Expects the mean of the last periods to go on.

    1. The new value takes the place of the oldest one in the window.
    2. The demand over n periods is n times the sum of the window over its length.

    At the start the window is full of ``initial``, or of the first value seen.

    Reference: Chen, Drezner, Ryan & Simchi-Levi (2000), Quantifying the Bullwhip Effect in a Simple Supply Chain,
    Management Science 46(3):436-443.
    """

    window: int = parameter("number of periods in the mean", unit="periods", minimum=1, whole=True, per_product=False)
    initial: Number | None = parameter(
        "demand before the first period; none: the first seen", unit="units", default=None
    )
    _sum: SlidingSum | None = field(init=False, repr=False, compare=False, default=None)

    def start(self, site: SiteView) -> None:
        """Fill the window with the value given for the start."""
        self._sum = None if self.initial is None else SlidingSum(self.window, site.zeros + self.initial)

    @property
    def ready(self) -> bool:
        """Whether the window is filled."""
        return self._sum is not None

    @property
    def mean(self) -> Units:
        """The mean of the window, ``[products, runs]``."""
        return self.over(1.0)

    def update(self, seen: Units) -> None:
        """Let the window slide on to the newest value."""
        if self._sum is None:
            self._sum = SlidingSum(self.window, seen)
        else:
            self._sum.push(seen)

    def over(self, periods: Number) -> Units:
        """The demand expected over the next ``periods`` periods."""
        assert self._sum is not None, "a forecast is asked after its first update"
        return self._sum.value * periods / float(self.window)  # NumPy divides by a whole number more slowly
