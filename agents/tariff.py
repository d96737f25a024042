"""What departures cost: a price for each, for its load by brackets, and a least charge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .parameters import Number, plainly
from .quantity import Array, Money


@dataclass(frozen=True)
class Tariff:
    """The price of one truck that leaves with a load.

    1. price of the load = ``unit`` times the load, or with ``brackets`` ``(from_load, price)`` the price of the last
       bracket that the load reaches, times the load ("all-units": the whole load has that price).
    2. charge = ``departure`` + price of the load, but not less than ``minimum``.
    """

    departure: Number = 0.0
    unit: Number = 0.0
    brackets: Sequence[tuple[Number, Number]] = ()
    minimum: Number = 0.0

    @property
    def free(self) -> bool:
        """Whether nothing is ever charged."""
        return not self.brackets and all(plainly(price, 0.0) for price in (self.departure, self.unit, self.minimum))

    @cached_property
    def straight(self) -> bool:
        """Whether the price of several trucks is known from their number and their load alone."""
        return not self.brackets and plainly(self.minimum, 0.0)

    def charge(self, load: Array) -> Money:
        """The price of one truck with this load."""
        price: Number = self.unit
        for start, bracket_price in self.brackets:
            price = np.where(load >= start, bracket_price, price)
        return np.maximum(self.departure + price * load, self.minimum)

    def charge_all(self, trucks: Array, load: Array, capacity: Number) -> Money:
        """The price of ``trucks`` that share ``load``: all full but for the last one."""
        if self.straight:
            departures = trucks * self.departure
            return departures if plainly(self.unit, 0.0) else departures + load * self.unit
        full = np.maximum(trucks - 1.0, 0.0)
        last = load - full * capacity
        return np.where(trucks > 0, full * self.charge(np.broadcast_to(capacity, load.shape)) + self.charge(last), 0.0)
