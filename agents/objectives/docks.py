"""Trucks at docks: how many wait, and for how long; in the long run, and on the way there when a dock is overloaded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..numeric import add_all
from ..parameters import Number
from ..quantity import Array
from .flow import Flow, LeadTime
from .special import LEAST, ROOT_2_PI, below, density, log_below, loss

ZETA_HALF = -1.4603545088095868  # Riemann's zeta at 1/2
SERIES = (-0.2078862249773546 / 2, 0.0254852018898330 / 24, 0.0085169287778503 / 240)  # zeta(-1/2-r) / (...), see below
OVERLOAD = 0.95  # the load from which the long run is too far away to be of use
NODES = ((0.0694318442, 0.1739274226), (0.3300094782, 0.3260725774),
         (0.6699905218, 0.3260725774), (0.9305681558, 0.1739274226))  # fmt: skip


@dataclass(frozen=True)
class Dock:
    """Doors, the time of a truck at one in periods, and how long what is asked about lasts (``horizon`` periods).

    ``waiting`` trucks are there at the start of the horizon; it only matters where the dock is overloaded.
    """

    doors: Number
    time: LeadTime
    horizon: Number = 365.0
    waiting: Number = 0.0


def load(arrivals: Flow, dock: Dock) -> Array:
    """Share of the doors' time that the trucks take."""
    return np.asarray(arrivals.mean * dock.time.mean / dock.doors)


def queue(arrivals: Flow, dock: Dock) -> Array:
    """Mean number of trucks that wait at the end of a period.

    1. A load of up to 0.95: the long run, exact for one door (`_one_door`), else `long_run`.
    2. Above: `_on_the_way`, the mean over the horizon.

    Many doors of a fixed time u see the arrivals of u periods together, as slots do: what waits at the end of them is
    what waited before, and what came, less one truck a door (Crommelin 1932). Random times add to the variance what
    they would at one door.
    """
    a, S = np.asarray(arrivals.mean), dock.time
    together = a * S.mean
    variance = np.asarray(arrivals.variance * S.mean + a * S.variance / S.mean)
    calm = load(arrivals, dock) <= OVERLOAD
    spare = np.where(calm, dock.doors - together, 1.0)
    extra = _skewness(arrivals)
    many = long_run(spare, variance, extra)
    one = _one_door(arrivals, S, np.where(calm, together, 0.0))
    short = _on_the_way(together - np.asarray(dock.doors), variance, dock) + extra
    return np.maximum(np.where(calm, np.where(np.asarray(dock.doors) == 1, one, many), short), 0.0)


def wait(arrivals: Flow, dock: Dock) -> Array:
    """Mean periods that a truck waits for a door: the queue over the trucks that get one (Little)."""
    served = np.minimum(arrivals.mean, dock.doors / np.asarray(dock.time.mean))
    return queue(arrivals, dock) / np.maximum(served, LEAST)


def queueing_time(load: Number, arrivals: Number, times: Number, time: Number, doors: Number = 1) -> Array:
    """Mean wait in continuous time, from squared coefficients of variation between ``arrivals`` and of ``times``.

    1. wait = time (ca^2 + cs^2) / 2 load^(sqrt(2 (c + 1)) - 1) / (c (1 - load)).

    With one door it is Kingman's formula, and for random arrivals that of Pollaczek and Khinchine, which is exact;
    bunches of X have ca^2 = X. Many doors: Allen and Cunneen's, with Sakasegawa's power. Missing for load >= 1.

    Reference: Kingman (1961), Math. Proc. Cambridge 57:902-904; Sakasegawa (1977), Ann. Inst. Statist. Math. 29:67-75;
    Allen (1990), Probability, Statistics, and Queueing Theory, 2nd ed., Academic Press, section 5.3.
    """
    rho = np.where(np.asarray(load) < 1.0, load, np.nan)
    crowding = rho ** (np.sqrt(2.0 * (np.asarray(doors) + 1.0)) - 1.0) / (doors * (1.0 - rho))
    return np.asarray(time * 0.5 * (np.asarray(arrivals) + times) * crowding)


def _one_door(arrivals: Flow, time: LeadTime, load: Array) -> Array:
    """One door, whole trucks, independent periods, whole times; exact.

    1. Unfinished work V: E[V] = E[B (B - 1)] / (2 (1 - E[B])), B the work that comes in a period.
    2. wait = E[V] + E[A (A - 1)] E[S] / (2 E[A]), for those who came in the same period; queue = E[A] wait.

    Reference: Bruneel & Kim (1993), Discrete-Time Models for Communication Systems Including ATM, Kluwer.
    """
    a, S = np.asarray(arrivals.mean), time.mean
    work = arrivals.variance * np.square(S) + a * time.variance
    unfinished = (work + load * (load - 1.0)) / (2.0 * (1.0 - load))
    return a * unfinished + (arrivals.variance + a * (a - 1.0)) * S / 2.0


def long_run(spare: Array, variance: Array, extra: Array) -> Array:
    """Stationary mean of Q(t + 1) = (Q(t) + A(t) - c)+, by the maximum of a random walk.

    With beta = (c - E[A]) / deviation of A:

    1. Normal steps, beta <= 1: mean / deviation = 1 / (2 beta) + zeta(1/2) / sqrt(2 pi) + beta / 4 + a series.
    2. beta > 1: the sum over n <= 6 of E[(S(n))+] / n (Spitzer).
    3. What bunches add: ``extra`` exp(-beta), whose limit for heavy loads is that of the third moment.

    Reference: Janssen & van Leeuwaarden (2007), On Lerch's transcendent and the Gaussian random walk, Annals of
    Applied Probability 17(2):421-439; Spitzer (1956), Trans. Amer. Math. Soc. 82:323-339.
    """
    deviation = np.maximum(np.sqrt(variance), LEAST)
    beta = np.maximum(spare / deviation, LEAST)
    near = np.minimum(beta, 1.0)
    x = np.square(near)
    series = x * (SERIES[0] + x * (SERIES[1] + x * SERIES[2])) / ROOT_2_PI
    heavy = 0.5 / near + ZETA_HALF / ROOT_2_PI + 0.25 * near + series
    light = add_all([loss(beta * n**0.5) / n**0.5 for n in range(1, 7)])
    return deviation * np.where(beta <= 1.0, heavy, light) + extra * np.exp(-beta)


def _skewness(arrivals: Flow) -> Array:
    """A sixth of the third moment over the variance: arrivals as in bunches where they vary more than Poisson ones,
    as binomial where less.
    """
    spread = np.asarray(arrivals.variance) / np.maximum(arrivals.mean, LEAST)
    return np.maximum(np.where(spread >= 1.0, spread, 2.0 * spread - 1.0), 0.0) / 6.0


def _on_the_way(drift: Array, variance: Array, dock: Dock) -> Array:
    """Mean queue over the horizon, from the trucks that wait at its start: fluid and a reflected Brownian motion.

    Time is counted in unloading times. With s = deviation sqrt(t), v = -drift, y the trucks at the start:

    1. E[Q(t)] = y - v t + E[(M(t) - y)+], M the maximum of a Brownian motion with drift v;
       E[(M - y)+] = s L((y - v t) / s) + r (F((v t - y) / s) - exp(y / r) F(-(y + v t) / s)), r = deviation^2 / (2 v).
    2. In whole steps it is less by 0.5826 deviation, and more by v / 4, once the dock has run empty.
    3. The mean over the horizon is a Gauss-Legendre sum of four points.

    Reference: Harrison (1985), Brownian Motion and Stochastic Flow Systems, Wiley, sections 1.8 and 3.6; Siegmund
    (1985), Sequential Analysis, Springer, chapter X, for the steps.
    """
    spread = np.maximum(np.sqrt(variance), LEAST)
    v = np.where(np.abs(drift) < 1e-6 * spread, 1e-6 * spread, -drift)
    y, steps = np.asarray(dock.waiting), dock.horizon / np.asarray(dock.time.mean)
    terms = []
    for place, weight in NODES:
        t = place * steps
        s = spread * np.sqrt(t)
        mirrored = np.exp(np.minimum(2.0 * v * y / np.square(spread) + log_below(-(y + v * t) / s), 0.0))
        pushed = s * loss((y - v * t) / s) + np.square(spread) / (2.0 * v) * (below((v * t - y) / s) - mirrored)
        ran_empty = below((v * t - y) / s) + mirrored
        step = ZETA_HALF / ROOT_2_PI * spread + 0.25 * v + 0.5 * spread * density(v * np.sqrt(t) / spread) / np.sqrt(t)
        terms.append(weight * np.maximum(y - v * t + pushed + step * np.minimum(ran_empty, 1.0), 0.0))
    return add_all(terms)
