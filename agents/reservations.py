"""Capacity of a factory that is sold to other owners: whose orders are made and served first, and how far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from .allocation.base import no_more_than, share_fairly, wish
from .books import Books
from .lane import Lane
from .numeric import add_all, positive, total
from .parameters import Number
from .production import fitted
from .quantity import Array, Units, quantity

Share = tuple[Sequence[Lane], Number]  # the lanes to the sites and markets of an owner, and the owner's share


class Reservations(Books):
    """The shares of a factory's capacity that other owners have reserved.

    1. When production starts, what is owed to an owner who has reserved is started first, as far as that owner's share
       of the capacity goes, in the order of the file. All that is left of the capacity is for what else is wanted.
    2. When stock is shared out, such an owner gets at least its share of what was finished in the period, or all it
       asks for if that is less. What the allocation rule has given it less than that comes from stock that nobody gets,
       then from the other customers, each in proportion to what it gets beyond its own due.

    So a share that is not needed is free for all, and an owner may get more than its share.
    """

    open: Array = quantity("periods in which capacity is reserved, 1", unit="periods", tally="total", over="rows")

    rows = ("capacity",)

    def __init__(self, site: Any) -> None:
        self.site = site
        self.name: str = site.name
        self.runs: int = site.runs
        self.zeros: Units = site.zeros
        self.open = np.ones((1, self.runs))
        self.shares: Sequence[Share] = ()

    def configure(self, shares: Iterable[Share]) -> None:
        """Set who has reserved how much."""
        self.shares = list(shares)

    def advance(self) -> None:
        """Begin a period: nothing changes."""

    def fitted(self, wanted: Units, usage: Number, capacity: Number) -> Units:
        """``wanted`` scaled down to the capacity, reserved shares first."""
        first = self.zeros
        for lanes, share in self.shares:
            owed = np.maximum(add_all([lane.owed for lane in lanes]), 0.0)
            first = first + fitted(np.minimum(owed, wanted - first), usage, share * capacity)
        left = np.maximum(capacity - total(first * usage), 0.0)
        fits = total(wanted * usage) <= capacity  # then nobody has to go without
        return np.where(fits, wanted, first + fitted(wanted - first, usage, left))

    def honour(self, picked: Sequence[Units], available: Units, lanes: Sequence[Lane]) -> Sequence[Units]:
        """What the allocation rule gives to ``lanes``, changed so that everybody gets what is due."""
        wishes = [wish(lane) for lane in lanes]
        due = self.due(wishes, positive(np.minimum(self.site.finished, available)), lanes)
        lacking = add_all([np.maximum(mine - got, 0.0) for mine, got in zip(due, picked, strict=True)])
        beyond = [np.maximum(got - mine, 0.0) for mine, got in zip(due, picked, strict=True)]
        taken = np.maximum(lacking - (available - add_all(picked)), 0.0)
        spare = add_all(beyond)
        kept = np.maximum(1.0 - taken / np.where(spare > 0, spare, 1.0), 0.0)
        wanted = [
            np.where((lacking > 0) & (got >= 0), mine + more * kept, got)
            for mine, got, more in zip(due, picked, beyond, strict=True)
        ]
        return no_more_than(available, wanted, wishes)

    def due(self, wishes: Sequence[Units], finished: Units, lanes: Sequence[Lane]) -> list[Units]:
        """What each of the lanes has to get at least."""
        due = [self.zeros for _ in lanes]
        for reserving, share in self.shares:
            mine = [number for number, lane in enumerate(lanes) if lane in reserving]
            if not mine:
                continue
            parts = share_fairly(share * finished, [wishes[i] for i in mine], [lanes[i] for i in mine])
            for i, part in zip(mine, parts, strict=True):
                due[i] = np.maximum(part, 0.0)
        return due
