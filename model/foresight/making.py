"""How long production keeps its customers waiting: capacity, and lots that have to fill."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...agents.factory import Factory
from ...agents.numeric import total
from ...agents.order_rules import TINY
from ...agents.parameters import Number, plainly
from ...agents.quantity import Array, Units
from .points import Point
from .queues import queue
from .streams import Orders


def to_make(point: Point, wanted: Orders, moves: Any) -> Units:
    """Production ordered and not started that capacity and lots lead to, ``[products, runs]``.

    1. Capacity: `waiting_work`; of a factory for all products together, shared out by their means.
    2. Lots: an order waits until its lot is full, which keeps half a lot waiting.
    """
    site = point.site
    waits = np.zeros_like(wanted.mean)
    if site.capacity is not None and isinstance(site, Factory):
        work = waiting_work(wanted, site.usage, site.capacity)
        load = total(wanted.mean * site.usage)
        waits = waits + wanted.mean * (work / np.maximum(load, TINY))
    elif site.capacity is not None:
        waits = waits + waiting_each(wanted, site.capacity)
    lot = None if site.workshop is None else site.workshop.lot
    if lot is not None:
        waits = waits + 0.5 * moves.number(point.agent, "lot", lot)
    return waits


def waiting_work(wanted: Orders, usage: Number, capacity: Number) -> Array:
    """Work that waits for a capacity which all products share, ``[runs]``.

    1. Orders of R periods come together, w at a time: w (w - capacity) / (2 capacity) a cycle wait for others of them.
    2. What varies waits as in `queues.queue`, the capacity in the place of the doors.
    """
    mean = total(wanted.mean * usage)
    noise = total(wanted.noise * np.square(usage)) / wanted.every
    return _waiting(mean, noise, capacity, wanted.every)


def waiting_each(wanted: Orders, capacity: Number) -> Units:
    """The same for products with a capacity each, ``[products, runs]``."""
    limit = np.broadcast_to(capacity, wanted.mean.shape)
    finite = np.isfinite(limit)
    found = _waiting(wanted.mean, wanted.noise / wanted.every, np.where(finite, limit, 1e9), wanted.every)
    return np.where(finite, found, 0.0)


def _waiting(mean: Array, noise: Array, capacity: Number, every: Number) -> Array:
    left = queue(mean, noise, capacity)
    if plainly(every, 1):
        return left
    batch = mean * every
    return left + np.where(np.greater(every, 1), mean * np.maximum(batch - capacity, 0.0) / (2.0 * capacity), 0.0)
