"""What handles goods at the sites: docks, picking and shelf life, from a resolved scenario to their parameters."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

import numpy as np

from ..agents.dock import Dock, InboundDock, OutboundDock
from ..agents.picking import Picking
from ..agents.shelf_life import ShelfLife
from ..agents.site import Site
from ..agents.travel import RandomTravel
from .hauling import calendar
from .schema import Scenario
from .schema.sites import Supplier
from .schema.times import distribution, longest
from .streams import Streams


class Handling:
    """Makes docks, picking and the ages of goods of a scenario, once, and sets their parameters."""

    def __init__(self, scenario: Scenario, sites: Mapping[str, Site]) -> None:
        self.docks: dict[str, Dock] = {}
        for spec in scenario.sites():
            if spec.docks is not None and spec.docks.inbound is not None:
                self.docks[spec.name] = self.make_inbound(sites[spec.name])
            if spec.docks is not None and spec.docks.outbound is not None:
                self.docks[outbound(spec.name)] = self.make_outbound(sites[spec.name])
        self.pickings = {spec.name: self.make_picking(sites[spec.name]) for spec in scenario.warehouses if limits(spec)}
        lives = {product.name: product.shelf_life for product in scenario.products if product.shelf_life is not None}
        self.shelf_lives = {
            spec.name: self.make_shelf_life(sites[spec.name], lives)
            for spec in scenario.sites()
            if keeps_any(spec, sites[spec.name], lives)
        }

    def make_inbound(self, site: Site) -> Dock:
        """Where the trucks of all lanes to a site are unloaded, in the order of the file."""
        served = [lane for lane in site.suppliers if lane.trucks is not None]
        lanes = [lane for lane in served if lane.trucks is not None and lane.trucks.leads_in]
        dock = InboundDock(site.name, site, lanes)
        for lane in served:
            assert lane.trucks is not None
            lane.trucks.dock = dock
            lane.trucks.number_at_dock = lanes.index(lane) if lane in lanes else -1
        return dock

    def make_outbound(self, site: Site) -> Dock:
        """Where the trucks of all lanes from a site are loaded, in the order of the file."""
        served = [lane for lane in site.customers if lane.trucks is not None]
        lanes = [lane for lane in served if lane.trucks is not None and lane.trucks.leads]
        dock = site.outbound = OutboundDock(outbound(site.name), site, lanes)
        for lane in served:
            assert lane.trucks is not None
            lane.trucks.outbound = dock
            lane.trucks.number_outbound = lanes.index(lane) if lane in lanes else -1
        return dock

    def make_picking(self, site: Site) -> Picking:
        """What limits the picking of a site."""
        made = site.picking = Picking(site)
        return made

    def make_shelf_life(self, site: Site, lives: Mapping[str, int | None]) -> ShelfLife:
        """The ages of the goods of a site."""
        made = site.shelf_life = ShelfLife(site, lives)
        return made

    def configure(self, scenario: Scenario, streams: Streams) -> None:
        """Set all parameters from ``scenario``."""
        for site in scenario.sites():
            if site.docks is not None and site.docks.inbound is not None:
                window = getattr(site, "receiving_window", None)
                self.configure_dock(site.name, site.docks.inbound, window and window.calendar, streams)
                for lane in self.docks[site.name].lanes:
                    lane.trucks.pays_early = window is not None and window.early_cost is not None
            if site.docks is not None and site.docks.outbound is not None:
                self.configure_dock(outbound(site.name), site.docks.outbound, None, streams)
        for warehouse in scenario.warehouses:
            if warehouse.name in self.pickings:
                self.configure_picking(warehouse)

    def configure_dock(self, name: str, spec: Any, window: Any, streams: Streams) -> None:
        """Set the doors of a dock, the time for which a truck holds one, and when trucks are received."""
        random_time = None
        if spec.slots is None and not isinstance(spec.time, int):
            support, probabilities = distribution(spec.time)
            stream = streams.stream(f"dock/{name}", draws=spec.doors)
            random_time = RandomTravel(support, probabilities, stream)
        self.docks[name].configure(
            doors=spec.doors if spec.slots is None else spec.slots,
            time=1 if spec.slots is not None else longest(spec.time),
            random_time=random_time,
            calendar=calendar(window),
        )

    def configure_picking(self, spec: Any) -> None:
        """Set the capacity of the pickers, the waves and the staging area."""
        waves, picking = spec.waves, spec.picking
        capacity = None if picking is None else picking.capacity
        if picking is not None and picking.pick_time is not None:
            capacity = picking.pickers / picking.pick_time
        self.pickings[spec.name].configure(
            capacity=capacity,
            every=1 if waves is None else waves.every,
            phase=0 if waves is None else waves.phase,
            smallest=0.0 if waves is None else waves.smallest,
            space=None if spec.staging is None else spec.staging.space,
        )


def outbound(site: str) -> str:
    """The name of a site's outbound dock; the inbound one is called like the site."""
    return f"{site} outbound"


def limits(spec: Any) -> bool:
    """Whether anything limits or prices the picking of a warehouse."""
    return not (spec.picking is None and spec.waves is None and spec.staging is None)


def keeps_any(spec: Any, site: Site, products: Container[str]) -> bool:
    """Whether a site has a shelf, or a store of parts, for any of these products; making to order needs no shelf."""
    if isinstance(spec, Supplier) and spec.policy is None and spec.lot is None and not holds(spec.initial_stock):
        return False
    return any(product in products for product in (*site.products, *site.wanted))


def holds(stock: Any) -> bool:
    """Whether a stock, a number or one by product, is above zero in any run."""
    return bool(np.any([np.any(amount) for amount in (stock.values() if isinstance(stock, dict) else [stock])]))
