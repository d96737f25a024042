"""A forecast that knows the mean."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..parameters import Number, parameter
from ..quantity import Units
from .base import Forecast, SiteView


@dataclass
class Constant(Forecast):
    """Expects the same given demand in every period.

    1. Nothing is learnt from what is seen.
    2. The demand over n periods is n times the mean.

    Reference: Disney & Lambrecht (2008), On Replenishment Rules, Forecasting, and the Bullwhip Effect in Supply
    Chains, Foundations and Trends in Technology, Information and Operations Management 2(1) (mean demand known).
    """

    mean: Number = parameter("demand expected in every period", unit="units")
    _zeros: Units = field(init=False, repr=False, compare=False)

    def start(self, site: SiteView) -> None:
        """Note the shape."""
        self._zeros = site.zeros

    def update(self, seen: Units) -> None:
        """Learn nothing."""

    def over(self, periods: Number) -> Units:
        """The demand expected over the next ``periods`` periods."""
        return self._zeros + self.mean * periods
