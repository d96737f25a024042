"""The trucks of a carrier on one lane: the load that waits for them, and those on the way and at the dock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .books import Books
from .numeric import positive, total
from .parameters import Number, plainly
from .pipeline import Pipeline
from .quantity import Array, Mask, Money, Units, quantity
from .recent_load import RecentLoad
from .tariff import Tariff
from .truck_queue import Convoy

TINY = 1e-9  # of a truck: a load this much above whole trucks is whole trucks


@dataclass(frozen=True)
class DispatchRule:
    """When trucks leave.

    1. Full trucks leave.
    2. A truck that is not full leaves when its load reaches ``threshold`` of a truck, or when the oldest of it has
       waited for ``longest_wait`` periods (``None``: it may wait for ever).
    3. With a timetable (``every``, from ``phase`` on) trucks leave in its periods alone, and then with all that waits.
    4. Outside the working ``calendar`` (1 and 0, repeated) nothing leaves.

    Each number may differ between the runs, ``[runs]``; that there is a longest wait or a timetable may not.

    Reference: Higginson & Bookbinder (1994), Policy recommendations for a shipment-consolidation program, Journal of
    Business Logistics 15(1):87-112 (quantity, time and time-and-quantity policies).
    """

    threshold: Number = 1.0
    longest_wait: Number | None = None
    every: Number | None = None
    phase: Number = 0
    calendar: Sequence[float] = (1,)

    def open(self, period: int) -> bool | Mask:
        """Whether anything may leave in a period: for all runs together, or for each ``[runs]``."""
        if self.calendar[period % len(self.calendar)] <= 0:
            return False
        if self.every is None:
            return True
        since = period - self.phase
        return (since >= 0) & (since % self.every == 0)


class Trucks(Books):
    """What one carrier does on one lane. Numbers of trucks and loads are ``[1, runs]``, loads in a truck's measure."""

    departed: Array = quantity("trucks that left this period", unit="trucks", tally="total", over="rows")
    moved: Array = quantity("load that left this period", unit="load", tally="total", over="rows")
    on_road: Array = quantity("trucks on the way to the destination", unit="trucks", over="rows")
    queueing: Array = quantity("trucks waiting at the dock", unit="trucks", tally="total", over="rows")
    early: Array = quantity(
        "trucks that came outside the receiving window, where that costs something", unit="trucks", tally="total",
        over="rows",
    )  # fmt: skip
    freight: Money = quantity("charged by the carrier this period", unit="money", tally="total", over="rows")
    haulage: Money = quantity("what the departures cost the carrier", unit="money", tally="total", over="rows")

    rows = ("trucks",)
    leads = True  # whether the carrier sends trucks to this lane by itself, not together with those of another one
    leads_in = True  # whether its trucks come to the dock of the destination by themselves
    reserved = False  # whether its loads may take the trucks that the carrier keeps for such loads

    def __init__(self, carrier: Any, lane: Any, weights: Sequence[float]) -> None:
        self.name = lane.name
        self.carrier = carrier
        self.lane = lane
        self.runs: int = lane.runs
        self.weights = np.array(weights, dtype=np.float64)[:, None]
        self.counts_units = list(weights) == [1.0]
        self.none: Array = np.zeros((1, self.runs))
        self.departed = self.moved = self.on_road = self.queueing = self.freight = self.haulage = self.none
        self.early = self.none
        self.pays_early = False  # whether it costs something to come outside the receiving window
        self.left_behind: Units = lane.zeros  # what still waited after the last departure
        self.recent: RecentLoad | None = None  # load that came within the longest wait; None: all that waits is old
        self.loaded: Units = lane.zeros
        self.way = Pipeline(self.none)
        self.dock: Any = None  # of the destination, where this lane has a number
        self.number_at_dock = 0
        self.outbound: Any = None  # dock of the origin, likewise
        self.number_outbound = 0

    def configure(
        self, *, capacity: Number, rule: DispatchRule, tariff: Tariff, costs: Tariff, return_time: int
    ) -> None:
        """Set the load of one truck, when trucks leave, what is charged and what it costs, and the way back."""
        self.capacity = capacity
        self.capacity_of_each = np.zeros(self.runs) + capacity
        self._limit_wait(rule.longest_wait)
        self.rule = rule
        # Rounding down after adding this gives the full trucks, and one more from the threshold on.
        self.head_start = 1.0 - np.maximum(rule.threshold, 2.0 * TINY) + TINY
        self.tariff = tariff
        self.costs = costs
        self.return_time = return_time

    def _limit_wait(self, longest_wait: Number | None) -> None:
        """Remember the load of as many periods as it may wait; what has come before that is old."""
        if longest_wait is None or (self.recent is None and plainly(longest_wait, 0)):
            return
        if self.recent is None:
            self.recent = RecentLoad(longest_wait, self.none)
        else:
            self.recent.limit(longest_wait)

    def load_of(self, goods: Units) -> Array:
        """Goods in the measure of a truck's capacity, ``[1, runs]``."""
        return goods if self.counts_units else total(goods * self.weights)[None]

    def start(self, in_transit: Sequence[Units]) -> None:
        """The trucks that carry the goods of the start, which arrive in 0, 1, ... periods: as few as can."""
        for delay, trucks in enumerate(self.trucks_for(in_transit)):
            self.way.send(trucks, delay)
            self.on_road = self.on_road + trucks

    def trucks_for(self, in_transit: Sequence[Units]) -> list[Array]:
        """The trucks that carry the goods of the start, slot by slot, which are then away."""
        found = [np.ceil(self.load_of(goods) / self.capacity - TINY) + 0.0 for goods in in_transit]
        for trucks in found:
            self.carrier.leave(self, trucks)
        return found

    # -- at the origin ------------------------------------------------------------------------------------------

    def wanted(self, period: int) -> Array:
        """The trucks that should leave now, ``[1, runs]``; to be asked once a period."""
        waiting = self.look()
        leaves = self.rule.open(period)
        if leaves is False:
            return self.none
        if self.rule.every is not None:
            wanted = np.ceil(waiting / self.capacity - TINY) + 0.0  # no negative zero
        else:
            wanted = np.floor(waiting / self.capacity + self.head_start)
            if self.rule.longest_wait is not None:
                for_old = np.ceil(self.old(waiting) / self.capacity - TINY) + 0.0
                wanted = np.maximum(wanted, for_old)
        if leaves is not True:
            wanted = np.where(leaves, wanted, 0.0)
        return self.unless_stopped(wanted)

    def load_up(self, trucks: Array) -> None:
        """Put what waits on so many trucks, the oldest first, for departure in this period."""
        waiting = self.load_of(self.lane.set_aside)
        load = np.minimum(trucks * self.capacity, waiting)
        goods = self.oldest(load, waiting)
        self.left_behind = self.lane.set_aside - goods
        self.lane.set_aside = self.left_behind
        if self.outbound is None:
            self.leave(trucks, goods)
        else:
            self.lane.loading = self.lane.loading + goods
            self.outbound.join(self.number_outbound, self._convoy(trucks, goods, goods))

    def leave(self, trucks: Array, goods: Units) -> None:
        """Leave in this period with these goods."""
        self.departed = trucks
        self.moved = self.load_of(goods)
        self.loaded = goods
        self.freight = self._charged(self.tariff)
        self.haulage = self._charged(self.costs)

    def look(self) -> Array:
        """The load that waits; what has come since the last look is the newest of it."""
        goods = self.lane.set_aside
        if self.recent is not None:
            self.recent.push(self.load_of(goods - self.left_behind))
        return self.load_of(goods)

    def old(self, waiting: Array) -> Array:
        """What of the load that waits has come before the longest wait."""
        return waiting if self.recent is None else waiting - self.recent.value

    def unless_stopped(self, amount: Array) -> Array:
        """An amount at the origin, nothing where an outage stops what is shipped."""
        return amount if self.lane.no_shipping is None else np.where(self.lane.no_shipping, 0.0, amount)

    def oldest(self, load: Array, waiting: Array) -> Units:
        """The oldest goods that make up ``load``: what was left behind before what has come since, each in its mix."""
        if self.counts_units:
            return load
        if len(self.lane.products) == 1:
            return np.where(load >= waiting, self.lane.set_aside, load / self.weights)
        return oldest_of(load, self.lane.set_aside, self.left_behind, (waiting, self.load_of(self.left_behind)))

    def _charged(self, tariff: Tariff) -> Money:
        return self.none if tariff.free else tariff.charge_all(self.departed, self.moved, self.capacity)

    # -- on the way ---------------------------------------------------------------------------------------------

    def depart(self, goods: Units, delay: int) -> None:
        """Be on the way for ``delay`` periods, with the goods of the lane."""
        self.lane.transit.send(goods, delay)
        self.way.send(self.departed, delay)
        self.on_road = self.on_road + self.departed

    def depart_each(self, delay: Array, support: Sequence[int]) -> None:
        """As `depart`, with a delay for each run."""
        self.way.send_each(self.departed, delay, support)
        self.on_road = self.on_road + self.departed

    def advance(self, frozen: Mask | None) -> None:
        """Come one period nearer, but for the runs that are ``frozen``."""
        if frozen is None:
            self.way.advance()
        else:
            self.way.advance_unless(frozen)

    # -- at the destination -------------------------------------------------------------------------------------

    def queue_up(self, goods: Units) -> bool:
        """Arrive with ``goods``, in the rows of the lane; whether they wait at a dock, or else are unloaded at once."""
        trucks = self.way.take_due()
        self.on_road = self.on_road - trucks
        if self.dock is None:
            self.unloaded(trucks)
            return False
        self.note_early(trucks)
        self.queueing = self.queueing + trucks
        self.lane.at_dock = self.lane.at_dock + goods
        self.dock.join(self.number_at_dock, self._convoy(trucks, goods, self.lane.rows.to_ours(goods)))
        return True

    def _convoy(self, trucks: Array, goods: Units, shown: Units) -> Convoy:
        """The trucks with their goods, which are ``shown`` in the rows of the dock."""
        return Convoy(trucks[0], shown, self.load_of(goods)[0], self.capacity_of_each)

    def note_early(self, trucks: Array) -> None:
        """Note trucks that come to the dock when it receives none."""
        if self.pays_early:
            self.early = self.none if self.dock.open else trucks

    @property
    def stays_zero(self) -> tuple[str, ...]:
        """Quantities that are zero in this world."""
        return () if self.pays_early else ("early",)

    def go_to_door(self, trucks: Array) -> None:
        """Leave the queue of the dock."""
        self.queueing = self.queueing - trucks

    def unload(self, trucks: Array, goods: Units) -> Units:
        """Leave ``goods`` at the destination's dock and go back; returns what it takes in. All in its own rows."""
        self.unloaded(trucks)
        return self.lane.unload(goods)  # type: ignore[no-any-return]

    def unloaded(self, trucks: Array) -> None:
        """Go back to the carrier."""
        self.carrier.come_back(self, trucks, self.return_time)

    def rows_in(self) -> int:
        """The rows of goods on its trucks at the dock of the destination."""
        return self.lane.rows.shape[1]  # type: ignore[no-any-return]

    def rows_out(self) -> int:
        """The rows of goods on its trucks at the dock of the origin."""
        return len(self.lane.products)


def oldest_of(load: Array, goods: Units, left_behind: Units, loads: tuple[Array, Array]) -> Units:
    """The oldest of the ``goods`` that make up a load: first what was ``left_behind``, then the rest, each in its mix.

    ``loads`` are those of both.
    """
    waiting, old_load = loads
    of_old = np.minimum(load, old_load) / np.where(old_load > 0, old_load, 1.0)
    new_load = waiting - old_load
    of_new = positive(load - old_load) / np.where(new_load > 0, new_load, 1.0)
    oldest: Units = np.where(load >= waiting, goods, left_behind * of_old + (goods - left_behind) * of_new)
    return oldest
