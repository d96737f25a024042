from __future__ import annotations

from typing import Any

import pytest
from ripieno.model.schema import Scenario, parse

LEVELS = {"Shop": 45.0, "Depot": 70.0}


def chain(**changes: Any) -> Scenario:
    """Source -> Depot -> Shop -> Town, two base-stock sites, random demand."""
    warehouse = {"holding_cost": 1.0, "backlog_cost": 6.0, "initial_stock": 30.0}
    mapping: dict[str, Any] = {
        "name": "chain",
        "periods": 25,
        "products": [{"name": "goods", "value": 2.0}],
        "suppliers": [{"name": "Source"}],
        "warehouses": [
            {"name": name, **warehouse, "policy": {"type": "base-stock", "level": level}}
            for name, level in LEVELS.items()
        ],
        "markets": [{"name": "Town", "sites": ["Shop"], "demand": {"type": "normal", "mean": 10.0, "sd": 3.0}}],
        "lanes": [
            {"from": "Source", "to": "Depot", "travel_time": 2, "price": 1.0},
            {"from": "Depot", "to": "Shop", "travel_time": 1, "price": 2.0, "transit_cost": 0.5},
        ],
    }
    return parse(mapping | changes)


@pytest.fixture
def scenario() -> Scenario:
    return chain()


@pytest.fixture
def two_products() -> Scenario:
    demand = {"type": "normal", "mean": 10.0, "sd": 3.0}
    return parse(
        {
            "name": "pair",
            "periods": 12,
            "products": [{"name": "tea"}, {"name": "salt"}],
            "suppliers": [{"name": "Source"}],
            "warehouses": [
                {
                    "name": "Shop",
                    "holding_cost": {"tea": 1.0, "salt": 2.0},
                    "backlog_cost": 5.0,
                    "policy": {"type": "base-stock", "level": {"tea": 30.0, "salt": 40.0}},
                }
            ],
            "markets": [{"name": "Town", "sites": ["Shop"], "demand": {"tea": demand, "salt": demand}}],
            "lanes": [{"from": "Source", "to": "Shop", "travel_time": 2}],
        }
    )
