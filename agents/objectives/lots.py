"""Orders in lots: setup against stock, the (r,nQ) policy, order multiples and price breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..parameters import Number
from ..quantity import Array, Money
from .flow import Flow, Rates
from .special import LEAST, loss, second_loss

TERMS = 64  # of a Fourier series; more only matter when demand varies by less than 1/80 of a lot


@dataclass(frozen=True)
class Lot:
    """Orders of whole lots of ``size`` as soon as the inventory position is at or below ``reorder_point``.

    Order-up-to with an order multiple is the same with the level in the place of the reorder point.
    """

    reorder_point: Number
    size: Number


def economic_lot(fixed: Number, rate: Number, holding: Number, backlog: Number = np.inf) -> Array:
    """The lot with the least cost for a steady demand: sqrt(2 K d / h), times sqrt((h + b) / b) with backorders.

    Reference: Harris (1913), How Many Parts to Make at Once, Factory 10(2):135-136, 152.
    """
    return np.sqrt(2.0 * fixed * rate / holding * (1.0 + holding / np.asarray(backlog)))


def economic_cost(lot: Number, fixed: Number, rate: Number, holding: Number, backlog: Number = np.inf) -> Money:
    """Cost a period of a lot for a steady demand, at the best share backordered: K d / Q + h Q / 2 / (1 + h / b)."""
    return fixed * rate / lot + 0.5 * holding * lot / (1.0 + holding / np.asarray(backlog))


def stock_cost(lot: Lot, demand: Flow, cover: Number, rates: Rates) -> Money:
    """Holding and backlog cost a period of orders in lots.

    1. The position after ordering is uniform above the reorder point r, up to r + Q.
    2. The net stock is that less the demand of ``cover`` periods, normal with mean m and deviation s.
    3. B = s^2 / Q (L2((r - m) / s) - L2((r + Q - m) / s)), L2 the second-order loss.
    4. cost = holding (r + Q / 2 - m + B) + backlog B; for whole units r is half a unit more.

    Reference: Hadley & Whitin (1963), Analysis of Inventory Systems, Prentice-Hall, section 4-7; Zheng (1992), On
    Properties of Stochastic Inventory Systems, Management Science 38(1):87-103.
    """
    mean = demand.mean * cover
    deviation = np.maximum(np.sqrt(demand.variance * cover), LEAST * (1.0 + np.asarray(lot.size)))
    least = lot.reorder_point + 0.5 * np.asarray(demand.unit) - mean
    between = second_loss(least / deviation) - second_loss((least + lot.size) / deviation)
    short = np.square(deviation) / lot.size * between
    return rates.holding * (least + 0.5 * np.asarray(lot.size) + short) + rates.backlog * short


def orders(size: Number, demand: Flow) -> Array:
    """Orders a period, each of one lot or more: E[min(demand, Q)] / Q, for a position uniform over a lot."""
    deviation = np.maximum(np.sqrt(demand.variance), LEAST)
    beyond = deviation * loss((np.asarray(size) - demand.mean) / deviation)
    return np.clip((demand.mean - beyond) / size, 0.0, 1.0 - np.asarray(demand.nothing))


def order_variance(size: Number, demand: Flow) -> Array:
    """Variance of the orders of a period: s^2 + E[x (Q - x)], where x is the demand modulo the lot Q.

    1. x (Q - x) = Q^2 / 6 - Q^2 / pi^2 sum over k of cos(2 pi k x / Q) / k^2.
    2. The mean of cos(2 pi k D / Q) is cos(2 pi k m / Q) exp(-2 (pi k s / Q)^2) for normal demand D.

    Reference: the uniform position, Veinott (1965), Operations Research 13(3):424-432; the series is Fourier's.
    """
    total = np.asarray(0.0)
    for k in range(1, TERMS + 1):
        turn = 2.0 * np.pi * k / np.asarray(size)
        total = total + np.cos(turn * demand.mean) * np.exp(-0.5 * np.square(turn) * demand.variance) / (k * k)
    return demand.variance + np.square(size) * (1.0 / 6.0 - total / np.pi**2)


def price(quantity: Number, base: Number, breaks: Sequence[tuple[Number, Number]]) -> Money:
    """The price of a unit in an order of this quantity: that of the last break (from, price) that it reaches."""
    found = np.asarray(base)
    for start, lower in breaks:
        found = np.where(np.asarray(quantity) >= start, lower, found)
    return found


def best_lot_with_breaks(
    fixed: Number, rate: Number, holding: Number, base: Number, breaks: Sequence[tuple[Number, Number]]
) -> Array:
    """The lot with the least cost of goods, orders and stock under all-units price breaks.

    1. Candidates are the economic lot and every quantity at which a price begins.
    2. cost(Q) = price(Q) d + K d / Q + h Q / 2; the stock's cost does not depend on the price here.

    Reference: Hadley & Whitin (1963), Analysis of Inventory Systems, Prentice-Hall, section 2-8.
    """
    best = economic_lot(fixed, rate, holding)
    least = price(best, base, breaks) * rate + economic_cost(best, fixed, rate, holding)
    for start, _ in breaks:
        money = price(start, base, breaks) * rate + economic_cost(start, fixed, rate, holding)
        best, least = np.where(money < least, start, best), np.minimum(money, least)
    return best
