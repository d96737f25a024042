"""How much room there is left: in production and in picking."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...agents.quantity import Array
from .base import metric, over_products
from .production import utilisation


@metric("site", "share")
def spare_capacity(site: Any, world: Any) -> Array:
    """Share of the production capacity not in use: the flexibility that is left when demand moves.

    1 - `utilisation`.
    """
    return 1.0 - utilisation(site, world)


@metric("site", "share")
def picking_utilisation(site: Any, world: Any) -> Array:
    """Share of the picking capacity in use.

    Mean over periods of `picked`, summed over products, / capacity; the latest one, where interventions change it.
    Missing where it is not limited.
    """
    picking = site.picking
    if picking is None or picking.capacity is None:
        return np.full(world.runs, np.nan)
    return np.asarray(over_products(picking.mean("picked"), world.runs) / picking.capacity)
