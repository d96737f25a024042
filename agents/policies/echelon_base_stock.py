"""Echelon base stock: a constant level for the site and all that is downstream of it."""

from __future__ import annotations

from dataclasses import dataclass

from ..parameters import Number, parameter
from ..quantity import Units
from .base import Policy, SiteView


@dataclass
class EchelonBaseStock(Policy):
    """Orders the echelon inventory position back up to a constant level.

    1. quantity = level - echelon inventory position, which counts the stock here, on the way to here and everywhere
       downstream, less what is owed to the markets.

    Reference: Clark & Scarf (1960), Optimal Policies for a Multi-Echelon Inventory Problem, Management Science
    6(4):475-490.
    """

    level: Number = parameter("echelon order-up-to level", unit="units")

    @property
    def reads_echelon(self) -> bool:
        """It looks at the echelon."""
        return True

    def __call__(self, site: SiteView) -> Units:
        """The quantity wanted this period."""
        return self.level - site.echelon_position
