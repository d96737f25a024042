"""Suppliers, factories and warehouses by hand: small worlds, period by period."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from ripieno.model.schema import parse
from ripieno.model.supply_chain import SupplyChain

LEVEL = {"type": "base-stock", "level": 10.0}


@contextmanager
def run(
    demand: list[float], plant: Any = None, shop: Any = None, way: Any = None, **more: Any
) -> Iterator[SupplyChain]:
    """A plant, a shop and a town whose demand is given, after one period for each of them."""
    table = {
        "name": "by hand",
        "periods": len(demand),
        "suppliers": [{"name": "Plant", **(plant or {})}],
        "warehouses": [{"name": "Shop", "policy": LEVEL, "initial_stock": 10.0, **(shop or {})}],
        "markets": [{"name": "Town", "demand": {"type": "trace", "values": demand}, "sites": ["Shop"]}],
        "lanes": [{"from": "Plant", "to": "Shop", **(way or {})}],
    }
    world = SupplyChain(parse(table | more), series=True, audit=True).run()
    yield world
    world.dispose()


def rows(world: SupplyChain, agent: str, quantity: str, partner: str = "", row: int = 0) -> list[float]:
    assert world.recorder is not None
    return world.recorder.array(agent, quantity, partner)[:, row, 0].tolist()  # type: ignore[no-any-return]


def test_a_warehouse_serves_from_stock_and_owes_the_rest() -> None:
    with run([4.0, 12.0, 0.0, 0.0]) as world:
        assert rows(world, "Shop", "on_hand") == [6.0, 0.0, 0.0, 10.0]
        assert rows(world, "Shop", "unserved") == [0.0, 6.0, 2.0, 0.0]
        assert rows(world, "Shop", "closing_stock") == [6.0, -6.0, -2.0, 10.0]
        assert rows(world, "Shop", "ordered") == [4.0, 12.0, 0.0, 0.0]
        assert rows(world, "Shop", "inventory_position") == [6.0, -2.0, 10.0, 10.0]


def test_lost_demand_is_not_owed() -> None:
    town = {"name": "Town", "demand": {"type": "trace", "values": [4.0, 12.0, 0.0]}, "sites": ["Shop"], "unmet": "lost"}
    with run([0.0] * 3, markets=[town]) as world:
        assert rows(world, "Shop", "lost", "Town") == [0.0, 6.0, 0.0]
        assert rows(world, "Shop", "ordered") == [4.0, 6.0, 0.0]


def test_a_supplier_makes_to_order_what_its_capacity_allows() -> None:
    with run([8.0, 0.0, 0.0, 0.0], plant={"capacity": 3.0}) as world:
        assert rows(world, "Plant", "made") == [0.0, 3.0, 3.0, 2.0]
        assert rows(world, "Plant", "owed", "Shop") == [8.0, 5.0, 2.0, 0.0]


def test_a_supplier_uses_its_stock_before_it_makes_more() -> None:
    with run([8.0, 0.0, 0.0], plant={"initial_stock": 5.0}) as world:
        assert rows(world, "Plant", "made") == [0.0, 3.0, 0.0]
        assert rows(world, "Plant", "on_hand") == [5.0, 0.0, 0.0]


def test_a_supplier_with_a_policy_makes_to_stock() -> None:
    plant = {"policy": LEVEL, "lead_time": 2, "initial_stock": 10.0}
    with run([8.0, 0.0, 0.0, 0.0, 0.0], plant=plant) as world:
        assert rows(world, "Plant", "ordered") == [8.0, 0.0, 0.0, 0.0, 0.0]
        assert rows(world, "Plant", "made") == [0.0, 8.0, 0.0, 0.0, 0.0]
        assert rows(world, "Plant", "in_work") == [0.0, 8.0, 8.0, 0.0, 0.0]
        assert rows(world, "Plant", "on_hand") == [10.0, 2.0, 2.0, 10.0, 10.0]


def test_orders_are_clipped_to_the_free_storage() -> None:
    shop = {"storage": 12.0, "orders": {"clip_to_storage": True}, "policy": {"type": "base-stock", "level": 30.0}}
    with run([1.0, 0.0, 5.0], shop=shop) as world:
        assert rows(world, "Shop", "ordered") == [3.0, 0.0, 5.0]


def test_a_lane_ships_no_more_than_its_capacity() -> None:
    with run([9.0, 0.0, 0.0, 0.0], way={"capacity": 4.0}) as world:
        assert rows(world, "Plant", "shipped", "Shop") == [0.0, 4.0, 4.0, 1.0]


@contextmanager
def workshop(periods: int = 5, **factory: Any) -> Iterator[SupplyChain]:
    """A mill that turns two logs and a screw into a chair, for a town that wants three chairs in period 0."""
    table = {
        "name": "workshop",
        "periods": periods,
        "products": [{"name": "log"}, {"name": "screw"}, {"name": "chair"}],
        "suppliers": [{"name": "Forest", "products": ["log"]}, {"name": "Smith", "products": ["screw"]}],
        "factories": [{"name": "Mill", "bill": {"chair": {"log": 2.0, "screw": 1.0}}, **factory}],
        "markets": [{"name": "Town", "demand": {"type": "trace", "values": [3.0] + [0.0] * 9}, "sites": ["Mill"]}],
        "lanes": [{"from": "Forest", "to": "Mill"}, {"from": "Smith", "to": "Mill", "travel_time": 2}],
    }
    world = SupplyChain(parse(table), series=True, audit=True).run()
    yield world
    world.dispose()


def test_a_factory_buys_what_its_orders_need_and_waits_for_the_last_part() -> None:
    with workshop() as world:
        assert rows(world, "Mill", "ordered", "", 0) == [3.0, 0.0, 0.0, 0.0, 0.0]
        assert rows(world, "Forest", "ordered", "Mill") == [6.0, 0.0, 0.0, 0.0, 0.0]
        assert rows(world, "Mill", "input_stock", "", 0) == [0.0, 0.0, 6.0, 0.0, 0.0]  # logs wait for the screws
        assert rows(world, "Mill", "started") == [0.0, 0.0, 0.0, 3.0, 0.0]
        assert rows(world, "Mill", "consumed", "", 0) == [0.0, 0.0, 0.0, 6.0, 0.0]
        assert rows(world, "Town", "delivered") == [0.0, 0.0, 0.0, 3.0, 0.0]


def test_a_factory_is_held_up_by_capacity_parts_and_lead_time() -> None:
    with workshop(
        6, initial_inputs={"log": 10.0, "screw": 2.0}, initial_orders=3.0, capacity=1.5, lead_time=1
    ) as world:
        assert rows(world, "Mill", "started")[:3] == [1.5, 0.5, 0.0]  # capacity, then the screws
        assert rows(world, "Mill", "finished")[:3] == [0.0, 1.5, 0.5]
        assert rows(world, "Mill", "in_work")[:3] == [1.5, 0.5, 0.0]


def test_products_share_a_scarce_part_by_their_needs() -> None:
    table = {
        "name": "share",
        "periods": 2,
        "products": [{"name": "log"}, {"name": "chair"}, {"name": "bench"}],
        "suppliers": [{"name": "Forest", "products": ["log"]}],
        "factories": [
            {
                "name": "Mill",
                "bill": {"chair": {"log": 2.0}, "bench": {"log": 4.0}},
                "initial_inputs": 8.0,
                "initial_orders": {"chair": 4.0, "bench": 2.0},
            }
        ],
        "markets": [{"name": "Town", "demand": {"type": "constant", "mean": 0.0}, "sites": ["Mill"]}],
        "lanes": [{"from": "Forest", "to": "Mill", "travel_time": 3}],
    }
    world = SupplyChain(parse(table), series=True, audit=True).run()
    assert [rows(world, "Mill", "started", "", row)[0] for row in (0, 1)] == pytest.approx([2.0, 1.0])
    world.dispose()
