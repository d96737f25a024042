"""Lots: the economic order quantity (Harris 1913) and the joint lot of a vendor and its buyer (Banerjee 1986).

The formulas are for continuous time, the engine has periods. Demand is spread evenly over the periods and a lot is a
whole number of them, so the stock is a staircase where the formula has a slope, and what that adds to the mean stock
is known exactly: half a period's demand. Targets say where it has been taken off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import sqrt
from typing import Any

from ....model.schema import parse
from ..facts import facts
from ..targets import Effort, Target, closed_form, exact
from ..worlds import MARKET, SOURCE, measure, stage

SITE = stage(1)
# Demand is booked, a lot is ordered and arrives at once, the market is served, then the stock is counted.
AT_ONCE = ["demand", "order", "produce", "pick", "dispatch", "receive", "serve", "account"]
CYCLES = 3


def targets(effort: Effort) -> Iterator[Target]:
    """All of them; nothing is random, so quick and full are the same."""
    yield from single_lot()
    yield from unit_demand()
    yield from joint_lot()


def single_lot() -> Iterator[Target]:
    """Cost a year of the best lot, without and with backorders."""
    case = facts("eoq")
    given = case.parameters
    K, h, b, rate = given["K"], given["h"], given["b"], given["demand_rate"]
    lot, steps = sqrt(2 * K * rate / h), 304
    half_a_step = h * lot / steps / 2
    cost = _cost_a_year(lot, steps, 0, given)
    yield exact("eoq/cost (half a step of stock taken off)", case.source, sqrt(2 * K * rate * h), cost - half_a_step)
    yield closed_form("eoq/lot", case.source, case.expected["Q"], lot, tolerance=5e-6)
    # A share h/(h+b) = 9/209 of the lot is backordered; in 209 steps the staircase adds h 200/2 and takes off b 9/2.
    lot = sqrt(2 * K * rate * (h + b) / (h * b))
    cost = _cost_a_year(lot, 209, 9, given)
    yield exact("eoq/cost with backorders", case.source, sqrt(2 * K * rate * h * b / (h + b)), cost)


def unit_demand() -> Iterator[Target]:
    """One unit a period, lots of whole units: the cost and the best lot are exact."""
    case = facts("eoq")
    expected = case.expected["unit_demand_exact"]
    costs = {lot: _cost_a_year(lot, lot, 0, case.parameters) for lot in range(expected["Q"] - 2, expected["Q"] + 3)}
    yield exact("eoq/unit demand/best lot", case.source, expected["Q"], min(costs, key=costs.__getitem__), 0.0)
    cost = expected["cost_replenish_when_stock_hits_zero_immediately"]
    yield exact("eoq/unit demand/cost", case.source, cost, costs[expected["Q"]], tolerance=5e-9)


def _cost_a_year(lot: float, steps: int, backordered: int, given: Mapping[str, float]) -> float:
    """Cost a year of lots that last ``steps`` periods, the last ``backordered`` of them with demand waiting."""
    demand = lot / steps
    a_year = given["demand_rate"] / demand  # periods
    site = {
        "policy": {"type": "r-Q", "reorder_point": demand * (0.5 - backordered), "lot": lot},
        "initial_stock": demand * (steps - backordered),
        "holding_cost": given["h"] / a_year,
        "backlog_cost": given["b"] / a_year,
        "orders": {"cost": given["K"]},
    }
    mapping = _steady(demand, steps * CYCLES, site)
    (sample,) = measure([parse(mapping, source="eoq")], runs=1)
    return float(sample.network("cost")[0]) * a_year


def _steady(demand: float, periods: int, site: Mapping[str, Any]) -> dict[str, Any]:
    """One site that buys at once from an unlimited source and serves a constant demand."""
    return {
        "name": "lots",
        "periods": periods,
        "sequence": AT_ONCE,
        "suppliers": [{"name": SOURCE}],
        "warehouses": [{"name": SITE, **site}],
        "markets": [{"name": MARKET, "sites": [SITE], "demand": {"type": "constant", "mean": demand}}],
        "lanes": [{"from": SOURCE, "to": SITE, "travel_time": 0}],
    }


def joint_lot() -> Iterator[Target]:
    """A vendor that makes each lot to order at a finite rate and ships it whole, and the buyer that chooses the lot."""
    case = facts("joint_lot")
    expected, given = case.expected, case.parameters
    costs = {lot: _vendor_and_buyer(lot, given) for lot in (160, 200, 240, 360, 400, 440)}
    for label, lot in (("buyer's lot", 200), ("joint lot", 400)):
        at = "Qb" if lot == expected["Q_buyer"] else "Qj"
        buyer, vendor = costs[lot]
        buyer_expected = expected["buyer_cost"] if at == "Qb" else expected["buyer_cost_at_Qj"]
        yield exact(f"eoq/{label}/buyer's cost (half a step of stock taken off)", case.source, buyer_expected, buyer)
        vendor_expected = expected[f"vendor_cost_at_{at}"]
        yield exact(f"eoq/{label}/vendor's cost (half a step of stock added)", case.source, vendor_expected, vendor)
    alone = min((160, 200, 240), key=lambda lot: costs[lot][0])
    yield exact("eoq/buyer's lot/best for the buyer", case.source, expected["Q_buyer"], alone, 0.0)
    together = min(costs, key=lambda lot: sum(costs[lot]))
    yield exact("eoq/joint lot/best for both", case.source, expected["Q_joint"], together, 0.0)


def _vendor_and_buyer(lot: int, given: Mapping[str, float]) -> tuple[float, float]:
    """Costs a year of the buyer and of the vendor, those of the staircase taken off; 400 periods a year.

    The buyer orders when its stock lasts as long as the vendor needs to make a lot. Both rates are sums of powers of
    two, so that a lot is complete when it should be and not short of a rounding error.
    """
    a_year = 400
    demand, rate = given["D"] / a_year, given["P"] / a_year
    steps, work = round(lot / demand), round(lot / rate)
    held = {"vendor": given["r"] * given["Cv"], "buyer": given["r"] * given["Cp"]}
    buyer = {
        "policy": {"type": "r-Q", "reorder_point": demand * (work - 0.5), "lot": lot},
        "initial_stock": demand * steps,
        "holding_cost": held["buyer"] / a_year,
        "orders": {"cost": given["A"]},
    }
    mapping = _steady(demand, steps * CYCLES, buyer)
    vendor = {
        "policy": "pass-through",
        "bill": {"goods": {}},
        "capacity": rate,
        "holding_cost": held["vendor"] / a_year,
    }
    mapping["factories"] = [{"name": SOURCE, "orders": {"cost": given["S"]}, **vendor}]
    del mapping["suppliers"]
    mapping["lanes"][0]["partial"] = False
    (sample,) = measure([parse(mapping, source="joint lot")], runs=1)
    costs = [float(sample.agent(agent, "cost")[0]) * a_year for agent in (SITE, SOURCE)]
    return costs[0] - held["buyer"] * demand / 2, costs[1] + held["vendor"] * demand / 2
