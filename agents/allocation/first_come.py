"""The oldest orders first, whoever placed them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..numeric import add_all, total
from ..parameters import parameter
from ..quantity import Array, Units
from .base import Allocation, LaneLike, no_more_than, part_available, share_fairly, wish


@dataclass
class FirstCome(Allocation):
    """Serves the oldest orders first over all lanes; orders of one age share alike.

    1. What a lane is owed is what it booked last: since a lane's own orders are served oldest first, the newest
       booking is owed first, then the one before, and so on. All that is ``age_classes`` - 1 periods old or older
       is one class.
    2. From the oldest class to the newest: every lane gets its orders of that age, or the same part of them when
       what is left does not suffice.
    3. A lane that takes all or nothing has its turn for all it is owed when that of its oldest order comes.

    Reference: Graves (1996), A Multiechelon Inventory Model with Fixed Replenishment Intervals, Management Science
    42(1):1-18 (virtual allocation: stock is committed in the order in which demand arises).
    """

    age_classes: int = parameter(
        "ages told apart, in periods", unit="periods", default=6, minimum=2, whole=True, per_product=False
    )
    _booked: dict[tuple[LaneLike, ...], tuple[Array, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def start(self, site: Any) -> None:
        """Forget all bookings; what is owed at the start is as old as can be."""
        self._booked = {}

    def share_out(self, available: Units, lanes: Sequence[LaneLike]) -> list[Units]:
        """What to set aside for each of several lanes."""
        wishes = [wish(lane) for lane in lanes]
        ages = by_age(np.stack([lane.owed for lane in lanes]), self._bookings(lanes))
        oldest_first = ages[::-1]
        if any(lane.limit is not None for lane in lanes):
            oldest_first = _within(np.stack(wishes), oldest_first)
        if all(lane.partial for lane in lanes):
            shares = no_more_than(available, _by_cohort(available, oldest_first), wishes)
        else:
            shares = _by_mixed_cohort(available, oldest_first, wishes, lanes)
        # A return is an order of no age, and the classes add up to what is owed only to rounding.
        simple = add_all([np.maximum(wanted, 0.0) for wanted in wishes]) <= available
        return [np.where(simple | (wanted < 0), wanted, share) for wanted, share in zip(wishes, shares, strict=True)]

    def _bookings(self, lanes: Sequence[LaneLike]) -> tuple[Array, ...]:
        """The latest bookings ``[lanes, products, runs]``, this period's first."""
        key = tuple(lanes)
        latest = np.stack([lane.booked for lane in lanes])
        bookings = (latest, *self._booked.get(key, ()))[: self.age_classes - 1]
        self._booked = {**self._booked, key: bookings}
        return bookings


def by_age(owed: Array, bookings: Sequence[Array]) -> list[Array]:
    """``owed`` by the age of its orders, the newest first: the latest bookings, and a last class of all older ones."""
    older = np.maximum(owed, 0.0)
    classes = []
    for booked in bookings:
        newest = np.minimum(np.maximum(booked, 0.0), older)
        older = older - newest
        classes.append(newest)
    return [*classes, older]


def _within(limits: Array, oldest_first: Sequence[Array]) -> list[Array]:
    """The classes cut to ``limits`` in all."""
    room = np.maximum(limits, 0.0)
    cut = []
    for owed in oldest_first:
        part = np.minimum(owed, room)
        room = room - part
        cut.append(part)
    return cut


def _by_cohort(available: Units, oldest_first: Sequence[Array]) -> list[Units]:
    """Shares of lanes that take any part, by classes ``[lanes, products, runs]``."""
    left = available
    terms = []
    for cohort in oldest_first:
        needed = total(cohort)
        terms.append(cohort * part_available(left, needed))
        left = left - np.minimum(left, needed)
    return list(add_all(terms))


def _by_mixed_cohort(
    available: Units, oldest_first: Sequence[Array], wishes: Sequence[Units], lanes: Sequence[LaneLike]
) -> list[Units]:
    """Shares where some lanes take all or nothing: all they want is in the class of their oldest order."""
    queues = [
        [cohort[i] for cohort in oldest_first] if lane.partial else _all_with_the_oldest(wishes[i], oldest_first, i)
        for i, lane in enumerate(lanes)
    ]
    left = available
    given: list[list[Units]] = []
    for cohort in zip(*queues, strict=True):
        shares = share_fairly(left, cohort, lanes)
        left = np.maximum(left - add_all(shares), 0.0)
        given.append(shares)
    return [add_all(terms) for terms in zip(*given, strict=True)]


def _all_with_the_oldest(wanted: Units, oldest_first: Sequence[Array], lane: int) -> list[Units]:
    """All that a lane wants, put into the class of its oldest order."""
    still = np.ones(wanted.shape, dtype=bool)
    placed = []
    for cohort in oldest_first:
        placed.append(np.where(still & (cohort[lane] > 0), np.maximum(wanted, 0.0), 0.0))
        still = still & (cohort[lane] <= 0)
    return placed
