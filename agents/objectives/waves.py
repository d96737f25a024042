"""Picking in waves: setups against goods that wait for the next wave."""

from __future__ import annotations

import numpy as np

from ..parameters import Number
from ..quantity import Money
from .dispatch import by_load
from .docks import Dock, queue
from .flow import Flow, LeadTime, Rates

ENDLESS = 1e12  # of a truck: a wave takes everything


def cost_by_calendar(
    demand: Flow, every: Number, setup: Number, rates: Rates, capacity: Number = np.inf, horizon: Number = 365.0
) -> Money:
    """Cost a period of a wave every ``every`` = E periods: its setup, and what waits, on hand and owed at once.

    1. setup cost = setup / E (1 - probability that the periods brought nothing).
    2. What waits for the next wave is E[D] (E - 1) / 2.
    3. A wave picks up to ``capacity``; what is left over is a queue before that many doors, once a wave.
    4. cost = setup cost + (holding + backlog) what waits.

    Reference: as shipment consolidation by timetable, Higginson & Bookbinder (1994); the queue as in `docks`.
    """
    cycle = demand.over(every)
    waits = demand.mean * (np.asarray(every) - 1.0) / 2.0
    if not np.all(np.isinf(capacity)):
        waits = waits + queue(cycle, Dock(capacity, LeadTime(1.0), horizon / np.asarray(every)))
    setups = setup * (1.0 - np.asarray(cycle.nothing)) / every
    return setups + (rates.holding + np.asarray(rates.backlog)) * waits


def cost_by_size(demand: Flow, smallest: Number, setup: Number, rates: Rates) -> Money:
    """Cost a period of waves that wait until ``smallest`` units are owed; see `dispatch.by_load`."""
    waves = by_load(demand, ENDLESS, np.asarray(smallest) / ENDLESS)
    return waves.cost(setup, rates.holding + np.asarray(rates.backlog))
