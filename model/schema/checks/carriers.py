"""Carriers serve lanes that exist, one carrier a lane; docks take trucks, with doors or slots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ..problems import Problem, nearest
from ..times import shortest

if TYPE_CHECKING:
    from ..frame import Frame
    from ..world import World


def check_carriers(scenario: World) -> Iterator[Problem]:
    """Names of carriers and lanes lead somewhere, and no lane is served twice."""
    markets = {f"{link.site}->{market.name}" for market in scenario.markets for link in market.sites}
    lanes = {lane.name or "" for lane in scenario.lanes} | markets
    carriers = [carrier.name for carrier in scenario.carriers]
    served = {lane.name or "": lane.carrier for lane in scenario.lanes if lane.carrier is not None}
    for name, carrier in {name: given for name, given in served.items() if given not in carriers}.items():
        yield Problem(("lanes", name, "carrier"), "is not a carrier", nearest(carrier, carriers), carrier)
    for spec in scenario.carriers:
        for lane_name in spec.lanes:
            place = ("carriers", spec.name, "lanes")
            if lane_name not in lanes:
                yield Problem(place, "names a lane that is not there", nearest(lane_name, sorted(lanes)), lane_name)
            elif served.setdefault(lane_name, spec.name) != spec.name:
                yield Problem(place, f"is served by {served[lane_name]} already", "name one carrier a lane", lane_name)
    for idle in (name for name in carriers if name not in served.values()):
        yield Problem(("carriers", idle), "serves no lane", "list its lanes, or remove it")


def check_dispatch(scenario: World) -> Iterator[Problem]:
    """Rules of departure that would never send a truck, or that ask for two things at once."""
    for spec in scenario.carriers:
        place = ("carriers", spec.name, "dispatch")
        rule = spec.dispatch
        if rule.every is not None and rule.longest_wait is not None:
            cure = "remove one of them: by a timetable everything leaves in its periods"
            yield Problem((*place, "longest_wait"), "does not go with every", cure, rule.longest_wait)
        if spec.calendar is not None and not any(spec.calendar.pattern):
            cure = "put a 1 for every working period"
            yield Problem(("carriers", spec.name, "calendar", "pattern"), "has no working period", cure)
        trucks = spec.fleet.trucks
        if trucks is not None and np.any(np.asarray(trucks) % 1):
            cure = "give a whole number, or leave it out for as many as are needed"
            yield Problem(("carriers", spec.name, "fleet", "trucks"), "is not a whole number", cure, trucks)
        by = spec.fleet.load_by
        for product in scenario.products if by != "units" else ():
            if not np.all(np.asarray(getattr(product, by)) > 0):
                cure = f'give it a {by}, or load {spec.name} by "units": goods without one would never fill a truck'
                yield Problem(("products", product.name, by), "is nothing to load trucks by", cure, 0.0)
    yield from _returns(scenario)


def _returns(scenario: World) -> Iterator[Problem]:
    """Goods that go back would need trucks in the other direction."""
    trucked = {lane.destination for lane in scenario.lanes if lane.carrier is not None}
    for kind in ("suppliers", "factories", "warehouses"):
        for site in getattr(scenario, kind):
            if site.orders.returns and site.name in trucked:
                cure = "remove it, or serve the lanes to the site without a carrier"
                yield Problem((kind, site.name, "orders", "returns"), "does not go with trucks", cure, True)
    trucked |= {name.partition("->")[2] for spec in scenario.carriers for name in spec.lanes}
    for market in scenario.markets:
        lowest = min(_lowest(market.demand), default=0.0)
        if market.name in trucked and lowest < 0:
            cure = "give 0, or serve the market without a carrier"
            yield Problem(("markets", market.name, "demand", "minimum"), "does not go with trucks", cure, lowest)


def _lowest(demand: Any) -> Iterator[float]:
    """The numbers below which the demand processes of a market do not fall."""
    for part in demand.values() if isinstance(demand, dict) else [demand]:
        yield float(np.min(part.given().get("minimum", 0.0)))


def check_docks(scenario: World, frame: Frame) -> Iterator[Problem]:
    """A dock has doors or slots, and trucks that come to it."""
    trucked = [lane for lane in scenario.lanes if lane.carrier is not None]
    arrive, leave = {lane.destination for lane in trucked}, {lane.origin for lane in trucked}
    for kind in ("suppliers", "factories", "warehouses"):
        for site in getattr(scenario, kind):
            yield from _window((kind, site.name), site)
            if site.docks is None:
                continue
            yield from _dock((kind, site.name, "docks", "inbound"), site.docks.inbound, site.name in arrive)
            yield from _dock((kind, site.name, "docks", "outbound"), site.docks.outbound, site.name in leave)


def _dock(place: tuple[str, ...], dock: Any, used: bool) -> Iterator[Problem]:
    if dock is None:
        return
    yield from _doors(place, dock)
    if not used:
        yield Problem(place, "no truck comes here", "give a lane a carrier, or remove the dock")


def _doors(place: tuple[str, ...], dock: Any) -> Iterator[Problem]:
    if (dock.doors is None) == (dock.slots is None):
        cure = "give doors (and the time for which a truck holds one), or slots (trucks a period)"
        yield Problem(place, "needs either doors or slots", cure)
    if shortest(dock.time) < 1:
        yield Problem((*place, "time"), "is less than a period", "give at least 1", dock.time)


def _window(place: tuple[str, ...], site: Any) -> Iterator[Problem]:
    window = getattr(site, "receiving_window", None)
    if window is not None and window.calendar is None and window.early_cost is not None:
        cure = "give the calendar of the window, or remove it"
        yield Problem((*place, "receiving_window", "early_cost"), "has no effect", cure, window.early_cost)
    if window is None or window.calendar is None:
        return
    if site.docks is None or site.docks.inbound is None:
        cure = "give the site docks = {inbound = {doors = 1}}: trucks wait there for the window"
        yield Problem((*place, "receiving_window"), "needs an inbound dock", cure)
    if not any(window.calendar.pattern):
        cure = "put a 1 for every period with receipts"
        yield Problem((*place, "receiving_window", "calendar", "pattern"), "has no period with receipts", cure)
