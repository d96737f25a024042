"""A forecast from the mean of the latest periods."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..parameters import Number, parameter
from ..quantity import Units
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
        return self._sum.value * periods / self.window


class SlidingSum:
    """The sum of the last values, without the drift of adding the newest and taking off the oldest.

    The window is the tail of one block and the head of the next. The sums of all tails of a block are worked out
    once, when it is full, and the head is summed as it grows: about three additions a period whatever the length,
    of at most ``window`` terms each, so that integers stay exact and errors cannot pile up.
    """

    def __init__(self, window: int, filled_with: Units) -> None:
        self.window = window
        self.tails = _tail_sums([filled_with] * window)  # the longest tail last
        self.value = self.tails[-1]
        self.block: list[Units] = []
        self.head: Units | None = None

    def push(self, newest: Units) -> None:
        """Take in the newest value and forget the oldest."""
        if len(self.block) == self.window:
            self.tails = _tail_sums(self.block)
            self.block, self.head = [], None
        self.tails = self.tails[:-1]
        self.block = [*self.block, newest]
        self.head = newest if self.head is None else self.head + newest
        self.value = self.tails[-1] + self.head if self.tails else self.head


def _tail_sums(block: list[Units]) -> list[Units]:
    sums = [block[-1]]
    for value in reversed(block[:-1]):
        sums.append(sums[-1] + value)
    return sums
