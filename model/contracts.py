"""What owners pay each other by contract, and what goods that are too old bring in: the cost lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..agents.parameters import Number
from .accounts import CostLine
from .schema import Scenario, expand


def contract_lines(scenario: Scenario, sites: Mapping[str, Any], lanes: Mapping[str, Any]) -> Iterator[CostLine]:
    """The payments of all contracts, those with a rate of zero included."""
    for contract in scenario.contracts:
        for spec in scenario.lanes:
            lane = lanes[spec.name or ""]
            if is_between(scenario, spec, contract) and contract.wholesale_price is not None:
                rate = covered(contract.wholesale_price, contract, lane.products)
                yield _paid_by_buyer("wholesale", spec.destination, contract, rate, lane)
            if contract.type == "revenue-sharing" and is_revenue(scenario, spec, contract):
                price = scenario.site(spec.destination).price
                rate = covered(price, contract, lane.products) * contract.revenue_share
                yield _paid_by_buyer("revenue_share", spec.origin, contract, rate, lane)
        if contract.type == "buyback":
            for site in (site for site in scenario.sites() if site.owner == contract.buyer):
                yield from buyback_lines(scenario, contract, sites[site.name])


def buyback_lines(scenario: Scenario, contract: Any, site: Any) -> Iterator[CostLine]:
    """What the seller pays for goods that a site throws away or sends back."""
    shelf_life = site.shelf_life
    if shelf_life is not None:
        for quantity, products in (("expired", shelf_life.products), ("expired_parts", shelf_life.inputs)):
            rate = covered(contract.buyback_price, contract, products)
            yield CostLine("buyback", site.name, contract.seller, rate, shelf_life, quantity, payee=contract.buyer)
    for returns in (returns for returns in site.send_back if returns.contract == contract.name):
        yield from return_lines(scenario, contract, returns)


def return_lines(scenario: Scenario, contract: Any, returns: Any) -> Iterator[CostLine]:
    """The seller takes unsold goods back at the agreed price and gets what they still bring in."""
    place, seller = returns.site.name, contract.seller
    rate = covered(contract.buyback_price, contract, returns.products)
    yield CostLine("buyback", place, seller, rate, returns, "returned", payee=contract.buyer)
    salvage = {product.name: -product.salvage_value for product in scenario.products}
    yield CostLine("salvage", place, seller, covered(salvage, contract, returns.products), returns, "returned")


def _paid_by_buyer(name: str, place: str, contract: Any, rate: Number, lane: Any) -> CostLine:
    return CostLine(name, place, contract.buyer, rate, lane, "received", payee=contract.seller)


def shelf_life_lines(scenario: Scenario, sites: Mapping[str, Any]) -> Iterator[CostLine]:
    """What sites get for goods that are thrown away, as a negative cost, or pay for their disposal."""
    values = {product.name: -product.salvage_value for product in scenario.products}
    for spec in scenario.sites():
        shelf_life = sites[spec.name].shelf_life
        if shelf_life is not None:
            for quantity, products in (("expired", shelf_life.products), ("expired_parts", shelf_life.inputs)):
                rate = expand(values, products)
                yield CostLine("salvage", spec.name, spec.owner or spec.name, rate, shelf_life, quantity)


def is_between(scenario: Scenario, lane: Any, contract: Any) -> bool:
    """Whether a lane leads from a site of the seller to a site of the buyer."""
    if scenario.kind_of(lane.destination) == "market":
        return False
    ends = (scenario.site(lane.origin).owner, scenario.site(lane.destination).owner)
    return ends == (contract.seller, contract.buyer)


def is_revenue(scenario: Scenario, lane: Any, contract: Any) -> bool:
    """Whether a market pays the buyer for what comes on this lane."""
    return scenario.kind_of(lane.destination) == "market" and scenario.site(lane.origin).owner == contract.buyer


def covered(value: Any, contract: Any, products: tuple[str, ...]) -> Number:
    """A price of a contract in the rows of some products, zero for those that it does not cover."""
    prices = value if isinstance(value, dict) else dict.fromkeys(products, value)
    table = {product: prices.get(product, 0.0) for product in products if product in contract.products}
    return expand(table, products, 0.0)  # type: ignore[no-any-return]


def price_on_lane(scenario: Scenario, lane: Any, products: tuple[str, ...]) -> Number:
    """What the destination pays for a unit on a lane, by the lane's price and by contracts: what sourcing rules see."""
    price: Number = expand(lane.price, products, 0.0)
    for contract in scenario.contracts:
        if contract.wholesale_price is not None and is_between(scenario, lane, contract):
            price = price + covered(contract.wholesale_price, contract, products)
    return price
