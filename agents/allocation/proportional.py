"""The same part of what each customer is owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..quantity import Units
from .base import Allocation, LaneLike, share_fairly, wish


@dataclass
class Proportional(Allocation):
    """Serves every lane, and the same part of what each is owed when stock does not suffice.

    1. wish = what a lane is owed, within its limit a period.
    2. part = min(1, available / sum of the wishes).
    3. Each lane gets part x wish. Lanes that take all or nothing pool their parts and are served whole from the pool,
       as the site lists them; the others share what is then left.

    Reference: Cachon & Lariviere (1999), Capacity Choice and Allocation: Strategic Behavior and Supply Chain
    Performance, Management Science 45(8):1091-1108 (proportional allocation).
    """

    def share_out(self, available: Units, lanes: Sequence[LaneLike]) -> list[Units]:
        """What to set aside for each of several lanes."""
        return share_fairly(available, [wish(lane) for lane in lanes], lanes)
