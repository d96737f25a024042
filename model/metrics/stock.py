"""How much stock there is, and where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ...agents.lane import MarketLane
from ...agents.numeric import add_all
from ...agents.quantity import Array, Money
from .base import metric, over_products


@metric("network", "units")
def stock(world: Any) -> Array:
    """Mean stock on hand over all sites, parts and work in production included.

    Sum of the sites' `stock`.
    """
    return add_all([np.zeros(world.runs), *(_at(site, world) for site in world.sites.values())])


@metric("network", "units", name="in_transit")
def network_in_transit(world: Any) -> Array:
    """Mean of what is on the way on all lanes.

    Mean over periods of `in_transit`, summed over all lanes and products.
    """
    return add_all([np.zeros(world.runs), *(_on(lane, world) for lane in world.lanes.values())])


@metric("network", "money")
def working_capital(world: Any) -> Money:
    """Mean value of the goods on hand, in production and on the way, at the products' values.

    Mean over periods of value x (`on_hand` + `in_work` + `input_stock` of all sites + `in_transit` + `set_aside`
    + `waiting` of all lanes), summed over products.
    """
    return _value([*world.sites.values(), *world.lanes.values()], world)


@metric("site", "money", name="working_capital")
def site_working_capital(site: Any, world: Any) -> Money:
    """Mean value of the goods on hand, in production and on the way to the site, at the products' values.

    As the network's, for the site and the lanes that lead to it.
    """
    return _value([site, *site.suppliers], world)


@metric("echelon", "units", name="stock")
def echelon_stock(echelon: Any, world: Any) -> Array:
    """Mean stock on hand at all sites of the level, parts and work in production included.

    Sum of the sites' `stock`.
    """
    return add_all([np.zeros(world.runs), *(_at(site, world) for site in echelon.members)])


@metric("site", "units per period")
def expired(site: Any, world: Any) -> Array:
    """Goods and parts thrown away at the end of their shelf life.

    Mean over periods of `expired` + `expired_parts`, summed over products. Missing where nothing has a shelf life.
    """
    shelf_life = site.shelf_life
    return np.full(world.runs, np.nan) if shelf_life is None else _thrown_away(shelf_life, world)


@metric("perishable", "units per period", name="expired")
def network_expired(world: Any) -> Array:
    """Goods and parts thrown away at the end of their shelf life at all sites.

    Sum of the sites' `expired`.
    """
    return add_all([_thrown_away(shelf_life, world) for shelf_life in world.shelf_lives.values()])


@metric("site", "units", name="stock")
def site_stock(site: Any, world: Any) -> Array:
    """Mean stock on hand, parts and work in production included.

    Mean over periods of `on_hand` + `in_work` + `input_stock`, summed over products.
    """
    return _at(site, world)


@metric("site", "units", name="in_transit")
def in_transit(site: Any, world: Any) -> Array:
    """Mean of what is on the way to the site.

    Mean over periods of `in_transit`, summed over the lanes to the site and products.
    """
    return add_all([np.zeros(world.runs), *(_on(lane, world) for lane in site.suppliers)])


def _thrown_away(shelf_life: Any, world: Any) -> Array:
    return add_all([over_products(shelf_life.mean(name), world.runs) for name in ("expired", "expired_parts")])


def _at(site: Any, world: Any) -> Array:
    return add_all([np.zeros(world.runs), *(over_products(site.mean(n), world.runs) for n, _ in _held(site))])


def _on(lane: Any, world: Any) -> Array:
    if isinstance(lane, MarketLane) and lane.immediate:
        return np.zeros(world.runs)
    return over_products(lane.mean("in_transit"), world.runs)


def _held(holder: Any) -> list[tuple[str, str]]:
    """The tallied quantities of goods held, with the attribute that names their rows."""
    return [(name, declared.over) for name, declared in holder.noted() if declared.role == "held"]


def _value(holders: Iterable[Any], world: Any) -> Money:
    values = {product.name: product.value for product in world.scenario.products}
    amounts = [np.zeros(world.runs)]
    for holder in holders:
        for name, over in _held(holder):
            means = holder.mean(name)
            rows = zip(means, getattr(holder, over), strict=True) if np.ndim(means) else ()
            amounts += [row * values[product] for row, product in rows]
    return add_all(amounts)
