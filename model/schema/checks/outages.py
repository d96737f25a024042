"""Outages concern sites and lanes that exist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..problems import Problem, nearest

if TYPE_CHECKING:
    from ..world import World


def check_outages(scenario: World) -> Iterator[Problem]:
    """The site or lane is there, and what is to stand still happens there."""
    sites = {site.name for site in scenario.sites()}
    suppliers = {site.name for site in scenario.suppliers}
    makers = suppliers | {site.name for site in scenario.factories}
    markets = {market.name for market in scenario.markets}
    lanes = {lane.name or "" for lane in scenario.lanes}
    to_markets = {f"{link.site}->{market.name}" for market in scenario.markets for link in market.sites}
    to_markets |= {lane.name or "" for lane in scenario.lanes if lane.destination in markets}
    lanes |= to_markets
    for outage in scenario.outages:
        place = ("outages", outage.name or "")
        if outage.lane is not None and outage.lane not in lanes:
            yield Problem((*place, "lane"), "is not a lane", nearest(outage.lane, sorted(lanes)), outage.lane)
        if outage.lane in to_markets and outage.kind in ("ordering", "receiving"):
            what = f"leads to a market, which knows no outage of {outage.kind}"
            yield Problem((*place, "kind"), what, 'use "shipping" or "transit", or change its demand', outage.kind)
        if outage.site is None:
            continue
        if outage.site not in sites:
            yield Problem((*place, "site"), "is not a site", nearest(outage.site, sorted(sites)), outage.site)
        elif outage.kind == "production" and outage.site not in makers:
            cure = "name a supplier or a factory, or another kind of outage"
            yield Problem((*place, "site"), "makes nothing, so its production cannot stop", cure, outage.site)
        elif outage.kind != "production" and outage.site in suppliers:
            cure = 'use kind = "production", or name the lane that is out'
            yield Problem(
                (*place, "site"), f"is a supplier, with nothing coming in: no {outage.kind} to stop", cure, outage.site
            )
