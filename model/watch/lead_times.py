"""Lead times: from order to receipt, unit by unit, the oldest order first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...agents.lane import Lane
from ...agents.numeric import add_all, total
from ...agents.quantity import Array, Units
from .promise import outstanding_at_start

ROUNDING = 1e-12  # of all that was ordered: smaller pieces are what sums leave that should be equal
Moments = tuple[Array, Array, Array]  # units, units x time, units x time^2, each [runs]


class LeadTimes:
    """The orders and receipts of one lane, from which the lead time of every unit follows.

    1. A unit that is the n-th to be received on the lane since the start was the n-th to be ordered: orders are filled
       in the order in which they were placed. What was lost was no order.
    2. Its lead time is the period of its receipt less that of its order.
    3. Units received since the warm-up count. What was under way at the start has no known order and is left out.

    The rows are kept by reference, two numbers for each product, run and period.
    """

    def __init__(self, lane: Lane, lag: int) -> None:
        self.lane = lane
        self.lag = lag
        self.outstanding = outstanding_at_start(lane)
        self.ordered: list[Units] = []
        self.received: list[Units] = []
        self.lost: list[Units] = []
        self.first = 0

    def account(self) -> None:
        """Keep the rows of the period."""
        self.ordered.append(self.lane.ordered)
        self.received.append(self.lane.received)
        if self.lane.lost_sales:
            self.lost.append(self.lane.lost)

    def close_warm_up(self) -> None:
        """From here on receipts count."""
        self.first = len(self.received)

    def moments(self) -> Moments:
        """The sums over all units received since the warm-up, products added up."""
        if not self.received:
            nothing = np.zeros(self.lane.runs)
            return nothing, nothing, nothing
        units, ordered_in, received_in = self._segments()
        counts = (ordered_in > 0) & (received_in >= self.first) & (received_in < len(self.received))
        counts = counts & (units > ROUNDING * (self.outstanding + total(np.abs(np.stack(self.ordered)))))
        weight = np.where(counts, units, 0.0)
        time = (received_in - (ordered_in - 1)).astype(np.float64)
        sums = (total(weight), total(weight * time), total(weight * time * time))
        return tuple(total(part) for part in sums)  # type: ignore[return-value]

    def _segments(self) -> tuple[Array, NDArray[np.int64], NDArray[np.int64]]:
        """What moved in one order and one receipt, in pieces.

        Units, number of the order (0: before the start) and period of the receipt, each ``[pieces, products, runs]``.
        """
        orders = rising(np.add.accumulate(np.stack([self.outstanding, *self.ordered]), axis=0) - self._lost())
        receipts = rising(np.add.accumulate(np.stack(self.received), axis=0))
        ends = np.concatenate([orders, receipts])
        rank = np.argsort(ends, axis=0, kind="stable")
        ends = np.take_along_axis(ends, rank, axis=0)
        starts = np.concatenate([np.zeros_like(ends[:1]), ends[:-1]])
        is_order = (rank < len(orders)).astype(np.int64)
        before = np.add.accumulate(is_order, axis=0) - is_order
        place = np.arange(len(ends))[:, None, None]
        return ends - starts, before, place - before

    def _lost(self) -> Array:
        """What was lost of the orders up to each of them, those before the start first; 0.0 on a lane without loss."""
        if not self.lost:
            return np.zeros(())
        lost = np.add.accumulate(np.stack([np.zeros_like(self.lost[0]), *self.lost]), axis=0)
        last = len(lost) - 1
        return lost[[min(place + self.lag, last) for place in range(len(lost))]]


def rising(curve: Array) -> Array:
    """A cumulated curve without its dips: what comes back was never there."""
    return np.minimum.accumulate(curve[::-1], axis=0)[::-1]


def together(parts: list[Moments]) -> Moments:
    """The sums over several lanes."""
    units, times, squares = zip(*parts, strict=True)
    return add_all(units), add_all(times), add_all(squares)
