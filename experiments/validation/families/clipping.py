"""What the linear theory leaves out: orders that cannot be negative, and sales that are lost.

The expected numbers are themselves the result of a simulation; its error, as large as ours would be for as many
periods, is part of the tolerance. Its shares of periods without an order are shown for information: they lie 1 to 2 %
below what the recursion q(t) = max(0, 1.8 D(t) - 0.8 D(t-5) - e(t-1)), with e the orders cut off so far, gives.
"""

from __future__ import annotations

from collections.abc import Iterator

from ....model.schema import Scenario, parse
from ..estimates import Estimate, Sample, ratio_of
from ..facts import Facts, facts
from ..targets import Effort, Target, information, statistical
from ..worlds import MARKET, Chain, Stage, measure, stage
from .chen import forecast_of, order_up_to

RUNS = 1024


def targets(effort: Effort) -> Iterator[Target]:
    """Ratio of variances, share of periods without an order, and fill rate, by the coefficient of variation."""
    case = facts("clipping")
    rows = case.expected["rows"]
    length = effort.pick(1_500, 300)
    kept = measure([_scenario(row["cv"], case, length, "backlog") for row in rows], RUNS)
    lost = measure([_scenario(row["cv"], case, length, "lost") for row in rows], RUNS)
    error_ratio = (RUNS * length / case.parameters["simulated_periods"]) ** 0.5

    def target(name: str, expected: float, found: Estimate) -> Target:
        return statistical(name, case.source, expected, found, expected_error=found.error * error_ratio)

    for row, backlog, sales in zip(rows, kept, lost, strict=True):
        name = f"clipping/cv={row['cv']:g}"
        yield target(f"{name}/orders", row["clipped_ratio"], _ratio(backlog))
        if row["share_zero_orders"] > 0.0:
            idle = 1.0 - float(backlog.agent(stage(1), "cost_ordering").mean())
            yield information(f"{name}/share of periods without order", case.source, row["share_zero_orders"], idle)
        yield target(f"{name}/lost sales/orders", row["lost_sales_z2_ratio"], _ratio(sales))
        demand = sales.network("demand")
        filled = ratio_of(demand - sales.network("lost_demand"), demand)
        yield target(f"{name}/lost sales/fill rate", row["lost_sales_fill"], filled)


def _scenario(cv: float, case: Facts, length: int, unmet: str) -> Scenario:
    """A single stage; where sales are lost it holds two deviations of the demand over the lead time as safety stock.

    Each order costs 1, so that the cost of ordering is the share of periods with an order.
    """
    L, mean = case.parameters["L"], 100.0
    safety = 2.0 * cv * mean * L**0.5 if unmet == "lost" else 0.0
    policy = order_up_to(L, forecast_of(case.parameters, mean), safety=safety)
    demand = {"type": "normal", "mean": mean, "sd": cv * mean}
    site = Stage(L - 1, policy, {"initial_stock": L * mean + safety, "orders": {"cost": 1.0}})
    mapping = Chain(f"clipping {unmet}", demand, [site], length, 100).mapping()
    mapping["markets"][0]["unmet"] = unmet
    return parse(mapping, source="clipping")


def _ratio(sample: Sample) -> Estimate:
    return ratio_of(sample.orders(stage(1)), sample.demand(MARKET))
