"""Picking: how goods get from the shelf to the staging area, in waves and as far as hands and room go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .books import Books
from .lane import Lane
from .numeric import add_all, positive, total
from .parameters import Number
from .quantity import Array, Units, quantity


class Picking(Books):
    """What limits the picking of a site.

    1. Between two waves (every ``every`` periods from ``phase`` on) nothing is picked, nor in a wave that would be
       smaller than ``smallest``.
    2. No more is picked in a period than the pickers can do, and than finds room in the staging area, where goods
       stay until they depart.
    3. What exceeds that is cut in the same proportion for all customers and products; a customer that takes all or
       nothing gets nothing then.
    """

    picked: Units = quantity("picked this period", unit="units", tally="total")
    waves: Array = quantity("waves of picking this period, 0 or 1", unit="waves", tally="total", over="rows")
    staged: Array = quantity("in the staging area after picking", unit="units", tally="total", over="rows")
    open: Array = quantity(
        "periods in which the site is kept for picking, 1", unit="periods", tally="total", over="rows"
    )

    rows = ("waves",)

    def __init__(self, site: Any) -> None:
        self.name = site.name
        self.site = site
        self.runs: int = site.runs
        self.products = site.products
        self.none: Array = np.zeros((1, self.runs))
        self.picked = site.zeros
        self.waves = self.staged = self.none
        self.open = self.none + 1.0

    def configure(
        self, *, capacity: Number | None, every: Number, phase: Number, smallest: Number, space: Number | None
    ) -> None:
        """Set the capacity in units a period, the calendar and the smallest size of waves, and the staging area.

        The calendar is in whole periods, which may differ between the runs.
        """
        self.capacity = capacity
        self.every = every
        self.phase = phase
        self.smallest = smallest
        self.space = space

    def advance(self) -> None:
        """Begin a period: nothing has been picked yet."""
        self.picked = self.site.zeros
        self.waves = self.none

    def cut(self, wishes: Sequence[Units], lanes: Sequence[Lane]) -> list[Units]:
        """What is picked of the wishes of these lanes."""
        due = (self.site.period - self.phase) % self.every == 0
        if due is False:
            self.note([self.site.zeros for _ in wishes])
            return [wish * 0.0 for wish in wishes]
        wanted = total(add_all(wishes))
        room = self.room()
        share = np.where(wanted > room, room / np.where(wanted > room, wanted, 1.0), 1.0)
        share = np.where(wanted >= self.smallest, share, 0.0)
        if due is not True:
            share = np.where(due, share, 0.0)
        picked = [
            wish * share if lane.partial else np.where(share < 1.0, 0.0, wish)
            for wish, lane in zip(wishes, lanes, strict=True)
        ]
        self.note(picked)
        return picked

    def room(self) -> Array:
        """The units that may still be picked this period, ``[runs]``."""
        left = np.full(self.runs, np.inf)
        if self.capacity is not None:
            left = np.minimum(left, self.capacity - total(self.picked))
        if self.space is not None:
            left = np.minimum(left, self.space - self.now_staged()[0])
        return positive(left)

    def now_staged(self) -> Array:
        """What is in the staging area now, ``[1, runs]``."""
        return total(add_all([lane.set_aside for lane in self.site.customers]))[None]

    def note(self, picked: Sequence[Units]) -> None:
        """Note what has been picked, and the wave."""
        together = add_all(picked)
        self.picked = self.picked + together
        self.waves = np.where(total(together) > 0, 1.0, self.waves)

    def account(self) -> None:
        """Note the quantities of the period, the staging area as the night finds it."""
        self.staged = self.now_staged()
        super().account()
