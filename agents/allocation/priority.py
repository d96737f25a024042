"""One customer after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..quantity import Units
from .base import Allocation, LaneLike, served_alone


@dataclass
class Priority(Allocation):
    """Serves the lanes one after another, each from what those before it have left.

    1. The lanes are ordered by their ``priority``, those without one last, equal ones as the site lists them.
    2. Each gets the lesser of what it is owed and what is left.

    Reference: Topkis (1968), Optimal Ordering and Rationing Policies in a Nonstationary Dynamic Inventory Model with
    n Demand Classes, Management Science 15(3):160-176.
    """

    def share_out(self, available: Units, lanes: Sequence[LaneLike]) -> list[Units]:
        """What to set aside for each of several lanes."""
        shares: dict[int, Units] = {}
        left = available
        for i in sorted(range(len(lanes)), key=lambda i: (lanes[i].priority is None, lanes[i].priority or 0)):
            shares[i] = served_alone(left, lanes[i])
            left = left - shares[i]
        return [shares[i] for i in range(len(lanes))]
