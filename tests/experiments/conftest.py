from __future__ import annotations

from typing import Any

import pytest
from ripieno.model.schema import Scenario, parse


def two_stages(**changes: Any) -> Scenario:
    """Plant -> Depot -> Shop -> Town with random demand, in weeks; the suppliers of the tests of results."""
    lanes = [{"from": "Plant", "to": "Depot", "travel_time": 2}, {"from": "Depot", "to": "Shop", "travel_time": 1}]
    forecast = {"type": "moving-average", "window": 4, "initial": 10.0}
    mapping: dict[str, Any] = {
        "name": "two-stages",
        "periods": 40,
        "warm_up": 10,
        "period": "week",
        "runs": 6,
        "seed": 3,
        "suppliers": [{"name": "Plant"}],
        "warehouses": [
            {
                "name": "Depot",
                "holding_cost": 0.5,
                "initial_stock": 30.0,
                "policy": {"type": "order-up-to", "cover": 3, "forecast": forecast},
            },
            {
                "name": "Shop",
                "holding_cost": 1.0,
                "backlog_cost": 9.0,
                "initial_stock": 20.0,
                "policy": {"type": "base-stock", "level": 30.0},
            },
        ],
        "markets": [{"name": "Town", "sites": ["Shop"], "demand": {"type": "poisson", "mean": 10.0}}],
        "lanes": lanes,
    }
    return parse(mapping | changes)


@pytest.fixture
def world() -> Scenario:
    return two_stages()
