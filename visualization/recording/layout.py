"""The network of a recording: sites, lanes and echelons, and where they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .placing import layered, on_map

SHAPES = ("supplier", "factory", "warehouse", "retailer")
PLURALS = {"supplier": "Suppliers", "factory": "Factories", "warehouse": "Warehouses", "retailer": "Retailers"}


@dataclass(frozen=True)
class RecordedSite:
    """A site: ``kind`` is the shape it is drawn with, ``echelon`` the place of its level in `Network.echelons`.

    ``layers`` and ``map`` are positions in the unit square, from the left and from the top; a scenario without
    positions has no map. ``markets`` are those that it serves.
    """

    name: str
    kind: str
    echelon: int
    owner: int
    region: str
    layers: tuple[float, float]
    map: tuple[float, float] | None
    policy: str
    markets: tuple[str, ...]


@dataclass(frozen=True)
class RecordedLane:
    """All transport links from one site to another; ``travel_time`` in periods, the mean of a random one."""

    name: str
    origin: int
    destination: int
    travel_time: float
    carrier: str


@dataclass(frozen=True)
class Network:
    """Sites and lanes in the order of the fields' rows; echelons from downstream to upstream; owners of sites.

    ``aspect`` is the width of the map over its height.
    """

    sites: tuple[RecordedSite, ...]
    lanes: tuple[RecordedLane, ...]
    echelons: tuple[str, ...]
    owners: tuple[str, ...]
    aspect: float = 1.0


def network_of(chain: Any) -> Network:
    """The network of a model as it is recorded: the sites, and the lanes between them.

    Markets are not drawn: what they want is shown at the sites that serve them.
    """
    scenario = chain.scenario
    specs = list(scenario.sites())
    levels = _levels(specs)
    place = {spec.name: number for number, spec in enumerate(specs)}
    lanes = _lanes(chain, place)
    owners = tuple(dict.fromkeys(chain.owner_of(spec.name) for spec in specs))
    kinds = [_kind(chain, spec.name) for spec in specs]
    ends = [(lane.origin, lane.destination) for lane in lanes]
    columns = layered([levels.index(str(spec.echelon)) for spec in specs], ends)
    mapped, aspect = on_map([spec.position for spec in specs])
    sites = tuple(
        RecordedSite(
            name=spec.name,
            kind=kinds[number],
            echelon=levels.index(str(spec.echelon)),
            owner=owners.index(chain.owner_of(spec.name)),
            region=spec.region or "",
            layers=columns[number],
            map=mapped[number],
            policy=getattr(getattr(spec, "policy", None), "type", "") or "",
            markets=tuple(lane.destination.name for lane in chain.sites[spec.name].market_lanes),
        )
        for number, spec in enumerate(specs)
    )
    return Network(sites, tuple(lanes), tuple(_names(levels, sites)), owners, aspect)


def _levels(specs: Sequence[Any]) -> list[str]:
    """The names of the echelons, downstream first when they are numbered as usual."""
    names = dict.fromkeys(str(spec.echelon) for spec in specs)
    return sorted(names, key=lambda name: (not name.isdigit(), float(name) if name.isdigit() else 0.0, name))


def _kind(chain: Any, name: str) -> str:
    kind: str = chain.scenario.kind_of(name)
    return "retailer" if kind == "warehouse" and chain.sites[name].market_lanes else kind


def _names(levels: Sequence[str], sites: Sequence[RecordedSite]) -> list[str]:
    """What the echelons are called: by the one site in it, by the kind of its sites, or as the scenario does."""
    found: list[str] = []
    for number, level in enumerate(levels):
        members = [site for site in sites if site.echelon == number]
        kinds = [kind for kind in SHAPES if any(site.kind == kind for site in members)]
        name = members[0].name if len(members) == 1 else " and ".join(PLURALS[kind] for kind in kinds)
        name = name if level.isdigit() else level
        found.append(name if name not in found else f"{name}, level {level}")
    return found


def _lanes(chain: Any, place: dict[str, int]) -> list[RecordedLane]:
    """The links between sites in the order of the scenario, several between the same two sites as one."""
    between: dict[tuple[str, str], list[Any]] = {}
    for lane in chain.lanes.values():
        if lane.destination.name in place:
            between.setdefault((lane.origin.name, lane.destination.name), []).append(lane)
    carriers = {lane.name: lane.carrier or "" for lane in chain.scenario.lanes}
    return [
        RecordedLane(
            name=f"{origin}->{destination}",
            origin=place[origin],
            destination=place[destination],
            travel_time=min(_travel_time(lane) for lane in lanes),
            carrier=", ".join(dict.fromkeys(filter(None, (carriers.get(lane.name, "") for lane in lanes)))),
        )
        for (origin, destination), lanes in between.items()
    ]


def _travel_time(lane: Any) -> float:
    if lane.random_travel is None:
        return float(lane.travel_time)
    times = lane.random_travel.support
    return float(sum(times) / len(times))
