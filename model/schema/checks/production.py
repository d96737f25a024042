"""How goods are made and priced: rules that could never start anything, or that would act on nothing, are refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..building import expand
from ..problems import Problem, nearest

if TYPE_CHECKING:
    from ..frame import Frame
    from ..sites import Factory, Supplier
    from ..world import World

Step = tuple[str, ...]
HALF_RANGE = 3.0**0.5  # of a uniform distribution, over its standard deviation


def check_production(scenario: World, frame: Frame) -> Iterator[Problem]:
    """Campaigns, lots, setups, overtime and yield of all sites that make something."""
    for factory in scenario.factories:
        place = ("factories", factory.name)
        yield from _campaign(place, factory)
        yield from _without_capacity(place, factory)
        yield from _startable(place, factory)
        yield from _reserved(place, factory, scenario)
    for supplier in scenario.suppliers:
        place = ("suppliers", supplier.name)
        yield from _campaign(place, supplier)
        yield from _lots(place, supplier)
        yield from _yield(place, supplier)


def check_price_breaks(scenario: World, frame: Frame) -> Iterator[Problem]:
    """Larger orders are cheaper than smaller ones, on every lane to a site."""
    for supplier in scenario.suppliers:
        if not supplier.price_breaks:
            continue
        place = ("suppliers", supplier.name, "price_breaks")
        products = supplier.products or []
        quantities = [_rows(item.quantity, products) for item in supplier.price_breaks]
        prices = [_rows(item.price, products) for item in supplier.price_breaks]
        yield from _ascending(place, quantities, prices)
        sites = [lane for lane in scenario.lanes if lane.origin == supplier.name and _is_site(scenario, lane)]
        if not sites:
            yield Problem(place, "act on nothing: no site orders here", "remove them, or add a lane to a site")
        for lane in sites:
            carried = [products.index(name) for name in lane.products or ()]
            if not bool(np.all(_rows(lane.price, products)[carried] > prices[0][carried])):
                where = ("lanes", lane.name or "", "price")
                cure = f"raise it above {prices[0][carried].max():g}, the price of the first of its supplier's breaks"
                yield Problem(where, "is not above the price of larger orders", cure, lane.price)
        for lane in sites:
            if scenario.site(lane.destination).orders.returns:
                buyer = (scenario.index().agents[lane.destination][0], lane.destination, "orders", "returns")
                cure = f"remove it, or the price_breaks of {supplier.name}"
                yield Problem(buyer, "does not go with price breaks: nothing says at which price goods go back", cure)


def _ascending(place: Step, quantities: Sequence[Any], prices: Sequence[Any]) -> Iterator[Problem]:
    for number in range(1, len(quantities)):
        entry = (*place, str(number + 1))
        if not bool(np.all(quantities[number] > quantities[number - 1])):
            cure = "list the breaks from the smallest quantity to the largest"
            yield Problem((*entry, "quantity"), "is not above the one before it", cure, _shown(quantities[number]))
        if not bool(np.all(prices[number] < prices[number - 1])):
            cure = "give larger orders a lower price"
            yield Problem((*entry, "price"), "is not below the one before it", cure, _shown(prices[number]))


def _campaign(place: Step, site: Factory | Supplier) -> Iterator[Problem]:
    campaign, products = site.campaign, site.products or []
    if campaign is None:
        return
    where = (*place, "campaign")
    for name in campaign.order:
        if name not in products:
            yield Problem((*where, "order"), "names a product that is not made here", nearest(name, products), name)
        elif campaign.order.count(name) > 1:
            yield Problem((*where, "order"), "names a product twice", "name it once", name)
    for name in products if campaign.order else ():
        if name not in campaign.order:
            yield Problem((*where, "order"), f"leaves out {name}, which would never be made", f"add {name}")
    if campaign.cycle is not None and campaign.cycle < len(products):
        cure = f"give at least {len(products)} periods, one a product"
        yield Problem((*where, "cycle"), f"is too short for {len(products)} turns", cure, campaign.cycle)


def _without_capacity(place: Step, factory: Factory) -> Iterator[Problem]:
    if factory.capacity is not None:
        return
    for rule in ("setup_time", "overtime"):
        if getattr(factory, rule) is not None:
            cure = "set the capacity of the factory, or remove it"
            yield Problem((*place, rule), "has no effect without a capacity", cure)


def _startable(place: Step, factory: Factory) -> Iterator[Problem]:
    """A lot, with the setup before it, fits into one period."""
    if factory.capacity is None or (factory.lot is None and factory.setup_time is None):
        return
    products = factory.products or []
    most = factory.capacity + (0.0 if factory.overtime is None else factory.overtime.capacity)
    setup = _rows(0.0 if factory.setup_time is None else factory.setup_time, products) * factory.capacity
    lots = _rows(0.0 if factory.lot is None else factory.lot, products) * _rows(factory.usage, products)
    for product, lost, needed in zip(products, setup, lots, strict=True):
        if np.any(lost >= most):
            cure = "make it shorter than a period (overtime aside)"
            yield Problem((*place, "setup_time"), f"leaves no capacity to make {product}", cure, factory.setup_time)
        elif np.any(lost + needed > most):
            cure = f"lower it to what fits into the {np.max(most - lost):g} that a period has for it, or raise capacity"
            yield Problem((*place, "lot"), f"of {product} never fits into the capacity", cure, factory.lot)


def _reserved(place: Step, factory: Factory, scenario: World) -> Iterator[Problem]:
    """Reservations: owners that buy here, once each, and no more than there is."""
    lanes = [lane for lane in scenario.lanes if lane.origin == factory.name]
    owners = {scenario.site(lane.destination).owner for lane in lanes} - {factory.owner}
    for number, item in enumerate(factory.reserved, 1):
        where = (*place, "reserved", str(number), "owner")
        if item.owner not in owners:
            cure = nearest(item.owner, sorted(map(str, owners)))
            yield Problem(where, "is not another owner that this factory delivers to", cure, item.owner)
        elif item.owner in [earlier.owner for earlier in factory.reserved[: number - 1]]:
            yield Problem(where, "has reserved already", "give one share for each owner", item.owner)
    if np.any(sum(item.share for item in factory.reserved) > 1.0 + 1e-12):
        yield Problem((*place, "reserved"), "is more than all of the capacity", "lower the shares to 1 in all")
    if factory.reserved:
        yield from _indivisible(place, factory, lanes)


def _indivisible(place: Step, factory: Factory, lanes: Sequence[Any]) -> Iterator[Problem]:
    """What cannot be cut to a share: products that are started one after another, orders that take all or nothing."""
    for rule in ("lot", "setup_time", "setup_cost"):
        if getattr(factory, rule) is not None:
            cure = "remove one of them: products that are started one after another know no shares"
            yield Problem((*place, rule), "does not go with reserved capacity", cure, getattr(factory, rule))
    for lane in lanes:
        if not lane.partial:
            cure = "set it to true: an order that takes all or nothing cannot be cut to a share"
            yield Problem(("lanes", lane.name or "", "partial"), "does not go with reserved capacity", cure, False)


def _lots(place: Step, supplier: Supplier) -> Iterator[Problem]:
    if supplier.capacity is None or supplier.lot is None:
        return
    products = supplier.products or []
    limits, lots = _rows(supplier.capacity, products, np.inf), _rows(supplier.lot, products)
    for product, limit, lot in zip(products, limits, lots, strict=True):
        if np.any(lot > limit):
            cure = f"lower it to the capacity of {np.max(limit):g}, or raise that"
            yield Problem((*place, "lot"), f"of {product} never fits into the capacity", cure, supplier.lot)


def _yield(place: Step, supplier: Supplier) -> Iterator[Problem]:
    good = supplier.yield_rate
    if good is None:
        return
    most = np.minimum(good.mean, 1.0 - np.asarray(good.mean)) / HALF_RANGE
    if np.any(np.asarray(good.deviation) > most + 1e-12):
        cure = f"lower it to {float(np.min(most)):.4g}: shares between 0 and 1 do not scatter more around that mean"
        yield Problem((*place, "yield_rate", "deviation"), "lets the share leave 0 to 1", cure, good.deviation)


def _is_site(scenario: World, lane: Any) -> bool:
    return scenario.index().agents[lane.destination][0] != "markets"


def _rows(value: Any, products: Sequence[str], missing: float = 0.0) -> Any:
    """A number or table as ``[products, 1 or design points]``."""
    return np.zeros((len(products), 1)) + expand(value, products, missing)


def _shown(rows: Any) -> Any:
    return float(rows.flat[0]) if np.all(rows == rows.flat[0]) else rows[:, 0].tolist()
