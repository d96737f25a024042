"""What moves goods: the trucks of lanes and the docks at which they wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...agents.numeric import add_all, total
from ...agents.objectives.docks import Dock, queue
from ...agents.objectives.flow import Flow, LeadTime
from ...agents.order_rules import TINY
from ...agents.parameters import Number, plainly
from ...agents.quantity import Array, Units
from .dispatching import NEVER, Rule, trips
from .streams import Orders

HORIZON = 120.0  # periods over which an overloaded dock is looked at


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

    def scaled(self, departures: Array, waiting: Array) -> Hauled:
        """Fitted to what is observed, never with fewer trucks than the load fills."""
        fitted = np.maximum(self.departures * departures, self.load)
        return replace(self, departures=fitted, waiting=self.waiting * waiting)


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
    noise = total(replace(orders, every=R).noise * np.square(weights)) / np.square(size)
    spread = noise / np.square(np.maximum(cycle, TINY))
    carrier, rule = trucks.carrier.name, trucks.rule
    threshold = moves.number(carrier, "dispatch.threshold", rule.threshold)
    if rule.every is not None:
        every = np.maximum(moves.number(carrier, "dispatch.every", rule.every) / R, 1.0)
        found = trips(_rules(threshold, NEVER, every), cycle, spread)
        return _a_period(found, load, R)
    if rule.longest_wait is None:
        return _a_period(trips(_rules(threshold, NEVER, 0.0), cycle, spread), load, R)
    patience = moves.number(carrier, "dispatch.longest_wait", rule.longest_wait)
    found = trips(_rules(threshold, np.floor(np.asarray(patience) / R), 0.0), cycle, spread)
    T = np.minimum(threshold, 1.0)
    alone = np.where(np.less(patience, R), np.minimum(0.5 * T * T, cycle) * (patience / R), 0.0)
    return _a_period(replace(found, waiting=found.waiting + alone), load, R)


def _a_period(found: Any, load: Array, R: Number) -> Hauled:
    departures = np.maximum(found.departures / R, load)
    return Hauled(departures, found.waiting, found.variance / R, load, R)


def _rules(threshold: Number, patience: Number, every: Number) -> dict[Rule, Array | bool]:
    """The rules in use, each with the runs in which it is."""
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
    2. What varies waits as in `ripieno.agents.objectives.docks.queue`, as if it came evenly.
    """
    rate = add_all([lane.departures for lane in arriving])
    spread = add_all([lane.spread for lane in arriving])
    doors = dock.doors / float(_time(dock))
    every = add_all([lane.departures * lane.every for lane in arriving]) / np.maximum(rate, TINY)
    at_once = rate * np.maximum(every * rate - doors, 0.0) / (2.0 * doors)
    together = np.where(np.greater(every, 1.0 + TINY), at_once, 0.0)
    told = Dock(dock.doors, LeadTime(float(_time(dock))), HORIZON, waiting)
    return queue(Flow(rate, spread), told) + together


def _time(dock: Any) -> float:
    if dock.random_time is None:
        return float(dock.time)
    support = dock.random_time.support
    return float(sum(support)) / len(support)


def in_units(orders: Orders, trucks: Any, load: Array) -> Units:
    """A load in trucks as units of the products of a lane, in their mix."""
    weighed = total(orders.mean * trucks.weights)
    return orders.mean * (load * trucks.capacity / np.maximum(weighed, TINY))


def charge(tariff: Any, departures: Array, load: Array, size: Number) -> Array:
    """Charges a period for departures that share a load evenly, ``[1, runs]``."""
    each = load * size / np.maximum(departures, TINY)
    return (departures * tariff.charge(each))[None]
