"""Echelon base stock: a constant level for the site and all that is downstream of it."""

from __future__ import annotations

from dataclasses import dataclass

from ..parameters import Number, parameter
from ..quantity import Units
from .base import Policy, SiteView


@dataclass
class EchelonBaseStock(Policy):
    """Orders the echelon inventory position back up to a constant level.

    1. position = echelon inventory position, which counts the stock here, on the way to here and everywhere downstream,
       less what is owed to the markets, the demand of the period included.
    2. With ``counts`` "orders": position = position + demand of the period - orders that came in this period, which
       is what a site knows that sees the stock downstream as it was before the demand, as in stockpyl (Snyder 2023,
       INFORMS TutORials in Operations Research).
       The two differ while an order downstream differs from the demand, as it does until stocks have settled.
    3. quantity = level - position.

    Reference: Clark & Scarf (1960), Optimal Policies for a Multi-Echelon Inventory Problem, Management Science
    6(4):475-490.
    """

    level: Number = parameter("echelon order-up-to level", unit="units", factors=(0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.4))
    counts: str = parameter(
        "what the latest period takes off the position: the outside demand, or the orders that came in",
        default="demand",
        choices=("demand", "orders"),
    )

    @property
    def reads_point_of_sale(self) -> bool:
        """It exchanges the outside demand for the orders, if asked to."""
        return self.counts == "orders"

    @property
    def reads_echelon(self) -> bool:
        """It looks at the echelon."""
        return True

    def __call__(self, site: SiteView) -> Units:
        """The quantity wanted this period."""
        if self.counts == "orders":
            return self.level - (site.echelon_position + site.point_of_sale - site.incoming)
        return self.level - site.echelon_position
