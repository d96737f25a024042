"""Two ways to get goods: the usual one, and a faster and dearer one for what is urgent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from ..numeric import add_all, positive
from ..parameters import Number, parameter
from ..quantity import Units
from .base import LaneLike
from .priority_order import PriorityOrder


@dataclass
class Expedite(PriorityOrder):
    """Orders what is urgent on the fast lane and the rest on the usual one.

    1. The fast lane is the one with the shortest travel time; a second mode of transport is a second lane between the
       same two ends.
    2. soon = net stock + all that is on order on the fast lane + what arrives on other lanes within its travel time.
    3. urgent = level - soon, at least 0 and at most the order, goes on the fast lane if that carries the product.
    4. The rest is ordered by ``priority``, up to the cap of each lane (see `PriorityOrder`).

    Reference: Veeraraghavan & Scheller-Wolf (2008), Now or Later: A Simple Policy for Effective Dual Sourcing in
    Capacitated Systems, Operations Research 56(4):850-864 (dual-index policy; ``level`` is the expedite order-up-to
    level, the site's own policy has the regular one).
    """

    name_in_scenario: ClassVar[str] = "expedite"

    level: Number = parameter(
        "stock, with what arrives soon, up to which the fast lane fills", unit="units", minimum=0,
        factors=(0.0, 0.5, 0.75, 1.0, 1.25, 1.5), responsive=True,
    )  # fmt: skip
    _site: Any = field(init=False, repr=False, compare=False, default=None)

    def start(self, site: Any) -> None:
        """Remember whose orders they are."""
        super().start(site)
        self._site = site

    def split(self, quantity: Units, lanes: Sequence[LaneLike]) -> list[Units]:
        """The part of ``quantity`` that is ordered on each of several lanes."""
        fast = min(range(len(lanes)), key=lambda i: lanes[i].travel_time)
        missing = positive(self.level - self._soon(lanes, fast))
        urgent = np.where(self.carried(lanes[fast]), np.minimum(missing, positive(quantity)), 0.0)
        parts = super().split(quantity - urgent, lanes)
        parts[fast] = parts[fast] + urgent
        return parts

    def _soon(self, lanes: Sequence[LaneLike], fast: int) -> Units:
        time = lanes[fast].travel_time
        coming = [
            lane.rows.to_ours(lane.on_order if i == fast else lane.due_within(time)) for i, lane in enumerate(lanes)
        ]
        return add_all([self._site.stock_of_wanted(), *coming])
