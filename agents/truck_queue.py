"""Trucks that wait at a dock, first come, first served, with what each of them carries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .quantity import Array, Units

SHORT = 4  # groups up to which it is not worth asking whether there is anything left to do
TIDY = 16  # periods between two looks for groups in the middle of the queue that are gone in all runs


@dataclass(frozen=True)
class Convoy:
    """Trucks that travel together, full but for the last one, with the same mix in each."""

    trucks: Array  # [runs], whole numbers
    goods: Units  # [products, runs]
    load: Array  # [runs], all goods in the measure of the trucks' capacity
    capacity: Array  # [runs], load of one truck


@dataclass(frozen=True)
class Served:
    """Trucks of one group that go to the doors."""

    lane: int  # the number with which they joined
    arrived: int  # the period in which they joined
    trucks: Array  # [runs]
    goods: Units  # [products, runs]


class Group:
    """What is left of the trucks that joined from one lane in one period, in all runs."""

    def __init__(self, convoy: Convoy, lane: int, arrived: int) -> None:
        self.lane = lane
        self.arrived = arrived
        self.trucks = convoy.trucks
        self.goods = convoy.goods
        self.load = convoy.load
        self.capacity = convoy.capacity

    def take(self, most: Array) -> Served:
        """Take the first trucks, up to ``most`` ``[runs]``: full ones, and the last one with all that is left."""
        trucks = np.minimum(self.trucks, most)
        all_go = trucks == self.trucks
        full = np.minimum(trucks * self.capacity, self.load)
        share = np.where(all_go, 1.0, full / np.where(all_go, 1.0, self.load))
        goods = self.goods * share
        self.trucks = self.trucks - trucks
        self.load = np.where(all_go, 0.0, self.load - full)
        self.goods = self.goods - goods
        return Served(self.lane, self.arrived, trucks, goods)

    @property
    def gone(self) -> bool:
        """Whether no truck is left in any run."""
        return not self.trucks.any()


class TruckQueue:
    """The queue of one dock: groups of trucks in the order of their arrival, the same list for all runs.

    The work of a period grows with the number of groups that wait in any run; groups that are gone are dropped.
    """

    def __init__(self, runs: int) -> None:
        self.groups: list[Group] = []
        self.waiting: Array = np.zeros(runs)
        self._untidy = 0

    def join(self, convoy: Convoy, lane: int, period: int) -> None:
        """Let the trucks of a lane join; where none comes, nothing happens."""
        group = Group(convoy, lane, period)
        if not group.gone:
            self.groups.append(group)
            self.waiting = self.waiting + convoy.trucks

    def take(self, most: Array) -> Iterator[Served]:
        """Take up to ``most`` trucks ``[runs]`` out of the queue, group by group, the first ones first."""
        for group in self.groups:
            if len(self.groups) > SHORT and not ((most > 0) & (self.waiting > 0)).any():
                break
            served = group.take(most)
            most = most - served.trucks
            self.waiting = self.waiting - served.trucks
            yield served
        self._tidy_up()

    def _tidy_up(self) -> None:
        while self.groups and self.groups[0].gone:
            self.groups.pop(0)
        self._untidy = self._untidy + 1
        if self._untidy == TIDY:
            self.groups = [group for group in self.groups if not group.gone]
            self._untidy = 0
