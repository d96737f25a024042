"""What an allocation rule is, and how lanes share what does not suffice for all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from ..numeric import add_all, positive
from ..parameters import Number
from ..quantity import Array, Units

SMALLEST = 1e-300  # keeps 0 / 0 out of the share of nothing in nothing
WHOLE = 1.0 - 1e-12  # an all-or-nothing order that misses its share by rounding only is served


class LaneLike(Protocol):
    """What an allocation rule sees of a lane to a customer; quantities are ``[products, runs]`` in units."""

    @property
    def owed(self) -> Units:
        """Ordered by the customer and not yet set aside; negative for returns."""

    @property
    def booked(self) -> Units:
        """What of it was booked since stock was last shared out."""

    @property
    def limit(self) -> Number | None:
        """The most that the lane takes a period, of each product."""

    @property
    def partial(self) -> bool:
        """Whether the customer takes a part of what it is owed, or all or nothing."""

    @property
    def priority(self) -> int | None:
        """Its place in the order of service, the smallest first; lanes without one come last."""


@dataclass
class Allocation(ABC):
    """Says how much of the stock on hand is set aside for each lane.

    Called once a period with what is available and the lanes, it returns one quantity ``[products, runs]`` a lane:
    never more than the lane is owed or takes a period, and together never more than available, to rounding. A lane
    that is not partial gets all it is owed or nothing. Returns (negative debts) are always taken. A lane that is
    alone gets the lesser of the two at the cost of one comparison.
    """

    def start(self, site: Any) -> None:
        """Set the memory to the state at the start."""

    def __call__(self, available: Units, lanes: Sequence[LaneLike]) -> list[Units]:
        """What to set aside for each lane."""
        if len(lanes) == 1:
            lane = lanes[0]
            plain = lane.partial and lane.limit is None
            return [np.minimum(available, lane.owed) if plain else served_alone(available, lane)]
        return self.share_out(available, lanes)

    @abstractmethod
    def share_out(self, available: Units, lanes: Sequence[LaneLike]) -> list[Units]:
        """What to set aside for each of several lanes."""

    def check(self) -> str | None:
        """Say what is wrong when the parameters cannot go together."""
        return None


def wish(lane: LaneLike) -> Units:
    """What a lane could take this period: what it is owed, within its limit."""
    if lane.limit is None:
        return lane.owed
    return np.minimum(lane.owed, lane.limit) if lane.partial else np.where(lane.owed <= lane.limit, lane.owed, 0.0)


def served_alone(available: Units, lane: LaneLike) -> Units:
    """What a lane gets when it comes first."""
    wanted = wish(lane)
    return np.minimum(available, wanted) if lane.partial else np.where(wanted <= available, wanted, 0.0)


def share_fairly(available: Units, wishes: Sequence[Units], lanes: Sequence[LaneLike]) -> list[Units]:
    """Each lane's wish, or the same part of every wish when they do not all fit.

    A lane that takes all or nothing cannot be given a part. Such lanes pool their parts and are served whole from
    the pool, one after another, as long as it lasts; the other lanes share what is left.
    """
    if all(lane.partial for lane in lanes):
        return share_in_parts(available, wishes)
    whole = [i for i, lane in enumerate(lanes) if not lane.partial]
    parts = [i for i, lane in enumerate(lanes) if lane.partial]
    shares: dict[int, Units] = {}
    left, pool = available, _pool(available, [wishes[i] for i in whole], [wishes[i] for i in parts])
    for i in whole:
        fits = (wishes[i] * WHOLE <= pool) & (wishes[i] <= left)
        shares[i] = np.where(fits, wishes[i], 0.0)
        pool = pool - shares[i]
        left = left - shares[i]
    if parts:
        shares |= dict(zip(parts, share_in_parts(left, [wishes[i] for i in parts]), strict=True))
    return [shares[i] for i in range(len(lanes))]


def share_in_parts(available: Units, wishes: Sequence[Units]) -> list[Units]:
    """Each wish times the part of all wishes that is available; the part is exactly 1 when all fit."""
    part = part_available(available, add_all([np.maximum(wanted, 0.0) for wanted in wishes]))
    return no_more_than(available, [wanted * part for wanted in wishes], wishes)


def no_more_than(available: Units, shares: Sequence[Units], wishes: Sequence[Units]) -> list[Units]:
    """The shares, none above its wish, and together not above what is available but for the last bit of their sum.

    What has been given is added up in the order in which the site adds it up; when that comes to a bit more than there
    was, the lanes that follow get nothing. A return, which is a negative wish, is taken as a whole.
    """
    given: Units | None = None
    kept: list[Units] = []
    for share, wanted in zip(shares, wishes, strict=True):
        left = available if given is None else positive(available - given)
        now = np.minimum(np.minimum(share, left), wanted)
        given = now if given is None else given + now
        kept.append(now)
    return kept


def part_available(available: Units, needed: Units) -> Array:
    """What of the needs is available, at most 1 and exactly 1 when they fit."""
    return available / np.maximum(np.maximum(available, needed), SMALLEST)


def _pool(available: Units, whole: Sequence[Units], parts: Sequence[Units]) -> Units:
    """The part of what is available that the all-or-nothing lanes share."""
    if not parts:
        return available
    needed = add_all([np.maximum(wanted, 0.0) for wanted in parts])
    others = add_all([np.maximum(wanted, 0.0) for wanted in whole])
    return available - needed * part_available(available, needed + others)
