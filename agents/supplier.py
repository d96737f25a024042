"""A supplier makes products from nothing that the model knows of: to order, or to stock when it has a policy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .lane import Lane
from .numeric import add_all
from .parameters import Number
from .pipeline import Pipeline
from .production import Workshop, row_of, unless
from .quantity import Units, quantity
from .site import Site


class Supplier(Site):
    """The start of a chain: unlimited, or limited by a capacity in units of each product and period."""

    made: Units = quantity("made this period", unit="units", role="enters", tally="total")
    in_work: Units = quantity("under production", unit="units", role="held", tally="total")
    to_make: Units = quantity("production ordered and not yet started", unit="units")

    def __init__(self, model: Any, name: str, products: Sequence[str]) -> None:
        super().__init__(model, name, products)
        self.made = self.in_work = self.to_make = self.zeros
        self.work = Pipeline(self.zeros)
        self.workshop: Workshop | None = None  # for setups, lots, campaigns and bad units; None: without all of them

    def configure(
        self, *, capacity: Number | None = None, lead_time: int = 0, keeps_stock: bool = False, **rules: Any
    ) -> None:
        """Set the rules, the capacity (``None``: unlimited) and the production lead time of making to stock.

        A supplier that makes to order ``keeps_stock`` when it starts with some; otherwise it has nowhere to put goods
        that come back, and they leave the world.
        """
        super().configure(**rules)
        self.capacity = capacity
        self.keeps_stock = keeps_stock
        self.lead_time = lead_time

    @property
    def idle(self) -> set[str]:
        """As for every site; nothing is made to stock without a policy."""
        return super().idle | ({"produce"} if self.policy is None else set())

    def advance(self) -> None:
        """Begin a period: nothing made yet, and the work one period nearer to its end."""
        self.made = self.zeros
        self.work.advance()

    def produce(self) -> None:
        """Making to stock: start what the policy ordered, as far as the capacity goes."""
        if self.policy is None:
            return
        self.made = self.startable(self.to_make)
        self.to_make = self.to_make - self.made
        self.work.send(self.made, self.lead_time)
        finished = self.work.take_due()
        self.in_work = self.in_work + self.made - finished
        self.on_hand = self.on_hand + self.good(finished)

    def set_aside_for(self, lanes: Sequence[Lane]) -> None:
        """Making to order: make what is owed beyond the stock, as far as the capacity goes, then share it out."""
        if self.policy is not None or not lanes:
            super().set_aside_for(lanes)
        elif self.unlimited and all(lane.limit is None for lane in lanes):
            self.note_made(add_all([lane.owed for lane in lanes]))
            for lane in lanes:
                lane.pick(lane.owed)
        else:
            owed = add_all([lane.owed if lane.limit is None else np.minimum(lane.owed, lane.limit) for lane in lanes])
            made = self.startable(np.maximum(owed - self.on_hand, 0.0))
            self.note_made(made)
            self.on_hand = self.on_hand + self.good(made)
            super().set_aside_for(lanes)

    @property
    def unlimited(self) -> bool:
        """Whether everything owed can be made at once."""
        plain = self.workshop is None and not self.keeps_stock
        return plain and self.capacity is None and self.no_production is None

    def note_made(self, made: Units) -> None:
        """Count what is made to order; a sequence may serve sites and markets one after the other."""
        self.made = made if self.made is self.zeros else self.made + made

    def startable(self, wanted: Units) -> Units:
        """What can still be started of ``wanted`` this period."""
        if self.workshop is None:
            return self.within_capacity(wanted)
        wanted = self.workshop.in_turn(wanted)
        if not self.workshop.one_by_one:
            return self.within_capacity(wanted)
        capacity = np.inf if self.capacity is None else self.capacity
        left = [row_of(capacity, row) - made for row, made in enumerate(self.made)]
        needs = [[(row, 1.0)] for row in range(len(left))]
        return self.workshop.start(unless(self.no_production, wanted), left, needs)

    def within_capacity(self, wanted: Units) -> Units:
        """What can still be made of ``wanted`` this period, each product within its own capacity."""
        possible = wanted if self.capacity is None else np.minimum(wanted, self.capacity - self.made)
        return unless(self.no_production, possible)

    def good(self, finished: Units) -> Units:
        """The good part of what is finished."""
        return finished if self.workshop is None else self.workshop.good(finished)

    def order(self) -> None:
        """A supplier that makes to stock decides how much to make; making to order needs no decision."""
        if self.policy is not None:
            super().order()
        else:
            self.see_orders()

    def place(self, quantity: Units) -> None:
        """Order from the own production."""
        self.ordered = quantity
        self.to_make = self.to_make + quantity

    def on_order_now(self) -> Units:
        """What is ordered from the own production and not finished."""
        return self.to_make + self.in_work
