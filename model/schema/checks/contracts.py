"""Contracts are between owners who trade, say what they need to say and no more; shelf lives can be kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ..problems import Problem, listing, nearest
from ..products import DEFAULT_PRODUCT

if TYPE_CHECKING:
    from ..facilities import Contract
    from ..frame import Frame
    from ..lanes import Lane
    from ..world import World

NEEDS = {"wholesale": "wholesale_price", "buyback": "buyback_price", "revenue-sharing": "revenue_share"}
Place = tuple[str, ...]


def check_parties(scenario: World) -> Iterator[Problem]:
    """Seller and buyer are two owners of the scenario, and the terms are those of the kind of contract."""
    known = [product.name for product in scenario.products] or [DEFAULT_PRODUCT]
    agents = [*scenario.agents(), *scenario.carriers]
    owners = list(dict.fromkeys(agent.owner or agent.name for agent in agents))
    for contract in scenario.contracts:
        place = ("contracts", contract.name or "")
        for role in ("seller", "buyer"):
            owner = getattr(contract, role)
            if owner not in owners:
                yield Problem((*place, role), "owns nothing here", nearest(owner, owners), owner)
        if contract.seller == contract.buyer:
            yield Problem((*place, "buyer"), "is the seller too", "name two owners", contract.buyer)
        for product in contract.products or ():
            if product not in known:
                yield Problem((*place, "products", product), "is not a product", nearest(product, known))
        if contract.products == []:
            yield Problem((*place, "products"), "is empty", "name what it covers, or leave it out for everything", [])
        yield from _terms(place, contract)


def _terms(place: Place, contract: Contract) -> Iterator[Problem]:
    needed = NEEDS[contract.type]
    if getattr(contract, needed) is None:
        yield Problem((*place, needed), f"is missing: a contract of type {contract.type} is about it", "add it")
    for kind, term in NEEDS.items():
        value = getattr(contract, term)
        if value is not None and term not in (needed, "wholesale_price"):
            cure = f'remove it, or write a second contract of type "{kind}"'
            yield Problem((*place, term), f"does not go with type {contract.type}", cure, value)
    if contract.returns_every is not None and contract.type != "buyback":
        cure = 'remove it, or write a second contract of type "buyback"'
        yield Problem((*place, "returns_every"), f"does not go with type {contract.type}", cure, contract.returns_every)
    paid, back = contract.wholesale_price, contract.buyback_price
    for product, most in _each(back):
        price = dict(_each(paid)).get(product, paid)
        if price is not None and not isinstance(price, dict) and np.any(np.greater(most, price)):
            cure = "lower it: the buyer would gain by throwing goods away"
            yield Problem((*place, "buyback_price"), "is more than the wholesale_price", cure, back)


def _each(value: Any) -> list[tuple[str, Any]]:
    """The values of a number by product, or the number alone."""
    if value is None:
        return []
    return list(value.items()) if isinstance(value, dict) else [("", value)]


def check_contracts(scenario: World, frame: Frame) -> Iterator[Problem]:
    """What a contract covers moves between the two, and no payment is agreed twice."""
    shares: dict[tuple[str, str], Any] = {}
    priced: dict[tuple[str, str, str], str] = {}
    for contract in scenario.contracts:
        place = ("contracts", contract.name or "")
        lanes = [lane for lane in scenario.lanes if _between(scenario, lane, contract)]
        yield from _terms(place, contract)
        yield from _moves(place, contract, lanes)
        if contract.wholesale_price is not None:
            yield from _priced_once(place, contract, lanes, priced)
            yield from _no_price_breaks(place, scenario, lanes)
        if contract.type == "buyback":
            yield from _unsold(place, contract, scenario)
            yield from _sent_back(place, contract, scenario)
        if contract.type == "revenue-sharing":
            yield from _shared(place, contract, scenario, shares)


def _between(scenario: World, lane: Lane, contract: Contract) -> bool:
    ends = (_owner(scenario, lane.origin), _owner(scenario, lane.destination))
    return ends == (contract.seller, contract.buyer) and scenario.kind_of(lane.destination) != "market"


def _owner(scenario: World, name: str) -> str:
    return str(scenario.site(name).owner)


def _moves(place: Place, contract: Contract, lanes: list[Lane]) -> Iterator[Problem]:
    if not lanes:
        what = f"no lane leads from a site of {contract.seller} to one of {contract.buyer}"
        yield Problem(place, what, "name the owners of the two ends of a lane, the one that ships as seller")
        return
    carried = {product for lane in lanes for product in lane.products or ()}
    for product in contract.products or ():
        if product not in carried:
            cure = f"name what moves there: {listing(sorted(carried))}"
            yield Problem((*place, "products", product), f"{contract.seller} ships none of it", cure)


def _priced_once(
    place: Place, contract: Contract, lanes: list[Lane], priced: dict[tuple[str, str, str], str]
) -> Iterator[Problem]:
    for product in contract.products or ():
        first = priced.setdefault((contract.seller, contract.buyer, product), place[-1])
        if first != place[-1]:
            cure = f"keep the price of one of the two: {first} has one already"
            yield Problem(
                (*place, "wholesale_price"), f"is a second price of {product}", cure, contract.wholesale_price
            )
    for lane in lanes:
        price = lane.price if isinstance(lane.price, dict) else dict.fromkeys(lane.products or (), lane.price)
        if any(np.any(price.get(product, 0.0)) for product in contract.products or ()):
            cure = f"remove the price of the lane {lane.name}, or this one: both would be paid"
            yield Problem((*place, "wholesale_price"), f"{lane.name} has a price too", cure, contract.wholesale_price)


def _no_price_breaks(place: Place, scenario: World, lanes: list[Lane]) -> Iterator[Problem]:
    for lane in lanes:
        if getattr(scenario.site(lane.origin), "price_breaks", None):
            cure = "remove one of the two: both would be paid"
            yield Problem((*place, "wholesale_price"), f"{lane.origin} has price_breaks too", cure)


def _unsold(place: Place, contract: Contract, scenario: World) -> Iterator[Problem]:
    """Goods that come back are thrown away, and it is known who sold them."""
    mortal = {product.name for product in scenario.products if product.shelf_life is not None}
    for product in contract.products or ():
        if product not in mortal and contract.returns_every is None:
            cure = f"give the product {product} a shelf_life, or the contract returns_every"
            yield Problem((*place, "products", product), "is never thrown away, so never bought back", cure)
            continue
        for lane in scenario.lanes:
            owner = _owner(scenario, lane.origin)
            bought = product in (lane.products or ()) and lane.destination in _sites_of(scenario, contract.buyer)
            if bought and owner not in (contract.seller, contract.buyer):
                what = f"{owner} sells {product} to {lane.destination} too, so nobody knows whose units are left over"
                yield Problem(
                    (*place, "products", product), what, f"let {contract.seller} alone sell it, or leave it out"
                )


def _sent_back(place: Place, contract: Contract, scenario: World) -> Iterator[Problem]:
    """There is a warehouse from which goods may go back, and one contract by which they do."""
    if contract.returns_every is None:
        return
    held = {p for site in scenario.warehouses if site.owner == contract.buyer for p in site.products or ()}
    others = [other for other in scenario.contracts if other is not contract and other.returns_every is not None]
    for product in contract.products or ():
        if product not in held:
            what = f"no warehouse of {contract.buyer} holds it, so none of it goes back"
            yield Problem((*place, "products", product), what, "leave it out")
        for other in others:
            if (other.seller, other.buyer) == (contract.seller, contract.buyer) and product in (other.products or ()):
                cure = "name it in one of the two"
                yield Problem((*place, "products", product), f"goes back by {other.name} too", cure)


def _sites_of(scenario: World, owner: str) -> set[str]:
    return {site.name for site in scenario.sites() if site.owner == owner}


def _shared(place: Place, contract: Contract, scenario: World, shares: dict[tuple[str, str], Any]) -> Iterator[Problem]:
    sites = _sites_of(scenario, contract.buyer)
    markets = {market.name: market for market in scenario.markets}
    sold = {
        p
        for lane in scenario.lanes
        if lane.origin in sites and lane.destination in markets
        for p in lane.products or ()
    }
    for product in contract.products or ():
        if product not in sold:
            what = f"{contract.buyer} sells none of it to a market, so there is no revenue"
            yield Problem((*place, "products", product), what, "leave it out, or let one of its sites serve a market")
        key = (contract.buyer, product)
        shares[key] = shares.get(key, 0.0) + contract.revenue_share
        if np.any(np.greater(shares[key], 1.0 + 1e-12)):
            cure = f"lower the shares that {contract.buyer} gives away to 1 in all"
            yield Problem(
                (*place, "revenue_share"), f"with others more than all of {product}", cure, contract.revenue_share
            )


def check_shelf_life(scenario: World, frame: Frame) -> Iterator[Problem]:
    """A salvage value needs a shelf life, and goods with one do not go back to where they came from."""
    mortal = {product.name for product in scenario.products if product.shelf_life is not None}
    back = {p for contract in scenario.contracts if contract.returns_every is not None for p in contract.products or ()}
    for product in scenario.products:
        if product.shelf_life is None and product.name not in back and np.any(product.salvage_value):
            cure = "give the product a shelf_life, or remove it: nothing is thrown away"
            yield Problem(("products", product.name, "salvage_value"), "has no effect", cure, product.salvage_value)
    for kind in ("suppliers", "factories", "warehouses"):
        for site in getattr(scenario, kind):
            if site.orders.returns and mortal & {*site.products, *frame.parts.get(site.name, ())}:
                cure = "remove one of the two: the age of goods that come back would not be known"
                yield Problem((kind, site.name, "orders", "returns"), "does not go with a shelf_life", cure, True)
