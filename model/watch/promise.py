"""On time and in full: whether what was ordered on a lane came within the time that was promised."""

from __future__ import annotations

from collections import deque

import numpy as np

from ...agents.books import Books
from ...agents.lane import Lane
from ...agents.numeric import add_all, positive
from ...agents.order_rules import TINY
from ...agents.quantity import Array, Units, quantity


class Promise(Books):
    """The orders of one lane against a promised time of L periods from order to receipt.

    1. Orders are filled in the order in which they were placed. An order is what is ordered of one product in one
       period.
    2. At the end of period t the orders of period t - L fall due. Late of them is what is still outstanding:
       everything outstanding less what was ordered after them, no more than the order itself.
    3. An order is on time and in full when nothing of it is late and nothing was lost. What is less than 1e-9 of the
       most that was ever outstanding (or of 1) is rounding.

    What was under way at the start is taken to be older than all orders, and is not counted.
    """

    due: Units = quantity("units ordered that fall due this period", unit="units", tally="total")
    failed: Units = quantity("of them late or lost", unit="units", tally="total")
    orders_due: Units = quantity("orders that fall due this period, 0 or 1", unit="orders", tally="total")
    orders_failed: Units = quantity("of them late or incomplete, 0 or 1", unit="orders", tally="total")

    def __init__(self, lane: Lane, time: int, lag: int) -> None:
        self.lane = lane
        self.runs = lane.runs
        self.products = lane.products
        self.outstanding = self.most = outstanding_at_start(lane)
        self.due = self.failed = self.orders_due = self.orders_failed = lane.zeros
        self.placed: deque[Units] = deque([lane.zeros] * (time + 1), maxlen=time + 1)  # the one that falls due first
        self.lost: deque[Units] = deque([lane.zeros] * (time - lag + 1), maxlen=time - lag + 1)
        self.open_books()

    def account(self) -> None:
        """Look at the orders that fall due this period."""
        lane = self.lane
        self.placed.append(lane.ordered)
        self.lost.append(lane.lost)
        self.outstanding = self.outstanding + lane.ordered
        self.most = np.maximum(self.most, self.outstanding)
        self.outstanding = self.outstanding - lane.received - lane.lost
        since = list(self.placed)[1:]
        older = self.outstanding if not since else self.outstanding - add_all(since) + self._lost_since()
        self.due, lost = self.placed[0], self.lost[0]
        late = np.minimum(positive(older), positive(self.due - lost))
        self.failed = np.minimum(late + lost, self.due)
        rounding = TINY * np.maximum(self.most, 1.0)
        self.orders_due = np.where(self.due > rounding, 1.0, 0.0)
        self.orders_failed = np.where((self.due > rounding) & (self.failed > rounding), 1.0, 0.0)
        super().account()

    def _lost_since(self) -> Array:
        """What was lost of the orders placed after those that fall due: it is no longer outstanding."""
        later = list(self.lost)[1:]
        return add_all(later) if later else self.lane.zeros


def outstanding_at_start(lane: Lane) -> Units:
    """What a lane owes or carries before the first period."""
    return add_all([lane.orders_under_way.content(), lane.owed, lane.set_aside, lane.in_transit])
