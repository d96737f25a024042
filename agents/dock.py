"""Docks: doors at which trucks are unloaded or loaded, first come, first served across all lanes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .books import Books
from .numeric import add_all, positive
from .pipeline import Pipeline
from .quantity import Array, Units, quantity
from .travel import RandomTravel
from .truck_queue import Convoy, Entries, Served, TruckQueue, joined
from .waits import Waits

Times: TypeAlias = tuple[NDArray[Any], list[int]]
"""Drawn times at doors, ``[runs]``, and which of them occur where a truck takes a door."""
ByLane: TypeAlias = dict[int, tuple[Array, Units]]
"""The trucks ``[1, runs]`` that go to the doors and their goods, by the number of their lane."""


class Dock(Books):
    """The doors of a site for the trucks of its lanes on one side.

    1. Trucks queue in the order of their arrival, those of one period in the order of their lanes in the file.
    2. A truck that gets a door in period t holds it for its time u, t to t + u - 1; the door is free for another in
       t + u, and the truck is done in t + u - 1. With u = 1 a door takes one truck a period.
    3. Outside the calendar no truck gets a door; those that have one are served all the same.

    Its wait is the number of periods from joining the queue to the door, 0 when it gets one at once.
    """

    waiting: Array = quantity("trucks waiting for a door", unit="trucks", tally="total", over="rows")
    admitted: Array = quantity("trucks that got a door this period", unit="trucks", tally="total", over="rows")
    waited: Array = quantity("periods that they had waited, together", unit="periods", tally="total", over="rows")
    busy: Array = quantity("doors in use this period", unit="doors", tally="total", over="rows")

    rows = ("trucks",)

    def __init__(self, name: str, site: Any, lanes: Sequence[Any]) -> None:
        self.name = name
        self.site = site
        self.lanes = list(lanes)
        self.runs: int = site.runs
        self.none: Array = np.zeros((1, self.runs))
        self.waiting = self.admitted = self.waited = self.busy = self.none
        self.queue = TruckQueue(self.runs)
        self.waits = Waits(self.runs)
        self.doors_by_period: list[int] = []  # in every period that counts
        self.at_doors = Pipeline(self.none)  # trucks, by the period in which their door is free again
        self.goods = [Pipeline(np.zeros((self.rows_of(lane.trucks), self.runs))) for lane in self.lanes]
        self.trucks = [Pipeline(self.none) for _ in self.lanes]

    def configure(self, *, doors: int, time: int, random_time: RandomTravel | None, calendar: Sequence[float]) -> None:
        """Set the number of doors, the time at them, which may be drawn for each door and period, and the calendar.

        Trucks at a door stay there for the time that held when they came, also when their door is closed since.
        """
        self.doors = doors
        self.time = time
        self.random_time = random_time
        self.calendar = calendar

    def rows_of(self, trucks: Any) -> int:
        """The rows of the goods on the trucks of a lane."""
        raise NotImplementedError(f"{type(self).__name__} takes no trucks")

    def close_warm_up(self) -> None:
        """Forget what was noted so far."""
        super().close_warm_up()
        self.waits.reset()
        self.doors_by_period = []

    def account(self) -> None:
        """Note the quantities of the period, and the doors that there were."""
        self.doors_by_period.append(self.doors)
        super().account()

    @property
    def mean_doors(self) -> float:
        """The number of doors, on average over the periods that count."""
        changed = any(doors != self.doors for doors in self.doors_by_period)
        return math.fsum(self.doors_by_period) / len(self.doors_by_period) if changed else self.doors

    def advance(self) -> None:
        """Begin a period: work at the doors one period nearer to its end."""
        for pipeline in (self.at_doors, *self.goods, *self.trucks):
            pipeline.advance()
        self.busy = self.busy - self.at_doors.take_due()

    @property
    def open(self) -> bool:
        """Whether trucks may get a door in this period."""
        period: int = self.site.period
        return self.calendar[period % len(self.calendar)] > 0

    def join(self, number: int, convoy: Convoy) -> None:
        """Let the trucks of a lane, by its number here, join the queue."""
        self.queue.join(convoy, number, self.site.period)
        self.waiting = self.queue.waiting[None]

    def work(self) -> list[tuple[Array, Units]]:
        """Give the free doors to trucks; of each lane the trucks that are done now, and their goods."""
        period = self.site.period
        self.admitted = self.waited = self.none
        if self.open:
            self.open_doors(period)
            self.waiting = self.queue.waiting[None]
        return [(trucks.take_due(), goods.take_due()) for trucks, goods in zip(self.trucks, self.goods, strict=True)]

    def at_door(self, lane: Any, trucks: Array) -> None:
        """What it means for the trucks of a lane to get a door."""

    def open_doors(self, period: int) -> None:
        """Let the first trucks of the queue go to the doors that are free."""
        free = positive(self.doors - self.busy)  # more may be in use than there are, when some have been closed
        if self.random_time is None:
            self.admitted = self.take_to_doors(free, period, 0)
        for turn in range(0 if self.random_time is None else self.doors):  # each truck has a time of its own
            self.admitted = self.admitted + self.take_to_doors(np.minimum(free - self.admitted, 1.0), period, turn)
        self.busy = self.busy + self.admitted

    def take_to_doors(self, most: Array, period: int, turn: int) -> Array:
        """Take up to ``most`` trucks ``[1, runs]`` out of the queue; how many there were."""
        parts = self.queue.take(most[0])
        if not parts:
            return self.none
        groups = [part for part in parts if isinstance(part, Served)]
        together = len(groups) == len(parts)
        by_lane = self.from_groups(groups, period) if together else self.from_entries(joined(parts), period)
        taken = add_all([trucks for trucks, _ in by_lane.values()])
        times = self.times(period, turn, taken)
        for lane, (trucks, goods) in by_lane.items():
            self.at_door(self.lanes[lane], trucks)
            self.send(self.trucks[lane], trucks, times, -1)
            self.send(self.goods[lane], goods, times, -1)
        self.send(self.at_doors, taken, times, 0)
        return taken

    def from_groups(self, groups: Sequence[Served], period: int) -> ByLane:
        """The trucks of each lane and their goods, of groups one after another; their waits are noted."""
        found: ByLane = {}
        for served in groups:
            trucks, wait = served.trucks[None], period - served.arrived
            self.waits.note(wait, served.trucks)
            if wait > 0:
                self.waited = self.waited + wait * trucks
            known = found.get(served.lane)
            found[served.lane] = (
                (trucks, served.goods) if known is None else (known[0] + trucks, known[1] + served.goods)
            )
        return found

    def from_entries(self, entries: Entries, period: int) -> ByLane:
        """The same, of entries one after another, which adds up each run in the same order."""
        at, waits = entries.at, period - entries.arrived
        self.waits.note_each(waits, at, entries.trucks)
        self.waited = self.waited + np.bincount(at, waits * entries.trucks, self.runs)[None]
        found: ByLane = {}
        for lane in np.flatnonzero(np.bincount(entries.lane)).tolist():
            mine = entries.lane == lane
            goods = entries.goods[: self.goods[lane].zeros.shape[0], mine]
            trucks = np.bincount(at[mine], entries.trucks[mine], self.runs).astype(np.float64, copy=False)[None]
            found[lane] = (trucks, np.stack([np.bincount(at[mine], row, self.runs) for row in goods]))
        return found

    def times(self, period: int, turn: int, taken: Array) -> Times | None:
        """How long the trucks that are ``taken`` now stay at their doors; ``None``: the fixed time."""
        if self.random_time is None:
            return None
        drawn = self.random_time(period, turn)
        return drawn, np.flatnonzero(np.bincount(drawn[taken[0] > 0])).tolist()

    def send(self, pipeline: Pipeline, amount: Array, times: Times | None, shift: int) -> None:
        """Put an amount into a pipeline for the time at the door, and ``shift`` periods more."""
        if times is None:
            pipeline.send(amount, self.time + shift)
        else:
            pipeline.send_each(amount, times[0] + shift, [value + shift for value in times[1]])


class InboundDock(Dock):
    """Where trucks are unloaded: the goods of a truck that is done are on the shelf, and it goes back."""

    def unload(self) -> None:
        """Serve the trucks, and hand what is unloaded to the site."""
        for lane, (trucks, goods) in zip(self.lanes, self.work(), strict=True):
            self.site.take_in(lane.trucks.unload(trucks, goods))

    def rows_of(self, trucks: Any) -> int:
        """Goods in the rows of the site, and those for stops to come."""
        return trucks.rows_in()  # type: ignore[no-any-return]

    def at_door(self, lane: Any, trucks: Array) -> None:
        """The trucks leave the queue, and detention ends."""
        lane.trucks.go_to_door(trucks)


class OutboundDock(Dock):
    """Where trucks are loaded: a truck that is done leaves in the same period."""

    def load_trucks(self) -> None:
        """Serve the trucks, and let those that are loaded go."""
        for lane, (trucks, goods) in zip(self.lanes, self.work(), strict=True):
            lane.trucks.leave(trucks, goods)

    def rows_of(self, trucks: Any) -> int:
        """Goods in the rows of the site, of all lanes that share the trucks."""
        return trucks.rows_out()  # type: ignore[no-any-return]
