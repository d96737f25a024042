"""A warehouse holds what it buys until somebody wants it. A retailer is a warehouse that serves a market."""

from __future__ import annotations

from typing import Any

from .parameters import Number
from .quantity import Units
from .site import Site


class Warehouse(Site):
    """Buys the products that it stocks from one or several suppliers."""

    def configure(self, *, storage: Number | None = None, clip_to_storage: bool = False, **rules: Any) -> None:
        """Set the rules and the room: ``storage`` is the limit of units over all products together."""
        super().configure(**rules)
        self.storage = storage if clip_to_storage else None

    def take_in(self, goods: Units) -> None:
        """Put what has arrived on the shelf."""
        self.on_hand = self.on_hand + goods
