"""Tables ``{product: number}`` name products that are there, and leave out none that has no default."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..building import missing_products
from ..common import Table
from ..partspec import PartSpec
from ..problems import Problem, nearest

if TYPE_CHECKING:
    from ..frame import Frame
    from ..world import World

LISTS = ("suppliers", "factories", "warehouses", "markets", "lanes", "contracts")
WHOLE = ("held_cost", "wholesale_price", "buyback_price")  # keys without a default: their tables name every product


def check_tables(scenario: World, frame: Frame) -> Iterator[Problem]:
    """All tables of all agents and lanes."""
    for which in LISTS:
        for entry in getattr(scenario, which):
            parts = frame.parts.get(entry.name, ()) if which == "factories" else ()
            yield from _tables((which, entry.name), entry, entry.products, parts)


def check_demands(scenario: World, frame: Frame) -> Iterator[Problem]:
    """Tables of demand processes that stand for several products; resolving gives each product its own process."""
    for market in scenario.markets:
        if isinstance(market.demand, PartSpec):
            found = missing_products(market.demand, frame.products[market.name])
            yield from (problem.under("markets", market.name, "demand") for problem in found)


def _tables(place: tuple[str, ...], table: Table, products: Sequence[str], parts: Sequence[str]) -> Iterator[Problem]:
    for name, declared in type(table).declared.items():
        value = table.__dict__[name]
        if isinstance(value, PartSpec):
            known = parts if name == "buy" else products
            yield from (problem.under(*place, name) for problem in missing_products(value, known))
        elif isinstance(value, Table):
            yield from _tables((*place, name), value, products, parts)
        elif isinstance(value, dict) and declared.per:
            known = parts if declared.per == "part" else products
            required = type(table).model_fields[name].is_required() or name in WHOLE
            yield from _table((*place, name), value, known, required)
        elif isinstance(value, list) and value:
            yield from _entries((*place, name), value, products, parts)


def _entries(
    place: tuple[str, ...], entries: list[Any], products: Sequence[str], parts: Sequence[str]
) -> Iterator[Problem]:
    """The entries of a list: tables such as forced orders, or numbers by product in the slots of a pipeline."""
    for position, entry in enumerate(entries):
        if isinstance(entry, Table):
            yield from _tables((*place, str(position + 1)), entry, products, parts)
        elif isinstance(entry, dict):
            yield from _table((*place, str(position + 1)), entry, products, False)


def _table(place: tuple[str, ...], table: dict[str, Any], known: Sequence[str], required: bool) -> Iterator[Problem]:
    for product, value in table.items():
        if product not in known:
            yield Problem((*place, product), "is not a product here", nearest(product, known), value)
    if required:
        for product in known:
            if product not in table:
                yield Problem(place, f"has no value for {product}", f"add {product} to the table", table)
