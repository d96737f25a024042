"""A forecast of a customer's orders that works out the demand behind them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..parameters import Number, parameter
from ..quantity import Units
from ..remembered import Remembered
from .base import Forecast, SiteView, geometric_sum, power_between


@dataclass
class InferredDemand(Forecast):
    """Expects the orders of a customer that orders up to the best forecast of an autoregressive demand.

    With x = demand - mean, such a customer orders mean + x + k (x - previous x), where k = rho + ... + rho^cover.

    1. From orders (signal "incoming"): x = (orders - mean + k previous x) / (1 + k), so the history of orders is
       inverted. From shared demand (signal "point-of-sale"): x = demand - mean.
    2. The orders over n periods are n mean + x (rho + ... + rho^n - k (1 - rho^n)).

    Inverting works when k > -1/2, else the error of the start would grow. Both signals then lead to the same
    forecast, which is why the value of shared demand vanishes for a supplier that uses the history well.

    Reference: Raghunathan (2001), Information Sharing in a Supply Chain: A Note on its Value when Demand Is
    Nonstationary, Management Science 47(4):605-610; Lee, So & Tang (2000), Management Science 46(5):626-643.
    """

    mean: Number = parameter("mean of the demand in the long run", unit="units")
    rho: Number = parameter("correlation of demand with that of the period before", minimum=-1, maximum=1)
    customer_cover: Number = parameter("periods that the customer's order-up-to level covers", unit="periods", above=0)
    _deviation: Units = field(init=False, repr=False, compare=False)
    _gain: Remembered[Number] = field(init=False, repr=False, compare=False)
    _weight: Remembered[Number] = field(init=False, repr=False, compare=False)

    def start(self, site: SiteView) -> None:
        """Start at the mean."""
        self._deviation = site.zeros
        self._gain = Remembered(geometric_sum)
        self._weight = Remembered(_weight)

    def check(self) -> str | None:
        """The customer's orders must tell its demand."""
        if self.signal == "incoming" and np.any(np.asarray(geometric_sum(self.rho, self.customer_cover)) <= -0.5):
            return (
                f"with rho = {self.rho} and customer_cover = {self.customer_cover} the demand cannot be worked out "
                'from the orders; use signal = "point-of-sale"'
            )
        return None

    def update(self, seen: Units) -> None:
        """Work out how far the customer's demand is from its mean."""
        deviation = seen - self.mean
        if self.signal == "incoming":
            gain = self._gain(self.rho, self.customer_cover)
            deviation = (deviation + gain * self._deviation) / (1.0 + gain)
        self._deviation = deviation

    def over(self, periods: Number) -> Units:
        """The orders expected over the next ``periods`` periods."""
        return self.mean * periods + self._weight(self.rho, self.customer_cover, periods) * self._deviation


def _weight(rho: Number, cover: Number, periods: Number) -> Number:
    """What a unit of deviation adds to the orders of the next ``periods`` periods."""
    return geometric_sum(rho, periods) - geometric_sum(rho, cover) * (1.0 - power_between(rho, periods))
