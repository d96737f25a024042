"""How trucks and docks are used, and how long trucks wait."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ...agents.numeric import add_all, total
from ...agents.quantity import Array
from .base import metric, ratio


@metric("transport", "trucks per period")
def departures(world: Any) -> Array:
    """Trucks that leave, on all lanes together.

    Mean over periods of `departed`, summed over all lanes with a carrier; missing where there is none.
    """
    return _over(world.trucks, world, lambda trucks: trucks.mean("departed"))


@metric("transport", "share")
def truck_fill(world: Any) -> Array:
    """How full trucks leave: their load over the load that they could take.

    Sum over lanes and periods of `moved`, / sum of `departed` x capacity; missing without a departure.
    """
    return _fill(world.trucks, world)


@metric("transport", "trucks", name="dock_queue")
def network_dock_queue(world: Any) -> Array:
    """Trucks waiting for a door at the end of a period, at all docks together; missing where there is no dock.

    Mean over periods of the docks' `waiting`, summed over docks.
    """
    return _over(world.docks.values(), world, lambda dock: dock.mean("waiting"))


@metric("transport", "periods", name="dock_wait")
def network_dock_wait(world: Any) -> Array:
    """Mean wait of a truck for a door, over all docks.

    Sum of `waited` over that of `admitted`; missing where no truck got a door.
    """
    return _wait(world.docks.values(), world)


@metric("dock", "trucks")
def dock_queue(dock: Any, world: Any) -> Array:
    """Trucks waiting for a door at the end of a period.

    Mean over periods of `waiting`.
    """
    return _over([dock], world, lambda one: one.mean("waiting"))


@metric("dock", "periods")
def dock_wait(dock: Any, world: Any) -> Array:
    """Mean wait of a truck for a door, counted when it gets one.

    Sum of `waited` over that of `admitted`; missing where no truck got a door.
    """
    return _wait([dock], world)


@metric("dock", "periods")
def dock_wait_p95(dock: Any, world: Any) -> Array:
    """The wait for a door that 95 % of the trucks did not exceed, counted when they get one.

    The least number of periods w with at least 95 % of the waits not above w; missing where no truck got a door.
    """
    return np.asarray(dock.waits.quantile(0.95))


@metric("dock", "share")
def dock_utilisation(dock: Any, world: Any) -> Array:
    """Share of the doors in use.

    Mean over periods of `busy`, / number of doors, on average where it changes.
    """
    busy: Array = total(dock.mean("busy"))
    return np.asarray(busy / dock.mean_doors)


@metric("carrier", "trucks per period", name="departures")
def carrier_departures(carrier: Any, world: Any) -> Array:
    """Trucks of the carrier that leave.

    Mean over periods of `departed`, summed over its lanes.
    """
    return _over(carrier.lanes, world, lambda trucks: trucks.mean("departed"))


@metric("carrier", "share", name="truck_fill")
def carrier_truck_fill(carrier: Any, world: Any) -> Array:
    """How full its trucks leave: their load over the load that they could take.

    Sum over lanes and periods of `moved`, / sum of `departed` x capacity; missing without a departure.
    """
    return _fill(carrier.lanes, world)


@metric("carrier", "trucks")
def trucks_away(carrier: Any, world: Any) -> Array:
    """Trucks on the road, at a dock or on the way back.

    Mean over periods of `away`.
    """
    return _over([carrier], world, lambda one: one.mean("away"))


@metric("carrier", "share")
def fleet_utilisation(carrier: Any, world: Any) -> Array:
    """Share of the fleet that is away; missing where there are as many trucks as are needed.

    Mean over periods of `away`, / mean of `owned`.
    """
    return ratio(total(carrier.mean("away") + np.zeros((1, world.runs))), total(carrier.mean("owned") + carrier.none))


def _over(holders: Iterable[Any], world: Any, value: Callable[[Any], Array]) -> Array:
    """The sum of a mean over holders, ``[runs]``; missing where there are none."""
    found = [total(value(holder) + np.zeros((1, world.runs))) for holder in holders]
    return add_all(found) if found else np.full(world.runs, np.nan)


def _fill(lanes: Iterable[Any], world: Any) -> Array:
    lanes = list(lanes)
    room = _over(lanes, world, lambda trucks: trucks.total("departed") * trucks.capacity)
    return ratio(_over(lanes, world, lambda trucks: trucks.total("moved")), room)


def _wait(docks: Iterable[Any], world: Any) -> Array:
    docks = list(docks)
    waited = _over(docks, world, lambda dock: dock.total("waited"))
    return ratio(waited, _over(docks, world, lambda dock: dock.total("admitted")))
