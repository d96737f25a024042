"""Consolidation rules on a grid of periods, exactly: what a rule of continuous time costs when it acts once a period.

Orders of one unit arrive as a Poisson process at ``rate``, ``steps`` periods make a unit of time, and a truck leaves
at the end of a period, after the orders of the period. The load is counted after that, so an order costs nothing for
the period in which it arrives. Each function gives the cost of a unit of time, of departures at ``fixed`` each and of
``holding`` for every unit and unit of time, and the number of departures.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, exp

import numpy as np

from .estimates import Array

MOST = 1e-13  # probability of more orders than are looked at


@dataclass(frozen=True)
class Orders:
    """Poisson orders on the grid, and their costs."""

    rate: float
    fixed: float
    holding: float
    steps: int

    def cost(self, departures: float, waiting: float, periods: float) -> Rule:
        """The rule whose cycle of so many ``periods`` has these departures and this sum of loads waiting."""
        rate = departures / periods * self.steps
        return Rule(self.fixed * rate + self.holding * waiting / periods, waiting / periods / self.rate, rate)


@dataclass(frozen=True)
class Rule:
    """What a rule leads to: cost of a unit of time, mean delay of an order, departures in a unit of time."""

    cost: float
    delay: float
    departures: float


def poisson_pmf(mean: float, least: int = 0) -> Array:
    """Probabilities of 0, 1, 2, ... up to where they no longer count, ``least`` of them at least."""
    terms = [exp(-mean)]
    while len(terms) < least or len(terms) < mean or terms[-1] > MOST:
        terms.append(terms[-1] * mean / len(terms))
    return np.array(terms)


def by_calendar(orders: Orders, periods: int, capacity: float) -> Rule:
    """Everything leaves every so many periods, in as many trucks as it needs."""
    loads = poisson_pmf(orders.rate * periods / orders.steps)
    trucks = float((loads * np.ceil(np.arange(len(loads)) / capacity)).sum())
    waiting = orders.rate / orders.steps * periods * (periods - 1) / 2
    return orders.cost(trucks, waiting, periods)


def by_full_trucks(orders: Orders, capacity: int) -> Rule:
    """Full trucks leave and nothing else.

    What is left behind is equally likely to be 0, 1, ... up to one order short of a truck, after every period and
    whatever it brings, so there is no error of the grid.
    """
    periods = capacity / orders.rate * orders.steps
    return orders.cost(1.0, periods * (capacity - 1) / 2, periods)


def by_age(orders: Orders, periods: int) -> Rule:
    """Everything leaves when the oldest order has waited for so many periods.

    A cycle is the wait for a period with an order, geometric, and these periods.
    """
    mean = orders.rate / orders.steps
    some = 1.0 - exp(-mean)
    waiting = periods * mean / some + mean * periods * (periods - 1) / 2
    return orders.cost(1.0, waiting, periods + 1.0 / some)


def by_load(orders: Orders, least: int) -> Rule:
    """Everything leaves in one truck when ``least`` orders are there; the last period may bring more than that.

    After t periods the load is Poisson as long as it is too small; the cycle ends in the first period in which it is
    not.
    """
    mean = orders.rate / orders.steps
    periods = waiting = 0.0
    for t in range(ceil(30 * least / mean)):
        small = poisson_pmf(mean * t, least)[:least]
        periods += float(small.sum())
        waiting += float((small * np.arange(least)).sum())
        if small.sum() < MOST and t * mean > least:
            break
    return orders.cost(1.0, waiting, periods)


def by_load_or_age(orders: Orders, full: int, oldest: int) -> Rule:
    """Full trucks leave at once, and everything when the oldest order has waited for ``oldest`` periods.

    1. A cycle begins at a departure with what it left behind: k orders of age 0, or none.
    2. From every k > 0 together the load is followed period by period until a truck is full or the time is over.
    3. With k = 0 that begins in the first period that has an order.
    4. The shares of the k are the stationary ones of the chain from cycle to cycle.
    """
    pmf = poisson_pmf(orders.rate / orders.steps, full)[:full]
    arrive = np.array([np.concatenate((np.zeros(k), pmf, np.zeros(full - k))) for k in range(full)])
    loads, load, behind = np.arange(full), np.eye(full), np.zeros((full, full))
    periods, waiting = np.zeros(full), np.zeros(full)
    for _age in range(oldest):
        periods, waiting = periods + load.sum(axis=1), waiting + load @ loads
        moved = load @ arrive
        behind, load = behind + moved[:, full:], moved[:, :full]
    behind[:, 0] = behind[:, 0] + load.sum(axis=1)
    first = np.where(loads > 0, pmf, 0.0) / (1.0 - pmf[0])
    behind[0], waiting[0] = first @ behind, first @ waiting
    periods[0] = 1.0 / (1.0 - pmf[0]) + first[1:] @ periods[1:]
    shares = np.linalg.matrix_power(behind / behind.sum(axis=1)[:, None], 1 << 12)[0]
    return orders.cost(1.0, float(shares @ waiting), float(shares @ periods))
