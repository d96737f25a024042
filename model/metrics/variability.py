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
    """Variance of the site's orders over the variance of the orders and demand that it sees."""
    if site.policy is None:
        return _missing(world)
    return ratio(over_products(site.variance("ordered"), world.runs), over_products(site.variance("incoming"), world.runs))


@metric("site", "ratio", name="bullwhip_end_{period}")
def bullwhip_end(site: Any, world: Any) -> Array:
    """Variance of the site's orders over the variance of the outside demand downstream of it."""
    markets = world.network.markets_of(site.name)
    if site.policy is None or not markets:
        return _missing(world)
    end = site.variance("point_of_sale") if site.sees_point_of_sale else markets[0].variance("demanded")
    return ratio(over_products(site.variance("ordered"), world.runs), over_products(end, world.runs))


@metric("site", "ratio", name="net_stock_amplification_{period}")
def net_stock_amplification(site: Any, world: Any) -> Array:
    """Variance of the net stock at the end of a period over the variance of the orders and demand that the site sees."""
    if site.policy is None:
        return _missing(world)
    return ratio(over_products(site.variance("closing_stock"), world.runs), over_products(site.variance("incoming"), world.runs))


@metric("site", "units per period")
def mean_order(site: Any, world: Any) -> Array:
    """Mean of what the site orders a period."""
    return _missing(world) if site.policy is None else over_products(site.mean("ordered"), world.runs)


@metric("site", "units^2", name="order_variance_{period}")
def order_variance(site: Any, world: Any) -> Array:
    """Variance of the site's orders."""
    return _missing(world) if site.policy is None else over_products(site.variance("ordered"), world.runs)


@metric("factory", "units^2", name="production_variance_{period}")
def production_variance(factory: Any, world: Any) -> Array:
    """Variance of what the factory finishes a period."""
    return over_products(factory.variance("finished"), world.runs)


@metric("market", "units^2", name="demand_variance_{period}")
def demand_variance(market: Any, world: Any) -> Array:
    """Variance of the market's demand."""
    return over_products(market.variance("demanded"), world.runs)


@metric("echelon", "ratio", name="bullwhip_{period}")
def echelon_bullwhip(echelon: Any, world: Any) -> Array:
    """Variance of the orders of all sites of the level together over that of the demand that they see together."""
    return ratio(over_products(echelon.order_variance(), world.runs), over_products(echelon.demand_variance(), world.runs))


@metric("echelon", "ratio", name="bullwhip_end_{period}")
def echelon_bullwhip_end(echelon: Any, world: Any) -> Array:
    """Variance of the orders of all sites of the level together over that of all outside demand together."""
    return ratio(over_products(echelon.order_variance(), world.runs), over_products(world.all_markets.demand_variance(), world.runs))


@metric("network", "ratio", name="bullwhip_{period}")
def network_bullwhip(world: Any) -> Array:
    """Variance of the orders of the most upstream level that orders over that of all outside demand together."""
    if not world.echelons:
        return _missing(world)
    return echelon_bullwhip_end(world.echelons[-1], world)


def _missing(world: Any) -> Array:
    return np.full(world.runs, np.nan)
