"""Trucks that wait at a dock, first come, first served, with what each of them carries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .quantity import Array, Units

Places: TypeAlias = NDArray[np.intp]
"""Numbers of runs, lanes or periods."""
LEAST = 1e-300  # stands for a load of zero where one is divided by
SINGLE = 12  # groups that are looked at one by one
TOGETHER = 11  # so many of the oldest of them go to the backlog when there are more
FIRST_ROWS = 16  # of the backlog, a power of two


@dataclass(frozen=True)
class Convoy:
    """Trucks that travel together, full but for the last one, with the same mix in each."""

    trucks: Array  # [runs], whole numbers
    goods: Units  # [products, runs]
    load: Array  # [runs], all goods in the measure of the trucks' capacity
    capacity: Array  # [runs], load of one truck


@dataclass(frozen=True)
class Served:
    """Trucks of one group that go to the doors, in all runs."""

    lane: int  # the number with which they joined
    arrived: int  # the period in which they joined
    trucks: Array  # [runs]
    goods: Units  # [products, runs]

    def entries(self) -> Entries:
        """The same, for the runs in which there are trucks alone."""
        at = np.flatnonzero(self.trucks)
        lane, arrived = np.full(len(at), self.lane), np.full(len(at), self.arrived)
        return Entries(at, lane, arrived, self.trucks[at], self.goods[:, at])


@dataclass(frozen=True)
class Entries:
    """Trucks of several groups that go to the doors: an entry for each group and run in which some go."""

    at: Places  # [entries], the run
    lane: Places
    arrived: Places
    trucks: Array  # [entries]
    goods: Units  # [products, entries]; with rows of zeros where other lanes have more of them


class Group:
    """What is left of the trucks that joined from one lane in one period, in all runs."""

    def __init__(self, convoy: Convoy, lane: int, arrived: int) -> None:
        self.lane = lane
        self.arrived = arrived
        self.trucks = convoy.trucks
        # Where no truck came there may be a load of plus or minus a rounding error, which stays at the dock.
        self.goods = np.where(convoy.trucks > 0, convoy.goods, 0.0)
        self.load = convoy.load
        self.capacity = convoy.capacity

        self.gone = False  # in all runs

    def release(self, trucks: Array) -> Served:
        """Let the first ``trucks`` ``[runs]`` go: full ones, and the last one with all that is left."""
        stay = self.trucks - trucks
        goods = self.goods
        self.gone = not stay.any()
        if not self.gone:
            left, share = parting(trucks, stay, self.load, self.capacity)
            goods = self.goods * share
            self.load, self.goods = left, self.goods - goods
        self.trucks = stay
        return Served(self.lane, self.arrived, trucks, goods)


class Backlog:
    """Older groups, run by run: of each run those in which there are trucks, one below the other.

    A run's entries have numbers, from its ``head`` to the one before its ``tail``; entry n lies in row n modulo the
    number of rows. Rows are written when groups are added alone, all at once. Of the first entry of a run some trucks
    may be gone; what is left of it is kept aside.
    """

    def __init__(self, runs: int) -> None:
        self.trucks = self.load = self.capacity = np.zeros((FIRST_ROWS, runs))
        self.lane: Places = np.zeros((FIRST_ROWS, runs), dtype=np.intp)
        self.arrived = self.lane
        self.goods: Units = np.zeros((FIRST_ROWS, 1, runs))
        self.head: Places = np.zeros(runs, dtype=np.intp)
        self.tail = self.head
        self.some_gone = np.zeros(runs, dtype=bool)
        self.left = np.zeros((2, runs))  # trucks and load of a first entry of which some are gone
        self.left_goods: Units = np.zeros((1, runs))

    def add(self, groups: Sequence[Group]) -> None:
        """Put groups behind those that are there."""
        self._make_room(groups)
        there = np.stack([group.trucks for group in groups])
        number = self.tail + np.add.accumulate(there > 0, axis=0, dtype=np.intp) - 1
        row, run = np.nonzero(there)
        at = (number[row, run] & (len(self.trucks) - 1), run)
        self.tail = number[-1] + 1
        self.trucks = replaced(self.trucks, at, there[row, run])
        self.load = replaced(self.load, at, np.stack([group.load for group in groups])[row, run])
        self.capacity = replaced(self.capacity, at, np.stack([group.capacity for group in groups])[row, run])
        self.lane = replaced(self.lane, at, np.array([group.lane for group in groups])[row])
        self.arrived = replaced(self.arrived, at, np.array([group.arrived for group in groups])[row])
        rows = self.goods.shape[1]
        goods = np.stack([with_rows(group.goods, rows) for group in groups])
        self.goods = replaced(self.goods, (at[0], slice(None), run), goods[row, :, run])

    def take(self, left: Array) -> tuple[list[Entries], Array]:
        """Let up to ``left`` trucks ``[runs]`` go, the first ones first; and for how many there is still room."""
        found: list[Entries] = []
        while True:
            at = np.flatnonzero((left > 0) & (self.head < self.tail))
            if not at.size:
                return found, left
            found.append(self._first(at, left[at]))
            left = left - np.bincount(at, found[-1].trucks, len(left))

    def _first(self, at: Places, most: Array) -> Entries:
        """Let trucks of the first entry of some runs go."""
        place = (self.head[at] & (len(self.trucks) - 1), at)
        there, load, goods = self.trucks[place], self.load[place], self.goods[place[0], :, at].T
        begun = self.some_gone[at]
        if begun.any():
            there, load = np.where(begun, self.left[:, at], (there, load))
            goods = np.where(begun, self.left_goods[:, at], goods)
        trucks = np.minimum(there, most)
        stay = there - trucks
        left, share = parting(trucks, stay, load, self.capacity[place])
        go = goods * share
        self.head = replaced(self.head, (at,), self.head[at] + (stay == 0))
        if begun.any() or stay.any():
            self.some_gone = replaced(self.some_gone, (at,), stay > 0)
            self.left = replaced(self.left, (slice(None), at), np.stack([stay, left]))
            self.left_goods = replaced(self.left_goods, (slice(None), at), goods - go)
        return Entries(at, self.lane[place], self.arrived[place], trucks, go)

    def _make_room(self, groups: Sequence[Group]) -> None:
        """Have rows for so many more entries in every run, and for all products of each."""
        rows = max(len(group.goods) for group in groups)
        if rows > self.goods.shape[1]:
            self.goods = np.stack([with_rows(goods, rows) for goods in self.goods])
            self.left_goods = with_rows(self.left_goods, rows)
        while int((self.tail - self.head).max()) + len(groups) > len(self.trucks):
            for name in ("trucks", "load", "capacity", "lane", "arrived", "goods"):
                held = getattr(self, name)
                setattr(self, name, np.concatenate([held, held]))  # entry n is in one of its two new rows


def parting(trucks: Array, stay: Array, load: Array, capacity: Array) -> tuple[Array, Array]:
    """What is left of a load when some trucks go and others stay, and the share of the goods that goes.

    All is left where nobody goes, and nothing where nobody stays, whatever rounding made of the load.
    """
    left = np.minimum(load - np.minimum(trucks * capacity, load), stay * load)
    share = np.where(stay > 0, (load - left) / np.maximum(load, LEAST), 1.0)
    return left, share


def replaced(numbers: NDArray[Any], at: tuple[Any, ...], fresh: NDArray[Any]) -> NDArray[Any]:
    """Numbers with others in some places."""
    made = numbers.copy()
    made[at] = fresh
    return made


def with_rows(goods: Units, rows: int) -> Units:
    """Goods with rows of zeros below, so that there are ``rows``."""
    missing = rows - len(goods)
    return goods if missing == 0 else np.concatenate([goods, np.zeros((missing, goods.shape[1]))])


class TruckQueue:
    """The queue of one dock: groups of trucks in the order of their arrival, the same list for all runs.

    The newest groups are looked at one by one, which is quick where queues are short; groups that are gone are dropped.
    Where there are many, older ones go to a backlog that finds the first trucks of every run at once. What a run gets,
    and its bits, are the same either way.
    """

    def __init__(self, runs: int) -> None:
        self.backlog: Backlog | None = None
        self.groups: list[Group] = []
        self.waiting: Array = np.zeros(runs)

    def join(self, convoy: Convoy, lane: int, period: int) -> None:
        """Let the trucks of a lane join; where none comes, nothing happens."""
        if convoy.trucks.any():
            self.groups.append(Group(convoy, lane, period))
            self.waiting = self.waiting + convoy.trucks
        if len(self.groups) > SINGLE:
            self.backlog = Backlog(len(self.waiting)) if self.backlog is None else self.backlog
            self.backlog.add(self.groups[:TOGETHER])
            self.groups = self.groups[TOGETHER:]

    def take(self, most: Array) -> list[Served | Entries]:
        """Take up to ``most`` trucks ``[runs]`` out of the queue, the first ones first."""
        left = np.minimum(most, self.waiting)
        self.waiting = self.waiting - left
        found: list[Served | Entries] = []
        if self.backlog is not None:
            entries, left = self.backlog.take(left)
            found += entries
        for group in self.groups:
            if not left.any():
                break
            trucks = np.minimum(group.trucks, left)
            if trucks.any():  # else in no run: nothing would change
                left = left - trucks
                found.append(group.release(trucks))
        self.groups = [group for group in self.groups if not group.gone]
        return found


def joined(parts: Sequence[Served | Entries]) -> Entries:
    """All entries one after another."""
    found = [part.entries() if isinstance(part, Served) else part for part in parts]
    rows = max(len(part.goods) for part in found)
    return Entries(
        np.concatenate([part.at for part in found]),
        np.concatenate([part.lane for part in found]),
        np.concatenate([part.arrived for part in found]),
        np.concatenate([part.trucks for part in found]),
        np.concatenate([with_rows(part.goods, rows) for part in found], axis=1),
    )
