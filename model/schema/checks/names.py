"""Names are unique, and nothing is larger than the limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from .. import limits
from ..problems import Problem

if TYPE_CHECKING:
    from ..lanes import Lane
    from ..world import World

LISTS = ("suppliers", "factories", "warehouses", "markets")


def check_sizes(scenario: World) -> Iterator[Problem]:
    """The numbers of agents, lanes and products stay within `limits`."""
    agents = sum(len(getattr(scenario, which)) for which in LISTS)
    links = len(scenario.lanes) + sum(len(market.sites) for market in scenario.markets)
    sizes = (
        ("warehouses", "sites and markets", agents, limits.SITES),
        ("lanes", "lanes", links, limits.LANES),
        ("products", "products", len(scenario.products), limits.PRODUCTS),
        ("outages", "outages", len(scenario.outages), limits.OUTAGES),
        ("interventions", "interventions", len(scenario.interventions), limits.INTERVENTIONS),
    )
    for which, what, size, most in sizes:
        if size > most:
            yield Problem((which,), f"there are {size} {what}", f"at most {most} are possible, leave some out")


def check_times(scenario: World) -> Iterator[Problem]:
    """The warm-up ends before the horizon, and what is dated begins before it."""
    if scenario.warm_up >= scenario.periods:
        cure = f"make it shorter than periods = {scenario.periods}"
        yield Problem(("warm_up",), "leaves no period to measure", cure, scenario.warm_up)
    cure = f"give a period before periods = {scenario.periods}, or make the horizon longer"
    for position, item in enumerate(scenario.interventions):
        if item.at >= scenario.periods:
            yield Problem(("interventions", position, "at"), "never comes", cure, item.at)
    for outage in scenario.outages:
        if outage.start is not None and outage.start >= scenario.periods:
            yield Problem(("outages", outage.name or "", "start"), "never comes", cure, outage.start)


def check_duplicates(scenario: World) -> Iterator[Problem]:
    """No two agents, products, lanes or outages share a name."""
    agents = ((which, agent.name) for which in LISTS for agent in getattr(scenario, which))
    yield from _twice(agents)
    yield from _twice(("products", product.name) for product in scenario.products)
    yield from _twice(("lanes", lane.name or "") for lane in scenario.lanes)
    yield from _twice(("contracts", contract.name or "") for contract in scenario.contracts)
    yield from _twice(("outages", outage.name or "") for outage in scenario.outages)
    for market in scenario.markets:
        links = [link.site for link in market.sites]
        for site in dict.fromkeys(name for name in links if links.count(name) > 1):
            yield Problem(("markets", market.name, "sites", site), "is named twice", "name it once")


def check_lanes(scenario: World) -> Iterator[Problem]:
    """No lane is there twice word for word: half of every order would go over each without anybody meaning it."""
    seen: dict[tuple[str, str], list[Lane]] = {}
    for lane in scenario.lanes:
        name = lane.name or ""
        twins = seen.setdefault((lane.origin, lane.destination), [])
        if "->" in name and any(lane.changed(name=twin.name) == twin for twin in twins):
            cure = "remove one, or give it a name if both are meant"
            yield Problem(("lanes", name), f"is the same as {twins[0].name}, word for word", cure)
        twins.append(lane)


def _twice(places: Iterable[tuple[str, ...]]) -> Iterator[Problem]:
    seen: dict[str, tuple[str, ...]] = {}
    for place in places:
        first = seen.setdefault(place[-1], place)
        if first is not place:
            yield Problem(place, f"the name is taken already by {'.'.join(first)}", "choose another name or remove one")
