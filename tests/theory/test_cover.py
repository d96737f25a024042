"""The table of covers in docs/explanation/engine.md: with steady demand, a level of cover x demand is just enough."""

from __future__ import annotations

from typing import Any

import pytest
from ripieno.experiments.simulate import simulate
from ripieno.model.schema import parse

DEMAND = 10.0


def least(chain: dict[str, Any], site: str) -> float:
    """The least net stock of a site after serving, once the start is over."""
    scenario = parse({"name": "steady", "periods": 50} | chain, source="test")
    series = simulate(scenario, runs=1, series=True).series
    assert series is not None
    rows = series[(series["agent"] == site) & (series["quantity"] == "closing_stock") & (series["period"] >= 36)]
    return float(rows["value"].min())


def stock(name: str, level: float, **more: Any) -> dict[str, Any]:
    return {"name": name, "initial_stock": 50, "policy": {"type": "base-stock", "level": level}, **more}


def lane(origin: str, destination: str, travel: int, delay: int) -> dict[str, Any]:
    return {"from": origin, "to": destination, "travel_time": travel, "order_delay": delay}


MARKET = {"name": "Town", "sites": ["Shop"], "demand": {"type": "constant", "mean": DEMAND}}


@pytest.mark.parametrize("travel", [1, 2, 5])
@pytest.mark.parametrize("delay", [0, 1, 3])
@pytest.mark.parametrize("review", [1, 4])
def test_serving_a_market(travel: int, delay: int, review: int) -> None:
    cover = travel + max(delay, 1) + review - 1
    shop = stock("Shop", cover * DEMAND, orders={"review_period": review})
    chain = {"suppliers": [{"name": "Plant"}], "markets": [MARKET], "lanes": [lane("Plant", "Shop", travel, delay)]}
    assert least(chain | {"warehouses": [shop]}, "Shop") == 0.0


@pytest.mark.parametrize("travel", [1, 4])
@pytest.mark.parametrize(("delay", "customer_delay"), [(0, 0), (2, 0), (0, 1), (2, 2)])
def test_serving_sites(travel: int, delay: int, customer_delay: int) -> None:
    cover = travel + max(delay, 1) - (customer_delay == 0)
    chain = {
        "suppliers": [{"name": "Plant"}],
        "warehouses": [stock("Depot", cover * DEMAND), stock("Shop", 200.0)],
        "markets": [MARKET],
        "lanes": [lane("Plant", "Depot", travel, delay), lane("Depot", "Shop", 2, customer_delay)],
    }
    assert least(chain, "Depot") == 0.0


@pytest.mark.parametrize("lead_time", [0, 1, 3])
@pytest.mark.parametrize("customer_delay", [0, 1])
def test_serving_from_the_own_production(lead_time: int, customer_delay: int) -> None:
    cover = lead_time + 1 - (customer_delay == 0)
    chain = {
        "factories": [stock("Works", cover * DEMAND, lead_time=lead_time, bill={"goods": {}})],
        "warehouses": [stock("Shop", 200.0)],
        "markets": [MARKET],
        "lanes": [lane("Works", "Shop", 2, customer_delay)],
    }
    assert least(chain, "Works") == 0.0
