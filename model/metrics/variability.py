"""Bullwhip: how much orders vary, against the demand that caused them.

Variances are population variances over the periods since the warm-up, added up over products; the time bucket is one
period, which is why the names end in what the scenario calls it. Where the demand does not vary the ratio is missing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...agents.quantity import Array
from .base import metric, over_products, ratio


@metric("site", "ratio", name="bullwhip_{period}")
def bullwhip(site: Any, world: Any) -> Array:
    """Variance of the site's orders over the variance of the orders and demand that it sees.

    Sum over products of var(`ordered`) / sum over products of var(`incoming`). Missing where what comes in does
    not vary, and for suppliers that make to order.
    """
    if site.policy is None:
        return _missing(world)
    return _ratio(site.variance("ordered"), site.variance("incoming"), world)


@metric("site", "ratio", name="bullwhip_end_{period}")
def bullwhip_end(site: Any, world: Any) -> Array:
    """Variance of the site's orders over the variance of the outside demand downstream of it.

    Sum over products of var(`ordered`) / sum over products of var(outside demand): `demanded` of the market where one
    market's demand for these products is all there is downstream, else `point_of_sale`, in which each market counts by
    the site's share in it, and in parts where a factory lies between. Missing where that does not vary, and for
    suppliers that make to order.
    """
    if site.policy is None:
        return _missing(world)
    market = world.network.sole_market_of(site)
    end = site.variance("point_of_sale") if market is None else market.variance("demanded")
    return _ratio(site.variance("ordered"), end, world)


@metric("site", "ratio", name="net_stock_amplification_{period}")
def net_stock_amplification(site: Any, world: Any) -> Array:
    """Variance of the net stock at the end of a period over the variance of the orders and demand that the site sees.

    Sum over products of var(`closing_stock`) / sum over products of var(`incoming`). Missing where what comes in
    does not vary, and for suppliers that make to order.
    """
    if site.policy is None:
        return _missing(world)
    return _ratio(site.variance("closing_stock"), site.variance("incoming"), world)


@metric("site", "units per period")
def mean_order(site: Any, world: Any) -> Array:
    """Mean of what the site orders a period.

    Mean over periods of `ordered`, summed over products. Missing for suppliers that make to order.
    """
    return _missing(world) if site.policy is None else over_products(site.mean("ordered"), world.runs)


@metric("site", "units^2", name="order_variance_{period}")
def order_variance(site: Any, world: Any) -> Array:
    """Variance of the site's orders.

    Sum over products of var(`ordered`). Missing for suppliers that make to order.
    """
    return _missing(world) if site.policy is None else over_products(site.variance("ordered"), world.runs)


@metric("factory", "units^2", name="production_variance_{period}")
def production_variance(factory: Any, world: Any) -> Array:
    """Variance of what the factory finishes a period.

    Sum over products of var(`finished`).
    """
    return over_products(factory.variance("finished"), world.runs)


@metric("market", "units^2", name="demand_variance_{period}")
def demand_variance(market: Any, world: Any) -> Array:
    """Variance of the market's demand.

    Sum over products of var(`demanded`).
    """
    return over_products(market.variance("demanded"), world.runs)


@metric("echelon", "ratio", name="bullwhip_{period}")
def echelon_bullwhip(echelon: Any, world: Any) -> Array:
    """Variance of the orders of all sites of the level together over that of the demand that they see together.

    Sum over products of var(sum over sites of `ordered`) / the same of `incoming`. Missing where that is zero.
    """
    return _ratio(echelon.order_variance(), echelon.demand_variance(), world)


@metric("echelon", "ratio", name="bullwhip_end_{period}")
def echelon_bullwhip_end(echelon: Any, world: Any) -> Array:
    """Variance of the orders of all sites of the level together over that of all outside demand together.

    Sum over products of var(sum over sites of `ordered`) / sum over products of var(sum over markets of
    `demanded`). Missing where the demand does not vary.
    """
    return _ratio(echelon.order_variance(), world.all_markets.demand_variance(), world)


@metric("network", "ratio", name="bullwhip_{period}")
def network_bullwhip(world: Any) -> Array:
    """Variance of the orders of the most upstream level that orders over that of all outside demand together.

    `bullwhip_end` of the last echelon. Missing where the demand does not vary, and where no site orders.
    """
    if not world.echelons:
        return _missing(world)
    return echelon_bullwhip_end(world.echelons[-1], world)


def _ratio(above: Array, below: Array, world: Any) -> Array:
    return ratio(over_products(above, world.runs), over_products(below, world.runs))


def _missing(world: Any) -> Array:
    return np.full(world.runs, np.nan)
