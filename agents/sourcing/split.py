"""Fixed shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..quantity import Units
from .base import LaneLike, Sourcing, in_proportion


@dataclass
class Split(Sourcing):
    """Splits every order by fixed shares.

    1. weight = the lane's ``share``, where it carries the product.
    2. Each lane gets its weight over the sum of the weights.

    Reference: Minner (2003), Multiple-Supplier Inventory Models in Supply Chain Management: A Review, International
    Journal of Production Economics 81-82:265-279 (order splitting).
    """

    def split(self, quantity: Units, lanes: Sequence[LaneLike]) -> list[Units]:
        """The part of ``quantity`` that is ordered on each of several lanes."""
        return in_proportion(quantity, [self.weight(lane) for lane in lanes])
