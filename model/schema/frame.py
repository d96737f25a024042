"""What follows from the structure of a network: all its lanes, who deals in which products, and who stands where."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .lanes import Lane
from .markets import Market
from .partspec import PartSpec
from .products import DEFAULT_PRODUCT, Product
from .sites import Factory, Site, Supplier
from .world import World, numbered


@dataclass
class Frame:
    """The derived structure of a scenario.

    ``products`` are what an agent deals in (a factory: what it makes), ``parts`` what a factory buys, ``carried`` what
    a lane carries; all in the order of the scenario's products. ``echelons`` are steps to the furthest market, ``into``
    the positions of the lanes into an agent.
    """

    catalogue: list[Product]
    lanes: list[Lane]
    order: list[str]
    products: dict[str, list[str]] = field(default_factory=dict)
    parts: dict[str, list[str]] = field(default_factory=dict)
    carried: dict[str, list[str]] = field(default_factory=dict)
    echelons: dict[str, int] = field(default_factory=dict)
    into: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for position, lane in enumerate(self.lanes):
            self.into.setdefault(lane.destination, []).append(position)

    def first_with(self, product: str, destination: str) -> str | None:
        """The name of the first lane into a destination that carries a product."""
        names = (self.lanes[position].name for position in self.into[destination])
        return next((name for name in names if product in self.carried[name or ""]), None)

    @property
    def names(self) -> list[str]:
        """The names of all products."""
        return [product.name for product in self.catalogue]


def frame_of(scenario: World) -> Frame:
    """Derive the structure; the network must have no cycle and all names in it must be known."""
    catalogue = list(scenario.products) or [Product(name=DEFAULT_PRODUCT)]
    lanes = [*scenario.lanes, *market_lanes(scenario)]
    frame = Frame(catalogue, lanes, upstream_first([agent.name for agent in scenario.agents()], lanes))
    _trade(scenario, frame)
    _echelons(frame)
    return frame


def market_lanes(scenario: World) -> list[Lane]:
    """The lanes that the ``sites`` of the markets stand for."""
    links = [(market, link) for market in scenario.markets for link in market.sites]
    taken = [lane.name or "" for lane in scenario.lanes]
    names = numbered([*taken, *(f"{link.site}->{market.name}" for market, link in links)])[len(taken) :]
    made = []
    for name, (market, link) in zip(names, links, strict=True):
        ends: dict[str, Any] = {"from": link.site, "to": market.name}
        lane = Lane(**ends, name=name, travel_time=link.travel_time, priority=link.priority)
        made.append(lane.changed(share=link.share))
    return made


def upstream_first(names: Iterable[str], lanes: Sequence[Lane]) -> list[str]:
    """All agents, each after all that supply it; agents on a cycle are left out."""
    waiting = dict.fromkeys(names, 0)
    ahead: dict[str, list[str]] = {name: [] for name in waiting}
    for lane in lanes:
        waiting[lane.destination] = waiting[lane.destination] + 1
        ahead[lane.origin].append(lane.destination)
    ready = deque(name for name, count in waiting.items() if count == 0)
    order = []
    while ready:
        name = ready.popleft()
        order.append(name)
        for customer in ahead[name]:
            waiting[customer] = waiting[customer] - 1
            if waiting[customer] == 0:
                ready.append(customer)
    return order


def makes(factory: Factory, names: Sequence[str]) -> list[str]:
    """What a factory makes: its products, or those of its bill, or everything."""
    chosen = factory.products if factory.products is not None else list(factory.bill) or names
    return [name for name in names if name in chosen]


def _trade(scenario: World, frame: Frame) -> None:
    """Find out, from upstream to downstream, what every agent deals in and every lane carries."""
    names = frame.names
    made = {name for factory in scenario.factories for name in makes(factory, names)}
    raw = [name for name in names if name not in made]
    rank = {name: i for i, name in enumerate(names)}
    for name in frame.order:
        agent = scenario.site(name)
        wanted = _wanted(agent, frame)
        arriving: dict[str, None] = {}
        for lane in (frame.lanes[position] for position in frame.into.get(name, ())):
            carried = [p for p in _carries(lane, frame.products[lane.origin]) if wanted is None or p in wanted]
            frame.carried[lane.name or ""] = carried
            arriving |= dict.fromkeys(carried)
        frame.products[name] = _deals_in(agent, raw, names, sorted(arriving, key=rank.__getitem__))


def _wanted(agent: Site | Market, frame: Frame) -> set[str] | None:
    """What an agent takes in; ``None`` for whatever comes."""
    if isinstance(agent, Factory):
        chosen = {part for product in makes(agent, frame.names) for part in agent.bill.get(product, {})}
        frame.parts[agent.name] = [name for name in frame.names if name in chosen]
        return chosen
    if agent.products is not None:
        return set(agent.products)
    if isinstance(agent, Market) and not isinstance(agent.demand, PartSpec):
        return set(agent.demand)
    return None


def _carries(lane: Lane, offered: Sequence[str]) -> Sequence[str]:
    return offered if lane.products is None else [name for name in offered if name in lane.products]


def _deals_in(agent: Site | Market, raw: list[str], names: list[str], arriving: list[str]) -> list[str]:
    if isinstance(agent, Factory):
        return makes(agent, names)
    if agent.products is not None:
        return [name for name in names if name in agent.products]
    if isinstance(agent, Market) and isinstance(agent.demand, Mapping):
        return [name for name in names if name in agent.demand]
    return raw if isinstance(agent, Supplier) else arriving


def _echelons(frame: Frame) -> None:
    """Steps to the furthest customer, counted from the markets upstream."""
    frame.echelons.update(dict.fromkeys(frame.order, 0))
    behind: dict[str, list[str]] = {name: [] for name in frame.order}
    for lane in frame.lanes:
        behind[lane.destination].append(lane.origin)
    for name in reversed(frame.order):
        for origin in behind[name]:
            frame.echelons[origin] = max(frame.echelons[origin], frame.echelons[name] + 1)
