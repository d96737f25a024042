"""The network: ends of lanes exist, there is no cycle, and nobody stands alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import networkx as nx

from ..problems import Problem, nearest

if TYPE_CHECKING:
    from ..frame import Frame
    from ..world import World

SITE_LISTS = ("suppliers", "factories", "warehouses")


def check_ends(scenario: World) -> Iterator[Problem]:
    """Lanes lead from a site to another site or a market."""
    sites = {site.name for site in scenario.sites()}
    suppliers = {site.name for site in scenario.suppliers}
    markets = {market.name for market in scenario.markets}
    ends = sites | markets
    for lane in scenario.lanes:
        place = ("lanes", lane.name or "")
        if lane.origin in markets:
            yield Problem((*place, "from"), "is a market, which ships nothing", "start the lane at a site", lane.origin)
        elif lane.origin not in sites:
            yield Problem((*place, "from"), "is not a site", nearest(lane.origin, sorted(sites)), lane.origin)
        if lane.destination in suppliers:
            cure = "make it a factory or a warehouse"
            yield Problem((*place, "to"), "is a supplier, which receives nothing", cure, lane.destination)
        elif lane.destination not in ends:
            cure = nearest(lane.destination, sorted(ends))
            yield Problem((*place, "to"), "is not a site or market", cure, lane.destination)


def check_markets(scenario: World) -> Iterator[Problem]:
    """There is a market, and each is served by sites that exist, each named once."""
    if not scenario.markets:
        yield Problem(("markets",), "there is none, so nothing would happen", "add one with [[markets]]")
    sites = [site.name for site in scenario.sites()]
    known = set(sites)
    pairs = {(lane.origin, lane.destination) for lane in scenario.lanes}
    served = {lane.destination for lane in scenario.lanes}
    for market in scenario.markets:
        place = ("markets", market.name, "sites")
        if not market.sites and market.name not in served:
            yield Problem(place, "no site serves this market", f'add sites = ["..."]; {nearest("", sites)}')
        for link in market.sites:
            if link.site not in known:
                yield Problem((*place, link.site), "is not a site", nearest(link.site, sites), link.site)
            if (link.site, market.name) in pairs:
                yield Problem(
                    (*place, link.site), "has a lane to this market already", "remove one of the two", link.site
                )


def check_cycle(scenario: World) -> Iterator[Problem]:
    """No goods travel in a circle."""
    graph = nx.DiGraph((lane.origin, lane.destination) for lane in scenario.lanes)
    if nx.is_directed_acyclic_graph(graph):
        return
    tangle = next(part for part in nx.strongly_connected_components(graph) if _has_cycle(graph, part))
    start = next(lane.origin for lane in scenario.lanes if lane.origin in tangle)
    names = [edge[0] for edge in nx.find_cycle(graph.subgraph(tangle), start)]
    shown = " -> ".join([*names[:10], *(["..."] if len(names) > 10 else []), names[0]])
    yield Problem(("lanes",), f"form a cycle: {shown}", "remove one of these lanes")


def _has_cycle(graph: nx.DiGraph, part: set[str]) -> bool:
    return len(part) > 1 or any(graph.has_edge(name, name) for name in part)


def check_suppliers(scenario: World, frame: Frame) -> Iterator[Problem]:
    """Every warehouse has a supplier."""
    supplied = {lane.destination for lane in scenario.lanes}
    for site in scenario.warehouses:
        if site.name not in supplied:
            cure = f'add a lane to = "{site.name}" from a site that has its goods'
            yield Problem(("warehouses", site.name), "has no supplier: no lane leads to it", cure)


def check_customers(scenario: World, frame: Frame) -> Iterator[Problem]:
    """Every site serves somebody."""
    serving = {lane.origin for lane in scenario.lanes}
    for which in SITE_LISTS:
        for site in getattr(scenario, which):
            if site.name not in serving:
                cure = f'add a lane from = "{site.name}", name it among the sites of a market, or remove it'
                yield Problem((which, site.name), "serves nobody: no lane starts at it", cure)
