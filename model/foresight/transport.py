"""What a package changes in transport: trucks, docks and fleets, and how late that makes those who wait for goods."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...agents.lane import Lane
from ...agents.numeric import add_all
from ...agents.order_rules import TINY
from ...agents.quantity import Array, Mask, Units
from . import links
from .base import Base, Late, World, fleet
from .charges import Bill
from .points import Point
from .standing import Stand, equal
from .streams import Orders


def either(masks: list[Mask]) -> Mask | None:
    """Where any of several masks is set; ``None`` without any."""
    if not masks:
        return None
    found = masks[0]
    for mask in masks[1:]:
        found = found | mask
    return found


class Transport:
    """The changes of a package: what is known of them so far, and those of trucks, docks and fleets.

    ``touched`` says for each stock, lane and dock in which runs anything changes; ``later`` what each stock's goods
    wait for, before and after.
    """

    def __init__(self, base: Base, moves: Any) -> None:
        self.base = base
        self.world: World = base.world
        self.moves = moves
        self.masks: dict[str, Mask] = moves.masks
        self.none = np.zeros(base.runs, dtype=bool)
        self.bill = Bill(self.world.lines.owners, base.runs)
        self.stands: dict[Point, Stand] = {}
        self.on_lane: dict[str, Orders] = {}
        self.trips: dict[str, links.Hauled] = {}
        self.queues: dict[str, tuple[Array, Array]] = {}
        self.held: dict[str, Array] = {}
        self.touched: dict[Any, Mask] = {}
        self.held_parts: dict[Point, tuple[Mask, Units]] = {}
        self.later: dict[Point, list[tuple[Mask, Late, Late, Lane | None]]] = {}

    def transport(self) -> None:
        """Trucks and docks."""
        for lane in self.world.hauled:
            self._haul(lane)
        for dock in self.world.docks:
            self._dock(dock)
        self._waits(self.world.carriers)

    def _waits(self, carriers: Any) -> None:
        """Fleets, and what waits for trucks."""
        for carrier in carriers:
            names = [trucks.lane.name for trucks in carrier.lanes]
            docks = [trucks.dock.name for trucks in carrier.lanes if trucks.dock is not None]
            causes = [self.touched[name] for name in names if name in self.trips]
            causes += [self.touched["dock", name] for name in docks if name in self.queues]
            mask = either([*causes, *self._fleet_moved(carrier)])
            if mask is not None:
                self.held = self.held | self.base.held_up(carrier, self.moves, self.trips, self.queues)
                self.touched = self.touched | dict.fromkeys(names, mask)
        for lane in self.world.hauled:
            if lane.name in self.trips or lane.name in self.held:
                self._wait(lane)

    def _fleet_moved(self, carrier: Any) -> list[Mask]:
        """Where the fleet is another one, which is charged."""
        if "fleet.trucks" not in self.moves.keys(carrier.name):
            return []
        more = (fleet(carrier, self.moves) - carrier.owned[0])[None]
        self.bill.charge(self.world.lines.of(carrier, "owned"), more, self.masks[carrier.name])
        return [self.masks[carrier.name]]

    def _wait(self, lane: Lane) -> None:
        """What waits for trucks on a lane."""
        mask = self.touched[lane.name]
        before, after = self.base.waits[lane.name], self.base.wait(lane, self.trips, self.held, self.on_lane)
        if np.array_equal(before.mean, after.mean):  # in all runs: nothing would come of it
            return
        self.bill.charge(self.world.lines.of(lane, "set_aside"), after.mean - before.mean, mask)
        self._supply(lane, mask, before, after)

    def _haul(self, lane: Lane) -> None:
        trucks: Any = lane.trucks
        end = self.world.behind.get(lane.name)
        causes = [self._dispatched_otherwise(trucks.carrier.name), self._waves_moved(lane.origin.name)]
        causes += [self.touched[end]] if lane.name in self.on_lane and end is not None else []
        mask = either([cause for cause in causes if cause is not None])
        if mask is None:
            return
        base = self.base
        old, model, fit = base.trips[lane.name]
        new = base.haul(lane, self.moves, self.on_lane).scaled(fit, model)
        self.trips[lane.name] = new
        self.touched[lane.name] = mask
        for tariff, quantity in ((trucks.tariff, "freight"), (trucks.costs, "haulage")):
            change = self._charged(tariff, trucks, new) - self._charged(tariff, trucks, old)
            self.bill.charge(self.world.lines.of(trucks, quantity), change, mask)

    def _dispatched_otherwise(self, carrier: str) -> Mask | None:
        moved = any(key.startswith("dispatch.") for key in self.moves.keys(carrier))
        return self.masks[carrier] if moved else None

    def _waves_moved(self, site: str) -> Mask | None:
        return self.masks[site] if "waves.every" in self.moves.keys(site) else None

    @staticmethod
    def _charged(tariff: Any, trucks: Any, trips: links.Hauled) -> Array:
        return links.charge(tariff, trips.departures, trips.load, trucks.capacity)

    def _dock(self, dock: Any) -> None:
        mask = either([self.touched[lane.name] for lane in dock.lanes if lane.name in self.trips])
        if mask is None:
            return
        base = self.base
        self.queues[dock.name] = base.queue(dock, self.trips)
        old, queue = base.queues[dock.name][0], self.queues[dock.name][0]
        self.touched["dock", dock.name] = mask
        arriving = [base.trip(lane, self.trips) for lane in dock.lanes]
        rate = np.maximum(add_all([lane.departures for lane in arriving]), TINY)
        for lane, mine in zip(dock.lanes, arriving, strict=True):
            after = base.share_of_queue(lane, dock, queue, self.trips)
            before = base.at_dock[lane.name]
            self.bill.charge(self.world.lines.of(lane, "at_dock"), after.mean - before.mean, mask)
            trucks = ((queue - old) * (mine.departures / rate))[None]
            self.bill.charge(self.world.lines.of(lane.trucks, "queueing"), trucks, mask)
            self._supply(lane, mask, before, after)

    def _supply(self, lane: Lane, mask: Mask, before: Late, after: Late) -> None:
        """What comes on a lane is later than before."""
        end = self.world.behind.get(lane.name)
        if end is not None:
            self._delay(end, mask, (before, after), lane)

    def _delay(self, point: Point, mask: Mask, late: tuple[Late, Late], lane: Lane | None) -> None:
        """A stock is supplied later than before, unless it is the same in all runs."""
        before, after = late
        if not (equal(before.mean, after.mean) and equal(before.variance, after.variance)):
            self.later.setdefault(point, []).append((mask, before, after, lane))
