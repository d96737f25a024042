"""The series of a world as arrays and as a table."""

from __future__ import annotations

import numpy as np
import pytest
from ripieno.model.recorder import COLUMNS
from ripieno.model.schema import parse
from ripieno.model.supply_chain import SupplyChain


def world() -> SupplyChain:
    table = {
        "name": "shop",
        "periods": 4,
        "products": [{"name": "nut"}, {"name": "bolt"}],
        "suppliers": [{"name": "Plant"}],
        "warehouses": [{"name": "Shop", "policy": {"type": "base-stock", "level": 9.0}, "holding_cost": 2.0}],
        "markets": [{"name": "Town", "demand": {"type": "poisson", "mean": 3.0}, "sites": ["Shop"]}],
        "lanes": [{"from": "Plant", "to": "Shop"}],
    }
    return SupplyChain(parse(table), [0, 1, 2], series=True).run()


def test_the_table_holds_the_numbers_of_the_arrays() -> None:
    recorder = world().recorder
    assert recorder is not None
    frame, array = recorder.frame(), recorder.array("Plant", "shipped", "Shop")
    assert tuple(frame.columns) == COLUMNS
    assert array.shape == (4, 2, 3)
    rows = frame[(frame["agent"] == "Plant") & (frame["partner"] == "Shop") & (frame["quantity"] == "shipped")]
    place = rows["product"].map({"nut": 0, "bolt": 1}).to_numpy(dtype=int)
    assert np.array_equal(rows["value"], array[rows["period"].to_numpy(), place, rows["run"].to_numpy()])
    assert len(rows) == array.size


def test_the_money_of_every_period_is_kept() -> None:
    recorder = world().recorder
    assert recorder is not None
    stock, cost = recorder.array("Shop", "on_hand"), recorder.array("Shop", "cost holding")
    assert np.allclose(cost[:, 0], 2.0 * stock.sum(axis=1))


def test_an_unknown_series_is_refused() -> None:
    recorder = world().recorder
    assert recorder is not None
    with pytest.raises(LookupError, match="'colour' for 'Shop'"):
        recorder.array("Shop", "colour")
