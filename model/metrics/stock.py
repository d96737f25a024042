"""How much stock there is, and where."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...agents.lane import MarketLane
from ...agents.numeric import add_all
from ...agents.quantity import Array, Money
from .base import metric, over_products


@metric("network", "units")
def stock(world: Any) -> Array:
    """Mean stock on hand over all sites, parts and work in production included."""
    return add_all([np.zeros(world.runs), *(_at(site, world) for site in world.sites.values())])


@metric("network", "units", name="in_transit")
def network_in_transit(world: Any) -> Array:
    """Mean of what is on the way on all lanes."""
    return add_all([np.zeros(world.runs), *(_on(lane, world) for lane in world.lanes.values())])


@metric("network", "money")
def working_capital(world: Any) -> Money:
    """Mean value of the goods on hand, in production and on the way, at the products' values."""
    values = {product.name: product.value for product in world.scenario.products}
    amounts = [np.zeros(world.runs)]
    for holder in [*world.sites.values(), *world.lanes.values()]:
        for name, over in _held(holder):
            means = holder.mean(name)
            amounts += (
                [row * values[p] for row, p in zip(means, getattr(holder, over), strict=True)] if np.ndim(means) else []
            )
    return add_all(amounts)


@metric("site", "units", name="stock")
def site_stock(site: Any, world: Any) -> Array:
    """Mean stock on hand, parts and work in production included."""
    return _at(site, world)


@metric("site", "units", name="in_transit")
def in_transit(site: Any, world: Any) -> Array:
    """Mean of what is on the way to the site."""
    return add_all([np.zeros(world.runs), *(_on(lane, world) for lane in site.suppliers)])


def _at(site: Any, world: Any) -> Array:
    return add_all([np.zeros(world.runs), *(over_products(site.mean(n), world.runs) for n, _ in _held(site))])


def _on(lane: Any, world: Any) -> Array:
    if isinstance(lane, MarketLane) and lane.immediate:
        return np.zeros(world.runs)
    return over_products(lane.mean("in_transit"), world.runs)


def _held(holder: Any) -> list[tuple[str, str]]:
    """The tallied quantities of goods held, with the attribute that names their rows."""
    return [(name, declared.over) for name, declared in holder.noted() if declared.role == "held"]
