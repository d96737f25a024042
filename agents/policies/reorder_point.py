"""Policies that order when the inventory position has come down to a reorder point: (s,S), (r,Q), (r,nQ)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..parameters import Number, parameter
from ..quantity import Units
from .base import Policy, SiteView

LOTS = (0.5, 0.7, 1.0, 1.4, 2.0, 2.8)


@dataclass
class SmallSBigS(Policy):
    """Orders up to a level once the inventory position is at or below the reorder point.

    1. Where inventory position <= reorder point: quantity = level - inventory position.
    2. Elsewhere nothing.

    Reference: Scarf (1960), The Optimality of (S,s) Policies in the Dynamic Inventory Problem, in Mathematical
    Methods in the Social Sciences, Stanford University Press, 196-202.
    """

    name_in_scenario: ClassVar[str] = "s-S"

    reorder_point: Number = parameter(
        "inventory position at or below which an order is placed (s)", unit="units", factors=(0.6, 0.7, 0.8, 0.9, 1.0)
    )
    level: Number = parameter("order-up-to level (S)", unit="units", factors=(1.0, 1.15, 1.3, 1.6, 2.0))

    def check(self) -> str | None:
        """The level is not below the reorder point."""
        if np.any(np.asarray(self.reorder_point) > self.level):
            return f"reorder_point = {self.reorder_point} is above level = {self.level}; (s,S) needs s <= S"
        return None

    def __call__(self, site: SiteView) -> Units:
        """The quantity wanted this period."""
        position = site.inventory_position
        return np.where(position <= self.reorder_point, self.level - position, 0.0)


@dataclass
class RQ(Policy):
    """Orders one fixed lot when the inventory position is at or below the reorder point.

    1. Where inventory position <= reorder point: quantity = lot, once a period.
    2. Elsewhere nothing.

    Reference: Hadley & Whitin (1963), Analysis of Inventory Systems, Prentice-Hall, chapter 4.
    """

    name_in_scenario: ClassVar[str] = "r-Q"

    reorder_point: Number = parameter(
        "inventory position at or below which a lot is ordered (r)",
        unit="units",
        factors=(0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.4),
    )
    lot: Number = parameter("size of the lot (Q)", unit="units", above=0, factors=LOTS)

    def __call__(self, site: SiteView) -> Units:
        """The quantity wanted this period."""
        return np.where(site.inventory_position <= self.reorder_point, self.lot, site.zeros)


@dataclass
class RnQ(Policy):
    """Orders the fewest lots that bring the inventory position above the reorder point.

    1. lots = floor((reorder point - inventory position) / lot) + 1, at least 0.
    2. quantity = lots x lot.

    Reference: Veinott (1965), The Optimal Inventory Policy for Batch Ordering, Operations Research 13(3):424-432.
    """

    name_in_scenario: ClassVar[str] = "r-nQ"

    reorder_point: Number = parameter(
        "inventory position to be exceeded (r)", unit="units", factors=(0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.4)
    )
    lot: Number = parameter("size of a lot (Q)", unit="units", above=0, factors=LOTS)

    def __call__(self, site: SiteView) -> Units:
        """The quantity wanted this period."""
        lots = np.floor((self.reorder_point - site.inventory_position) / self.lot) + 1.0
        return np.maximum(lots, 0.0) * self.lot
