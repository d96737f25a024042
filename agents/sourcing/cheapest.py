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

    Prices may differ between products and runs; where one depends on the size of the order, it is that of the whole
    order, as far as the lane takes it. Reference: Minner (2003), Multiple-Supplier Inventory Models in
    Supply Chain Management: A Review, International Journal of Production Economics 81-82:265-279 (price of units).
    """

    def split(self, quantity: Units, lanes: Sequence[LaneLike]) -> list[Units]:
        """The part of ``quantity`` that is ordered on each of several lanes."""
        caps = [self._cap(lane) for lane in lanes]
        prices = [self._price(lane, quantity, cap) for lane, cap in zip(lanes, caps, strict=True)]
        parts = []
        for i, cap in enumerate(caps):
            first, last, before = _place(i, prices, caps)
            upper = np.minimum(quantity, np.where(last, np.inf, before + cap))
            lower = np.where(first, 0.0, np.minimum(quantity, before))
            parts.append(upper - lower)
        return parts

    def _price(self, lane: LaneLike, quantity: Units, cap: Array) -> Array:
        """The price of a unit in such an order within the cap; infinite for products that the lane does not carry."""
        if lane.price_list is None:
            price = in_our_rows(lane, lane.price)
        else:
            price = lane.rows.to_ours(lane.price_list.unit_price(lane.rows.to_theirs(np.minimum(quantity, cap))))
        return np.where(self.carried(lane), price, np.inf)

    def _cap(self, lane: LaneLike) -> Array:
        """The most that the lane takes, nothing of products that it does not carry."""
        cap = np.inf if lane.order_cap is None else in_our_rows(lane, lane.order_cap)
        return np.where(self.carried(lane), cap, 0.0)


def _place(i: int, prices: Sequence[Array], caps: Sequence[Array]) -> tuple[Mask, Mask, Array]:
    """Whether lane ``i`` is the cheapest, whether it is the dearest, and what the cheaper ones take before it.

    Infinite prices stand for products that a lane does not carry. All are small arrays unless prices depend on orders.
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
