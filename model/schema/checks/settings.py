"""Settings that must fit each other: policies, order rules, pipelines and shares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import limits
from ..orders import OrderRules
from ..problems import Problem
from ..times import longest

if TYPE_CHECKING:
    from ..frame import Frame
    from ..lanes import Lane
    from ..sites import Supplier
    from ..world import World


def check_policies(scenario: World, frame: Frame) -> Iterator[Problem]:
    """A warehouse has a policy unless all its orders are scripted; a policy for parts needs parts."""
    unscripted = {lane.destination for lane in scenario.lanes if lane.orders.script is None}
    for site in scenario.warehouses:
        if site.policy is None and site.orders.script is None and site.name in unscripted:
            cure = 'add one, such as {type = "base-stock", level = 20}'
            yield Problem(("warehouses", site.name, "policy"), "is missing: a warehouse needs an ordering policy", cure)
    for factory in scenario.factories:
        if factory.buy is not None and not frame.parts.get(factory.name):
            place = ("factories", factory.name, "buy")
            yield Problem(
                place, "there is nothing to buy", "give the factory a bill, or remove this policy", factory.buy.type
            )


def check_rules(scenario: World, frame: Frame) -> Iterator[Problem]:
    """Settings that would have no effect are refused, so that nobody believes in them."""
    for supplier in scenario.suppliers:
        if supplier.policy is None:
            yield from _without_policy(supplier)
    for warehouse in scenario.warehouses:
        if warehouse.storage is not None and not warehouse.orders.clip_to_storage:
            cure = "add orders = {clip_to_storage = true}, or remove it: nothing else acts on it in this version"
            yield Problem(("warehouses", warehouse.name, "storage"), "has no effect", cure, warehouse.storage)
        elif warehouse.storage is not None and _total(warehouse) > _largest(warehouse.storage):
            place = ("warehouses", warehouse.name, "initial_stock")
            cure = f"lower it to the storage of {_largest(warehouse.storage):g}, or raise that"
            yield Problem(place, "does not fit into the storage", cure, warehouse.initial_stock)
    for site in scenario.sites():
        if site.orders.clip_to_storage and getattr(site, "storage", None) is None:
            where = (_list_of(scenario, site.name), site.name, "orders", "clip_to_storage")
            yield Problem(
                where, "there is no storage limit to clip to", "set storage of a warehouse, or remove it", True
            )


def _without_policy(supplier: Supplier) -> Iterator[Problem]:
    """What does not count for a supplier that makes to order."""
    if supplier.lead_time:
        cure = "add a policy, or put the time into the travel_time of its lanes"
        place = ("suppliers", supplier.name, "lead_time")
        yield Problem(place, "counts only for a supplier that makes to stock by a policy", cure, supplier.lead_time)
    if supplier.orders.__dict__ != OrderRules().__dict__:
        place = ("suppliers", supplier.name, "orders")
        yield Problem(place, "act on nothing: without a policy it orders nothing", "remove them, or add a policy")


def check_pipelines(scenario: World, frame: Frame) -> Iterator[Problem]:
    """What is on its way at the start has a slot to be in."""
    cells = 0
    for lane in scenario.lanes:
        cells = cells + (longest(lane.travel_time) + lane.order_delay + 2) * len(lane.products or ())
        slots = longest(lane.travel_time)
        yield from _slots(lane, "initial_in_transit", lane.initial_in_transit, slots, "travel_time")
        yield from _slots(lane, "initial_orders", lane.initial_orders, lane.order_delay, "order_delay")
    if cells > limits.CELLS:
        cure = f"shorten travel_time or order_delay of the lanes: at most {limits.CELLS} are possible"
        yield Problem(("lanes",), f"all pipelines together have {cells} slots", cure)
    for factory in scenario.factories:
        if factory.lead_time == 0 and _positive(factory.initial_work):
            place = ("factories", factory.name, "initial_work")
            yield Problem(
                place, "there is no slot for it, as lead_time = 0", "remove it or set lead_time", factory.initial_work
            )


def check_shares(scenario: World, frame: Frame) -> Iterator[Problem]:
    """Of several lanes that bring a product at least one has a share above zero."""
    best: dict[tuple[str, str], float] = {}
    named: dict[tuple[str, str], str] = {}
    for lane in scenario.lanes:
        for product in lane.products or ():
            key = (lane.destination, product)
            best[key] = max(best.get(key, 0.0), _largest(lane.share))
            named.setdefault(key, lane.name or "")
    for (destination, product), share in best.items():
        if share <= 0:
            place = ("lanes", named[destination, product], "share")
            what = f"all shares of {product} to {destination} are 0"
            yield Problem(place, what, "give one lane a share above 0", 0.0)


def _slots(lane: Lane, field: str, value: Any, slots: int, time: str) -> Iterator[Problem]:
    place = ("lanes", lane.name or "", field)
    if isinstance(value, list):
        if len(value) > slots:
            yield Problem(place, f"has {len(value)} entries for {slots} slots", f"give at most one a period of {time}")
    elif slots == 0 and _positive(value):
        yield Problem(place, f"there is no slot for it, as {time} = 0", f"remove it or set {time}", value)


def _total(warehouse: Any) -> float:
    """The stock at the start over all products; of several design points, the smallest."""
    given = warehouse.initial_stock
    held = list(given.values()) if isinstance(given, dict) else [given] * len(warehouse.products)
    return float(np.min(sum(held)))


def _positive(value: Any) -> bool:
    return any(map(_positive, value.values())) if isinstance(value, dict) else _largest(value) > 0


def _largest(value: Any) -> float:
    """The largest of the values of all design points."""
    return float(value) if isinstance(value, float | int) else float(value.max())


def _list_of(scenario: World, name: str) -> str:
    return scenario.index().agents[name][0]
