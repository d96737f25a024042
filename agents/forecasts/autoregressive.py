"""The best forecast of demand that follows a first-order autoregression."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from ..parameters import Number, parameter
from ..quantity import Units
from ..remembered import Remembered
from .base import Forecast, SiteView, geometric_sum


@dataclass
class AutoregressiveMMSE(Forecast):
    """Expects demand to return to its mean, by the factor rho a period.

    1. deviation = seen - mean.
    2. The demand over n periods is n mean + (rho + rho^2 + ... + rho^n) deviation.

    The conditional expectation, and so the forecast of least mean square error, of D(t) - mean = rho (D(t-1) - mean)
    + noise. Before the first value it expects the mean.

    Reference: Lee, So & Tang (2000), The Value of Information Sharing in a Two-Level Supply Chain, Management Science
    46(5):626-643.
    """

    name_in_scenario: ClassVar[str] = "autoregressive"

    mean: Number = parameter("mean of the demand in the long run", unit="units")
    rho: Number = parameter("correlation of demand with that of the period before", minimum=-1, maximum=1)
    _deviation: Units = field(init=False, repr=False, compare=False)
    _weight: Remembered[Number] = field(init=False, repr=False, compare=False)

    def start(self, site: SiteView) -> None:
        """Start at the mean."""
        self._deviation = site.zeros
        self._weight = Remembered(geometric_sum)

    def update(self, seen: Units) -> None:
        """Note how far demand is from its mean."""
        self._deviation = seen - self.mean

    def over(self, periods: Number) -> Units:
        """The demand expected over the next ``periods`` periods."""
        return self.mean * periods + self._weight(self.rho, periods) * self._deviation
