"""The cost lines of a scenario: which quantity costs how much, who pays, and who is paid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..agents.parameters import Number
from .accounts import CostLine
from .contracts import contract_lines, shelf_life_lines
from .hauling import tariff
from .schema import Scenario, expand
from .schema.resolve import waiting_cost

Line = tuple[str, Any, str, Any, dict[str, Any]]  # name, source, quantity, rate, further fields of the line


def cost_lines(scenario: Scenario, sites: dict[str, Any], lanes: dict[str, Any]) -> Iterator[CostLine]:
    """All lines that the scenario could charge, those with a rate of zero included."""
    for spec in scenario.sites():
        site = sites[spec.name]
        for name, source, quantity, rate, more in site_lines(spec, site):
            products = getattr(source, "inputs" if quantity == "input_stock" else "products")
            yield CostLine(
                name, spec.name, spec.owner or spec.name, expand(rate, products, 0.0), source, quantity, **more
            )
    for factory in scenario.factories:
        yield from reservation_lines(factory, sites[factory.name])
    for lane_spec in scenario.lanes:
        yield from lane_lines(lane_spec, scenario, lanes[lane_spec.name or ""])
    for carrier_spec in scenario.carriers:
        yield from carrier_lines(carrier_spec, scenario, lanes)
    yield from shelf_life_lines(scenario, sites)
    yield from contract_lines(scenario, sites, lanes)


def site_lines(spec: Any, site: Any) -> Iterator[Line]:
    """The lines of one site."""
    yield "holding", site, "on_hand", spec.holding_cost, {}
    for lane in site.customers:
        if not lane.leaves_at_once:
            yield "holding", lane, "set_aside", spec.holding_cost, {}
        if lane.trucks is not None and lane.trucks.outbound is not None:
            yield "holding", lane, "loading", spec.holding_cost, {}
        yield "lost", lane, "lost", spec.lost_cost, {}
    if site.picking is not None:
        yield from picking_lines(spec, site)
    yield "backlog", site, "unserved", spec.backlog_cost, {}
    yield "ordering", site, "ordered", spec.orders.cost, {"counts": True}
    if hasattr(spec, "bill"):
        yield "production", site, "started", spec.unit_cost, {}
        yield "holding", site, "input_stock", spec.input_holding_cost, {}
    elif hasattr(spec, "unit_cost"):
        yield "production", site, "made", spec.unit_cost, {}
    if getattr(site, "workshop", None) is not None:
        yield from workshop_lines(spec, site.workshop)


def picking_lines(spec: Any, site: Any) -> Iterator[Line]:
    """What the pickers of a site cost."""
    if spec.picking is not None:
        yield "picking", site.picking, "picked", spec.picking.unit_cost, {}
        yield "picking", site.picking, "open", spec.picking.slotting_cost, {}
    if spec.waves is not None:
        yield "waves", site.picking, "waves", spec.waves.setup_cost, {}


def workshop_lines(spec: Any, workshop: Any) -> Iterator[Line]:
    """What setups and overtime of a site cost."""
    if spec.setup_cost is not None:
        yield "setup", workshop, "setups", spec.setup_cost, {}
    if getattr(spec, "overtime", None) is not None:
        yield "overtime", workshop, "overtime", spec.overtime.unit_cost, {}


def reservation_lines(spec: Any, site: Any) -> Iterator[CostLine]:
    """What other owners pay for capacity that they have reserved."""
    for item in spec.reserved:
        owner = spec.owner or spec.name
        yield CostLine("reservation", spec.name, item.owner, item.fee, site.reservations, "open", payee=owner)


def lane_lines(spec: Any, scenario: Scenario, lane: Any) -> Iterator[CostLine]:
    """The lines of one lane: transport stock, waiting at the gate, orders, and the price of the goods."""
    origin = scenario.site(spec.origin)
    end = scenario.site(spec.destination)
    seller, buyer = origin.owner or origin.name, end.owner or end.name
    payer, place = (buyer, end.name) if spec.transit_payer == "to" else (seller, origin.name)

    def rate(value: Any) -> Number:
        return expand(value, lane.products, 0.0)  # type: ignore[no-any-return]

    held = waiting_cost(end) if spec.held_cost is None else spec.held_cost
    yield CostLine("transit", place, payer, rate(spec.transit_cost), lane, "in_transit")
    if lane.no_receiving is not None:
        yield CostLine("waiting", end.name, buyer, rate(held), lane, "waiting")
    if lane.trucks is not None and lane.trucks.dock is not None:
        yield CostLine("waiting", end.name, buyer, rate(held), lane, "at_dock")
    yield CostLine("ordering", end.name, buyer, rate(spec.orders.cost), lane, "ordered", counts=True)
    if scenario.kind_of(end.name) == "market":
        yield CostLine("revenue", origin.name, buyer, rate(end.price), lane, "received", payee=seller)
    elif lane.price_list is None:
        yield CostLine("purchase", end.name, buyer, rate(spec.price), lane, "shipped", payee=seller)
    else:
        yield CostLine("purchase", end.name, buyer, 1.0, lane.price_list, "purchased", payee=seller)


def carrier_lines(spec: Any, scenario: Scenario, lanes: dict[str, Any]) -> Iterator[CostLine]:
    """The lines of one carrier: its own trucks and trips, and what it charges for trips and for waiting at docks."""
    owner = spec.owner or spec.name
    served = [lanes[lane.name or ""] for lane in scenario.lanes if lane.carrier == spec.name]
    for lane in served:
        end, lane_spec = scenario.site(lane.destination.name), scenario.lane(lane.name)
        origin = scenario.site(lane.origin.name)
        shipper, receiver = origin.owner or origin.name, end.owner or end.name
        payer, place = (receiver, end.name) if lane_spec.transit_payer == "to" else (shipper, origin.name)
        yield CostLine("haulage", spec.name, owner, in_use(spec.costs), lane.trucks, "haulage")
        yield CostLine("freight", place, payer, in_use(spec.tariff), lane.trucks, "freight", payee=owner)
        yield CostLine("detention", end.name, receiver, spec.detention_cost, lane.trucks, "queueing", payee=owner)
        window = getattr(end, "receiving_window", None)
        if window is not None and window.early_cost is not None:
            yield CostLine("early", spec.name, owner, window.early_cost, lane.trucks, "early", payee=receiver)
    if served:
        yield CostLine("fleet", spec.name, owner, spec.fleet.period_cost, served[0].trucks.carrier, "owned")


def in_use(prices: Any) -> float:
    """The rate of a quantity that is money already: 1, or 0 where its prices are all zero."""
    return 0.0 if tariff(prices).free else 1.0


def charged(line: CostLine) -> bool:
    """Whether a line has a rate above zero in any run."""
    return bool(np.any(np.asarray(line.rate) != 0))
