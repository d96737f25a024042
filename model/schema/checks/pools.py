"""Lanes that share trucks begin at one place, and their times let one truck serve them all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from ..problems import Problem, nearest

if TYPE_CHECKING:
    from ..frame import Frame
    from ..world import World

Place = tuple[str, ...]


def check_pools(scenario: World, frame: Frame) -> Iterator[Problem]:
    """Each pool names two or more lanes of its carrier, no lane is in two, and the lanes fit together."""
    for carrier in scenario.carriers:
        mine = {lane.name or "": lane for lane in scenario.lanes if lane.carrier == carrier.name}
        pooled: set[str] = set()
        for number, pool in enumerate(carrier.pools, start=1):
            place = ("carriers", carrier.name, "pools", str(number), "lanes")
            found = list(_names(place, pool.lanes, mine, carrier.name, pooled))
            yield from found
            pooled |= set(pool.lanes)
            if not found:
                lanes = [mine[name] for name in pool.lanes]
                yield from _together((*place[:-1],), lanes, pool.route)
                yield from _outages(lanes, scenario)


def check_reserved(scenario: World, frame: Frame) -> Iterator[Problem]:
    """Trucks are reserved for some lanes of the carrier, out of a fleet that is limited."""
    for carrier in scenario.carriers:
        mine = [lane.name or "" for lane in scenario.lanes if lane.carrier == carrier.name]
        yield from _reserve(("carriers", carrier.name, "fleet"), carrier.fleet, mine, carrier.name)
        for number, pool in enumerate(carrier.pools, start=1):
            parts = [name for name in pool.lanes if name in carrier.fleet.reserved_for]
            if 0 < len(parts) < len(pool.lanes):
                place = ("carriers", carrier.name, "pools", str(number), "lanes")
                cure = "name all lanes of the pool in reserved_for, or none"
                yield Problem(place, "are reserved in part, but share trucks", cure, parts)


def _reserve(place: Place, fleet: Any, mine: Sequence[str], carrier: str) -> Iterator[Problem]:
    for name in (name for name in fleet.reserved_for if name not in mine):
        cure = f"name lanes that {carrier} serves; {nearest(name, mine)}"
        yield Problem((*place, "reserved_for"), f"names a lane that {carrier} does not serve", cure, name)
    if fleet.reserved is None and fleet.reserved_for:
        cure = "give the share of the trucks as reserved, or remove it"
        yield Problem((*place, "reserved_for"), "has no effect without reserved", cure, fleet.reserved_for)
    elif fleet.reserved is not None and not fleet.reserved_for:
        yield Problem(
            (*place, "reserved"), "is for no lane", "name lanes in reserved_for, or remove it", fleet.reserved
        )
    elif fleet.reserved is not None and fleet.trucks is None:
        cure = "give the number of trucks, or remove it"
        yield Problem((*place, "reserved"), "has no effect on a fleet of as many trucks as are needed", cure)


def _names(
    place: Place, names: Sequence[str], mine: dict[str, Any], carrier: str, pooled: set[str]
) -> Iterator[Problem]:
    if len(names) < 2:
        yield Problem(place, "names less than two lanes", "name all that share trucks, or remove the pool", list(names))
    for position, name in enumerate(names):
        if name not in mine:
            cure = f"name lanes that {carrier} serves; {nearest(name, sorted(mine))}"
            yield Problem(place, f"names a lane that {carrier} does not serve", cure, name)
        elif name in pooled or name in names[:position]:
            yield Problem(place, "names a lane that is in a pool already", "name it once", name)


def _together(place: Place, lanes: Sequence[Any], route: bool) -> Iterator[Problem]:
    """One origin, fixed times, and one place of arrival after the other."""
    origins = list(dict.fromkeys(lane.origin for lane in lanes))
    if len(origins) > 1:
        cure = "pool lanes that begin at one place"
        yield Problem((*place, "lanes"), f"begin at {' and '.join(origins)}", cure, [lane.name for lane in lanes])
    drawn = [lane for lane in lanes if not isinstance(lane.travel_time, int)]
    for lane in drawn:
        cure = "give a whole number of periods, or take the lane out of the pool"
        yield Problem(("lanes", lane.name, "travel_time"), "is drawn, which a pool does not go with", cure)
    stops = [list(group) for _, group in groupby(lanes, key=lambda lane: lane.destination)]
    ends = [stop[0].destination for stop in stops]
    if len(ends) > 1 and not route:
        cure = "set route = true, so that trucks visit them one after the other, or pool lanes to one place"
        yield Problem((*place, "route"), f"is false, but the lanes lead to {' and '.join(dict.fromkeys(ends))}", cure)
    elif len(set(ends)) < len(ends):
        cure = "put lanes to one place beside each other: it is one stop"
        yield Problem((*place, "lanes"), "come back to a place", cure, ends)
    elif not drawn:
        yield from _times(stops)


def _times(stops: Sequence[Sequence[Any]]) -> Iterator[Problem]:
    for stop in stops:
        for lane in stop[1:]:
            if lane.travel_time != stop[0].travel_time:
                what = f"is not the {stop[0].travel_time} of {stop[0].name}, which shares its trucks"
                yield Problem(("lanes", lane.name, "travel_time"), what, "give both the same", lane.travel_time)
    for before, after in pairwise(stop[0] for stop in stops):
        if after.travel_time <= before.travel_time:
            what = f"is not more than the {before.travel_time} of {before.name}, the stop before it"
            cure = "count it from the origin, and one period more at least from stop to stop"
            yield Problem(("lanes", after.name, "travel_time"), what, cure, after.travel_time)


def _outages(lanes: Sequence[Any], scenario: World) -> Iterator[Problem]:
    """A truck that stands still does so with all its goods."""
    ends = [lane.destination for lane in lanes]
    shared = {lane.name for lane in lanes if ends.count(lane.destination) > 1}
    for outage in scenario.outages:
        if outage.kind == "transit" and outage.lane in shared:
            cure = "name the site instead: all lanes to it that share trucks stand still together"
            yield Problem(("outages", outage.name or "", "lane"), "shares trucks with others", cure, outage.lane)
