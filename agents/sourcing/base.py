"""What a sourcing rule is, and how it sees the lanes from which a site can order."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..numeric import Rows
from ..parameters import Number
from ..quantity import Units

Mask: TypeAlias = NDArray[np.bool_]


class LaneLike(Protocol):
    """What a sourcing rule sees of a lane from a supplier."""

    @property
    def share(self) -> Number:
        """Weight of the lane in a split."""

    @property
    def price(self) -> Number:
        """Price of a unit."""

    @property
    def price_list(self) -> Any:
        """Prices by the size of an order, or ``None``."""

    @property
    def order_cap(self) -> Number | None:
        """The most that can be ordered on it a period, of each product; ``None`` without limit."""

    @property
    def priority(self) -> int | None:
        """Its place in the order of preference, the smallest first; lanes without one come last."""

    @property
    def travel_time(self) -> int:
        """Its travel time, the longest where it is random, in periods."""

    def due_within(self, periods: int) -> Units:
        """What arrives in so many periods or less, in the rows of the supplier's products."""

    @property
    def on_order(self) -> Units:
        """Ordered on it and not yet received, in the rows of the supplier's products."""

    @property
    def rows(self) -> Rows:
        """Where the supplier's products stand among those that the site takes in."""


@dataclass
class Sourcing(ABC):
    """Splits an order ``[products, runs]`` over the lanes from which a site can order.

    The parts add up to the order, to rounding; what a lane may take is cut by its own order rules afterwards. Only
    lanes that carry a product get orders for it. An order on the only lane goes there as it is. Returns (negative
    orders) are split as orders are, or go to the lane that comes first.
    """

    _carried: dict[Any, Mask] = field(init=False, repr=False, compare=False, default_factory=dict)

    def start(self, site: Any) -> None:
        """Look at which of the site's suppliers carries which product."""
        masks = {lane: _carried(lane.rows) for lane in site.suppliers}
        self._carried = {lane: mask for lane, mask in masks.items() if not mask.all()}

    def __call__(self, quantity: Units, lanes: Sequence[LaneLike]) -> list[Units]:
        """The part of ``quantity`` that is ordered on each lane."""
        return [quantity] if len(lanes) == 1 else self.split(quantity, lanes)

    @abstractmethod
    def split(self, quantity: Units, lanes: Sequence[LaneLike]) -> list[Units]:
        """The part of ``quantity`` that is ordered on each of several lanes."""

    def check(self) -> str | None:
        """Say what is wrong when the parameters cannot go together."""
        return None

    def carried(self, lane: LaneLike) -> Mask | bool:
        """Which products the lane carries, ``[products, 1]``, or ``True`` for all."""
        return self._carried.get(lane, True)

    def weight(self, lane: LaneLike) -> Number:
        """The share of the lane, zero for products that it does not carry."""
        carried = self.carried(lane)
        return lane.share if carried is True else np.where(carried, lane.share, 0.0)


def in_our_rows(lane: LaneLike, value: Number) -> Number:
    """A value for each of the supplier's products, in the rows of the site's; other values as they are."""
    if isinstance(value, np.ndarray) and value.ndim == 2 and len(value) > 1:
        return lane.rows.to_ours(value)
    return value


def by_priority(lanes: Sequence[LaneLike]) -> list[int]:
    """The lanes by their priority, those without one last, equal ones as they are listed."""
    return sorted(range(len(lanes)), key=lambda i: (lanes[i].priority is None, lanes[i].priority or 0))


def in_proportion(quantity: Units, weights: Sequence[Number]) -> list[Units]:
    """``quantity`` split by ``weights``; the last part is all of it where no weight is above zero.

    The parts are the differences between cuts at the cumulated weights: they add up to the quantity, and a weight of
    zero gets exactly nothing.
    """
    return cut_at(quantity, cuts_of(weights))


def cuts_of(weights: Sequence[Number]) -> list[Number]:
    """Where the parts of a whole of 1 with these weights begin, but for the first of them."""
    cuts = []
    cut: Number = 0.0
    for weight in weights:
        cut = cut + weight
        cuts.append(cut)
    whole = np.where(np.greater(cut, 0.0), cut, 1.0)
    return [inner / whole for inner in cuts[:-1]]


def cut_at(quantity: Units, cuts: Sequence[Number]) -> list[Units]:
    """The parts of ``quantity`` between cuts, which are parts of a whole of 1."""
    ends = [*[quantity * cut for cut in cuts], quantity]
    return [ends[0]] + [end - begin for begin, end in pairwise(ends)]


def _carried(rows: Rows) -> Mask:
    return np.isin(np.arange(rows.shape[1]), rows.ours)[:, None]
