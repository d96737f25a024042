"""How production is used: capacity, setups, overtime and bad units."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...agents.factory import Factory
from ...agents.numeric import total
from ...agents.quantity import Array
from .base import metric, over_products, ratio


@metric("site", "share")
def utilisation(site: Any, world: Any) -> Array:
    """Share of the regular production capacity in use; of a supplier the mean over the products that have one.

    Factory: mean of (the sum over products of usage x `started` + setup time x capacity x `setups`) - `overtime`,
    / capacity. Supplier: mean over the products with a capacity of mean(`made`) / capacity. The capacity is the latest
    one, where interventions change it. Missing where it is not limited, and for sites that make nothing.
    """
    capacity = getattr(site, "capacity", None)
    if capacity is None:
        return np.full(world.runs, np.nan)
    if isinstance(site, Factory):
        return np.asarray((_capacity_used(site, world) - _overtime(site, world)) / capacity)
    limit = np.broadcast_to(capacity, site.zeros.shape)
    limited = np.where(np.isfinite(limit), 1.0, 0.0)
    return ratio(total(limited * site.mean("made") / limit), total(limited))


@metric("site", "setups per period")
def setups(site: Any, world: Any) -> Array:
    """Changes to another product in production; missing where nothing hangs on them (no setups, no lots).

    Mean over periods of `setups`, summed over products.
    """
    shop = getattr(site, "workshop", None)
    if shop is None or not shop.one_by_one:
        return np.full(world.runs, np.nan)
    return over_products(shop.mean("setups"), world.runs)


@metric("site", "share")
def overtime_share(site: Any, world: Any) -> Array:
    """Share of the capacity used that was overtime; missing where there is none to be had, or nothing was made.

    Mean of `overtime` / mean of (the sum over products of usage x `started` + setup time x capacity x `setups`).
    """
    shop = getattr(site, "workshop", None)
    if shop is None or shop.overtime_limit is None:
        return np.full(world.runs, np.nan)
    return ratio(_overtime(site, world), _capacity_used(site, world))


@metric("site", "share", name="yield")
def good_share(site: Any, world: Any) -> Array:
    """Share of good units in what is finished; missing where all are good, or nothing was finished.

    1 - sum of `scrapped` / sum of `inspected`, over products.
    """
    shop = getattr(site, "workshop", None)
    if shop is None or shop.yield_rate is None:
        return np.full(world.runs, np.nan)
    bad, inspected = (over_products(shop.total(name), world.runs) for name in ("scrapped", "inspected"))
    return 1.0 - ratio(bad, inspected)


def _capacity_used(site: Factory, world: Any) -> Array:
    """The mean capacity in use, overtime and setups included."""
    used = over_products(site.mean("started") * site.usage, world.runs)
    shop = site.workshop
    if shop is None or shop.setup_time is None or site.capacity is None:
        return used
    return used + over_products(shop.mean("setups") * shop.setup_time, world.runs) * site.capacity


def _overtime(site: Factory, world: Any) -> Array:
    return np.zeros(world.runs) if site.workshop is None else over_products(site.workshop.mean("overtime"), world.runs)
