"""The preferred supplier first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..quantity import Units
from .base import LaneLike, Mask, Sourcing, by_priority, in_our_rows


@dataclass
class PriorityOrder(Sourcing):
    """Orders from the preferred supplier up to its cap, the rest from the next.

    1. The lanes are ordered by their ``priority``, those without one last, equal ones as the site lists them.
    2. Each gets what is left of the order, up to its cap.
    3. The last one that carries the product gets all that is left.

    Reference: Minner (2003), Multiple-Supplier Inventory Models in Supply Chain Management: A Review, International
    Journal of Production Economics 81-82:265-279 (primary and backup suppliers).
    """

    name_in_scenario: ClassVar[str] = "priority"

    def split(self, quantity: Units, lanes: Sequence[LaneLike]) -> list[Units]:
        """The part of ``quantity`` that is ordered on each of several lanes."""
        ranked = by_priority(lanes)
        parts: dict[int, Units] = {}
        left = quantity
        for place, i in enumerate(ranked):
            parts[i] = self._part(left, lanes[i], [lanes[j] for j in ranked[place + 1 :]])
            left = left - parts[i]
        return [parts[i] for i in range(len(lanes))]

    def _part(self, left: Units, lane: LaneLike, later: Sequence[LaneLike]) -> Units:
        """What a lane gets of what is left, with the ``later`` lanes to come."""
        capped = left if lane.order_cap is None else np.minimum(left, in_our_rows(lane, lane.order_cap))
        others = [self.carried(other) for other in later]
        part = capped if any(mask is True for mask in others) else np.where(_any(others), capped, left)
        carried = self.carried(lane)
        return part if carried is True else np.where(carried, part, 0.0)


def _any(masks: Sequence[Mask | bool]) -> Mask | bool:
    result: Mask | bool = False
    for mask in masks:
        result = result | mask
    return result
