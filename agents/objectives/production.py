"""Production in lots and campaigns: setups and stock, utilisation and lead time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..numeric import add_all
from ..parameters import Number
from ..quantity import Array, Money
from .docks import queueing_time
from .flow import Flow, LeadTime, Rates
from .newsvendor import cost


@dataclass(frozen=True)
class Product:
    """A product of a factory: its demand, its base-stock level, what its stock and a setup of it cost."""

    demand: Flow
    level: Number
    rates: Rates
    setup: Number = 0.0


def best_batch(fixed: Number, demand: Number, rate: Number, holding: Number) -> Array:
    """The lot with the least `batch_cost`: sqrt(2 K d / (h (1 - d / P))). Reference: as there."""
    return np.sqrt(2.0 * fixed * demand / (holding * (1.0 - demand / np.asarray(rate))))


def batch_cost(lot: Number, fixed: Number, demand: Number, rate: Number, holding: Number) -> Money:
    """Cost a period of a lot that is made at ``rate`` P while ``demand`` d goes on: K d / Q + h Q / 2 (1 - d / P).

    Reference: Taft (1918), The Most Economical Production Lot, The Iron Age 101:1410-1412.
    """
    return fixed * demand / np.asarray(lot) + 0.5 * holding * np.asarray(lot) * (1.0 - demand / np.asarray(rate))


def vendor_stock(lot: Number, demand: Number, rate: Number, shipments: Number) -> Array:
    """Mean stock of a vendor that makes ``shipments`` = n lots of a buyer at a time and ships each when it is made.

    1. Q / 2 (n (1 - d / P) - 1 + 2 d / P); with n = 1 lot for lot, Q / 2 d / P.

    Reference: Joglekar (1988), Management Science 34(11):1391-1398; Banerjee (1986), Decision Sciences 17:292-311;
    Goyal (1988), Decision Sciences 19:236-241, whose vendor finishes all n lots first.
    """
    share = demand / np.asarray(rate)
    return 0.5 * np.asarray(lot) * (shipments * (1.0 - share) - 1.0 + 2.0 * share)


def campaign_cost(products: Sequence[Product], cycle: Number, lead_time: Number) -> Money:
    """Cost a period of campaigns with equal turns, each product kept by a base stock, without a limit of capacity.

    1. A turn is T / n periods. In it a product's orders are made at once, so its net stock is its level less the
       demand of ``lead_time`` + 1 periods; in the j-th period after its turn, of j periods more.
    2. cost = setups / T + the mean over the cycle of the cost of a normal net stock.

    Reference: periodic review, Hadley & Whitin (1963), Analysis of Inventory Systems, Prentice-Hall, section 5-2;
    campaigns as in Hanssmann (1962), Operations Research in Production and Inventory Control, Wiley.
    """
    turn = np.asarray(cycle) / len(products)
    terms = []
    for product in products:
        stock = turn * _stock_cost(product, np.asarray(lead_time + 1.0))
        for j in range(1, int(np.max(cycle - turn)) + 1):
            late = _stock_cost(product, np.asarray(lead_time + 1.0 + j))
            stock = stock + np.where(j <= cycle - turn, late, 0.0)
        terms.append((product.setup + stock) / cycle)
    return add_all(terms)


def _stock_cost(product: Product, periods: Array) -> Money:
    mean = product.level - product.demand.mean * periods
    return cost(mean, np.sqrt(product.demand.variance * periods), product.rates)


def utilisation(demand: Number, lot: Number, capacity: Number, setup_time: Number) -> Array:
    """Share of the capacity that lots take, their setups (in periods) included: d / P + d / Q times the setup."""
    return np.asarray(demand / np.asarray(capacity) + demand / np.asarray(lot) * setup_time)


def lot_lead_time(demand: Flow, lot: Number, capacity: Number, setup_time: Number) -> LeadTime:
    """Time of a lot from its release to its end, at a factory that takes lots in turn.

    1. A lot takes x = setup + Q / P; lots come at rate d / Q, as renewals whose times vary by s^2 / (d Q), squared and
       relative to their mean.
    2. mean = x + the wait of Kingman's formula for a fixed time; variance about the square of the wait.

    Reference: Karmarkar (1987), Lot Sizes, Lead Times and In-Process Inventories, Management Science 33(3):409-418.
    """
    work = setup_time + np.asarray(lot) / capacity
    load = utilisation(demand.mean, lot, capacity, setup_time)
    between = demand.variance / (demand.mean * np.asarray(lot))
    waits = queueing_time(load, between, 0.0, work)
    return LeadTime(work + waits, np.square(waits))
