"""Ordering by calendar: the review period's stock, its orders, and the batches that suppliers see."""

from __future__ import annotations

import numpy as np

from ..parameters import Number
from ..quantity import Array, Money
from .flow import Flow, Rates
from .newsvendor import cost, ready_rate

HALVINGS = 40  # of the interval that holds the best level


def stock_cost(level: Number, demand: Flow, cover: Number, every: Number, rates: Rates) -> Money:
    """Holding and backlog cost a period of an order-up-to level that is reached every ``every`` periods.

    ``cover`` is that of daily review: the periods of demand from an order until what follows it is on the shelf.

    1. In the j-th period of a cycle, j = 0, ..., R - 1, the net stock is the level less cover + j periods' demand.
    2. cost = mean over j of the cost of a normal net stock.

    Reference: Hadley & Whitin (1963), Analysis of Inventory Systems, Prentice-Hall, section 5-2.
    """
    total = np.asarray(0.0)
    for j in _cycle(every):
        mean, deviation = _net_stock(level, demand, cover + j)
        total = total + np.where(j < np.asarray(every), cost(mean, deviation, rates), 0.0)
    return total / every


def best_level(demand: Flow, cover: Number, every: Number, rates: Rates) -> Array:
    """The level with the least `stock_cost`.

    1. There the share of periods without backlog, the mean over the cycle, is backlog / (backlog + holding).
    2. The interval of 8 deviations below the cycle's first and above its last mean is halved 40 times.
    """
    wanted = rates.backlog / (np.asarray(rates.backlog) + rates.holding)
    longest = cover + np.asarray(every) - 1.0
    reach = 8.0 * np.sqrt(demand.variance * longest) + 1.0
    low, high = demand.mean * cover - reach, demand.mean * longest + reach
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        enough = _ready(middle, demand, cover, every) >= wanted
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return 0.5 * (low + high)


def ordering_cost(fixed: Number, demand: Flow, every: Number) -> Money:
    """Fixed cost of orders a period: one order a cycle, unless all its periods brought nothing."""
    return fixed * (1.0 - np.asarray(demand.nothing) ** every) / every


def order_variance(demand: Flow, every: Number) -> Array:
    """Variance of the orders of a period over time, most of which are zero: s^2 + m^2 (R - 1).

    Reference: Lee, Padmanabhan & Whang (1997), Information Distortion in a Supply Chain: The Bullwhip Effect,
    Management Science 43(4):546-558.
    """
    return np.asarray(demand.variance + np.square(demand.mean) * (np.asarray(every) - 1.0))


def together(demand: Flow, customers: Number, every: Number, calendar: str) -> Array:
    """Variance of the orders of alike customers together, a period, by how their calendars lie.

    1. "random", each on its own: N s^2 + m^2 N (R - 1).
    2. "same", all in one period: N s^2 + m^2 N^2 (R - 1).
    3. "balanced", N = M R + k: N s^2 + m^2 k (R - k).

    Raises `ValueError` for another calendar. Reference: as `order_variance`.
    """
    count, R = np.asarray(customers), np.asarray(every)
    over = count % R
    batches = {"random": count * (R - 1.0), "same": np.square(count) * (R - 1.0), "balanced": over * (R - over)}
    if calendar not in batches:
        raise ValueError(f"calendar = {calendar!r} is not known; use one of {', '.join(batches)}")
    return np.asarray(count * demand.variance + np.square(demand.mean) * batches[calendar], dtype=np.float64)


def _cycle(every: Number) -> range:
    """The periods of the longest cycle of all runs; the others add nothing in those that they do not have."""
    return range(int(np.max(every)))


def _net_stock(level: Number, demand: Flow, periods: Number) -> tuple[Array, Array]:
    return np.asarray(level - demand.mean * periods), np.sqrt(demand.variance * periods)


def _ready(level: Number, demand: Flow, cover: Number, every: Number) -> Array:
    total = np.asarray(0.0)
    for j in _cycle(every):
        rate = ready_rate(*_net_stock(level, demand, cover + j))
        total = total + np.where(j < np.asarray(every), rate, 0.0)
    return total / every
