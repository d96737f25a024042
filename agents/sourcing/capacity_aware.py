"""The supplier that would be done soonest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..numeric import add_all
from ..quantity import Array, Units
from .base import LaneLike, Sourcing, in_our_rows, in_proportion


@dataclass
class CapacityAware(Sourcing):
    """Splits every order so that the suppliers it goes to would all be done at the same time.

    1. delay = what is on order on a lane over its cap a period: the periods of work that wait there.
    2. T = the least, over the lanes k, of (order + what is on order) / caps, both summed over the lanes with a delay
       of at most that of k: the level to which the order fills up the least busy lanes.
    3. Each lane gets max(0, cap x T - on order).
    4. Lanes without a cap are never busy: where there are some, they get the whole order by their shares.

    Returns go back by the shares. Reference: Winston (1977), Optimality of the Shortest Line Discipline, Journal of
    Applied Probability 14(1):181-189, for divisible work with known rates (filling to an equal level).
    """

    def split(self, quantity: Units, lanes: Sequence[LaneLike]) -> list[Units]:
        """The part of ``quantity`` that is ordered on each of several lanes."""
        shares = [self.weight(lane) for lane in lanes]
        if all(lane.order_cap is None for lane in lanes):
            return in_proportion(quantity, shares)
        free = [share if lane.order_cap is None else 0.0 * share for share, lane in zip(shares, lanes, strict=True)]
        any_free = add_all([np.asarray(share) for share in free]) > 0
        by_share = in_proportion(quantity, [np.where(any_free, f, s) for f, s in zip(free, shares, strict=True)])
        filled = self._fill_up(np.maximum(quantity, 0.0), lanes)
        alone = any_free | (quantity <= 0)
        return [np.where(alone, a, b) for a, b in zip(by_share, filled, strict=True)]

    def _fill_up(self, quantity: Units, lanes: Sequence[LaneLike]) -> list[Units]:
        """The order poured over the lanes with a cap, up to a level that is the same for all that get some."""
        caps = [self._cap(lane) for lane in lanes]
        work = [np.where(cap > 0, in_our_rows(lane, lane.on_order), 0.0) for cap, lane in zip(caps, lanes, strict=True)]
        delays = [
            np.where(cap > 0, held / np.where(cap > 0, cap, 1.0), np.inf) for cap, held in zip(caps, work, strict=True)
        ]
        level = np.full_like(quantity, np.inf)
        for delay in delays:
            joint = [other <= delay for other in delays]
            poured = quantity + add_all([np.where(j, held, 0.0) for j, held in zip(joint, work, strict=True)])
            rate = add_all([np.where(j, cap, 0.0) for j, cap in zip(joint, caps, strict=True)])
            level = np.minimum(level, poured / np.where(rate > 0, rate, 1.0))
        return [np.clip(cap * level - held, 0.0, quantity) for cap, held in zip(caps, work, strict=True)]

    def _cap(self, lane: LaneLike) -> Array:
        """The cap of a lane, zero for what it does not carry or when it has none."""
        cap = 0.0 if lane.order_cap is None else in_our_rows(lane, lane.order_cap)
        return np.where(self.carried(lane), cap, 0.0)
