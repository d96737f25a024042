"""A newsvendor and its supplier under three contracts: what both earn, and what they order and ask of their own will.

The goods have a shelf life of one period: what is ordered in the evening is sold on the next day, what is left is
thrown away, and what is wanted beyond it is lost. So every day is a newsvendor problem of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....model.schema import Scenario, parse
from ..estimates import Sample, mean_of, ratio_of
from ..facts import Facts, facts
from ..targets import Effort, Target, exact, statistical
from ..worlds import measure

RUNS = 256
SUPPLIER, RETAILER = "Press", "Kiosk"
Array = NDArray[np.float64]


def targets(effort: Effort) -> Iterator[Target]:
    """All of them."""
    case = facts("newsvendor_contracts")
    periods = effort.pick(1_000, 120)
    for demand in ("uniform", "normal"):
        yield from profits(case, demand, periods)
    yield from terms_that_coordinate(case, periods)
    yield from price_of_the_supplier(case, periods)


def day_by_day(case: Facts, terms: Mapping[str, Any], quantity: float, demand: str, periods: int) -> Scenario:
    """The world of one contract in which the retailer orders the same quantity every day."""
    low, high = case.parameters[demand]
    processes = {
        "uniform": {"type": "uniform", "low": low, "high": high},
        # The closed form lets demand fall below zero; here it does not, which is 5e-5 of the profit.
        "normal": {"type": "normal", "mean": low, "sd": high},
    }
    return parse(
        {
            "name": f"contracts {demand}",
            "periods": periods + 2,
            "warm_up": 2,
            "products": [{"name": "papers", "shelf_life": 1}],
            "suppliers": [{"name": SUPPLIER, "unit_cost": case.parameters["c"]}],
            "warehouses": [{"name": RETAILER, "policy": {"type": "fixed-order", "quantity": quantity}}],
            "lanes": [{"from": SUPPLIER, "to": RETAILER, "travel_time": 1}],
            "markets": [
                {
                    "name": "Street",
                    "sites": [RETAILER],
                    "demand": processes[demand],
                    "unmet": "lost",
                    "price": case.parameters["p"],
                }
            ],
            "contracts": [{"seller": SUPPLIER, "buyer": RETAILER, **terms}],
        },
        source="contracts",
    )


def wholesale(price: float) -> dict[str, Any]:
    """The terms of a wholesale price."""
    return {"type": "wholesale", "wholesale_price": price}


def coordinating(case: Facts) -> dict[str, dict[str, Any]]:
    """The terms of the contracts under which the retailer orders what is best for both together."""
    back, shared = case.parameters["buyback"], case.parameters["revenue_sharing"]
    return {
        "buyback": {"type": "buyback", "wholesale_price": back["w"], "buyback_price": back["b"]},
        "revenue sharing": {
            "type": "revenue-sharing", "wholesale_price": shared["w"], "revenue_share": 1 - shared["phi"]
        },
    }  # fmt: skip


def profit_of(sample: Sample, owner: str) -> Array:
    """What an owner earns a period, by replication."""
    return sample.agent(f"owner {owner}", "profit")


def profits(case: Facts, demand: str, periods: int) -> Iterator[Target]:
    """What both earn at the wholesale price that is best for the supplier, against the best that is possible."""
    expected, name = case.expected[demand], f"contracts/{demand}"
    terms = wholesale(expected["w_star"])
    quantities = (expected["Q_wholesale"], expected["Q_central"])
    apart, best = measure([day_by_day(case, terms, q, demand, periods) for q in quantities], RUNS)
    supplier, retailer = (profit_of(apart, owner) for owner in (SUPPLIER, RETAILER))
    yield exact(f"{name}/wholesale/supplier", case.source, expected["supplier"], float(supplier.mean()), 1e-5)
    yield statistical(f"{name}/wholesale/retailer", case.source, expected["retailer"], mean_of(retailer))
    total, central = apart.network("profit"), best.network("profit")
    yield statistical(f"{name}/wholesale/both", case.source, expected["profit_total"], mean_of(total))
    yield statistical(f"{name}/best for both", case.source, expected["profit_central"], mean_of(central))
    yield statistical(f"{name}/wholesale/efficiency", case.source, expected["efficiency"], ratio_of(total, central))
    if demand == "uniform":
        price = facts("price_of_anarchy_wholesale")
        anarchy = ratio_of(central, total)
        yield statistical(f"{name}/price of anarchy", price.source, price.expected["uniform_demand"], anarchy)


def terms_that_coordinate(case: Facts, periods: int) -> Iterator[Target]:
    """Under both contracts the retailer's own best quantity among its neighbours is the best for both."""
    expected = case.expected["uniform"]["coordinated"]
    steps = (-10.0, -5.0, 0.0, 5.0, 10.0)
    for kind, terms in coordinating(case).items():
        quantities = [expected["Q"] + step for step in steps]
        sampled = measure([day_by_day(case, terms, q, "uniform", periods) for q in quantities], RUNS)
        name, chosen = f"contracts/uniform/{kind}", best_of(quantities, [profit_of(s, RETAILER) for s in sampled])
        yield exact(f"{name}/order of the retailer", case.source, expected["Q"], chosen, tolerance=0.0)
        middle = sampled[steps.index(0.0)]
        for party, owner in (("retailer", RETAILER), ("supplier", SUPPLIER)):
            found = mean_of(profit_of(middle, owner))
            yield statistical(f"{name}/{party}", case.source, expected[party], found)


def price_of_the_supplier(case: Facts, periods: int) -> Iterator[Target]:
    """The wholesale price that is best for the supplier, when the retailer replies to each with its own best order."""
    prices = [5.0, 5.5, 6.0, 6.5, 7.0]
    quantities = [25.0, 30.0, 35.0, 40.0, 45.0, 50.0, 55.0]
    points = [(price, quantity) for price in prices for quantity in quantities]
    scenarios = [day_by_day(case, wholesale(price), q, "uniform", periods) for price, q in points]
    found = dict(zip(points, measure(scenarios, RUNS), strict=True))
    replies = [best_of(quantities, [profit_of(found[price, q], RETAILER) for q in quantities]) for price in prices]
    gains = [profit_of(found[price, reply], SUPPLIER) for price, reply in zip(prices, replies, strict=True)]
    chosen, expected = best_of(prices, gains), case.expected["uniform"]
    yield exact("contracts/uniform/wholesale/price", case.source, expected["w_star"], chosen, tolerance=0.0)
    reply = replies[prices.index(chosen)]
    yield exact("contracts/uniform/wholesale/order", case.source, expected["Q_wholesale"], reply, tolerance=0.0)


def best_of(choices: Sequence[float], gains: Sequence[Array]) -> float:
    """The choice with the largest mean gain; all of them saw the same demand."""
    return choices[int(np.argmax([float(gain.mean()) for gain in gains]))]
