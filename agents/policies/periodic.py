"""Policies with a calendar: order every so many periods."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..parameters import Number, parameter
from ..quantity import Units
from .base import Policy, SiteView, falls_due

PERIODS = (1.0, 2.0, 4.0, 5.0, 7.0, 14.0)
PHASES = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0)


@dataclass(kw_only=True)
class PeriodicPolicy(Policy):
    """A policy that orders in the periods phase, phase + period, phase + 2 period, ...

    The calendar of the site's order rules, where there is one, applies too.
    """

    period: Number = parameter("periods between two orders", unit="periods", default=1.0, minimum=1, grid=PERIODS)
    phase: Number = parameter("period of the first order", unit="periods", default=0.0, minimum=0, grid=PHASES)

    def check(self) -> str | None:
        """The calendar counts whole periods."""
        for name in ("period", "phase"):
            value = np.asarray(getattr(self, name))
            if np.any(value != np.floor(value)):
                return f"{name} = {getattr(self, name)} is not a whole number of periods"
        return None


@dataclass(kw_only=True)
class FixedPeriodic(PeriodicPolicy):
    """Orders at fixed intervals what was asked for since the last order, or up to a level.

    1. When an order is due and there is no level: quantity = all that came in since the last order.
    2. When an order is due and there is a level: quantity = level - inventory position.
    3. In other periods nothing.

    Reference: Lee, Padmanabhan & Whang (1997), Information Distortion in a Supply Chain: The Bullwhip Effect,
    Management Science 43(4):546-558 (order batching).
    """

    level: Number | None = parameter("order-up-to level; none: order what came in", unit="units", default=None)
    _waiting: Units = field(init=False, repr=False, compare=False)

    def start(self, site: SiteView) -> None:
        """Nothing waits to be ordered."""
        self._waiting = site.zeros

    def __call__(self, site: SiteView) -> Units:
        """The quantity wanted this period."""
        due = falls_due(site, self.period, self.phase)
        if self.level is not None:
            return np.where(due, self.level - site.inventory_position, 0.0)
        waiting = self._waiting + site.incoming
        self._waiting = np.where(due, 0.0, waiting)
        return np.where(due, waiting, 0.0)


@dataclass(kw_only=True)
class FixedOrder(PeriodicPolicy):
    """Orders the same quantity at fixed intervals, whatever happens.

    1. When an order is due: the fixed quantity.
    2. In other periods nothing.

    Reference: Harris (1913), How Many Parts to Make at Once, Factory, The Magazine of Management 10(2):135-136, 152
    (with constant demand, the economic order quantity every so often).
    """

    quantity: Number = parameter("what is ordered each time", unit="units", minimum=0)

    def __call__(self, site: SiteView) -> Units:
        """The quantity wanted this period."""
        return site.zeros + np.where(falls_due(site, self.period, self.phase), self.quantity, 0.0)
