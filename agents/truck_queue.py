"""Trucks that wait at a dock, first come, first served, with what each of them carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .quantity import Array, Units

Places: TypeAlias = NDArray[np.intp]
"""Numbers of runs."""
MOST = 0.75  # of the runs: with more than these, it is quicker to look at all
LEAST = 1e-300  # stands for a load of zero where one is divided by


@dataclass(frozen=True)
class Convoy:
    """Trucks that travel together, full but for the last one, with the same mix in each."""

    trucks: Array  # [runs], whole numbers
    goods: Units  # [products, runs]
    load: Array  # [runs], all goods in the measure of the trucks' capacity
    capacity: Array  # [runs], load of one truck


@dataclass(frozen=True)
class Served:
    """Trucks of one group that go to the doors, in all runs or in those with the numbers ``at``."""

    lane: int  # the number with which they joined
    arrived: int  # the period in which they joined
    trucks: Array  # [runs] or [those runs]
    goods: Units  # [products, ...], likewise
    at: Places | None = None

    def added_to(self, numbers: Array | None, mine: Array, runs: int) -> Array:
        """``numbers`` ``[..., runs]`` and what is ``mine``, its trucks or its goods."""
        if self.at is None:
            return mine if numbers is None else numbers + mine
        return scattered(np.zeros((*mine.shape[:-1], runs)) if numbers is None else numbers, self.at, mine)


class Group:
    """What is left of the trucks that joined from one lane in one period, in all runs."""

    def __init__(self, convoy: Convoy, lane: int, arrived: int) -> None:
        self.lane = lane
        self.arrived = arrived
        self.trucks = convoy.trucks
        self.goods = convoy.goods
        self.load = convoy.load
        self.capacity = convoy.capacity
        self.gone = not self.trucks.any()  # in all runs

    def release(self, trucks: Array) -> Served:
        """Let the first ``trucks`` ``[runs]`` go: full ones, and the last one with all that is left."""
        stay = self.trucks - trucks
        if not stay.any():  # all go in all runs, as they usually do: what follows would come to the same
            self.gone = True
            return Served(self.lane, self.arrived, trucks, self.goods)
        left, share = parting(trucks, stay, self.load, self.capacity)
        goods = self.goods * share
        self.trucks, self.load, self.goods = stay, left, self.goods - goods
        return Served(self.lane, self.arrived, trucks, goods)

    def release_at(self, at: Places, trucks: Array) -> Served:
        """As `release` in the runs with the numbers ``at``; in the others nobody goes."""
        stay = self.trucks[at] - trucks
        left, share = parting(trucks, stay, self.load[at], self.capacity[at])
        held = self.goods[:, at]
        goods = held * share
        self.trucks = replaced(self.trucks, at, stay)
        self.load = replaced(self.load, at, left)
        self.goods = replaced(self.goods, at, held - goods)
        self.gone = not self.trucks.any()
        return Served(self.lane, self.arrived, trucks, goods, at)


def parting(trucks: Array, stay: Array, load: Array, capacity: Array) -> tuple[Array, Array]:
    """What is left of a load when some trucks go and others stay, and the share of the goods that goes.

    All is left where nobody goes, and nothing where nobody stays, whatever rounding made of the load. Where no truck
    came there may be a load of minus a rounding error; a share of that would be any number.
    """
    left = np.minimum(load - np.minimum(trucks * capacity, load), stay * load)
    share = np.where(stay > 0, (load - left) / np.maximum(load, LEAST), 1.0)
    return left, share


def replaced(numbers: Array, at: Places, fresh: Array) -> Array:
    """Numbers ``[..., runs]`` with others in some of the runs."""
    made = numbers.copy()
    made[..., at] = fresh
    return made


def scattered(numbers: Array, at: Places, more: Array) -> Array:
    """Numbers ``[..., runs]`` with something added in some of the runs."""
    return replaced(numbers, at, numbers[..., at] + more)


class TruckQueue:
    """The queue of one dock: groups of trucks in the order of their arrival, the same list for all runs.

    The work of a period grows with the number of groups that wait in any run; groups that are gone are dropped. Groups
    are looked at in all runs as long as most runs have room for more trucks, and then in those few alone.
    """

    def __init__(self, runs: int) -> None:
        self.groups: list[Group] = []
        self.waiting: Array = np.zeros(runs)

    def join(self, convoy: Convoy, lane: int, period: int) -> None:
        """Let the trucks of a lane join; where none comes, nothing happens."""
        group = Group(convoy, lane, period)
        if not group.gone:
            self.groups.append(group)
            self.waiting = self.waiting + convoy.trucks

    def take(self, most: Array) -> list[Served]:
        """Take up to ``most`` trucks ``[runs]`` out of the queue, group by group, the first ones first."""
        found: list[Served] = []
        at, left = None, most
        for group in self.groups:
            at, left = with_room(at, left)
            if not left.size:
                break
            trucks = np.minimum(group.trucks if at is None else group.trucks[at], left)
            if not trucks.any():  # in no run: nothing would change
                continue
            left = left - trucks
            found.append(self._released(group, at, trucks))
        self.groups = [group for group in self.groups if not group.gone]
        return found

    def _released(self, group: Group, at: Places | None, trucks: Array) -> Served:
        if at is None:
            self.waiting = self.waiting - trucks
            return group.release(trucks)
        some = np.flatnonzero(trucks)
        at, trucks = at[some], trucks[some]
        self.waiting = scattered(self.waiting, at, -trucks)
        return group.release_at(at, trucks)


def with_room(at: Places | None, left: Array) -> tuple[Places | None, Array]:
    """The runs in which trucks may still go to doors, and how many; ``None``: all, as long as they are most of all."""
    room = left > 0
    if np.count_nonzero(room) > MOST * len(left):
        return at, left
    return np.flatnonzero(room) if at is None else at[room], left[room]
