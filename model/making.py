"""How goods are made and sold: workshops, availability and price lists, from a scenario to their parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..agents.factory import Factory
from ..agents.lane import Lane, MarketLane
from ..agents.price_list import PriceList
from ..agents.production import Campaign, Workshop, YieldRate
from ..agents.site import Site
from ..agents.supplier import Supplier
from .outages import Outage
from .schema import Scenario, expand
from .streams import Streams

RULES = ("lot", "setup_cost", "setup_time", "campaign", "overtime", "yield_rate")


class Making:
    """Makes the workshops and price lists of a scenario, once, and sets their parameters."""

    def __init__(self, scenario: Scenario, sites: Mapping[str, Site], streams: Streams, *, orders_first: bool) -> None:
        self.streams = streams
        self.workshops: dict[str, Workshop] = {}
        self.price_lists: list[PriceList] = []
        self.absences: dict[str, Outage] = {}
        for spec in (*scenario.suppliers, *scenario.factories):
            site = sites[spec.name]
            assert isinstance(site, Supplier | Factory)
            if any(getattr(spec, rule, None) is not None for rule in RULES):
                site.workshop = self.workshops[spec.name] = Workshop(site)
        for spec in scenario.suppliers:
            site = sites[spec.name]
            if spec.availability is not None:
                stream = streams.stream(f"availability/{spec.name}")
                self.absences[spec.name] = Outage("production", [site], site.runs, stream=stream)
            for lane in site.customers if spec.price_breaks else ():
                if not isinstance(lane, MarketLane):
                    lane.price_list = PriceList(lane, orders_first)
                    self.price_lists.append(lane.price_list)

    @property
    def equipment(self) -> list[Any]:
        """What keeps books of its own."""
        return [*self.workshops.values(), *self.price_lists]

    def configure(self, scenario: Scenario) -> None:
        """Set all parameters from ``scenario``."""
        for spec in (*scenario.suppliers, *scenario.factories):
            if spec.name in self.workshops:
                self.configure_workshop(spec, self.workshops[spec.name])
        for spec in scenario.suppliers:
            if spec.name in self.absences:
                self.absences[spec.name].spells = (spec.availability.mean_up, spec.availability.mean_down)
        for price_list in self.price_lists:
            configure_prices(price_list, scenario)

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


def campaign_of(spec: Any, products: tuple[str, ...]) -> Campaign | None:
    """The turns of a campaign; without an order that of the file, without a cycle one period a turn."""
    if spec.campaign is None:
        return None
    order = tuple(products.index(name) for name in spec.campaign.order or products)
    return Campaign(order, spec.campaign.cycle or len(order), spec.campaign.phase)


def configure_prices(price_list: PriceList, scenario: Scenario) -> None:
    """Set the breaks of a price list."""
    lane: Lane = price_list.lane
    breaks = scenario.site(lane.origin.name).price_breaks
    price_list.breaks = [(expand(item.quantity, lane.products), expand(item.price, lane.products)) for item in breaks]
