"""Small worlds with trucks, in which the load that joins at the source in a period is the demand of that period."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ripieno
from ripieno.agents.quantity import Array
from ripieno.model.schema import parse

Table = dict[str, Any]


def shipper(
    demand: Sequence[float],
    carrier: Mapping[str, Any],
    *,
    dock: Mapping[str, Any] | None = None,
    lane: Mapping[str, Any] | None = None,
    shop: Mapping[str, Any] | None = None,
    **more: Any,
) -> Table:
    """A source, trucks to a shop, and a market whose demand the shop passes on in the same period."""
    site: Table = {"name": "Shop", "policy": "pass-through", **(shop or {})}
    if dock is not None:
        site["docks"] = {"inbound": dict(dock)}
    return {
        "name": "trucks",
        "periods": 99,
        "sequence": "order-then-serve",
        "suppliers": [{"name": "Source"}],
        "warehouses": [site],
        "markets": [{"name": "Town", "sites": ["Shop"], "demand": trace(demand)}],
        "lanes": [{"from": "Source", "to": "Shop", "travel_time": 1, "carrier": "Haulier", **(lane or {})}],
        "carriers": [{"name": "Haulier", **carrier}],
        **more,
    }


def two_lanes(first: Sequence[float], second: Sequence[float], carrier: Mapping[str, Any], **dock: Any) -> Table:
    """Two sources, each with trucks to the one shop; the shop wants one product from each."""
    names = ("A", "B")
    return {
        "name": "two lanes",
        "periods": 99,
        "sequence": "order-then-serve",
        "products": [{"name": "a"}, {"name": "b"}],
        "suppliers": [{"name": name, "products": [name.lower()]} for name in names],
        "warehouses": [{"name": "Shop", "policy": "pass-through", **({"docks": {"inbound": dock}} if dock else {})}],
        "markets": [{"name": "Town", "sites": ["Shop"], "demand": {"a": trace(first), "b": trace(second)}}],
        "lanes": [{"from": name, "to": "Shop", "travel_time": 1, "carrier": "Haulier"} for name in names],
        "carriers": [{"name": "Haulier", **carrier}],
    }


def trace(values: Sequence[float]) -> Table:
    """These demands, and then none."""
    return {"type": "trace", "values": [float(value) for value in values], "after_end": "zero"}


Read = Callable[[ripieno.SupplyChain], Array]


def follow(table: Mapping[str, Any], periods: int, *reads: Read, runs: int = 1, seed: int = 1) -> list[list[Any]]:
    """What can be read after each of the first periods, one list for each of ``reads``; the goods are audited."""
    world = ripieno.SupplyChain(parse(dict(table)), range(runs), seed=seed, audit=True)
    seen: list[list[Any]] = [[] for _ in reads]
    for _ in range(periods):
        world.step()
        for values, read in zip(seen, reads, strict=True):
            values.append(plain(read(world)))
    world.dispose()
    return seen


def plain(value: Array) -> Any:
    """A single number, or a list of them."""
    return value.item() if value.size == 1 else value.ravel().tolist()


def departed(world: ripieno.SupplyChain, lane: int = 0) -> Array:
    """Trucks that left in the period, on one of the lanes with trucks."""
    return world.trucks[lane].departed


def waiting_load(world: ripieno.SupplyChain) -> Array:
    """What waits at the source after the trucks have left."""
    return world.lanes["Source->Shop"].set_aside


def received(world: ripieno.SupplyChain) -> Array:
    """What reached the shelf in the period."""
    return world.lanes["Source->Shop"].received


def away(world: ripieno.SupplyChain) -> Array:
    """Trucks that are away."""
    return world.carriers["Haulier"].away


def at_dock(world: ripieno.SupplyChain) -> Array:
    """Trucks that wait for a door."""
    return world.docks["Shop"].waiting
