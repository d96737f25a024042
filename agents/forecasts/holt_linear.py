"""A forecast with a level and a trend."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..parameters import Number, parameter
from ..quantity import Units
from .base import Forecast, SiteView


@dataclass
class HoltLinear(Forecast):
    """Expects the level to go on along its trend, both smoothed.

    1. level = level + trend + alpha (seen - level - trend), from ``initial`` or from the first value seen on.
    2. trend = trend + beta (growth of the level in step 1 - trend).
    3. The demand over n periods is n level + n (n + 1) / 2 trend.

    Reference: Holt (1957), Forecasting Seasonals and Trends by Exponentially Weighted Moving Averages, reprinted in
    International Journal of Forecasting 20(1):5-10 (2004).
    """

    alpha: Number = parameter("weight of the newest value in the level", minimum=0, maximum=1)
    beta: Number = parameter("weight of the newest growth in the trend", minimum=0, maximum=1)
    initial: Number | None = parameter(
        "level before the first period; none: the first seen", unit="units", default=None
    )
    initial_trend: Number = parameter("trend before the first period", unit="units a period", default=0.0)
    _level: Units | None = field(init=False, repr=False, compare=False, default=None)
    _trend: Units = field(init=False, repr=False, compare=False)

    def start(self, site: SiteView) -> None:
        """Set level and trend to the values given for the start."""
        self._level = None if self.initial is None else site.zeros + self.initial
        self._trend = site.zeros + self.initial_trend

    @property
    def ready(self) -> bool:
        """Whether there is a level."""
        return self._level is not None

    def update(self, seen: Units) -> None:
        """Follow the newest value with the level, and the level with the trend."""
        if self._level is None:
            self._level = seen
            return
        expected = self._level + self._trend
        level = expected + self.alpha * (seen - expected)
        self._trend = self._trend + self.beta * (level - self._level - self._trend)
        self._level = level

    def over(self, periods: Number) -> Units:
        """The demand expected over the next ``periods`` periods."""
        assert self._level is not None, "a forecast is asked after its first update"
        return self._level * periods + self._trend * (periods * (periods + 1.0) / 2.0)
