"""What a period costs in the second simulator: every quantity at its rate, by agent and line."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from .scalar_production import overtime
from .scalar_world import TINY, Goods, ScalarLane, ScalarSite

Lines = dict[tuple[str, str], float]


def money(sites: dict[str, ScalarSite], lanes: list[ScalarLane], markets: dict[str, Any]) -> Lines:
    """The money of one period by (agent, line)."""
    lines: Lines = defaultdict(float)
    for name, site in sites.items():
        for line, amount in of_site(site).items():
            lines[name, line] += amount
    for lane in lanes:
        for agent_and_line, amount in of_lane(lane, sites, markets).items():
            lines[agent_and_line] += amount
    return lines


def of_site(site: ScalarSite) -> dict[str, float]:
    spec = site.spec
    fixed = spec.get("orders", {}).get("cost", 0.0)
    made = site.started if site.kind == "factory" else site.made
    held = spec.get("holding_cost", 0.0) * total(site.stock)
    held += spec.get("input_holding_cost", 0.0) * total(site.store)
    return {
        "holding": held,
        "backlog": spec.get("backlog_cost", 0.0) * total(site.unserved),
        "ordering": fixed * count(site.ordered),
        "production": spec.get("unit_cost", 0.0) * total(made),
        "reservation": sum(entry["fee"] for entry in spec.get("reserved", [])),
        "setup": spec.get("setup_cost", 0.0) * total(site.setups),
        "overtime": spec["overtime"]["unit_cost"] * overtime(site) if "overtime" in spec else 0.0,
    }


def of_lane(lane: ScalarLane, sites: dict[str, ScalarSite], markets: dict[str, Any]) -> Lines:
    spec, origin = lane.spec, sites[lane.spec["from"]]
    start, end = spec["from"], spec["to"]
    on_road = spec.get("transit_cost", 0.0) * sum(lane.in_transit(product) for product in lane.products)
    found: Lines = {
        (start, "holding"): origin.spec.get("holding_cost", 0.0) * total(lane.aside),
        (start, "lost"): origin.spec.get("lost_cost", 0.0) * total(lane.lost),
        (end if spec.get("transit_payer") == "to" else start, "transit"): on_road,
    }
    if lane.market:
        found[start, "revenue"] = markets[end].get("price", 0.0) * total(lane.received)
        return found
    outside = "input_holding_cost" if sites[end].kind == "factory" else "holding_cost"
    rate = spec.get("held_cost", sites[end].spec.get(outside, 0.0))
    found[end, "waiting"] = rate * (total(lane.gate) + total(lane.at_dock))
    found[end, "ordering"] = spec.get("orders", {}).get("cost", 0.0) * count(lane.ordered)
    found[end, "purchase"] = spec.get("price", 0.0) * total(lane.shipped)
    if lane.invoices is not None:
        found[end, "purchase"] = total(lane.invoices.paid)
    return found


def count(goods: Goods) -> int:
    """Products of which more than a rounding error was ordered."""
    return sum(amount > TINY for amount in goods.values())


def total(goods: Goods) -> float:
    return sum(goods.values())
