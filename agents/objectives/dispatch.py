"""When trucks leave: departures, loads and waiting of a carrier's rules, by renewal and reward.

All rules act once a period, after its loads have come; what waits is counted after the departures of the period. Loads
of independent periods are taken as gamma distributed, by their mean and variance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..numeric import add_all
from ..parameters import Number
from ..quantity import Array, Money
from .flow import Flow
from .special import Gamma

MOST_TRUCKS = 24  # that a timetable's departure is counted with one by one
SHORT_CYCLE = 12  # periods in which a threshold of 1.5 periods' load is as good as certainly reached
ALWAYS = 1.0 - 1e-12  # a probability that is as good as one


@dataclass(frozen=True)
class Dispatched:
    """What a rule leads to, a period: trucks that leave, load left waiting; and the mean load of a truck."""

    departures: Array
    waiting: Array
    load: Array

    def wait(self, loads: Flow) -> Array:
        """Mean periods that a load waits for its truck, by Little's law; their variance is about a third of its
        square, as if waits were uniform.
        """
        return self.waiting / loads.mean

    def cost(self, departure: Number, holding: Number = 0.0) -> Money:
        """Cost a period: of departures, which are the carrier's, and of loads that wait, where it bears them."""
        return departure * self.departures + holding * self.waiting


def by_load(loads: Flow, capacity: Number, threshold: Number) -> Dispatched:
    """Full trucks leave, and another one when its load reaches ``threshold`` of a truck.

    As `_by_renewals`, but for thresholds below three halves of a period's load, where a cycle is too short for the
    limits there: as `by_load_or_age` with a wait that is never reached.
    """
    usual = _by_renewals(loads, capacity, threshold)
    few = np.minimum(threshold, 1.0) * np.asarray(capacity) < 1.5 * np.asarray(loads.mean)
    few = few & (np.asarray(threshold) < 1.0)
    short = by_load_or_age(loads, capacity, threshold, SHORT_CYCLE)
    return Dispatched(
        np.where(few, short.departures, usual.departures),
        np.where(few, short.waiting, usual.waiting),
        np.where(few, short.load, usual.load),
    )


def _by_renewals(loads: Flow, capacity: Number, threshold: Number) -> Dispatched:
    """The rule of `by_load` in long cycles.

    With q the threshold's load, C the truck's and D the load of a period:

    1. The overshoot over q has density P(D > x) / E[D]; what it has above C - q stays behind, w.
       E[w^j] = E[((D - C + q)+)^(j + 1)] / ((j + 1) E[D]).
    2. A truck's load is q + E[overshoot] - E[w]; with whole units q is half a unit less, and so is w.
    3. A cycle has load / E[D] periods; the sum of what waits in them is
       (q^2 - E[w^2]) / (2 E[D]) + E[w] c + k, c = E[D^2] / (2 E[D]^2), k = E[D^3] / (6 E[D]^2) - c^2 E[D].

    Exact for full trucks only (threshold 1). Periods with several trucks are counted as if they were several cycles.

    Reference: Higginson & Bookbinder (1994), Journal of Business Logistics 15(1):87-112; Cox (1962), Renewal Theory,
    Methuen, sections 4.3 and 5.2 (the renewal function's limit and its integral).
    """
    gamma, half = Gamma(loads.mean, loads.variance), 0.5 * np.asarray(loads.unit)
    mean, least = np.asarray(loads.mean), np.minimum(threshold, 1.0) * np.asarray(capacity)
    room = capacity - least
    stays = gamma.excess(room) / mean
    behind = gamma.excess(room, 2) / (2.0 * mean) - half * stays
    square = gamma.excess(room, 3) / (3.0 * mean) - 2.0 * half * (behind + half * stays) + np.square(half) * stays
    q = least - half
    overshoot = gamma.excess(0.0, 2) / (2.0 * mean)
    load = np.minimum(np.maximum(q + overshoot - behind, mean * 1e-9), capacity)
    c = overshoot / mean
    k = gamma.excess(0.0, 3) / (6.0 * np.square(mean)) - c * overshoot
    waiting = np.maximum((np.square(q) - square) / (2.0 * mean) + behind * c + k, 0.0)
    return Dispatched(mean / load, waiting * mean / load, load)


def by_load_or_age(loads: Flow, capacity: Number, threshold: Number, longest_wait: Number) -> Dispatched:
    """As `by_load`, or with all that waits when the oldest of it has waited for ``longest_wait`` = T periods.

    1. A cycle that begins with nothing: idle periods, one with the first load X(0), then X(t) = X(0) + t periods'
       load as long as it is below q and t < T. One that begins with what stayed behind has that for X(0).
    2. Periods of a cycle = those before the first load, and 1 + sum over t < T of P(X(t) < q), the 1 only where it
       began with nothing; what waits = sum over t < T of E[X(t); X(t) < q].
    3. The share of cycles that begin with something: that of cycles that end by load, and then leave something.

    Reference: as `by_load`; Cetinkaya & Bookbinder (2003), Transportation Research B 37:747-768.
    """
    mean, least = np.asarray(loads.mean), np.minimum(threshold, 1.0) * np.asarray(capacity)
    some = np.maximum(1.0 - np.asarray(loads.nothing), 1.0 - ALWAYS)
    gamma, half = Gamma(mean, loads.variance), 0.5 * np.asarray(loads.unit)
    room = capacity - least
    stays = np.clip(gamma.excess(room) / mean, 1.0 - ALWAYS, ALWAYS)
    behind = np.maximum(gamma.excess(room, 2) / (2.0 * mean) / stays - half, 0.0)
    square = gamma.excess(room, 3) / (3.0 * mean) / stays
    first = Flow(mean / some, (np.asarray(loads.variance) + np.square(mean)) / some - np.square(mean / some))
    left = Flow(behind, np.maximum(square - np.square(behind + half), 0.0))
    fresh = _cycle(first, loads, least - half, longest_wait)
    rest = _cycle(left, loads, least - half, longest_wait)
    begins = stays * fresh[2] / (1.0 - stays * (rest[2] - fresh[2]))
    periods = (1.0 - begins) * (fresh[0] + 1.0 / some) + begins * np.maximum(rest[0], 1.0)
    waiting = (1.0 - begins) * fresh[1] + begins * rest[1]
    departures = np.maximum(1.0 / periods, mean / capacity)
    return Dispatched(departures, waiting / periods, mean / departures)


def _cycle(start: Flow, loads: Flow, least: Array, longest: Number) -> tuple[Array, Array, Array]:
    """Sums over ages below the longest wait: P(X < least), E[X; X < least]; the probability of ending by load."""
    periods = waiting = np.asarray(0.0)
    last = np.asarray(1.0)
    for age in range(int(np.max(longest))):
        held = Gamma(start.mean + age * loads.mean, start.variance + age * loads.variance)
        counts = age < np.asarray(longest)
        last = np.where(counts, held.part_below(least), last)
        periods = periods + np.where(counts, held.part_below(least), 0.0)
        waiting = waiting + np.where(counts, held.part_below(least, 1), 0.0)
    return periods, waiting, 1.0 - last


def by_timetable(loads: Flow, capacity: Number, every: Number) -> Dispatched:
    """All that waits leaves every ``every`` = R periods, in as many trucks as it needs.

    1. The load X of R periods takes E[ceil(X / C)] = sum over k from 0 on of P(X > k C) trucks, none with nothing.
    2. From about 20 trucks on that is E[X] / C + 1/2.
    3. What waits is E[D] (R - 1) / 2.
    """
    cycle = loads.over(every)
    held, size = Gamma(cycle.mean, cycle.variance), np.asarray(capacity)
    terms = [1.0 - np.asarray(cycle.nothing) + np.zeros(held.shape.shape)]
    for k in range(1, MOST_TRUCKS):
        terms.append(np.minimum(held.part_above(k * size + 0.5 * np.asarray(loads.unit)), terms[0]))
    trucks = np.where(cycle.mean < (MOST_TRUCKS - 4) * size, add_all(terms), cycle.mean / size + 0.5)
    waiting = np.asarray(loads.mean * (np.asarray(every) - 1.0) / 2.0) + np.zeros(held.shape.shape)
    return Dispatched(trucks / every, waiting, cycle.mean / trucks)


def of_whole_units(probabilities: Array, least: int) -> Dispatched:
    """Everything leaves in one truck when ``least`` units are there; exact.

    ``probabilities`` ``[amounts, runs]`` or ``[amounts]`` are those of 0, 1, 2, ... units in a period.

    1. u(n), the mean number of periods of a cycle that end with n waiting, counting the start: u(n) (1 - p(0)) is 1
       for n = 0, and else the sum over j > 0 of p(j) u(n - j).
    2. periods = sum of u(n), what waits = sum of n u(n), over n below ``least``.

    Reference: Feller (1968), An Introduction to Probability Theory and Its Applications, vol. 1, chapter XIII.
    """
    p = np.asarray(probabilities, dtype=np.float64)
    some = 1.0 - p[0]
    visits = [1.0 / some]
    for n in range(1, least):
        reached = [p[j] * visits[n - j] for j in range(1, min(n, len(p) - 1) + 1)]
        visits.append(add_all(reached) / some)
    mean = add_all([j * p[j] for j in range(len(p))])
    periods = add_all(visits)
    waiting = add_all([n * visit for n, visit in enumerate(visits)])
    return Dispatched(1.0 / periods, waiting / periods, mean * periods)
