"""What agents see of each other: orders upstream, by mean and variance; lead times downstream, likewise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..numeric import add_all
from ..parameters import Number
from ..quantity import Array
from . import lots, review, smoothing
from .flow import Flow, LeadTime
from .special import LEAST


def smoothed(demand: Flow, rule: smoothing.Rule) -> Flow:
    """The orders of a proportional order-up-to rule; exact while none is negative."""
    found = smoothing.multipliers(rule, demand.correlation)
    return Flow(demand.mean + 0.0 * found.orders, found.orders * demand.variance, found.order_correlation)


def reviewed(demand: Flow, every: Number) -> Flow:
    """The orders of a site that orders what it has sold every ``every`` = R periods.

    Nothing comes in R - 1 of R periods. Orders of neighbouring periods correlate by -(m^2) / variance, 0 for R = 1.
    """
    variance = review.order_variance(demand, every)
    successive = np.where(np.asarray(every) > 1, -np.square(demand.mean) / np.maximum(variance, LEAST), 0.0)
    idle = (np.asarray(every) - 1.0) / every
    return Flow(demand.mean, variance, successive, idle + (1.0 - idle) * np.asarray(demand.nothing) ** every)


def in_lots(demand: Flow, size: Number) -> Flow:
    """The orders of a site that orders whole lots."""
    return Flow(demand.mean, lots.order_variance(size, demand), 0.0, 1.0 - lots.orders(size, demand), size)


def joined(flows: Sequence[Flow]) -> Flow:
    """Independent flows together: means and variances add up, correlations weigh by variance."""
    variance = add_all([np.asarray(flow.variance) for flow in flows])
    known = np.where(variance > 0, variance, 1.0)
    correlation = add_all([np.asarray(flow.correlation * flow.variance) for flow in flows]) / known
    nothing = np.asarray(1.0)
    for flow in flows:
        nothing = nothing * flow.nothing
    return Flow(add_all([np.asarray(flow.mean) for flow in flows]), variance, correlation, nothing)


def added(parts: Sequence[LeadTime]) -> LeadTime:
    """A time that has independent parts one after the other: means and variances add up."""
    return LeadTime(add_all([np.asarray(x.mean) for x in parts]), add_all([np.asarray(x.variance) for x in parts]))


def for_stock(backlog: Number, demand: Flow, fill: Number) -> LeadTime:
    """What waiting for a supplier's stock adds to the lead time.

    1. mean w = backlog / mean demand (Little).
    2. A share p = 1 - fill waits, and then for an exponential time: variance = 2 w^2 / p - w^2.
    """
    waits = backlog / np.asarray(demand.mean)
    late = np.maximum(1.0 - np.asarray(fill), LEAST)
    return LeadTime(waits, np.where(waits > LEAST, np.square(waits) * (2.0 / late - 1.0), 0.0))


def for_truck(waits: Array) -> LeadTime:
    """What waiting for a truck to leave adds: from nothing to twice the mean, all alike, so variance = w^2 / 3."""
    return LeadTime(waits, np.square(waits) / 3.0)


def for_door(waits: Array, load: Number) -> LeadTime:
    """What waiting at a dock adds: a share that equals the load waits, for an exponential time."""
    busy = np.clip(load, LEAST, 1.0)
    return LeadTime(waits, np.square(waits) * (2.0 / busy - 1.0))
