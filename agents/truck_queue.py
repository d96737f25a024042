"""Trucks that wait at a dock, first come, first served, with what each of them carries.

All index work of the docks is here. Trucks that arrive together from one lane are one entry of the queue. The entries
of a run lie in a ring, each run with its own head and tail, so the work of a period does not grow with the queue.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .numeric import rows_of
from .quantity import Array, Units

Places = NDArray[np.intp]  # of the runs' entries in the ring, [runs]

FIRST_SIZE = 8  # entries, a power of two; the ring grows when a run has more


@dataclass(frozen=True)
class Convoy:
    """Trucks that travel together, full but for the last one, with the same mix in each."""

    trucks: Array  # [runs], whole numbers
    goods: Units  # [products, runs]
    load: Array  # [runs], all goods in the measure of the trucks' capacity
    capacity: Array  # [runs], load of one truck


@dataclass(frozen=True)
class Served:
    """Trucks that go to a door, all of one entry of the queue in each run."""

    trucks: Array  # [runs]
    goods: Units  # [products, runs]
    lane: Array  # [runs], the number with which they joined
    arrived: Array  # [runs], the period in which they joined


class TruckQueue:
    """The queue of one dock, with ``products`` rows of goods.

    The ring belongs to this object alone and is written in place; what goes in and comes out are other arrays. A place
    without an entry holds zeros, so a run in which nobody waits gives nothing.
    """

    def __init__(self, products: int, runs: int) -> None:
        self.runs = runs
        self._columns = np.arange(runs)
        self._head: Places = np.zeros(runs, dtype=np.intp)  # entries taken out so far, of each run
        self._tail: Places = np.zeros(runs, dtype=np.intp)  # entries put in so far
        self._size = FIRST_SIZE
        self._free = FIRST_SIZE  # entries for which there is room at least, in every run
        names = ("trucks", "load", "capacity", "lane", "arrived")
        self._numbers = {name: np.zeros(self._size * runs) for name in names}
        self._goods = [np.zeros(self._size * runs) for _ in range(products)]

    def join(self, convoy: Convoy, lane: int, period: int) -> None:
        """Let the trucks of a lane join; where none comes, nothing happens."""
        self._make_room()
        at = self._places(self._tail)
        numbers = self._numbers
        numbers["trucks"][at] = convoy.trucks
        numbers["load"][at] = convoy.load
        numbers["capacity"][at] = convoy.capacity
        numbers["lane"][at] = lane
        numbers["arrived"][at] = period
        for rows, goods in zip(self._goods, convoy.goods, strict=True):
            rows[at] = goods
        self._tail = self._tail + (convoy.trucks > 0)

    def take(self, most: Array) -> Served:
        """Take the first trucks, up to ``most`` ``[runs]``, out of the first entry of every run."""
        at = self._places(self._head)
        there = self._numbers["trucks"].take(at)
        load = self._numbers["load"].take(at)
        trucks = np.minimum(there, most)
        stay = there - trucks
        all_go = stay == 0
        full = np.minimum(trucks * self._numbers["capacity"].take(at), load)
        share = np.where(all_go, 1.0, full / np.where(load > 0, load, 1.0))  # trucks that met on the way may be empty
        self._numbers["trucks"][at] = stay
        self._numbers["load"][at] = np.where(all_go, 0.0, load - full)
        goods = rows_of([self._split(rows, at, share) for rows in self._goods])
        self._head = self._head + (all_go & (there > 0))
        return Served(trucks, goods, self._numbers["lane"].take(at), self._numbers["arrived"].take(at))

    @property
    def empty(self) -> bool:
        """Whether nobody waits in any run."""
        return bool((self._tail == self._head).all())

    @staticmethod
    def _split(rows: Array, at: Places, share: Array) -> Array:
        held = rows.take(at)
        taken = held * share
        rows[at] = held - taken
        return taken

    def _places(self, entries: Places) -> Places:
        return (entries & (self._size - 1)) * self.runs + self._columns

    def _make_room(self) -> None:
        """Be sure of room for one more entry in every run; the longest queue is looked up now and then only."""
        if self._free == 0:
            self._free = self._size - int((self._tail - self._head).max())
        if self._free == 0:
            self._grow()
        self._free = self._free - 1

    def _grow(self) -> None:
        """Double the ring; every entry keeps its number and with it gets its new place."""
        entries = [self._head + position for position in range(self._size)]
        before = [self._places(entry) for entry in entries]
        self._free, self._size = self._size, self._size * 2
        after = [self._places(entry) for entry in entries]
        self._numbers = {name: self._moved(rows, before, after) for name, rows in self._numbers.items()}
        self._goods = [self._moved(rows, before, after) for rows in self._goods]

    def _moved(self, rows: Array, before: list[Places], after: list[Places]) -> Array:
        wider = np.zeros(self._size * self.runs)
        for source, target in zip(before, after, strict=True):
            wider[target] = rows[source]
        return wider
