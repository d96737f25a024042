"""A small world that is sound; tests spoil it in one place and look at the message."""

from __future__ import annotations

from typing import Any

import pytest


def small_world() -> dict[str, Any]:
    """Ore and wood become chairs: two suppliers, a factory, two warehouses, two markets."""
    level = {"type": "base-stock", "level": 20}
    return {
        "name": "chairs",
        "periods": 100,
        "products": [{"name": "ore"}, {"name": "wood"}, {"name": "chair", "value": 50}, {"name": "table"}],
        "suppliers": [{"name": "Mine", "products": ["ore"]}, {"name": "Forest", "products": ["wood"], "capacity": 500}],
        "factories": [
            {"name": "Mill", "bill": {"chair": {"ore": 1, "wood": 4}, "table": {"wood": 9}}, "policy": "pass-through"}
        ],
        "warehouses": [
            {"name": "Depot", "policy": dict(level), "holding_cost": 1},
            {"name": "Shop", "policy": {"type": "s-S", "reorder_point": 5, "level": 20}, "holding_cost": {"chair": 2}},
        ],
        "markets": [
            {"name": "Town", "sites": ["Shop"], "demand": {"type": "poisson", "mean": 5}},
            {
                "name": "Web",
                "sites": [{"site": "Depot", "share": 2.0}, "Shop"],
                "demand": {"chair": {"type": "poisson", "mean": 2}},
            },
        ],
        "lanes": [
            {"from": "Mine", "to": "Mill", "travel_time": 3},
            {"from": "Forest", "to": "Mill", "travel_time": {"type": "uniform-periods", "low": 1, "high": 3}},
            {"from": "Mill", "to": "Depot", "transit_cost": 0.5},
            {"from": "Depot", "to": "Shop"},
        ],
        "outages": [{"site": "Mill", "kind": "production", "start": 10, "length": 5}],
        "interventions": [{"at": 50, "until": 60, "set": {"markets.Town.demand.mean": 9}}],
    }


@pytest.fixture
def world() -> dict[str, Any]:
    return small_world()
