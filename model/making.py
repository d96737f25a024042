"""How goods are made and sold: workshops, availability and price lists, from a scenario to their parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ..agents.factory import Factory
from ..agents.lane import Lane, MarketLane
from ..agents.price_list import PriceList
from ..agents.production import Campaign, Workshop, YieldRate
from ..agents.reservations import Reservations
from ..agents.send_back import SendBack
from ..agents.site import Site
from ..agents.supplier import Supplier
from .outages import Outage
from .schema import Scenario, expand
from .streams import Streams

RULES = ("lot", "setup_cost", "setup_time", "campaign", "overtime", "yield_rate")


class Making:
    """Makes the workshops, reservations and price lists of a scenario, once, and sets their parameters."""

    def __init__(self, scenario: Scenario, sites: Mapping[str, Site], streams: Streams, *, orders_first: bool) -> None:
        self.streams = streams
        self.workshops: dict[str, Workshop] = {}
        self.price_lists: list[PriceList] = []
        self.reservations: dict[str, Reservations] = {}
        self.absences: dict[str, Outage] = {}
        for spec in (*scenario.suppliers, *scenario.factories):
            if any(getattr(spec, rule, None) is not None for rule in RULES):
                self.make_workshop(sites[spec.name])
        for factory in scenario.factories:
            if factory.reserved:
                site = sites[factory.name]
                site.reservations = self.reservations[site.name] = Reservations(site)
        for supplier in scenario.suppliers:
            if supplier.availability is not None:
                self.make_absence(sites[supplier.name])
            if supplier.price_breaks:
                self.make_price_lists(sites[supplier.name], orders_first)
        self.returns = [
            made for contract in scenario.contracts if contract.returns_every is not None
            for made in make_returns(scenario, contract, sites)
        ]  # fmt: skip

    def make_workshop(self, site: Site) -> None:
        """What makes the products of a site in a special way."""
        assert isinstance(site, Supplier | Factory)
        site.workshop = self.workshops[site.name] = Workshop(site)

    def make_absence(self, site: Site) -> None:
        """The times in which a supplier makes nothing."""
        stream = self.streams.stream(f"availability/{site.name}")
        self.absences[site.name] = Outage("production", [site], site.runs, stream=stream)

    def make_price_lists(self, site: Site, orders_first: bool) -> None:
        """The prices of a supplier by the size of an order, on each of its lanes to other sites."""
        for lane in site.customers:
            if not isinstance(lane, MarketLane):
                lane.price_list = PriceList(lane, orders_first)
                self.price_lists.append(lane.price_list)

    @property
    def equipment(self) -> list[Any]:
        """What keeps books of its own."""
        return [*self.workshops.values(), *self.reservations.values(), *self.price_lists, *self.returns]

    def configure(self, scenario: Scenario) -> None:
        """Set all parameters from ``scenario``."""
        for spec in (*scenario.suppliers, *scenario.factories):
            if spec.name in self.workshops:
                self.configure_workshop(spec, self.workshops[spec.name])
        for name, absence in self.absences.items():
            times = scenario.site(name).availability
            absence.spells = (times.mean_up, times.mean_down)
        for name, reservations in self.reservations.items():
            reservations.configure(shares_of(scenario, reservations.site, scenario.site(name).reserved))
        for price_list in self.price_lists:
            configure_prices(price_list, scenario)
        every: dict[Any, Any] = {contract.name: contract.returns_every for contract in scenario.contracts}
        for returns in self.returns:
            returns.configure(every[returns.contract])

    def configure_workshop(self, spec: Any, workshop: Workshop) -> None:
        """Set lots, setups, the campaign, overtime and the yield of a site."""
        products = workshop.products
        overtime, good = getattr(spec, "overtime", None), getattr(spec, "yield_rate", None)
        workshop.configure(
            lot=expand(spec.lot, products, 0.0),
            setup_time=expand(getattr(spec, "setup_time", None), products, 0.0),
            sets_up=spec.setup_cost is not None,
            campaign=campaign_of(spec, products),
            overtime=None if overtime is None else overtime.capacity,
            yield_rate=None if good is None else self.yield_rate(good, spec.name, products),
        )

    def yield_rate(self, spec: Any, site: str, products: tuple[str, ...]) -> YieldRate:
        """The share of good units, with a stream for each product."""
        streams = [self.streams.stream(f"yield/{site}/{product}") for product in products]
        return YieldRate(spec.mean, spec.deviation, streams)

    def start(self) -> None:
        """Let the price lists take up the orders of the start."""
        for price_list in self.price_lists:
            price_list.start()


def make_returns(scenario: Scenario, contract: Any, sites: Mapping[str, Site]) -> Iterator[SendBack]:
    """What the warehouses of a contract's buyer send back."""
    for spec in scenario.warehouses:
        site = sites[spec.name]
        covered = np.array([float(product in contract.products) for product in site.products])[:, None]
        if spec.owner == contract.buyer and covered.any():
            made = SendBack(site, contract.name, covered)
            site.send_back.append(made)
            yield made


def campaign_of(spec: Any, products: tuple[str, ...]) -> Campaign | None:
    """The turns of a campaign; without an order that of the file, without a cycle one period a turn."""
    if spec.campaign is None:
        return None
    order = tuple(products.index(name) for name in spec.campaign.order or products)
    cycle = len(order) if spec.campaign.cycle is None else spec.campaign.cycle
    return Campaign(order, cycle, spec.campaign.phase)


def shares_of(scenario: Scenario, site: Site, reserved: Sequence[Any]) -> list[tuple[list[Lane], Any]]:
    """For each reservation the lanes to the sites and markets of its owner, and the share."""
    lanes = [(lane, scenario.site(lane.destination.name)) for lane in site.customers]
    return [([lane for lane, end in lanes if (end.owner or end.name) == item.owner], item.share) for item in reserved]


def configure_prices(price_list: PriceList, scenario: Scenario) -> None:
    """Set the breaks of a price list."""
    lane: Lane = price_list.lane
    breaks = scenario.site(lane.origin.name).price_breaks
    price_list.breaks = [(expand(item.quantity, lane.products), expand(item.price, lane.products)) for item in breaks]
