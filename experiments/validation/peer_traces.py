"""Traces of other simulators, replayed on the engine and compared period by period.

``peers.json`` holds instances and the numbers that the named simulator gave for them; a list whose entries are all
equal is stored as one number. Nothing of a peer's code is needed to replay them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.quantity import Array
from ...model.schema import parse
from .peer_worlds import OUTSIDE, StockpylWorld, chain_of_or_gym

if TYPE_CHECKING:
    import pandas as pd

Case = Mapping[str, Any]
Pair = tuple[str, Any, Array]  # what is compared, the peer's numbers, the engine's

TO_CUSTOMERS = {
    "inbound_order": "booked",
    "outbound_shipment": "shipped",
    "backorders": "owed",
    "outbound_disrupted_items": "set_aside",
}
FROM_SUPPLIERS = {
    "order_quantity": "ordered",
    "inbound_shipment": "received",
    "inbound_disrupted_items": "waiting",
}
COSTS = {
    "holding_cost": ("holding", "waiting"),
    "stockout_cost": ("backlog",),
    "in_transit_cost": ("transit",),
    "total_cost": ("holding", "waiting", "backlog", "transit"),
}


@cache
def cases() -> dict[str, Case]:
    """All cases by name."""
    text = files(__package__).joinpath("peers.json").read_text(encoding="utf-8")
    return {case["case"]: case for case in json.loads(text)}


def world(case: Case) -> dict[str, Any]:
    """The scenario of a case as plain data."""
    if is_stockpyl(case):
        return StockpylWorld(case["instance"]).scenario(case["case"])
    return chain_of_or_gym(case["instance"], case["case"])


def is_stockpyl(case: Case) -> bool:
    """Whether the case is a network of stockpyl; the others are chains of OR-Gym."""
    return str(case["peer"]).startswith("stockpyl")


def replay(case: Case) -> pd.DataFrame:
    """The series of the case's scenario, one column for each (agent, partner, quantity) and a row for each period."""
    from ...model.api import simulate

    result = simulate(parse(world(case), source=case["case"]), runs=1, series=True, audit=True)
    assert result.series is not None
    rows = result.series.astype({"agent": str, "partner": str, "quantity": str})
    table: pd.DataFrame = rows.pivot_table(
        index="period", columns=["agent", "partner", "quantity"], values="value", aggfunc="sum", sort=False
    )
    return table


def pairs(case: Case, series: pd.DataFrame) -> Iterator[Pair]:
    """Everything that a case can be compared by: name, the peer's numbers and the engine's."""
    return stockpyl_pairs(case, series) if is_stockpyl(case) else or_gym_pairs(case, series)


def deviations(compared: Iterable[Pair]) -> Iterator[tuple[str, float]]:
    """The largest absolute deviation of everything that was compared, over the periods."""
    for name, expected, measured in compared:
        yield name, float(np.max(np.abs(np.asarray(expected, dtype=float) - measured)))


def largest_deviation(compared: Iterable[Pair]) -> float:
    """The largest absolute deviation of all."""
    return max(worst for _, worst in deviations(compared))


def column(series: pd.DataFrame, agent: str, partner: str, quantity: str) -> Array:
    """One series, zero where the world keeps none."""
    key = (agent, partner, quantity)
    return np.asarray(series[key], dtype=np.float64) if key in series.columns else np.zeros(len(series))


def stockpyl_pairs(case: Case, series: pd.DataFrame) -> Iterator[Pair]:
    """The numbers of every node of a network of stockpyl."""
    for node, expected in case["expected"]["per_period"].items():
        yield from pairs_of_lanes(node, expected, series)
        site = f"N{node}"
        if "raw_material" in expected:
            parts = sum(np.asarray(values) for values in expected["raw_material"].values())
            yield f"raw_material {site}", parts, column(series, site, "", "input_stock")
        yield f"inventory_level {site}", expected["inventory_level"], column(series, site, "", "closing_stock")
        for theirs in COSTS.keys() & expected.keys():
            money = [column(series, site, "", f"cost {line}") for line in COSTS[theirs]]
            yield f"{theirs} {site}", expected[theirs], sum(money, np.zeros(len(series)))


def pairs_of_lanes(node: str, expected: Mapping[str, Any], series: pd.DataFrame) -> Iterator[Pair]:
    """What a node of stockpyl has to do with its customers and suppliers."""
    site = f"N{node}"
    for theirs, ours in TO_CUSTOMERS.items():
        for partner, values in expected.get(theirs, {}).items():
            customer = f"M{node}" if partner == OUTSIDE else f"N{partner}"
            yield f"{theirs} {site}->{customer}", values, column(series, site, customer, ours)
    for theirs, ours in FROM_SUPPLIERS.items():
        for partner, values in expected.get(theirs, {}).items():
            supplier = OUTSIDE if partner == OUTSIDE else f"N{partner}"
            yield f"{theirs} {supplier}->{site}", values, column(series, supplier, site, ours)
    for partner, values in expected["on_order"].items():
        supplier = OUTSIDE if partner == OUTSIDE else f"N{partner}"
        held = column(series, supplier, site, "waiting")  # stockpyl's on order ends outside the door
        yield f"on_order {supplier}->{site}", values, column(series, supplier, site, "on_order") - held


def or_gym_pairs(case: Case, series: pd.DataFrame) -> Iterator[Pair]:
    """The numbers of every stage of a chain of OR-Gym, and the profit of all together."""
    expected = {name: np.asarray(values, dtype=float) for name, values in case["expected"].items()}
    stages = case["instance"]["stages"] - 1
    names = ["M", *(f"S{k}" for k in range(stages)), OUTSIDE]
    for k in range(stages):
        customer, site, supplier = names[k : k + 3]
        yield f"on_hand {site}", expected["on_hand_start"][1:, k], column(series, site, "", "on_hand")
        yield f"in_transit {site}", expected["in_transit_start"][1:, k], column(series, supplier, site, "in_transit")
        yield f"replenishment {site}", expected["replenishment"][:, k], column(series, supplier, site, "shipped")
    for k in range(stages + 1):
        customer, site = names[k : k + 2]
        for theirs, ours in {"sales": "shipped", "backlog_end": "owed", "lost": "lost"}.items():
            values = expected[theirs][:, k] if expected[theirs].ndim else expected[theirs]
            yield f"{theirs} {site}->{customer}", values, column(series, site, customer, ours)
    yield "profit", expected["profit"], profit(series)


def profit(series: pd.DataFrame) -> Array:
    """Revenue less the costs that leave the network; what stages pay each other cancels."""
    money = np.zeros(len(series))
    columns: Any = series.columns
    for agent, partner, quantity in columns:
        if quantity.startswith("cost ") and quantity != "cost purchase":
            sign = 1.0 if quantity == "cost revenue" else -1.0
            money = money + sign * column(series, agent, partner, quantity)
    return money
