"""Trucks that wait at a dock, first come, first served, with what each of them carries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .numeric import at_least
from .quantity import Array, Units

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
        self.gone = not self.trucks.any()  # in all runs

    def release(self, trucks: Array) -> Served:
        """Let the first ``trucks`` ``[runs]`` go: full ones, and the last one with all that is left."""
        stay = self.trucks - trucks
        if not stay.any():  # all go in all runs, as they usually do: what follows would come to the same
            self.gone = True
            return Served(self.lane, self.arrived, trucks, self.goods)
        # All is left where nobody goes, and nothing where nobody stays, whatever rounding made of the load.
        left = np.minimum(self.load - np.minimum(trucks * self.capacity, self.load), stay * self.load)
        # Where no truck came there may be a load of minus a rounding error; a share of that would be any number.
        share = np.where(stay > 0, (self.load - left) / at_least(self.load, LEAST), 1.0)
        goods = self.goods * share
        self.trucks, self.load, self.goods = stay, left, self.goods - goods
        return Served(self.lane, self.arrived, trucks, goods)


class TruckQueue:
    """The queue of one dock: groups of trucks in the order of their arrival, the same list for all runs.

    The work of a period grows with the number of groups that wait in any run; groups that are gone are dropped.
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

    def take(self, most: Array) -> Iterator[Served]:
        """Take up to ``most`` trucks ``[runs]`` out of the queue, group by group, the first ones first."""
        for group in self.groups:
            trucks = np.minimum(group.trucks, most)
            if not trucks.any():  # in no run: nothing would change
                continue
            most = most - trucks
            self.waiting = self.waiting - trucks
            yield group.release(trucks)
            if not most.any():
                break
        self.groups = [group for group in self.groups if not group.gone]
