"""The cost lines of a scenario: which quantity costs how much, who pays, and who is paid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..agents.parameters import Number
from .accounts import CostLine
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
    for lane_spec in scenario.lanes:
        yield from lane_lines(lane_spec, scenario, lanes[lane_spec.name or ""])


def site_lines(spec: Any, site: Any) -> Iterator[Line]:
    """The lines of one site."""
    yield "holding", site, "on_hand", spec.holding_cost, {}
    for lane in site.customers:
        if lane.no_shipping is not None:
            yield "holding", lane, "set_aside", spec.holding_cost, {}
        yield "lost", lane, "lost", spec.lost_cost, {}
    yield "backlog", site, "unserved", spec.backlog_cost, {}
    yield "ordering", site, "ordered", spec.orders.cost, {"counts": True}
    if hasattr(spec, "bill"):
        yield "production", site, "started", spec.unit_cost, {}
        yield "holding", site, "input_stock", spec.input_holding_cost, {}
    elif hasattr(spec, "unit_cost"):
        yield "production", site, "made", spec.unit_cost, {}


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
    yield CostLine("ordering", end.name, buyer, rate(spec.orders.cost), lane, "ordered", counts=True)
    if scenario.kind_of(end.name) == "market":
        yield CostLine("revenue", origin.name, buyer, rate(end.price), lane, "received", payee=seller)
    else:
        yield CostLine("purchase", end.name, buyer, rate(spec.price), lane, "shipped", payee=seller)


def charged(line: CostLine) -> bool:
    """Whether a line has a rate above zero in any run."""
    return bool(np.any(np.asarray(line.rate) != 0))
