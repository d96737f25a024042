"""Order-up-to with a forecast: the policy of the bullwhip literature."""

from __future__ import annotations

from dataclasses import dataclass

from ..parameters import Number, parameter
from ..quantity import Units
from .base import SiteView
from .forecasting import ForecastingPolicy


@dataclass(kw_only=True)
class OrderUpTo(ForecastingPolicy):
    """Orders the inventory position up to the demand expected over the protection interval, plus safety stock.

    1. The forecast learns the orders that came in this period, or the demand downstream.
    2. level = expected demand over ``cover`` periods + safety + safety factor x error deviation x sqrt(cover).
    3. quantity = level - inventory position.

    In the default sequence ``cover`` is the order delay plus the travel time plus the review period for a site that
    serves a market. A site whose customers are sites with an order delay of zero ships tonight's orders tomorrow, and
    covers one period less.

    Reference: Lee, Padmanabhan & Whang (1997), Information Distortion in a Supply Chain: The Bullwhip Effect,
    Management Science 43(4):546-558; Chen, Drezner, Ryan & Simchi-Levi (2000), Management Science 46(3):436-443.
    """

    cover: Number = parameter("periods that the level covers (protection interval)", unit="periods", minimum=0)
    safety: Number = parameter("constant safety stock", unit="units", default=0.0)

    def __call__(self, site: SiteView) -> Units:
        """The quantity wanted this period."""
        self.learn(site)
        level = self.with_safety(self.forecast.over(self.cover), self.safety, self.cover)
        return level - site.inventory_position
