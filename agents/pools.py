"""Lanes that share trucks: their goods leave one origin in one load, and the trucks stop where the lanes end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .numeric import add_all, total
from .pipeline import Pipeline
from .quantity import Array, Mask, Money, Units
from .tariff import Tariff
from .truck_queue import Convoy
from .trucks import Trucks, oldest_of


class Aboard(Pipeline):
    """The goods of a lane to a later stop: aboard on the way to the stops before it, then on the way to its own."""

    def __init__(self, zeros: Units) -> None:
        super().__init__(zeros)
        self.aboard = zeros

    def board(self, goods: Units) -> None:
        """Leave the origin."""
        self.aboard = self.aboard + goods

    def go_on(self, goods: Units, delay: int) -> None:
        """Leave the stop before the own one, which is reached in ``delay`` periods."""
        self.aboard = self.aboard - goods
        self.send(goods, delay)

    def content(self, slots: int | None = None) -> Units:
        """Everything on the way, or what is in the next ``slots`` slots of the way to the own stop."""
        held = super().content(slots)
        return held if slots is not None else held + self.aboard


class Stop:
    """A place at which the trucks of a pool stop, on the way from the one before.

    ``lanes`` end here, ``after`` are those to later stops. The trucks are noted with the last lane, which acts for all.
    """

    def __init__(self, lanes: Sequence[PooledTrucks], after: Sequence[PooledTrucks]) -> None:
        self.lanes = list(lanes)
        self.after = list(after)
        self.lead = self.lanes[-1]
        self.next: Stop | None = None
        self.leg = 0  # periods from here to the next stop
        self.riders = Pipeline(self.aboard([lane.lane.zeros for lane in self.after]))

    def aboard(self, goods: Sequence[Units]) -> Units:
        """The goods of the lanes to later stops, one below the other; no rows where there are none."""
        return np.concatenate([self.lead.none[:0], *goods])

    def send(self, trucks: Array, riders: Units, delay: int) -> None:
        """Let trucks come here in ``delay`` periods, with the goods for later stops."""
        self.lead.way.send(trucks, delay)
        self.lead.on_road = self.lead.on_road + trucks
        self.riders.send(riders, delay)


class PooledTrucks(Trucks):
    """The trucks of a carrier on a lane that shares them with other lanes from the same origin, its pool.

    1. Trucks leave by the carrier's rule for the load of all lanes together; the oldest load is the oldest of any.
    2. They take the oldest goods of all lanes: what was left behind before what has come since, each in its mix. All
       trucks that leave together have the same mix, full but for the last.
    3. Each of them calls at every stop in turn, whether it has goods for it or not, queues at its dock, and goes on
       when it is unloaded. From one stop to the next it takes the difference of the lanes' travel times. Trucks that
       come to a later stop together share what is aboard evenly.
    4. From the last stop they go back. What a departure costs the shipper is shared over the lanes by their load.

    Trucks that leave are noted with the pool's first lane to act, the load with the lane of the goods, and trucks on
    the way to a stop and at its dock with the lane that ends there.
    """

    leads = False
    leads_in = False

    def __init__(self, carrier: Any, lane: Any, weights: Sequence[float]) -> None:
        super().__init__(carrier, lane, weights)
        self.pool: list[PooledTrucks] = [self]  # in the order of the stops
        self.stop: Stop
        self.has_come: Units = lane.zeros  # goods that came to the dock in this period

    # -- at the origin, where the lane that leads acts for all ----------------------------------------------------

    def look(self) -> Array:
        """The load that waits on all lanes."""
        return add_all([lane.ready(super(PooledTrucks, lane).look()) for lane in self.pool])

    def old(self, waiting: Array) -> Array:
        """What of the load of all lanes has come before the longest wait."""
        loads = [super(PooledTrucks, lane).old(lane.load_of(lane.lane.set_aside)) for lane in self.pool]
        return add_all([lane.ready(load) for lane, load in zip(self.pool, loads, strict=True)])

    def ready(self, amount: Array) -> Array:
        """An amount of this lane, nothing where an outage stops what it ships."""
        return super().unless_stopped(amount)

    def unless_stopped(self, amount: Array) -> Array:
        """The trucks of the pool leave with the goods of those lanes that are not stopped."""
        return amount

    def load_up(self, trucks: Array) -> None:
        """Put the oldest goods of all lanes on so many trucks."""
        goods = np.concatenate([lane.ready(lane.lane.set_aside) for lane in self.pool])
        left_behind = np.concatenate([lane.ready(lane.left_behind) for lane in self.pool])
        waiting = self.load_of_all(goods)
        load = np.minimum(trucks * self.capacity, waiting)
        cargo = oldest_of(load, goods, left_behind, (waiting, self.load_of_all(left_behind)))
        for lane, mine in zip(self.pool, self.by_lane(cargo), strict=True):
            lane.left_behind = lane.lane.set_aside - mine
            lane.lane.set_aside = lane.left_behind
            if self.outbound is not None:
                lane.lane.loading = lane.lane.loading + mine
        if self.outbound is None:
            self.leave(trucks, cargo)
        else:
            load = self.load_of_all(cargo)
            self.outbound.join(self.number_outbound, Convoy(trucks[0], cargo, load[0], self.capacity_of_each))

    def leave(self, trucks: Array, cargo: Units) -> None:
        """Leave in this period with the goods of all lanes."""
        self.departed = trucks
        for lane, mine in zip(self.pool, self.by_lane(cargo), strict=True):
            lane.loaded = mine
            lane.moved = lane.load_of(mine)
        moved = add_all([lane.moved for lane in self.pool])
        self.haulage = self.price(self.costs, moved)
        freight = self.price(self.tariff, moved)
        for lane in self.pool:
            lane.freight = freight * (lane.moved / np.where(moved > 0, moved, 1.0))

    def price(self, tariff: Tariff, moved: Array) -> Money:
        """The price of the trucks that leave with the load of all lanes."""
        return self.none if tariff.free else tariff.charge_all(self.departed, moved, self.capacity)

    def by_lane(self, cargo: Units) -> list[Units]:
        """The goods of each lane, ``[products, runs]``, of those of several one below the other."""
        rows = len(self.lane.products)
        return [cargo[first : first + rows] for first in range(0, len(cargo), rows)]

    def load_of_all(self, cargo: Units) -> Array:
        """The goods of several lanes in the measure of a truck's capacity, ``[1, runs]``."""
        weights = np.concatenate([self.weights] * (len(cargo) // len(self.weights)))
        return total(cargo * weights)[None]

    def rows_out(self) -> int:
        """The rows of goods of all lanes."""
        return len(self.pool) * len(self.lane.products)

    # -- on the way -----------------------------------------------------------------------------------------------

    def start(self, in_transit: Sequence[Units]) -> None:
        """The trucks with the goods of the start come straight to the stop of their lane, and then to those after."""
        nothing = self.stop.riders.zeros
        for delay, trucks in enumerate(self.trucks_for(in_transit)):
            self.stop.send(trucks, nothing, delay)

    def depart(self, goods: Units, delay: int) -> None:
        """Be on the way with the goods of the lane; trucks and goods for later stops go with the lane that leads."""
        if isinstance(self.lane.transit, Aboard):
            self.lane.transit.board(goods)
        else:
            self.lane.transit.send(goods, delay)
        if self.leads:
            self.stop.send(self.departed, self.stop.aboard([lane.loaded for lane in self.stop.after]), delay)

    def advance(self, frozen: Mask | None) -> None:
        """Come one period nearer, but for the runs that are ``frozen``."""
        super().advance(frozen)
        if not self.leads_in:
            return
        if frozen is None:
            self.stop.riders.advance()
        else:
            self.stop.riders.advance_unless(frozen)

    # -- at a stop, where the last of its lanes acts for all --------------------------------------------------------

    def queue_up(self, goods: Units) -> bool:
        """Arrive with ``goods``, in the rows of the lane; whether they wait at a dock."""
        self.has_come = goods
        if self.dock is not None:
            self.lane.at_dock = self.lane.at_dock + goods
        if self.leads_in:
            self._arrive()
        return self.dock is not None

    def _arrive(self) -> None:
        trucks, riders = self.way.take_due(), self.stop.riders.take_due()
        self.on_road = self.on_road - trucks
        if self.dock is None:
            self._go_on(trucks, riders)
            return
        self.note_early(trucks)
        self.queueing = self.queueing + trucks
        cargo = np.concatenate([*(lane.has_come for lane in self.stop.lanes), riders])
        load = self.load_of_all(cargo)[0]
        first = self.stop.lead.leads
        capacity = self.capacity_of_each if first else load / np.maximum(trucks[0], 1.0)
        self.dock.join(self.number_at_dock, Convoy(trucks[0], cargo, load, capacity))

    def unload(self, trucks: Array, goods: Units) -> Units:
        """Leave what is for this stop at its dock, and go on; returns what the stop takes in, in its own rows."""
        here = len(self.stop.lanes)
        mine = zip(self.stop.lanes, self.by_lane(goods)[:here], strict=True)
        taken_in = [lane.lane.unload(lane.lane.rows.to_ours(part)) for lane, part in mine]
        self._go_on(trucks, goods[here * len(self.lane.products) :])
        return add_all(taken_in)

    def _go_on(self, trucks: Array, riders: Units) -> None:
        """Go to the next stop, or back."""
        ahead = self.stop.next
        if ahead is None:
            self.unloaded(trucks)
            return
        for lane, mine in zip(self.stop.after, self.by_lane(riders), strict=True):
            if lane in ahead.lanes:
                lane.lane.transit.go_on(mine, self.stop.leg)
        ahead.send(trucks, riders[len(ahead.lanes) * len(self.lane.products) :], self.stop.leg)

    def rows_in(self) -> int:
        """The rows of goods for this stop and later ones, all in those of the origin."""
        return (len(self.stop.lanes) + len(self.stop.after)) * len(self.lane.products)


def make_pool(lanes: Sequence[PooledTrucks]) -> None:
    """Let lanes from one origin, in the order of the stops, share their trucks; lanes to one place are one stop."""
    ends = list(dict.fromkeys(lane.lane.destination for lane in lanes))
    by_stop = [[trucks for trucks in _suppliers(end) if trucks in lanes] for end in ends]
    pool = [trucks for stop in by_stop for trucks in stop]
    stops = []
    for here in by_stop:
        after = pool[pool.index(here[-1]) + 1 :]
        stops.append(Stop(here, after))
    for stop, ahead in zip(stops, [*stops[1:], None], strict=True):
        stop.next = ahead
        stop.lead.leads_in = True
        for trucks in stop.lanes:
            trucks.pool, trucks.stop = pool, stop
            if stop is not stops[0]:
                trucks.lane.transit = Aboard(trucks.lane.zeros)
    stops[0].lead.leads = True


def _suppliers(end: Any) -> list[Any]:
    return [lane.trucks for lane in end.suppliers]
