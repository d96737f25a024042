"""Proportional order-up-to (POUT): smoothed orders."""

from __future__ import annotations

from dataclasses import dataclass

from ..parameters import Number, parameter
from ..quantity import Units
from .base import SiteView
from .forecasting import ForecastingPolicy


@dataclass(kw_only=True)
class ProportionalOrderUpTo(ForecastingPolicy):
    """Orders the expected demand and a part of the gaps in net stock and in the pipeline.

    1. The forecast learns the orders that came in this period, or the demand downstream.
    2. stock gap = target net stock + safety factor x error deviation x sqrt(lead time + review) - net stock.
    3. pipeline gap = expected demand over the lead time - on order.
    4. quantity = expected demand over ``review`` + inventory gain x stock gap + pipeline gain x pipeline gap.

    A gain is one over the time to close the gap, 1/Ti. With both gains 1 this is order-up-to with a cover of
    ``lead_time`` + ``review``, where the forecast is proportional to the number of periods. In the default sequence
    ``lead_time`` is the travel time plus the order delay, and ``review`` is the site's ``orders.review_period``.

    Reference: Dejonckheere, Disney, Lambrecht & Towill (2003), Measuring and Avoiding the Bullwhip Effect: A Control
    Theoretic Approach, European Journal of Operational Research 147(3):567-590; Disney & Lambrecht (2008).
    """

    lead_time: Number = parameter("periods that the pipeline holds (Tp)", unit="periods", minimum=0)
    inventory_gain: Number = parameter(
        "part of the gap in net stock ordered at once (beta = 1/Ti)",
        default=1.0,
        minimum=0,
        maximum=2,
        grid=(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0),
    )
    pipeline_gain: Number | None = parameter(
        "part of the gap in the pipeline ordered at once (1/Tw); none: as the inventory gain",
        default=None,
        minimum=0,
        maximum=2,
    )
    target_net_stock: Number = parameter("net stock aimed at (TNS)", unit="units", default=0.0)
    review: Number = parameter("periods between two orders (R)", unit="periods", default=1.0, minimum=1)

    def __call__(self, site: SiteView) -> Units:
        """The quantity wanted this period."""
        self.learn(site)
        pipeline_gain = self.inventory_gain if self.pipeline_gain is None else self.pipeline_gain
        stock_gap = self.with_safety(-site.net_stock, self.target_net_stock, self.lead_time + self.review)
        pipeline_gap = self.forecast.over(self.lead_time) - site.on_order
        return self.forecast.over(self.review) + self.inventory_gain * stock_gap + pipeline_gain * pipeline_gap
