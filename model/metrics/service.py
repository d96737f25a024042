"""How customers are served."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ...agents.numeric import add_all
from ...agents.quantity import Array
from .base import metric, over_products, ratio


@metric("network", "share")
def fill_rate(world: Any) -> Array:
    """Share of outside demand served from stock in the period in which it arises."""
    asked = _sum((over_products(market.total("demanded"), world.runs) for market in world.markets.values()), world.runs)
    return _fill_rate(asked, [lane for market in world.markets.values() for lane in market.suppliers], world.runs)


@metric("site", "share", name="fill_rate")
def site_fill_rate(site: Any, world: Any) -> Array:
    """Share of the orders of all customers served from stock when they are first due."""
    return _fill_rate(over_products(site.total("incoming"), world.runs), site.customers, world.runs)


@metric("market", "share", name="fill_rate")
def market_fill_rate(market: Any, world: Any) -> Array:
    """Share of the market's demand served from stock in the period in which it arises."""
    return _fill_rate(over_products(market.total("demanded"), world.runs), market.suppliers, world.runs)


@metric("site", "share")
def cycle_service(site: Any, world: Any) -> Array:
    """Share of periods that end with nothing owed, the mean over products."""
    short = site.count("unserved")
    return 1.0 - over_products(short, world.runs) / (world.measured_periods * len(site.products))


@metric("site", "units")
def mean_backlog(site: Any, world: Any) -> Array:
    """Mean of what is owed to customers at the end of a period."""
    return over_products(site.mean("unserved"), world.runs)


@metric("network", "units per period")
def lost_demand(world: Any) -> Array:
    """Outside demand that was lost because it could not be served."""
    lanes = [lane for market in world.markets.values() for lane in market.suppliers if lane.lost_sales]
    return _sum((over_products(lane.total("lost"), world.runs) for lane in lanes), world.runs) / world.measured_periods


@metric("network", "units per period")
def demand(world: Any) -> Array:
    """Mean outside demand."""
    return _sum((over_products(market.mean("demanded"), world.runs) for market in world.markets.values()), world.runs)


@metric("market", "units per period", name="demand")
def market_demand(market: Any, world: Any) -> Array:
    """Mean demand of the market."""
    return over_products(market.mean("demanded"), world.runs)


@metric("market", "units per period")
def delivered(market: Any, world: Any) -> Array:
    """Mean of what is handed to the market."""
    return over_products(market.mean("delivered"), world.runs)


def _fill_rate(asked: Array, lanes: Iterable[Any], runs: int) -> Array:
    unmet = _sum((over_products(lane.total("unmet"), runs) for lane in lanes), runs)
    return 1.0 - ratio(unmet, asked)


def _sum(amounts: Iterable[Array], runs: int) -> Array:
    return add_all([np.zeros(runs), *amounts])
