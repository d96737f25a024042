"""How people order: anchoring and adjustment."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..parameters import Number, parameter
from ..quantity import Units
from .base import Policy, SiteView


@dataclass
class Sterman(Policy):
    """Orders the expected demand and a part of the gap to a target, of which the pipeline is only partly counted.

    1. expected = expected + theta (orders - expected), where orders are those that came in this period, or in the
       period before (``expectation``); from ``initial_forecast`` or from the first orders seen on.
    2. quantity = expected + alpha (target - net stock - beta on order).
    3. With ``rounding`` "half-up": quantity = floor(quantity + 1/2).

    theta = 0.36, alpha = 0.26, beta = 0.34 and a target of 17 are the means that Sterman estimated from the beer
    game; alpha = beta = 1 ignores nothing and is a base-stock policy around the expected demand.

    Reference: Sterman (1989), Modeling Managerial Behavior: Misperceptions of Feedback in a Dynamic Decision Making
    Experiment, Management Science 35(3):321-339.
    """

    theta: Number = parameter("weight of the newest orders in the expected demand", minimum=0, maximum=1)
    alpha: Number = parameter("part of the gap ordered at once", minimum=0)
    beta: Number = parameter("part of the pipeline that is counted", minimum=0)
    target: Number = parameter("target of stock and counted pipeline (S')", unit="units")
    initial_forecast: Number | None = parameter(
        "demand expected before the first period; none: the first seen", unit="units", default=None
    )
    expectation: str = parameter("the orders that it learns from", default="current", choices=("current", "previous"))
    rounding: str = parameter("to whole units", default="none", choices=("none", "half-up"))
    _expected: Units | None = field(init=False, repr=False, compare=False, default=None)
    _previous: Units | None = field(init=False, repr=False, compare=False, default=None)

    def start(self, site: SiteView) -> None:
        """Expect the demand given for the start."""
        self._expected = None if self.initial_forecast is None else site.zeros + self.initial_forecast
        self._previous = self._expected

    def __call__(self, site: SiteView) -> Units:
        """The quantity wanted this period."""
        expected = self._expect(site.incoming)
        wanted = expected + self.alpha * (self.target - site.net_stock - self.beta * site.on_order)
        return np.floor(wanted + 0.5) if self.rounding == "half-up" else wanted

    def _expect(self, incoming: Units) -> Units:
        orders = self._previous if self.expectation == "previous" and self._previous is not None else incoming
        before = orders if self._expected is None else self._expected
        self._previous = incoming
        self._expected = before + self.theta * (orders - before)
        return self._expected
