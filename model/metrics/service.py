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
    """Share of outside demand served from stock in the period in which it arises.

    1 - sum of `unmet` of the lanes to markets / sum of `demanded`, over markets, products and periods. Missing
    where there was no demand.
    """
    asked = _sum((over_products(market.total("demanded"), world.runs) for market in world.markets.values()), world.runs)
    return _fill_rate(asked, [lane for market in world.markets.values() for lane in market.suppliers], world.runs)


@metric("site", "share", name="fill_rate")
def site_fill_rate(site: Any, world: Any) -> Array:
    """Share of the orders of all customers served from stock when they are first due.

    1 - sum of `unmet` of the lanes to its customers / sum of `incoming`, over products and periods. Missing where
    nothing was asked for. Back-orders that are served later do not count as served.
    """
    return _fill_rate(over_products(site.total("incoming"), world.runs), site.customers, world.runs)


@metric("market", "share", name="fill_rate")
def market_fill_rate(market: Any, world: Any) -> Array:
    """Share of the market's demand served from stock in the period in which it arises.

    As the network's, for one market.
    """
    return _fill_rate(over_products(market.total("demanded"), world.runs), market.suppliers, world.runs)


@metric("echelon", "share", name="fill_rate")
def echelon_fill_rate(echelon: Any, world: Any) -> Array:
    """Share of the orders of all customers of the level served from stock when they are first due.

    As a site's, with both sums over all sites of the level.
    """
    asked = _sum((over_products(site.total("incoming"), world.runs) for site in echelon.members), world.runs)
    return _fill_rate(asked, [lane for site in echelon.members for lane in site.customers], world.runs)


@metric("site", "share")
def cycle_service(site: Any, world: Any) -> Array:
    """Share of periods that end with nothing owed to customers, the mean over products.

    1 - (number of periods and products with `unserved` > 1e-9 units, which is more than rounding) / (T x number of
    products).
    """
    short: Array = site.count("unserved")
    return np.asarray(1.0 - over_products(short, world.runs) / (world.measured_periods * len(site.products)))


@metric("site", "units")
def mean_backlog(site: Any, world: Any) -> Array:
    """Mean of what is owed to customers at the end of a period.

    Mean over periods of `unserved`, summed over products.
    """
    return over_products(site.mean("unserved"), world.runs)


@metric("echelon", "units", name="mean_backlog")
def echelon_mean_backlog(echelon: Any, world: Any) -> Array:
    """Mean of what the level owes to its customers at the end of a period.

    Sum of the sites' `mean_backlog`.
    """
    return _sum((mean_backlog(site, world) for site in echelon.members), world.runs)


@metric("network", "units", name="mean_backlog")
def network_mean_backlog(world: Any) -> Array:
    """Mean of what all sites owe to their customers at the end of a period, other sites among them.

    Sum of the sites' `mean_backlog`.
    """
    return _sum((mean_backlog(site, world) for site in world.sites.values()), world.runs)


@metric("site", "units per period", name="lost_demand")
def site_lost_demand(site: Any, world: Any) -> Array:
    """Orders and demand that the site lost because it could not serve them.

    Sum of `lost` over the lanes to its customers, products and periods, / T.
    """
    lanes = [lane for lane in site.customers if lane.lost_sales]
    lost = _sum((over_products(lane.total("lost"), world.runs) for lane in lanes), world.runs)
    return np.asarray(lost / world.measured_periods)


@metric("network", "units per period")
def lost_demand(world: Any) -> Array:
    """Outside demand that was lost because it could not be served.

    Sum of `lost` over the lanes to markets, products and periods, / T.
    """
    lanes = [lane for market in world.markets.values() for lane in market.suppliers if lane.lost_sales]
    lost = _sum((over_products(lane.total("lost"), world.runs) for lane in lanes), world.runs)
    return np.asarray(lost / world.measured_periods)


@metric("network", "units per period")
def demand(world: Any) -> Array:
    """Mean outside demand.

    Mean over periods of `demanded`, summed over markets and products.
    """
    return _sum((over_products(market.mean("demanded"), world.runs) for market in world.markets.values()), world.runs)


@metric("market", "units per period", name="demand")
def market_demand(market: Any, world: Any) -> Array:
    """Mean demand of the market.

    Mean over periods of `demanded`, summed over products.
    """
    return over_products(market.mean("demanded"), world.runs)


@metric("market", "units per period")
def delivered(market: Any, world: Any) -> Array:
    """Mean of what is handed to the market.

    Mean over periods of `delivered`, summed over products.
    """
    return over_products(market.mean("delivered"), world.runs)


def _fill_rate(asked: Array, lanes: Iterable[Any], runs: int) -> Array:
    unmet = _sum((over_products(lane.total("unmet"), runs) for lane in lanes), runs)
    return 1.0 - ratio(unmet, asked)


def _sum(amounts: Iterable[Array], runs: int) -> Array:
    return add_all([np.zeros(runs), *amounts])
