"""A market: where outside demand arises and where goods leave the simulated world."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .lane import MarketLane
from .numeric import add_all, rows_of
from .parameters import Number, plainly, take_over
from .quantity import Array, Units, quantity
from .site import Actor


class Market(Actor):
    """Wants products from one or several sites."""

    demanded: Units = quantity("outside demand of the period", unit="units", tally="spread")
    delivered: Units = quantity("goods handed to the market this period", unit="units", role="leaves", tally="total")

    def __init__(self, model: Any, name: str, products: Sequence[str]) -> None:
        super().__init__(model, name)
        self.products = tuple(products)
        self.zeros: Units = np.zeros((len(self.products), self.runs))
        self.suppliers: list[MarketLane] = []
        self.demanded = self.delivered = self.zeros
        self.processes: list[Callable[[int], Array]] = []

    def configure(self, *, processes: Sequence[Callable[[int], Array]], factor: Number = 1.0, split: str) -> None:
        """Set one demand process a product, the factor on all of them, and how sites share the demand."""
        if self.processes:
            for process, fresh in zip(self.processes, processes, strict=True):
                take_over(process, fresh)
        else:
            self.processes = list(processes)
        self.factor = factor
        self.unscaled = plainly(factor, 1.0)
        self.split = split

    @property
    def wanted(self) -> tuple[str, ...]:
        """The products that the market wants."""
        return self.products

    @property
    def idle(self) -> set[str]:
        """The moments in which nothing can ever happen here."""
        return {"receive"} if all(lane.immediate for lane in self.suppliers) else set()

    def demand(self) -> None:
        """Let the demand of the period arise and tell the sites."""
        arising = rows_of([process(self.model.period) for process in self.processes])
        self.demanded = arising if self.unscaled else arising * self.factor
        for lane, part in zip(self.suppliers, self.parts(), strict=True):
            lane.place(lane.rows.to_theirs(part), self.model.period)

    def parts(self) -> list[Units]:
        """The demand that each site is asked for."""
        if len(self.suppliers) == 1:
            return [self.demanded]
        if self.split == "share":
            return [self.demanded * lane.share_of_demand for lane in self.suppliers]
        return self._by_priority()

    def receive(self) -> None:
        """Take the goods that were on the way; those of lanes without travel time are handed over as they leave."""
        for lane in self.suppliers:
            if not lane.immediate:
                lane.receive()

    def account(self) -> None:
        """Note what has been handed over."""
        self.delivered = add_all([lane.rows.to_ours(lane.received) for lane in self.suppliers])
        super().account()

    def _by_priority(self) -> list[Units]:
        """The first site gives what it has free, the next the rest, and so on; what nobody has, the first owes."""
        left = self.demanded
        parts = []
        for lane in self.suppliers:
            site = lane.origin
            free = lane.rows.to_ours(np.maximum(site.on_hand - site.owed(), 0.0))
            part = np.minimum(left, free)
            left = left - part
            parts.append(part)
        return [parts[0] + left, *parts[1:]]
