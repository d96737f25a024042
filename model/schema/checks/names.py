"""Names are unique, and nothing is larger than the limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from .. import limits
from ..problems import Problem

if TYPE_CHECKING:
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
    """The warm-up ends before the horizon."""
    if scenario.warm_up >= scenario.periods:
        cure = f"make it shorter than periods = {scenario.periods}"
        yield Problem(("warm_up",), "leaves no period to measure", cure, scenario.warm_up)


def check_duplicates(scenario: World) -> Iterator[Problem]:
    """No two agents, products, lanes or outages share a name."""
    agents = ((which, agent.name) for which in LISTS for agent in getattr(scenario, which))
    yield from _twice(agents)
    yield from _twice(("products", product.name) for product in scenario.products)
    yield from _twice(("lanes", lane.name or "") for lane in scenario.lanes)
    yield from _twice(("outages", outage.name or "") for outage in scenario.outages)
    for market in scenario.markets:
        yield from _twice(("markets", market.name, "sites", link.site) for link in market.sites)


def _twice(places: Iterable[tuple[str, ...]]) -> Iterator[Problem]:
    seen: dict[str, tuple[str, ...]] = {}
    for place in places:
        first = seen.setdefault(place[-1], place)
        if first is not place:
            yield Problem(place, f"the name is taken already by {'.'.join(first)}", "choose another name or remove one")
