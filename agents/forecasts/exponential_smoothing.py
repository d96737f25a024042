"""A forecast that follows demand by a part of its error."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..parameters import Number, parameter
from ..quantity import Units
from .base import Forecast, SiteView


@dataclass
class ExponentialSmoothing(Forecast):
    """Expects a mean that follows every new value by the part alpha of the error.

    1. mean = mean + alpha (seen - mean), from ``initial`` or from the first value seen on.
    2. The demand over n periods is n times the mean.

    Reference: Chen, Ryan & Simchi-Levi (2000), The Impact of Exponential Smoothing Forecasts on the Bullwhip Effect,
    Naval Research Logistics 47:269-286.
    """

    alpha: Number = parameter("weight of the newest value", minimum=0, maximum=1)
    initial: Number | None = parameter(
        "demand before the first period; none: the first seen", unit="units", default=None
    )
    _mean: Units | None = field(init=False, repr=False, compare=False, default=None)

    def start(self, site: SiteView) -> None:
        """Set the mean to the value given for the start."""
        self._mean = None if self.initial is None else site.zeros + self.initial

    @property
    def ready(self) -> bool:
        """Whether there is a mean."""
        return self._mean is not None

    @property
    def mean(self) -> Units:
        """The demand expected in a period, ``[products, runs]``."""
        assert self._mean is not None, "a forecast is asked after its first update"
        return self._mean

    def update(self, seen: Units) -> None:
        """Follow the newest value."""
        self._mean = seen if self._mean is None else self._mean + self.alpha * (seen - self._mean)

    def over(self, periods: Number) -> Units:
        """The demand expected over the next ``periods`` periods."""
        return self.mean * periods
