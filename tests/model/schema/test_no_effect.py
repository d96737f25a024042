"""Settings that would act on nothing are refused."""

from __future__ import annotations

from typing import Any

import pytest
from ripieno.model.schema import ScenarioError, parse

Spec = dict[str, Any]


def shop_world(supplier: Spec, outages: list[Spec]) -> Spec:
    return {
        "name": "no effect",
        "periods": 5,
        "suppliers": [{"name": "S"} | supplier],
        "warehouses": [{"name": "R", "policy": {"type": "base-stock", "level": 5.0}}],
        "markets": [{"name": "M", "sites": ["R"], "demand": {"type": "constant", "mean": 3.0}}],
        "lanes": [{"from": "S", "to": "R"}],
        "outages": outages,
    }


@pytest.mark.parametrize("orders", [{"cap": 5.0}, {"script": [5.0]}, {"cost": 2.0}])
def test_order_rules_of_a_supplier_that_orders_nothing(orders: Spec) -> None:
    with pytest.raises(ScenarioError, match=r"suppliers\.S\.orders: act on nothing"):
        parse(shop_world({"orders": orders}, []))
    parse(shop_world({"orders": orders, "policy": {"type": "base-stock", "level": 5.0}}, []))


@pytest.mark.parametrize("kind", ["ordering", "receiving"])
def test_outages_that_a_market_does_not_know(kind: str) -> None:
    with pytest.raises(ScenarioError, match="leads to a market"):
        parse(shop_world({}, [{"lane": "R->M", "kind": kind, "start": 1, "length": 1}]))
    parse(shop_world({}, [{"lane": "S->R", "kind": kind, "start": 1, "length": 1}]))


@pytest.mark.parametrize("kind", ["shipping", "transit"])
def test_outages_on_the_way_to_a_market(kind: str) -> None:
    parse(shop_world({}, [{"lane": "R->M", "kind": kind, "start": 1, "length": 1}]))
