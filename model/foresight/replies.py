"""What a rule makes of the orders that come in: the orders that go out, and how far net stock strays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ...agents.objectives import smoothing
from ...agents.parameters import Number, plainly
from ...agents.quantity import Array, Units
from .moves import as_number
from .rules import Rule
from .streams import LEAST, Joined, Orders, batches


@dataclass(frozen=True)
class Seen:
    """What a stock sees of its customers: variance of a period, in the long run a period, and of the forecast.

    ``swing`` is what a level that follows the forecast adds to the variance of an order, ``left`` the part of it that
    is left by orders that are not negative.
    """

    mean: Units
    once: Units
    lasting: Units
    forecast: Number
    lumps: Units
    swing: Number = 0.0
    left: Number = 1.0


def seen(rule: Rule, incoming: Joined) -> Seen:
    """Look at the orders that come in with the eyes of the rule.

    1. A forecast is about the mean of the last 1 / memory periods.
    2. A level of cover c times the forecast F, which follows by the part a, adds 2 c a (V + c Var F).
    3. x = what is added over the squared mean order; 1 / (1 + x^2) of it is left.
    """
    mean, once, lumps = incoming.mean, incoming.once, incoming.lumps
    if plainly(rule.follows, 0.0):
        return Seen(mean, once, incoming.lasting, 0.0, lumps)
    forecast = incoming.over(1.0 / np.asarray(rule.memory)) * np.square(rule.memory)
    swing = (once + forecast * rule.cover) * (2.0 * rule.cover * rule.follows)
    left = 1.0 / (1.0 + np.square(swing / np.maximum(np.square(mean * rule.every), LEAST)))
    return Seen(mean, once, incoming.lasting, forecast, lumps, swing, left)


def orders(rule: Rule, view: Seen, window: float) -> Orders:
    """The orders that go out.

    1. What came in, and the change of the level: cover c times that of the forecast F, which follows by the part a.
       variance of a period = V + 2 c a (V + c Var F).
    2. Orders are not negative, which leaves a part of that: see `seen`.
    3. A gain below 1 scales that by the multiplier of the smoothing table over the one for gain 1.
    4. Lots Q add about min(m Q, Q^2 / 6) to any number of periods.
    5. In the long run what goes out is what came in.

    Reference: Chen, Ryan & Simchi-Levi (2000), Naval Research Logistics 47:269-286; Veinott (1965) for lots.
    """
    once = view.once - view.lumps
    if not plainly(rule.follows, 0.0):
        once = once + view.swing * view.left
    if not plainly(rule.gain, 1.0):
        once = once * smoothed(rule.gain, window, rule.follows)[0]
    lumps = view.lumps
    if not plainly(rule.lot, 0.0):
        lumps = lumps + np.minimum(view.mean * rule.lot, np.square(rule.lot) / 6.0)
    return Orders(view.mean, view.lasting, once - view.lasting, _decay(rule), rule.every, rule.phase, lumps)


def net_stock_variance(rule: Rule, view: Seen, incoming: Joined, window: float) -> Units:
    """The variance of net stock around its course over the calendar, for suppliers that are never late.

    1. What comes in during the window, from an order until what follows it is on the shelf, and half a calendar.
    2. c^2 Var F: the level follows the forecast, as far as orders that are not negative let it.
    3. Batches of those who are served; of what they take at the pace c for a part m / c of the time, at most
       W^2 m (c - m) in W periods.
    4. With a gain below 1, times the multiplier of the smoothing table over the one for gain 1.
    """
    calendar = not plainly(rule.every, 1) and rule.course != 0.0
    longer = window + 0.5 * (np.asarray(rule.every) - 1.0) if calendar else window
    variance = incoming.over(longer)
    if not plainly(rule.every, 1) and rule.course == 0.0:
        paced = window * window * np.maximum(np.asarray(rule.most) - 1.0, 0.0)
        variance = variance + np.square(view.mean) * np.minimum(batches(rule.every, window), paced)
    if not plainly(rule.follows, 0.0):
        variance = variance + view.forecast * view.left * np.square(rule.cover)
    if plainly(rule.gain, 1.0):
        return variance
    return variance * smoothed(rule.gain, window, rule.follows)[1]


def position(rule: Rule, view: Seen, scale: Number) -> Units:
    """The part of mean net stock that levers move.

    1. level + factor times the error of a forecast, sqrt(V + Var F) times ``scale``, over the cover.
    2. Half the demand between two orders: the level covers all of it, and on average half of it is gone.
    3. A level that sinks faster than stock is sold leaves that stock there: a deviation of c F, as far as it does.
    """
    place = np.asarray(rule.level)
    if not plainly(rule.follows, 0.0):
        place = place + np.sqrt(view.forecast) * ((1.0 - view.left) * rule.cover)
    if rule.factor is not None:
        place = place + rule.factor * np.sqrt((view.once + view.forecast) * rule.cover) * scale
    if not plainly(rule.every, 1):
        place = place + view.mean * (0.5 * rule.course * (np.asarray(rule.every) - 1.0))
    return place


def reach(rule: Rule, mean: Units) -> Units:
    """Half of what net stock moves through between two orders of a calendar and within a lot, together."""
    square = np.zeros_like(mean)
    if not plainly(rule.every, 1) and rule.course != 0.0:
        square = square + np.square(mean) * (0.25 * (np.square(rule.every) - 1.0))
    if not plainly(rule.lot, 0.0):
        square = square + 0.25 * np.square(rule.lot)
    return np.sqrt(square)


def smoothed(gain: Number, window: float, follows: Number) -> tuple[Number, Number]:
    """Variances of orders and of net stock with a gain over those with gain 1."""
    gain, follows = as_number(gain), as_number(follows)
    if np.ndim(gain) == 0 and np.ndim(follows) == 0:
        return _smoothed(float(gain), window, float(follows))
    gains, alphas = np.broadcast_arrays(gain, follows)
    orders, stock = np.ones(gains.shape), np.ones(gains.shape)
    for value in np.unique(gains):
        for alpha in np.unique(alphas):
            found, where = _smoothed(float(value), window, float(alpha)), (gains == value) & (alphas == alpha)
            orders, stock = np.where(where, found[0], orders), np.where(where, found[1], stock)
    return orders, stock


@lru_cache(maxsize=4096)
def _smoothed(gain: float, window: float, alpha: float) -> tuple[float, float]:
    lead_time = max(window - 1.0, 0.0)
    at, plain = (smoothing.multipliers(smoothing.Rule(value, lead_time, alpha)) for value in (gain, 1.0))
    return float(at.orders / plain.orders), float(at.net_stock / plain.net_stock)


def _decay(rule: Rule) -> float | Array:
    """By which part a period orders take back what they were above or below the demand."""
    plain: float | Array
    if np.ndim(rule.follows) == 0:
        plain = float(rule.follows) if rule.follows > 0 else 1.0
    else:
        plain = np.where(np.greater(rule.follows, 0.0), rule.follows, 1.0)
    if plainly(rule.gain, 1.0):
        return plain
    return np.where(np.equal(rule.gain, 1.0), plain, np.minimum(rule.gain, 1.0))
