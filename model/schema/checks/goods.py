"""Goods: what is wanted can be had, and every bill of materials can be met."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import networkx as nx

from ..problems import Problem, listing

if TYPE_CHECKING:
    from ..frame import Frame
    from ..world import World


def check_bills(scenario: World) -> Iterator[Problem]:
    """No product contains itself."""
    graph = nx.DiGraph()
    for factory in scenario.factories:
        for product, parts in factory.bill.items():
            graph.add_edges_from((product, part) for part in parts)
    try:
        cycle = [edge[0] for edge in nx.find_cycle(graph)] if graph.size() else []
    except nx.NetworkXNoCycle:
        return
    for factory in scenario.factories:
        if cycle and cycle[0] in factory.bill:
            shown = " -> ".join([*cycle, cycle[0]])
            place = ("factories", factory.name, "bill", cycle[0])
            yield Problem(place, f"needs itself: {shown}", "remove one of these parts")
            return


def check_offers(scenario: World, frame: Frame) -> Iterator[Problem]:
    """A lane that names its products carries what its origin has and its destination wants, and never nothing."""
    for lane, as_given in zip(scenario.lanes, frame.lanes, strict=True):
        place = ("lanes", lane.name or "")
        given = as_given.products
        offered = frame.products[lane.origin]
        for product in given or ():
            if product not in offered:
                cure = f"it has {listing(offered) or 'nothing'}"
                yield Problem((*place, "products", product), f"{lane.origin} does not have this product", cure)
        if not lane.products and not (given and any(product not in offered for product in given)):
            cure = "remove it, or name the products of its two ends so that they have one in common"
            yield Problem(place, f"carries nothing: {lane.destination} takes nothing that {lane.origin} has", cure)


def check_parts(scenario: World, frame: Frame) -> Iterator[Problem]:
    """A lane brings every part of every bill of materials."""
    arriving = _arriving(scenario)
    for factory in scenario.factories:
        for product, parts in factory.bill.items():
            for part, units in parts.items():
                if part not in arriving.get(factory.name, ()):
                    place = ("factories", factory.name, "bill", product, part)
                    cure = f"add a lane from a site that has {part}"
                    yield Problem(place, f"no lane brings {part} to {factory.name}", cure, units)


def check_supply(scenario: World, frame: Frame) -> Iterator[Problem]:
    """A lane brings every product that a warehouse or market deals in."""
    arriving = _arriving(scenario)
    for which in ("warehouses", "markets"):
        for agent in getattr(scenario, which):
            for product in agent.products:
                if product not in arriving.get(agent.name, ()) and agent.name in arriving:
                    cure = f"let a site that has {product} serve it, or take {product} out"
                    yield Problem((which, agent.name, "products", product), f"nobody supplies {product} to it", cure)


def check_empty(scenario: World, frame: Frame) -> Iterator[Problem]:
    """Every supplier and every factory has a product."""
    for which in ("suppliers", "factories"):
        for site in getattr(scenario, which):
            if not site.products:
                cure = "name its products; a factory makes all the declared ones, so declare the raw material too"
                yield Problem((which, site.name, "products"), "has no product left to offer", cure, site.products)


def _arriving(scenario: World) -> dict[str, set[str]]:
    """What the lanes bring to each agent."""
    found: dict[str, set[str]] = {}
    for lane in scenario.lanes:
        found.setdefault(lane.destination, set()).update(lane.products or ())
    return found
