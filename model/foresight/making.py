"""How long production keeps its customers waiting: capacity, and lots that have to fill."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...agents.factory import Factory
from ...agents.numeric import total
from ...agents.order_rules import TINY
from ...agents.parameters import Number
from ...agents.quantity import Array, Units
from .points import Point
from .queues import queue
from .streams import Orders


def to_make(point: Point, wanted: Orders, moves: Any) -> tuple[Units, Units]:
    """Production ordered and not started that capacity and lots lead to, mean and variance, ``[products, runs]``.

    1. Capacity: `waiting_work`; of a factory for all products together, shared out by their means. What waits because
       demand varies is as if exponential; what waits for others of its own batch waits in every cycle alike.
    2. Lots: an order waits until its lot is full, which keeps half a lot waiting, anything up to a lot alike.
    """
    site = point.site
    waits = variance = np.zeros_like(wanted.mean)
    if site.capacity is not None and isinstance(site, Factory):
        varying, batch = waiting_work(wanted, site.usage, site.capacity)
        mix = wanted.mean / np.maximum(total(wanted.mean * site.usage), TINY)
        waits, variance = mix * (varying + batch), np.square(mix * varying)
    elif site.capacity is not None:
        varying, batch = waiting_each(wanted, site.capacity)
        waits, variance = varying + batch, np.square(varying)
    lot = None if site.workshop is None else site.workshop.lot
    if lot is not None:
        size = moves.number(point.agent, "lot", lot)
        waits, variance = waits + 0.5 * size, variance + np.square(size) / 12.0
    return waits, variance


def course(point: Point, mean: Units) -> Number:
    """How much of a batch is ever on the shelf when it is made at the capacity c while the demand m goes on: 1 - m / c.

    Reference: Taft (1918), see `ripieno.agents.objectives.production`.
    """
    site = point.site
    if not point.makes or site.capacity is None:
        return 1.0
    if isinstance(site, Factory):
        return np.asarray(np.maximum(1.0 - total(mean * site.usage) / site.capacity, 0.0))
    return np.asarray(np.maximum(1.0 - mean / np.maximum(site.capacity, TINY), 0.0))


def waiting_work(wanted: Orders, usage: Number, capacity: Number) -> tuple[Array, Number]:
    """Work that waits for a capacity which all products share, ``[runs]``: because it varies, and in its batch.

    1. What varies, batches aside, waits as in `queues.queue`, the capacity in the place of the doors.
    2. Orders of a calendar come together, w at a time: w (w - capacity) / (2 capacity) a cycle wait for others of them.
       Batches of those further downstream with a variance v are as large as v / mean.
    """
    mean = total(wanted.mean * usage)
    square = np.square(usage)
    lumps = total(wanted.lumps * square)
    noise = total((wanted.noise - wanted.lumps) * square) / wanted.every
    return _waiting(mean, noise, capacity, mean * wanted.every + lumps / np.maximum(mean, TINY))


def waiting_each(wanted: Orders, capacity: Number) -> tuple[Units, Number]:
    """The same for products with a capacity each, ``[products, runs]``."""
    limit = np.broadcast_to(capacity, wanted.mean.shape)
    finite = np.isfinite(limit)
    noise = (wanted.noise - wanted.lumps) / wanted.every
    batch = wanted.mean * wanted.every + wanted.lumps / np.maximum(wanted.mean, TINY)
    found = _waiting(wanted.mean, noise, np.where(finite, limit, 1e9), batch)
    return np.where(finite, found[0], 0.0), np.where(finite, found[1], 0.0)


def _waiting(mean: Array, noise: Array, capacity: Number, batch: Array) -> tuple[Array, Number]:
    at_once = mean * np.maximum(batch - capacity, 0.0) / (2.0 * np.asarray(capacity))
    return queue(mean, noise, capacity), at_once
