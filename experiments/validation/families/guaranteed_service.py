"""Guaranteed service (Graves & Willems 2000): an optimum of a model with bounded demand, for information.

The engine has no guaranteed service times, so its stock levels cannot be measured on it; the number beside the
published one is the best of all whole service times, by enumeration.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import inf, sqrt
from typing import Any

from ..facts import facts
from ..targets import Effort, Target, information


def targets(effort: Effort) -> Iterator[Target]:
    """The optimum of one published tree."""
    case = facts("guaranteed_service")
    example = case.parameters["example_6_5"]
    expected = case.expected["example_6_5"]["cost"]
    yield information("guaranteed_service/example 6.5", case.source, expected, least_cost(example))


def least_cost(tree: Mapping[str, Any]) -> float:
    """The least cost over all whole service times; end items keep the ones that their customers are promised."""
    sites = list(tree["T"])
    above = {str(after): str(before) for before, after in tree["edges"]}
    ends = [site for site in sites if site not in above.values()]
    longest = sum(tree["T"].values()) + sum(tree["external_inbound_service_time"].values())
    variance = {site: 1.0 if site in ends else float(_ends_below(site, above, ends)) for site in sites}
    choices = [[tree["external_outbound"][site]] if site in ends else range(longest + 1) for site in sites]
    best = inf
    for times in product(*choices):
        promised = dict(zip(sites, times, strict=True))
        cost = 0.0
        for site in sites:
            waits = promised[above[site]] if site in above else tree["external_inbound_service_time"].get(site, 0)
            covered = waits + tree["T"][site] - promised[site]
            cost += inf if covered < 0 else tree["h"][site] * sqrt(variance[site] * covered)
        best = min(best, cost)
    return best


def _ends_below(site: str, above: Mapping[str, str], ends: list[str]) -> int:
    """How many end items are supplied through a site."""
    return sum(site in _chain(end, above) for end in ends)


def _chain(site: str, above: Mapping[str, str]) -> list[str]:
    return [site, *(_chain(above[site], above) if site in above else [])]
