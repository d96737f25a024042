"""What the policies with a forecast share: feeding it, and a safety stock from its errors."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..forecasts.base import Forecast
from ..parameters import Number, parameter, plainly
from ..quantity import Array, Units
from .base import SIGNALS, Policy, SiteView, reads_point_of_sale


@dataclass(kw_only=True)
class ForecastingPolicy(Policy):
    """A policy that expects demand with a forecast and may keep stock against the forecast's errors.

    The variance of the one-period error starts from ``initial_deviation`` squared and follows every squared error by
    the part ``error_weight``; over n periods it is n times as large, as if errors were independent. Without a
    ``safety_factor`` nothing of this is worked out.
    """

    forecast: Forecast = parameter("how demand is expected", part="forecasts")
    safety_factor: Number | None = parameter(
        "standard deviations of the forecast's error held as stock; none: no such stock and no estimate",
        default=None,
        grid=(0.0, 0.5, 1.0, 1.28, 1.65, 2.05, 2.33, 3.0),
    )
    error_weight: Number = parameter(
        "weight of the newest squared error in its variance", default=0.1, minimum=0, maximum=1
    )
    initial_deviation: Number = parameter(
        "standard deviation of the one-period error at the start", unit="units", default=0.0, minimum=0
    )
    _error_variance: Array = field(init=False, repr=False, compare=False)

    def start(self, site: SiteView) -> None:
        """Start the forecast and the variance of its error."""
        self.forecast.start(site)
        self._error_variance = site.zeros + self.initial_deviation * self.initial_deviation

    @property
    def reads_point_of_sale(self) -> bool:
        """As the forecast does."""
        return reads_point_of_sale(self.forecast)

    def learn(self, site: SiteView) -> None:
        """Show the forecast what was seen this period; follow its error where that is used."""
        seen = getattr(site, SIGNALS[self.forecast.signal])
        if self.safety_factor is not None and self.forecast.ready:
            error = seen - self.forecast.over(1.0)
            variance = self._error_variance
            self._error_variance = variance + self.error_weight * (error * error - variance)
        self.forecast.update(seen)

    def with_safety(self, level: Units, constant: Number, periods: Number) -> Units:
        """``level`` plus the constant safety stock and that against the errors of ``periods`` periods together."""
        if not plainly(constant, 0.0):
            level = level + constant
        if self.safety_factor is None:
            return level
        return level + self.safety_factor * np.sqrt(self._error_variance * periods)
