"""What becomes of orders: how long they take, whether they come as promised, and how much they change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ...agents.numeric import add_all
from ...agents.quantity import Array
from ..watch.lead_times import Moments, together
from .base import metric, over_products, ratio


@metric("site", "periods")
def lead_time(site: Any, world: Any) -> Array:
    """Mean time from order to receipt of a unit, over all suppliers of the site; of a factory's parts.

    Sum over units received of (period of receipt - period of order), / their number. On each lane and of each product
    the n-th unit received is the n-th that was ordered, orders that were lost left out; units that were under way at
    the start do not count. Demand below zero cancels demand before it. Kept where the scenario has
    `measures = ["lead-times"]`; missing where nothing was received.
    """
    units, times, _ = _moments(site, world)
    return ratio(times, units)


@metric("site", "periods^2")
def lead_time_variance(site: Any, world: Any) -> Array:
    """Variance of the time from order to receipt over the units received.

    Mean over units of the squared lead time - the square of `lead_time`, not below 0.
    """
    return _variance(_moments(site, world))


@metric("market", "periods", name="lead_time")
def market_lead_time(market: Any, world: Any) -> Array:
    """Mean time from demand to receipt of a unit.

    As a site's, over the lanes to the market: 0 for what is served in the period in which it is wanted.
    """
    units, times, _ = _moments(market, world)
    return ratio(times, units)


@metric("market", "periods^2", name="lead_time_variance")
def market_lead_time_variance(market: Any, world: Any) -> Array:
    """Variance of the time from demand to receipt over the units received.

    As a site's.
    """
    return _variance(_moments(market, world))


@metric("promise", "share")
def on_time_in_full(world: Any) -> Array:
    """Share of the orders of all markets that were received completely within the time promised to them.

    1 - sum of `orders_failed` / sum of `orders_due` over the lanes to markets that have a `promise`. An order is what
    is wanted of one product from one site in one period; it is judged in the period in which it falls due, and fails
    when any part of it is late or lost, by more than rounding. Missing where no order fell due.
    """
    return _kept([lane for market in world.markets.values() for lane in market.suppliers], world)


@metric("site", "share", name="on_time_in_full")
def site_on_time_in_full(site: Any, world: Any) -> Array:
    """Share of the orders of the site's customers that were received completely within the time promised to them.

    As that of the network, over the lanes to all customers of the site, sites too.
    """
    return _kept(site.customers, world)


@metric("market", "share", name="on_time_in_full")
def market_on_time_in_full(market: Any, world: Any) -> Array:
    """Share of the market's orders that were received completely within the time promised to it.

    As that of the network, over the lanes to the market.
    """
    return _kept(market.suppliers, world)


@metric("site", "ratio", name="nervousness_{period}")
def nervousness(site: Any, world: Any) -> Array:
    """How much of the site's order changes from one period to the next.

    Sum over products and periods of |`ordered` - `ordered` of the period before| / sum of `ordered`. Kept where the
    scenario has `measures = ["nervousness"]`; missing for suppliers that make to order, and where nothing is ordered.
    """
    found = world.watch.nervousness.get(site.name)
    if found is None:
        return _missing(world)
    changes = over_products(found.total("change"), world.runs)
    return ratio(changes, over_products(site.mean("ordered"), world.runs) * world.measured_periods)


def _moments(agent: Any, world: Any) -> Moments:
    watched = [world.watch.lead_times[lane.name] for lane in agent.suppliers if world.watch.lead_times]
    if not watched:
        return _missing(world), _missing(world), _missing(world)
    return together([lead_times.moments() for lead_times in watched])


def _variance(moments: Moments) -> Array:
    units, times, squares = moments
    mean = ratio(times, units)
    return np.maximum(ratio(squares, units) - mean * mean, 0.0)


def _kept(lanes: Iterable[Any], world: Any) -> Array:
    promises = [world.watch.promises[lane.name] for lane in lanes if lane.name in world.watch.promises]
    if not promises:
        return _missing(world)
    failed = add_all([over_products(promise.total("orders_failed"), world.runs) for promise in promises])
    due = add_all([over_products(promise.total("orders_due"), world.runs) for promise in promises])
    return 1.0 - ratio(failed, due)


def _missing(world: Any) -> Array:
    return np.full(world.runs, np.nan)
