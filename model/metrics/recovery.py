"""What a shock does to the service of the markets."""

from __future__ import annotations

from typing import Any

from ...agents.quantity import Array
from .base import metric


@metric("shock", "periods")
def time_to_recover(world: Any) -> Array:
    """Periods from the first shock until the worst of it is over.

    A shock is the first intervention or dated outage. A period is short of what markets are owed at its end and what
    they lost in it; usual is the mean shortage between the warm-up and the shock. Counted is from the period of the
    shock to the first period after the worst one (the largest shortage since the shock) in which the shortage is not
    above the usual; 0 where it never was. Missing where that has not come yet. Kept where the scenario has
    `measures = ["recovery"]`.
    """
    return world.watch.recovery.time()  # type: ignore[no-any-return]


@metric("shock", "units")
def service_lost(world: Any) -> Array:
    """Demand not served from stock in its period since the shock, beyond what was usual before it.

    Sum of `unmet` of the lanes to markets over the periods from the shock on - the number of these periods x mean of
    the same sum over the periods between the warm-up and the shock. It may be negative.
    """
    return world.watch.recovery.lost()  # type: ignore[no-any-return]
