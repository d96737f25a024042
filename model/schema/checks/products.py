"""Products that are named anywhere are declared, and what two keys say about them fits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ..partspec import PartSpec
from ..problems import Problem, nearest
from ..products import DEFAULT_PRODUCT

if TYPE_CHECKING:
    from ..markets import Market
    from ..sites import Factory
    from ..world import World

PLACES = ("suppliers", "factories", "warehouses", "markets", "lanes")


def check_products(scenario: World) -> Iterator[Problem]:
    """Sites, markets, lanes, bills and demand tables name declared products only."""
    known = [product.name for product in scenario.products] or [DEFAULT_PRODUCT]
    for which in PLACES:
        for entry in getattr(scenario, which):
            yield from _unknown((which, entry.name, "products"), entry.products or (), known)
    for factory in scenario.factories:
        yield from _made(factory, known)
    for market in scenario.markets:
        if not isinstance(market.demand, PartSpec):
            yield from _demanded(market, known)


def _unknown(place: tuple[str, ...], names: Iterable[str], known: list[str]) -> Iterator[Problem]:
    for name in names:
        if name not in known:
            cure = f"{nearest(name, known)} or declare it under [[products]]"
            yield Problem((*place, name), "is not a product", cure)


def _made(factory: Factory, known: list[str]) -> Iterator[Problem]:
    place = ("factories", factory.name, "bill")
    yield from _unknown(place, factory.bill, known)
    for product, parts in factory.bill.items():
        yield from _unknown((*place, product), parts, known)
    if factory.products is None and not factory.bill and len(known) > 1:
        cure = "name its products, or give it a bill"
        yield Problem(("factories", factory.name), "does not say which of the products it makes", cure)
    for product in factory.bill if factory.products is not None else ():
        if product not in (factory.products or ()):
            cure = "add it there or remove it here"
            yield Problem((*place, product), "is not among the products of this factory", cure)


def _demanded(market: Market, known: list[str]) -> Iterator[Problem]:
    place = ("markets", market.name, "demand")
    yield from _unknown(place, market.demand, known)
    named = market.products if market.products is not None else list(market.demand)
    for product in named:
        if product not in market.demand:
            yield Problem((*place, product), "is missing although the market names this product", "add its demand")
    for product in market.demand:
        if product not in named:
            yield Problem((*place, product), "is not among the products of this market", "add it there")
