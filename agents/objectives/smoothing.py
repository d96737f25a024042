"""Proportional order-up-to: what a gain does to the variance of orders and of net stock, and to the agent's cost."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..parameters import Number
from ..quantity import Array, Money
from .flow import Flow, Rates
from .newsvendor import cost

LONGEST = 4096  # periods of a response; one that has not died away by then has no variance
DEAD = 1e-10  # of the largest deviation: what a response may be when it counts as over
KEPT = 4096  # tables of responses that are remembered


@dataclass(frozen=True)
class Rule:
    """A proportional order-up-to rule: the numbers of `agents.policies.proportional_order_up_to`, or ``[runs]``.

    ``lead_time`` is one less than the periods from an order to the end of the first period in which it can be sold:
    in the default sequence the travel time plus max(order delay, 1) - 1. A believed lead time need not be whole; the
    variances are then those of its neighbours, in proportion. The forecast is a constant; with ``alpha`` it is
    exponential smoothing, with ``window`` a moving average. No ``pipeline_gain``: the same as ``gain``.
    """

    gain: Number
    lead_time: Number
    alpha: Number = 0.0
    window: int = 0
    pipeline_gain: Number | None = None


@dataclass(frozen=True)
class Multipliers:
    """Variances of orders and of net stock over that of demand, and the correlation of successive orders."""

    orders: Array
    net_stock: Array
    order_correlation: Array


def multipliers(rule: Rule, correlation: Number = 0.0) -> Multipliers:
    """Variance multipliers of a rule for demand with correlation rho^k over k periods (0: independent).

    1. g(0), g(1), ... is the response of orders, or of net stock, to one unit of extra demand; see `_responses`.
    2. c(k) = sum over j of g(j) g(j + k).
    3. variance / variance of demand = c(0) + 2 sum over k > 0 of c(k) rho^k.
    4. Covariance of successive orders likewise, with c(k - 1) + c(k + 1) in the place of 2 c(k).

    Reference: Dejonckheere, Disney, Lambrecht & Towill (2003), European Journal of Operational Research
    147(3):567-590; Disney & Lambrecht (2008), Foundations and Trends in Technology, Information and Operations
    Management 2(1). The table is exact for orders that may be negative. A rule whose responses have not
    died away in 4096 periods (an unstable one, or a gain below 0.006) has infinite variances.
    """
    shorter = np.floor(rule.lead_time)
    part = np.asarray(rule.lead_time - shorter)
    low, high = _at(rule, shorter, correlation), _at(rule, shorter + np.where(part > 0, 1.0, 0.0), correlation)
    orders, net_stock, together = (_between(a, b, part) for a, b in zip(low, high, strict=True))
    stable = np.isfinite(orders)
    return Multipliers(orders, net_stock, np.where(stable, np.where(stable, together, 0.0) / orders, np.nan))


def own_cost(rule: Rule, demand: Flow, target: Number, rates: Rates, observed: Number = 1.0) -> Money:
    """Holding and backlog cost a period of a site that orders by the rule around a mean net stock of ``target``.

    What its orders do to those who supply it is no part of this. ``observed`` is the ratio of the observed deviation
    of net stock to the predicted one, see `calibration`.
    """
    deviation = np.sqrt(multipliers(rule, demand.correlation).net_stock * demand.variance) * observed
    return cost(target, deviation, rates)


def _at(rule: Rule, lead_time: Array, correlation: Number) -> tuple[Array, Array, Array]:
    """Orders, net stock and covariance of successive orders over the variance of demand, at whole lead times."""
    pipeline = rule.gain if rule.pipeline_gain is None else rule.pipeline_gain
    columns = np.broadcast_arrays(*(np.atleast_1d(x) for x in (rule.gain, pipeline, lead_time, rule.alpha)))
    rows, place = np.unique(np.stack(columns), axis=1, return_inverse=True)
    tables = [_table(float(b), float(w), int(t), float(a), rule.window) for b, w, t, a in rows.T]
    found = []
    for number in range(3):
        length = max(len(table[number]) for table in tables)
        padded = np.stack([np.pad(table[number], (0, length - len(table[number]))) for table in tables], axis=1)
        found.append(_series(padded[:, place.reshape(-1)], correlation))
    shape = np.broadcast_shapes(*(np.shape(x) for x in (rule.gain, pipeline, lead_time, rule.alpha, correlation)))
    return found[0].reshape(shape), found[1].reshape(shape), found[2].reshape(shape)


def _between(low: Array, high: Array, part: Array) -> Array:
    """From ``low`` the ``part`` of the way to ``high``; infinite where one of them is."""
    finite = np.isfinite(low) & np.isfinite(high)
    start = np.where(finite, low, 0.0)
    return np.where(finite, start + part * (np.where(finite, high, 0.0) - start), np.inf)


def _series(coefficients: Array, x: Number) -> Array:
    """The sum of coefficients[k] x^k, from the last to the first (Horner)."""
    value = coefficients[-1]
    for coefficient in coefficients[-2::-1]:
        value = coefficient + value * x
    return np.asarray(value, dtype=np.float64)


@lru_cache(maxsize=KEPT)
def _table(gain: float, pipeline: float, lead_time: int, alpha: float, window: int) -> tuple[Array, Array, Array]:
    """Coefficients of rho^k for orders, net stock and the covariance of successive orders; infinite if unstable."""
    orders, net_stock = _responses(gain, pipeline, lead_time, alpha, window)
    if len(orders) == LONGEST:
        never = np.full(1, np.inf)
        return never, never, never
    own, stock = _products(orders), _products(net_stock)
    ahead = np.append(own[1:], 0.0)
    successive = np.concatenate([own[1:2], own[:-1] + ahead[1:], own[-1:]])
    return _doubled(own), _doubled(stock), successive


def _products(response: Array) -> Array:
    """c(k) = sum over j of g(j) g(j + k), for k = 0, 1, ..."""
    return np.correlate(response, response, "full")[len(response) - 1 :]


def _doubled(products: Array) -> Array:
    return np.concatenate([products[:1], 2.0 * products[1:]])


def _responses(gain: float, pipeline: float, lead_time: int, alpha: float, window: int) -> tuple[Array, Array]:
    """What one unit of extra demand in period 0 does to orders and net stock in periods 0, 1, ... until it dies away.

    1. net stock(t) = net stock(t - 1) + order(t - lead time - 1) - demand(t).
    2. forecast(t): a weight alpha of the demand, or the mean of a window, or nothing.
    3. order(t) = forecast(t) - gain net stock(t) + pipeline gain (lead time forecast(t) - on order(t)).
    """
    orders: list[float] = []
    stocks: list[float] = []
    stock = on_order = forecast = largest = 0.0
    quiet = 0
    while len(orders) < LONGEST and quiet <= lead_time + window + 1:
        t = len(orders)
        received = orders[t - lead_time - 1] if t > lead_time else 0.0
        stock = stock + received - (1.0 if t == 0 else 0.0)
        on_order = on_order - received
        forecast = _forecast(forecast, t, alpha, window)
        order = forecast - gain * stock + pipeline * (lead_time * forecast - on_order)
        on_order = on_order + order
        orders.append(order)
        stocks.append(stock)
        largest = max(largest, abs(stock), abs(order))
        quiet = quiet + 1 if max(abs(stock), abs(order), abs(forecast)) < DEAD * largest else 0
        if largest > 1.0 / DEAD:  # it grows for ever
            return np.zeros(LONGEST), np.zeros(LONGEST)
    return np.array(orders), np.array(stocks)


def _forecast(before: float, t: int, alpha: float, window: int) -> float:
    if window:
        return 1.0 / window if t < window else 0.0
    return before + alpha * ((1.0 if t == 0 else 0.0) - before)
