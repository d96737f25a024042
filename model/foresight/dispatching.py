"""What a carrier's rule makes of the loads of a lane: trucks that leave, and load that waits; in tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ...agents.numeric import add_all
from ...agents.objectives.dispatch import by_load, by_load_or_age, by_timetable
from ...agents.objectives.flow import Flow
from ...agents.objectives.special import Gamma
from ...agents.quantity import Array

LOADS = np.geomspace(0.04, 16.0, 49)  # load of a period, in trucks
SPREADS = np.geomspace(0.01, 6.0, 13)  # its squared coefficient of variation
FEW, MANY = 0.7, 1.4  # loads between which one formula gives way to the other
MOST = 60  # trucks that are counted one by one
NEVER = 1e6  # a longest wait that is none


class Rule(NamedTuple):
    """A rule of dispatch in one number each; no longest wait: `NEVER`; no timetable: 0."""

    threshold: float
    longest_wait: float = NEVER
    every: float = 0.0


@dataclass(frozen=True)
class Trips:
    """A period's departures, the load that waits after them in trucks, and the variance of the departures."""

    departures: Array
    waiting: Array
    variance: Array


def trips(rules: dict[Rule, Array | bool], load: Array, spread: Array) -> Trips:
    """What rules lead to; of each rule the runs ``[runs]`` to which it applies, or ``True`` for all.

    ``load`` is that of a period in trucks, ``spread`` its squared coefficient of variation; loads of periods are
    independent. Between the points of the tables values are on straight lines.
    """
    at = _places(load, spread)
    found: Array | None = None
    for rule, where in rules.items():
        here = _between(_tables(rule), at)
        found = here if found is None else np.where(where, here, found)
    assert found is not None, "there is always a rule"
    return Trips(*found)


def _places(load: Array, spread: Array) -> tuple[Array, ...]:
    """Where to look in the tables: the cell, and how far into it."""
    place = []
    for value, points in ((load, LOADS), (spread, SPREADS)):
        step = np.log(points[1] / points[0])
        at = np.log(np.clip(value, points[0], points[-1]) / points[0]) / step
        cell = np.minimum(np.floor(at), len(points) - 2.0)
        place += [cell.astype(np.intp), at - cell]
    return tuple(place)


def _between(tables: Array, at: tuple[Array, ...]) -> Array:
    """What several tables say, ``[tables, runs]``."""
    i, x, j, y = at
    width = len(SPREADS)
    first = (i * width + j).astype(np.intp)
    corners = [tables.take(first + step, axis=1) for step in (0, 1, width, width + 1)]
    low = corners[0] * (1.0 - y) + corners[1] * y
    high = corners[2] * (1.0 - y) + corners[3] * y
    return np.asarray(low * (1.0 - x) + high * x)


@lru_cache(maxsize=4096)
def _tables(rule: Rule) -> Array:
    """Departures, waiting load and variance of departures over `LOADS` and, faster, `SPREADS`: ``[3, points]``."""
    mean = np.repeat(LOADS, len(SPREADS))
    variance = np.square(mean) * np.tile(SPREADS, len(LOADS))
    loads = Flow(mean, variance)
    if rule.every > 0:
        timed = by_timetable(loads, 1.0, rule.every)
        found = timed.departures, timed.waiting, _of_ceiling(loads.over(rule.every), timed.departures, rule.every)
    elif rule.longest_wait == 0.0:
        impatient = by_timetable(loads, 1.0, 1.0)
        found = impatient.departures, impatient.waiting, _of_ceiling(loads, impatient.departures, 1.0)
    else:
        departures, waiting = _by_rule(rule, loads)
        found = departures, waiting, _variance(departures, mean, variance)
    return np.stack(found)


def _by_rule(rule: Rule, loads: Flow) -> tuple[Array, Array]:
    """By load or age.

    Loads of about a truck and more leave a remainder in every period, which is as good as uniform over a truck: one
    below the threshold T waits, one above it leaves in a truck of its own. Trucks a period are then the load plus
    (1 - T)^2 / 2, and T^2 / 2 waits.
    """
    T = min(rule.threshold, 1.0)
    patience = rule.longest_wait
    few = by_load(loads, 1.0, T) if patience == NEVER else by_load_or_age(loads, 1.0, T, patience)
    many = loads.mean + 0.5 * (1.0 - T) ** 2
    part = np.clip((np.asarray(loads.mean) - FEW) / (MANY - FEW), 0.0, 1.0)
    departures = few.departures * (1.0 - part) + many * part
    return np.maximum(departures, loads.mean), few.waiting * (1.0 - part) + 0.5 * T * T * part


def _variance(departures: Array, mean: Array, variance: Array) -> Array:
    """Rough variance of the departures of a period: trucks that come one by one, or as loads do."""
    one_by_one = np.maximum(departures * (1.0 - departures), 0.0)
    many = variance * np.square(mean / departures) + np.minimum(departures, 1.0) / 6.0
    return np.maximum(one_by_one, many)


def _of_ceiling(cycle: Flow, departures: Array, every: float) -> Array:
    """The variance of N = ceil(X), the trucks that take all, when ``departures`` a period leave once a cycle.

    E[N^2] = sum over k from 0 on of (2 k + 1) P(X > k). Over the periods it is that of a cycle over its length, and
    what periods without departures add.
    """
    held = Gamma(cycle.mean, cycle.variance)
    most = int(np.ceil(np.max(cycle.mean) + 6.0 * np.sqrt(np.max(cycle.variance)))) + 1
    square = add_all([(2.0 * k + 1.0) * held.part_above(float(k)) for k in range(min(most, MOST))])
    trucks = departures * every
    of_cycle = np.where(
        np.asarray(cycle.mean) < 0.5 * MOST, np.maximum(square - np.square(trucks), 0.0), cycle.variance
    )
    return of_cycle / every + np.square(departures) * (every - 1.0)
