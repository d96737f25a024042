"""Base stock: a constant order-up-to level."""

from __future__ import annotations

from dataclasses import dataclass

from ..parameters import Number, parameter
from ..quantity import Units
from .base import Policy, SiteView


@dataclass
class BaseStock(Policy):
    """Orders the inventory position back up to a constant level.

    1. quantity = level - inventory position.

    Reference: Arrow, Harris & Marschak (1951), Optimal Inventory Policy, Econometrica 19(3):250-272.
    """

    level: Number = parameter("order-up-to level", unit="units", factors=(0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.4))

    def __call__(self, site: SiteView) -> Units:
        """The quantity wanted this period."""
        return self.level - site.inventory_position
