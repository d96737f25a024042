"""Shelf life by hand and unit by unit: the oldest goes first, and what is too old is thrown away."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ripieno.agents.shelf_life import Ages
from ripieno.model.schema import parse
from ripieno.model.supply_chain import SupplyChain

SEQUENCES = ("serve-then-order", "order-then-serve", "order-first")


def dairy(life: int | None, *, sequence: str = "serve-then-order", **more: Any) -> dict[str, Any]:
    """A shop that gets 10 a day by script and sells what is wanted."""
    product: dict[str, Any] = {"name": "milk", "value": 2.0}
    if life is not None:
        product |= {"shelf_life": life, "salvage_value": 0.25}
    return {
        "name": "dairy",
        "periods": 8,
        "sequence": sequence,
        "products": [product],
        "suppliers": [{"name": "Farm", "unit_cost": 1.0}],
        "warehouses": [{"name": "Shop", "policy": {"type": "fixed-order", "quantity": 10.0}, "holding_cost": 0.1}],
        "markets": [
            {
                "name": "Town",
                "sites": ["Shop"],
                "unmet": "lost",
                "demand": {"type": "trace", "values": [0.0, 4.0, 4.0, 4.0, 25.0, 4.0, 0.0, 0.0]},
            }
        ],
        "lanes": [{"from": "Farm", "to": "Shop", "travel_time": 1, "initial_in_transit": 10.0}],
    } | more


def run(table: dict[str, Any], runs: int = 1) -> SupplyChain:
    return SupplyChain(parse(table), range(runs), seed=4, audit=True, series=True).run()


def rows(world: SupplyChain, agent: str, quantity: str) -> list[float]:
    assert world.recorder is not None
    return world.recorder.array(agent, quantity)[:, 0, 0].tolist()  # type: ignore[no-any-return]


def test_a_day_fresh() -> None:
    """With a shelf life of one period everything not sold on its day is thrown away."""
    world = run(dairy(1))
    assert rows(world, "Shop", "expired") == [10.0, 0.0, 6.0, 6.0, 0.0, 6.0, 10.0, 10.0]
    assert rows(world, "Shop", "on_hand") == [0.0] * 8
    assert rows(world, "Town", "delivered") == [0.0, 0.0, 4.0, 4.0, 10.0, 4.0, 0.0, 0.0]


def test_two_days() -> None:
    """The milk of day 0 is for sale on days 0 and 1, and the rest of it is thrown away in the evening of day 1."""
    world = run(dairy(2))
    assert rows(world, "Shop", "expired") == [0.0, 6.0, 0.0, 2.0, 0.0, 0.0, 6.0, 10.0]
    assert rows(world, "Shop", "on_hand") == [10.0, 0.0, 6.0, 10.0, 0.0, 6.0, 10.0, 10.0]


def test_the_money() -> None:
    world = run(dairy(1))
    assert world.accounts.cost(name="salvage").tolist() == [pytest.approx(-0.25 * 48.0)]
    assert world.accounts.cost(agent="Shop", name="salvage").tolist() == [pytest.approx(-12.0)]
    disposal = dairy(1)
    disposal["products"][0]["salvage_value"] = -0.5
    assert run(disposal).accounts.cost(name="salvage").tolist() == [pytest.approx(24.0)]


def test_without_a_shelf_life_nobody_keeps_ages() -> None:
    world = run(dairy(None))
    assert world.shelf_lives == {}
    assert world.sites["Shop"].shelf_life is None
    assert rows(world, "Shop", "on_hand")[-1] == 10.0 + 6 * 10.0 - 41.0


@pytest.mark.parametrize("sequence", SEQUENCES)
@pytest.mark.parametrize("life", [1, 2, 3, 5])
def test_unit_by_unit(life: int, sequence: str) -> None:
    """Against a list of batches with their ages, for random demand and irregular deliveries."""
    table = dairy(life, sequence=sequence, periods=60)
    table["markets"][0]["demand"] = {"type": "normal", "mean": 10.0, "sd": 9.0}
    table["warehouses"][0] |= {
        "policy": {"type": "s-S", "reorder_point": 15.0, "level": 40.0}, "initial_stock": 20.0
    }  # fmt: skip
    world = run(table, runs=3)
    assert world.recorder is not None
    series = {
        name: world.recorder.array("Shop" if name != "delivered" else "Town", name)[:, 0]
        for name in ("expired", "on_hand", "delivered")
    }
    came = world.recorder.array("Farm", "received", "Shop")[:, 0]
    for one in range(3):
        batches = [[0, 20.0]]
        for period in range(60):
            batches.append([period, float(came[period, one])])
            wanted = float(series["delivered"][period, one])
            for batch in batches:
                sold = min(batch[1], wanted)
                batch[1], wanted = batch[1] - sold, wanted - sold
            assert wanted == pytest.approx(0.0, abs=1e-9)
            old = sum(amount for born, amount in batches if period - born >= life - 1)
            batches = [batch for batch in batches if period - batch[0] < life - 1]
            assert series["expired"][period, one] == pytest.approx(old, abs=1e-9)
            assert series["on_hand"][period, one] == pytest.approx(sum(amount for _, amount in batches), abs=1e-9)


def test_products_age_each_by_its_own_life() -> None:
    nothing = np.zeros((3, 1))
    ages = Ages([2, None, 1], nothing)
    first = ages.kept(np.full((3, 1), 8.0), nothing)
    assert first[:, 0].tolist() == [8.0, 8.0, 0.0]
    sold = np.where(first > 0, 3.0, 0.0)
    second = ages.kept(first - sold, sold)
    assert second[:, 0].tolist() == [0.0, 5.0, 0.0]


def test_parts_in_the_store_of_a_factory_get_old_too() -> None:
    """Parts that wait for others are thrown away and bought again."""
    table = {
        "name": "bakery",
        "periods": 12,
        "products": [{"name": "yeast", "shelf_life": 2}, {"name": "flour"}, {"name": "bread"}],
        "suppliers": [{"name": "Mill", "products": ["flour"]}, {"name": "Cellar", "products": ["yeast"]}],
        "factories": [{"name": "Oven", "bill": {"bread": {"flour": 2.0, "yeast": 1.0}}}],
        "markets": [{"name": "Town", "sites": ["Oven"], "demand": {"type": "constant", "mean": 3.0}}],
        "lanes": [
            {"from": "Mill", "to": "Oven", "travel_time": 4},
            {"from": "Cellar", "to": "Oven", "travel_time": 1},
        ],
    }
    world = run(table)
    assert world.recorder is not None
    yeast = world.shelf_lives["Oven"].inputs.index("yeast")
    expired = world.recorder.array("Oven", "expired_parts")[:, yeast, 0]
    stock = world.recorder.array("Oven", "input_stock")[:, yeast, 0]
    received = world.recorder.array("Cellar", "received", "Oven")[:, 0, 0]
    used = world.recorder.array("Oven", "consumed")[:, yeast, 0]
    assert expired[:6].sum() > 0
    assert stock[-1] == pytest.approx(received.sum() - used.sum() - expired.sum())
    assert rows(world, "Oven", "finished")[-1] > 0
