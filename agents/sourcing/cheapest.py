"""The cheapest supplier first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..quantity import Array, Units
from .base import LaneLike, Mask, Sourcing, in_our_rows


@dataclass
class Cheapest(Sourcing):
    """Orders from the cheapest supplier up to its cap, the rest from the next cheapest.

    1. before = sum of the caps of the lanes that are cheaper, or as cheap and listed earlier.
    2. Each lane gets the part of the order between before and before + its cap.
    3. The dearest one that carries the product has no cap here, and gets all that is left.

    Prices may differ between products and runs. Reference: Minner (2003), Multiple-Supplier Inventory Models in
    Supply Chain Management: A Review, International Journal of Production Economics 81-82:265-279 (price of units).
    """

    def split(self, quantity: Units, lanes: Sequence[LaneLike]) -> list[Units]:
        """The part of ``quantity`` that is ordered on each of several lanes."""
        prices = [self._price(lane) for lane in lanes]
        caps = [self._cap(lane) for lane in lanes]
        parts = []
        for i, cap in enumerate(caps):
            first, last, before = _place(i, prices, caps)
            upper = np.minimum(quantity, np.where(last, np.inf, before + cap))
            lower = np.where(first, 0.0, np.minimum(quantity, before))
            parts.append(upper - lower)
        return parts

    def _price(self, lane: LaneLike) -> Array:
        """The price of a unit, infinite for products that the lane does not carry."""
        return np.where(self.carried(lane), in_our_rows(lane, lane.price), np.inf)

    def _cap(self, lane: LaneLike) -> Array:
        """The most that the lane takes, nothing of products that it does not carry."""
        cap = np.inf if lane.order_cap is None else in_our_rows(lane, lane.order_cap)
        return np.where(self.carried(lane), cap, 0.0)


def _place(i: int, prices: Sequence[Array], caps: Sequence[Array]) -> tuple[Mask, Mask, Array]:
    """Whether lane ``i`` is the cheapest, whether it is the dearest, and what the cheaper ones take before it.

    Infinite prices stand for products that a lane does not carry. All are small arrays: nothing here depends on the
    order.
    """
    price = prices[i]
    last = np.isfinite(price)
    first = np.ones_like(last)
    before = np.zeros(last.shape)
    for j, other in enumerate(prices):
        if j != i:
            cheaper = (other < price) | ((other == price) & (j < i))
            first = first & ~cheaper
            last = last & (cheaper | ~np.isfinite(other))
            before = before + np.where(cheaper, caps[j], 0.0)
    return first, last, before
