"""Unsold goods that go back to their seller at the dates of a contract."""

from __future__ import annotations

from typing import Any

import numpy as np

from .books import Books
from .numeric import positive
from .parameters import Number
from .quantity import Units, quantity


class SendBack(Books):
    """What a site sends back under one contract.

    1. Every so many periods, after serving, all that is on the shelf and is owed to nobody goes back.
    2. It is not sold again: it leaves the world at once, and its salvage value is the seller's.

    Reference: Pasternack (1985), Optimal Pricing and Return Policies for Perishable Commodities, Marketing Science
    4(2):166-176.
    """

    returned: Units = quantity(
        "unsold and sent back to the seller this period", unit="units", role="leaves", tally="total"
    )

    def __init__(self, site: Any, contract: str, covered: Units) -> None:
        self.name = f"{contract} at {site.name}"
        self.contract = contract
        self.site = site
        self.runs: int = site.runs
        self.products: tuple[str, ...] = site.products
        self.covered = covered  # 1 for what goes back, 0 for what does not, [products, 1]
        self.returned = site.zeros
        self.every: Number = 1

    def configure(self, every: Number) -> None:
        """Set the whole number of periods from one date to the next, which may differ between the runs."""
        self.every = every

    def advance(self) -> None:
        """Begin a period: nothing has gone back yet."""
        self.returned = self.site.zeros

    def act(self) -> None:
        """Send back what is left after serving, where the date has come."""
        due = (self.site.period + 1) % self.every == 0
        if due is False:
            return
        unsold = positive(self.site.on_hand - self.site.owed()) * self.covered
        self.returned = unsold if due is True else np.where(due, unsold, 0.0)
        self.site.on_hand = self.site.on_hand - self.returned
        if self.site.shelf_life is not None:
            self.site.shelf_life.note_picked([self.returned])
