"""What waits for a limited capacity, quickly: doors, trucks, machines; in tables of the formulas for docks."""

from __future__ import annotations

from functools import cache

import numpy as np

from ...agents.numeric import add_all
from ...agents.objectives.docks import ZETA_HALF
from ...agents.objectives.special import ROOT_2_PI, below, loss
from ...agents.parameters import Number, plainly
from ...agents.quantity import Array

HORIZON = 240.0  # periods over which what is overloaded is looked at
LEAST = 1e-9
STEP = 0.02  # between the points of the tables
LOWEST, HIGHEST = -30.0, 60.0  # relative drifts in the first table
WIDEST = 6.0  # relative room in the second


def queue(load: Array, variance: Array, servers: Number, waiting: Number = 0.0, steps: float = HORIZON) -> Array:
    """Mean of what waits at the end of a step, over so many ``steps``, when ``load`` comes for ``servers`` in each.

    Q(t + 1) = (Q(t) + A(t) - c)+ from ``waiting`` on; with s the deviation of A, b = (c - E[A]) / s and n steps:

    1. s sqrt(n) G(b sqrt(n)), G(u) the mean over a time of 1 of a Brownian motion with drift -u, reflected at zero.
    2. That it goes in steps: s (f(b) - 1 / (2 b)), f the long run of `ripieno.agents.objectives.docks`; for b < 0 as
       for 0.
    3. Bunches: a sixth of the third moment over the variance, times exp(-b).
    4. What waits at the start, y on average over the time as it drains at the mean rate: y + N exp(-y / N), N being
       what waits without it because A varies. Rough, to about a fifth, while the load is near 1.

    Reference: Harrison (1985), Brownian Motion and Stochastic Flow Systems, Wiley, section 1.8; Janssen & van
    Leeuwaarden (2007), Annals of Applied Probability 17(2):421-439; 4 is exact for an exponential N.
    """
    spread = np.sqrt(np.maximum(variance, LEAST))
    room = servers - load
    b = room / spread
    on_the_way = spread * steps**0.5 * _drifting(b * steps**0.5)
    calm = np.maximum(b, 0.0)
    bunches = variance / np.maximum(load, LEAST)
    third = np.maximum(np.where(bunches >= 1.0, bunches, 2.0 * bunches - 1.0), 0.0) / 6.0
    found = np.maximum(on_the_way + spread * _in_steps(calm) + third * np.exp(-calm), 0.0)
    return found if plainly(waiting, 0.0) else _after(found, room * steps, waiting)


def _after(found: Array, room: Array, waiting: Number) -> Array:
    """What waits when some waited at the start, and there is so much room for it until the end."""
    drained = np.maximum(room, 0.0)
    y = np.where(drained > waiting, np.square(waiting) / (2.0 * np.maximum(drained, LEAST)), waiting - 0.5 * drained)
    fluid = np.maximum(-0.5 * room, 0.0)
    noise = np.maximum(found - fluid, LEAST)
    return np.asarray(found - noise + y + noise * np.exp(-y / noise))


def _drifting(u: Array) -> Array:
    """G, from its table; beyond it the long run, or the way of a drift alone."""
    inside = np.clip(u, LOWEST, HIGHEST)
    found = _read(_drift_table(), (inside - LOWEST) / STEP)
    found = np.where(u > HIGHEST, 0.5 / np.maximum(u, 1.0), found)
    return np.where(u < LOWEST, -0.5 * u, found)


def _in_steps(b: Array) -> Array:
    """f(b) - 1 / (2 b), from its table."""
    found = _read(_step_table(), np.minimum(b, WIDEST) / STEP)
    return np.where(b > WIDEST, -0.5 / np.maximum(b, 1.0), found)


def _read(table: Array, at: Array) -> Array:
    cell = np.minimum(np.floor(at), len(table) - 2.0)
    first = cell.astype(np.intp)
    part = at - cell
    low = table[first]
    return np.asarray(low + part * (table[first + 1] - low))


@cache
def _drift_table() -> Array:
    """The mean over 0 <= t <= 1 of E[Q(t)] = -u t + s L(-u s) + (F(u s) - F(-u s)) / (2 u), s = sqrt(t)."""
    u = np.arange(LOWEST, HIGHEST + 2.0 * STEP, STEP)
    u = np.where(np.abs(u) < 1e-6, 1e-6, u)
    nodes, weights = np.polynomial.legendre.leggauss(64)
    terms = []
    for node, weight in zip(nodes, weights, strict=True):
        s = 0.5 * (node + 1.0)
        here = -u * s * s + s * loss(-u * s) + (below(u * s) - below(-u * s)) / (2.0 * u)
        terms.append(weight * s * here)  # dt = 2 s ds, and the nodes lie on a length of 2
    return np.maximum(add_all(terms), 0.0)


@cache
def _step_table() -> Array:
    """f(b) - 1 / (2 b), as in `ripieno.agents.objectives.docks`."""
    from ...agents.objectives import docks

    b = np.arange(0.0, WIDEST + 2.0 * STEP, STEP)
    known = np.maximum(b, STEP)
    ones = np.ones_like(known)
    found = docks.long_run(known, ones, 0.0 * ones) - 0.5 / known
    return np.where(b > 0, found, ZETA_HALF / ROOT_2_PI)
