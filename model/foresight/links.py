"""What moves goods: the trucks of lanes and the docks at which they wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...agents.numeric import add_all, total
from ...agents.objectives.special import loss
from ...agents.order_rules import TINY
from ...agents.parameters import Number, plainly
from ...agents.quantity import Array, Units
from .dispatching import NEVER, Rule, trips
from .moves import as_number
from .queues import HORIZON, queue
from .streams import Orders, together


def fitted(new: Array, old: Array, fit: Number) -> Array:
    """What a model says, fitted to what was observed when it said ``old``: ``fit`` times as much, but beyond ``old``
    no more of it than there; a model that is twice too low when little waits is not when much does.
    """
    return new + (fit - 1.0) * np.minimum(new, old)


@dataclass(frozen=True)
class Hauled:
    """Trucks of a lane. Per period and run: ``departures``, ``waiting`` trucks' worth of load, ``spread``, the variance
    of departures of a cycle over its length, and ``load`` in trucks; ``every`` is the length of a cycle.
    """

    departures: Array
    waiting: Array
    spread: Array
    load: Array
    every: Number
    phase: Number

    def scaled(self, fit: Array, old: Array) -> Hauled:
        """Fitted to the departures that are observed, never with fewer trucks than the load fills."""
        return replace(self, departures=np.maximum(fitted(self.departures, old, fit), self.load))


def hauled(trucks: Any, orders: Orders, moves: Any, waves: Number) -> Hauled:
    """What the rule of a carrier makes of the orders of a lane, which are picked in waves.

    1. Loads come every R periods, that of the calendar or of the waves; within one they are independent.
    2. A load that may wait for R periods or longer meets the next one: the tables, with waits in whole R.
    3. One that may not leaves by itself: trucks as without patience, and what is below the threshold waits W of the R
       periods.
    """
    R: Number = orders.every if plainly(waves, 1) else np.maximum(orders.every, waves)
    size = trucks.capacity
    weights = trucks.weights
    load = total(orders.mean * weights) / size
    cycle = load * R
    in_time = orders if R is orders.every else replace(orders, every=R)
    noise = total(in_time.noise * np.square(weights)) / np.square(size)
    spread = noise / np.square(np.maximum(cycle, TINY))
    carrier, rule = trucks.carrier.name, trucks.rule
    threshold = moves.number(carrier, "dispatch.threshold", rule.threshold)
    if rule.every is not None:
        every = np.maximum(moves.number(carrier, "dispatch.every", rule.every) / R, 1.0)
        found = trips(_rules(threshold, NEVER, every), cycle, spread)
        return _a_period(found, load, R, orders.phase)
    if rule.longest_wait is None:
        return _a_period(trips(_rules(threshold, NEVER, 0.0), cycle, spread), load, R, orders.phase)
    patience = moves.number(carrier, "dispatch.longest_wait", rule.longest_wait)
    found = trips(_rules(threshold, np.floor(np.asarray(patience) / R), 0.0), cycle, spread)
    T = np.minimum(threshold, 1.0)
    alone = np.where(np.less(patience, R), np.minimum(0.5 * T * T, cycle) * (patience / R), 0.0)
    return _a_period(replace(found, waiting=found.waiting + alone), load, R, orders.phase)


def _a_period(found: Any, load: Array, R: Number, phase: Number) -> Hauled:
    departures = np.maximum(found.departures / R, load)
    return Hauled(departures, found.waiting, found.variance / R, load, R, phase)


def _rules(threshold: Number, patience: Number, every: Number) -> dict[Rule, Array | bool]:
    """The rules in use, each with the runs in which it is."""
    threshold, patience, every = as_number(threshold), as_number(patience), as_number(every)
    if np.ndim(threshold) == 0 and np.ndim(patience) == 0 and np.ndim(every) == 0:
        return {Rule(float(threshold), float(patience), float(every)): True}
    found: dict[Rule, Array | bool] = {}
    for t in np.unique(threshold):
        for w in np.unique(patience):
            for e in np.unique(every):
                where = np.equal(threshold, t) & np.equal(patience, w) & np.equal(every, e)
                if where.any():
                    found[Rule(float(t), float(w), float(e))] = where
    return found


def queue_at(dock: Any, arriving: Sequence[Hauled], waiting: Array) -> Array:
    """Mean trucks that wait at a dock at the end of a period, ``[runs]``; ``waiting`` are there now.

    1. Trucks of a calendar of R periods come together, a of them R a a time, before s doors: R a (R a - s) / (2 s) a
       cycle wait for others of the same day.
    2. What varies waits as in `queues.queue`, as if it came evenly; all that comes within a time at the door is taken
       together.
    """
    rate = add_all([lane.departures for lane in arriving])
    spread = add_all([lane.spread for lane in arriving])
    time = _time(dock)
    doors = dock.doors / time
    every = add_all([lane.departures * lane.every for lane in arriving]) / np.maximum(rate, TINY)
    at_once = rate * np.maximum(every * rate - doors, 0.0) / (2.0 * doors)
    together = np.where(np.greater(every, 1.0 + TINY), at_once, 0.0)
    return queue(rate * time, spread * time, dock.doors, waiting, HORIZON / time) + together


def held_up(owned: Array, carrier: Any, lanes: Sequence[Hauled], queues: Sequence[tuple[Array, Array]]) -> list[Array]:
    """Loads of each lane, in trucks, that wait because a fleet of ``owned`` trucks is out.

    ``queues`` are its trucks in docks, and those that would be there if all were full.

    1. Trucks of a lane are away for its time there and back, and while they queue. For a fleet that is as for doors:
       what the lanes send within that time against the number of trucks. Batches of calendars come and go and leave
       nothing behind: of them the mean excess waits, as if what is out because of them were normal.
    2. Scarce trucks are shared in proportion to what lanes want, so what waits is shared by their loads.
    3. Trucks that wait for each other fill up. What more of them is out than if all were full, m on all lanes together,
       is so only as far as trucks are left, s: s / (s + m) of it.
    4. No more waits than comes, on average over half of the time that is looked at.
    """
    times = [float(trucks.lane.travel_time + trucks.return_time) for trucks in carrier.lanes]
    longest = max(sum(times) / len(times), 1.0)
    fewest = [np.minimum(least, q) for q, least in queues]
    full = add_all([lane.load * time + q for lane, time, q in zip(lanes, times, fewest, strict=True)])
    more = add_all(
        [
            (lane.departures - lane.load) * time + q - least
            for lane, time, (q, _), least in zip(lanes, times, queues, fewest, strict=True)
        ]
    )
    left = np.maximum(owned - full, 0.0)
    out = full + more * (left / np.maximum(left + more, TINY))
    variance = add_all([lane.spread * time for lane, time in zip(lanes, times, strict=True)])
    waits = queue(out, variance, owned, 0.0, HORIZON / longest) + _excess(owned - out, _of_calendars(lanes, times))
    load = add_all([lane.load for lane in lanes])
    share = np.minimum(waits / np.maximum(load, TINY), 0.5 * HORIZON)
    return [lane.load * share for lane in lanes]


def _of_calendars(lanes: Sequence[Hauled], times: Sequence[float]) -> Number:
    """The variance, in trucks out at a time, that comes from the batches of all lanes."""
    batches: Number = 0.0
    for place, (lane, time) in enumerate(zip(lanes, times, strict=True)):
        batches = batches + _batches(lane, lane, time)
        for other in lanes[:place]:
            batches = batches + 2.0 * _batches(lane, other, time)
    return batches


def _excess(room: Array, variance: Number) -> Number:
    """E[(X - room)+] of a normal X with mean zero; nothing without a variance."""
    if plainly(variance, 0.0):
        return 0.0
    spread = np.sqrt(np.maximum(variance, TINY))
    return np.where(np.asarray(variance) > TINY, spread * loss(room / spread), 0.0)


def _batches(one: Hauled, other: Hauled, periods: float) -> Number:
    """The covariance of the batches of two lanes, in trucks, over so many periods; see `streams`."""
    if plainly(one.every, 1) or plainly(other.every, 1):
        return 0.0
    covariance: Number = one.load * other.load * together(one, other, periods)
    return covariance


def _time(dock: Any) -> float:
    if dock.random_time is None:
        return float(dock.time)
    support = dock.random_time.support
    return float(sum(support)) / len(support)


def in_units(orders: Orders, trucks: Any, load: Array) -> Units:
    """A load in trucks as units of the products of a lane, in their mix."""
    weighed = total(orders.mean * trucks.weights)
    units: Units = orders.mean * (load * trucks.capacity / np.maximum(weighed, TINY))
    return units


def charge(tariff: Any, departures: Array, load: Array, size: Number) -> Array:
    """Charges a period for departures that share a load evenly, ``[1, runs]``."""
    each = load * size / np.maximum(departures, TINY)
    charged: Array = departures * tariff.charge(each)
    return charged[None]
