"""How long customers wait for what they have ordered."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...agents.numeric import add_all
from ...agents.quantity import Array
from .base import metric, over_products, ratio


@metric("site", "periods")
def delivery_time(site: Any, world: Any) -> Array:
    """Mean time from the booking of an order to the receipt of the goods, over all customers, by Little's law.

    Mean over periods of (`unserved` + what the lanes to its customers hold: `set_aside`, `loading`, `in_transit`,
    `at_dock`, `waiting`), / mean of (`incoming` - `lost`), summed over products. Counted in ends of periods, so an
    order that is served at once on a lane without travel time has 0; missing where nothing was asked for. `lead_time`,
    kept on request, counts unit by unit from the order and by buyer.
    """
    under_way = [over_products(site.mean("unserved"), world.runs)]
    gone = [np.zeros(world.runs)]
    for lane in site.customers:
        held = [name for name, declared in lane.noted() if declared.role == "held"]
        under_way += [over_products(lane.mean(name), world.runs) for name in held]
        gone += [over_products(lane.mean("lost"), world.runs)] if lane.lost_sales else []
    return ratio(add_all(under_way), over_products(site.mean("incoming"), world.runs) - add_all(gone))
