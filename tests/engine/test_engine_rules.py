"""The engine's rules on small worlds: common random numbers, textbook equality, chunks of time, Mesa."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ripieno.agents.quantity import Array
from ripieno.model.api import run_batch, simulate
from ripieno.model.schema import Scenario, parse, with_values
from ripieno.model.supply_chain import SupplyChain

from .watching import assert_same, watch
from .worlds import world_number


def shop(demand: dict[str, Any], policy: Any, **more: Any) -> Scenario:
    """A plant, a shop and a town."""
    table = {
        "name": "shop",
        "periods": 200,
        "suppliers": [{"name": "Plant"}],
        "warehouses": [{"name": "Shop", "policy": policy, "initial_stock": more.pop("initial_stock", 0.0)}],
        "markets": [{"name": "Town", "demand": demand, "sites": ["Shop"]}],
        "lanes": [{"from": "Plant", "to": "Shop", "travel_time": more.pop("travel_time", 2)}],
    }
    return parse(table | more)


def demanded(world: SupplyChain) -> Array:
    """The demand of the only market, ``[periods, runs]``."""
    assert world.recorder is not None
    return world.recorder.array("Town", "demanded")[:, 0]


def test_design_points_share_the_draws_of_a_replication() -> None:
    points = [shop({"type": "poisson", "mean": mean}, "pass-through", periods=400) for mean in (20.0, 22.0)]
    series = simulate(points, runs=2, seed=8, series=True).series
    assert series is not None
    rows = series[(series["agent"] == "Town") & (series["quantity"] == "demanded")]
    trace = rows.pivot_table(index="period", columns="run", values="value")
    assert np.corrcoef(trace[0], trace[2])[0, 1] > 0.95
    assert np.corrcoef(trace[1], trace[3])[0, 1] > 0.95
    assert abs(np.corrcoef(trace[0], trace[1])[0, 1]) < 0.2  # two replications are independent
    assert (trace[2] >= trace[0]).all()  # by inversion a larger mean never gives a smaller demand


def test_the_seed_and_the_name_of_a_stream_choose_its_draws() -> None:
    poisson = {"type": "poisson", "mean": 20.0}
    one = shop(poisson, "pass-through")
    renamed = parse({**_table(one), "markets": [{"name": "City", "demand": poisson, "sites": ["Shop"]}]})
    first, again, other = watch(one, seed=1), watch(one, seed=1), watch(one, seed=2)
    assert_same(first, again)
    assert not np.array_equal(first["Town", "demanded"], other["Town", "demanded"])
    assert not np.array_equal(first["Town", "demanded"], watch(renamed, seed=1)["City", "demanded"])


def test_a_base_stock_shop_is_the_textbook_recursion() -> None:
    scenario = shop(
        {"type": "normal", "mean": 20.0, "sd": 6.0}, {"type": "base-stock", "level": 70.0}, initial_stock=70.0
    )
    world = SupplyChain(scenario, range(5), seed=1, series=True).run()
    demand = demanded(world)
    assert world.recorder is not None
    stock, orders = (world.recorder.array("Shop", name)[:, 0] for name in ("closing_stock", "ordered"))
    net, due = np.full(5, 70.0), [np.zeros(5), np.zeros(5), np.zeros(5)]
    for period, wanted in enumerate(demand):
        net = net + due[0] - wanted
        due = [
            due[1],
            due[2],
            wanted,
        ]  # seen by the plant in the same evening, shipped the next day, two days on the way
        assert np.allclose(net, stock[period], rtol=0, atol=1e-9)
        assert np.allclose(wanted, orders[period], rtol=0, atol=1e-9)
    world.dispose()


def test_an_order_up_to_shop_is_the_textbook_recursion() -> None:
    forecast = {"type": "moving-average", "window": 4}
    policy = {"type": "order-up-to", "cover": 3.0, "forecast": forecast}
    table = _table(shop({"type": "normal", "mean": 40.0, "sd": 6.0}, policy))
    table["warehouses"][0]["orders"] = {"returns": True}
    world = SupplyChain(parse(table), range(3), seed=1, series=True).run()
    assert world.recorder is not None
    demand, orders = demanded(world), world.recorder.array("Shop", "ordered")[:, 0]
    for period in range(4, 200):  # q = 3/4 (D(t) - D(t-4)) + D(t): Chen, Drezner, Ryan & Simchi-Levi (2000)
        expected = demand[period] + 3.0 / 4.0 * (demand[period] - demand[period - 4])
        assert np.allclose(orders[period], expected, rtol=0, atol=1e-9)
    world.dispose()


@pytest.mark.parametrize("number", [3, 8, 21])
def test_the_horizon_does_not_change_what_happens_before_it(number: int) -> None:
    scenario = world_number(number, periods=80)  # more periods than one block of random numbers
    longer = watch(with_values(scenario, {"periods": 90}), (2, 6))
    for key, values in watch(scenario, (2, 6)).items():
        if values.ndim == 3:
            assert np.array_equal(values, longer[key][:80]), key


def test_random_numbers_do_not_depend_on_when_they_are_asked_for() -> None:
    scenario = shop({"type": "poisson", "mean": 20.0}, "pass-through", periods=150)
    in_one_go = watch(scenario, range(8))
    for replication in (0, 7):
        assert_same(
            {key: values[..., [replication]] for key, values in in_one_go.items()}, watch(scenario, [replication])
        )


def test_runs_come_out_in_the_order_in_which_they_are_asked_for() -> None:
    scenario = shop({"type": "poisson", "mean": 20.0}, "pass-through")
    summary = run_batch([scenario], [(0, 5), (0, 1), (0, 5)], seed=1).summary
    assert summary["replication"].tolist() == [5, 1, 5]
    assert summary["demand"][0] == summary["demand"][2] != summary["demand"][1]


def _table(scenario: Scenario) -> dict[str, Any]:
    from ripieno.model.schema.world import plain

    return plain(scenario)  # type: ignore[no-any-return]
