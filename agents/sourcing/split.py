"""Fixed shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..parameters import Number
from ..quantity import Units
from ..remembered import Remembered
from .base import LaneLike, Sourcing, cut_at, cuts_of


@dataclass
class Split(Sourcing):
    """Splits every order by fixed shares.

    1. weight = the lane's ``share``, where it carries the product.
    2. Each lane gets its weight over the sum of the weights.

    Reference: Minner (2003), Multiple-Supplier Inventory Models in Supply Chain Management: A Review, International
    Journal of Production Economics 81-82:265-279 (order splitting).
    """

    _cuts: Remembered[list[Number]] = field(init=False, repr=False, compare=False)

    def start(self, site: Any) -> None:
        """Look at which supplier carries what; the cuts are worked out again when a share is replaced only."""
        super().start(site)
        self._cuts = Remembered(self._cuts_between, size=1)

    def split(self, quantity: Units, lanes: Sequence[LaneLike]) -> list[Units]:
        """The part of ``quantity`` that is ordered on each of several lanes."""
        return cut_at(quantity, self._cuts(lanes, *[lane.share for lane in lanes]))

    def _cuts_between(self, lanes: Sequence[LaneLike], *_shares: Number) -> list[Number]:
        return cuts_of([self.weight(lane) for lane in lanes])
