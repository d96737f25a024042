"""Short ways through the engine: where one applies, the numbers are those of the long way, to the last bit.

Each test makes two worlds that differ in something without effect, such as a customer who never wants anything, so that
only one of them goes the short way.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ripieno.agents.lane import MarketLane
from ripieno.agents.market import Market
from ripieno.agents.site import Site
from ripieno.agents.supplier import Supplier
from ripieno.model.api import run_batch
from ripieno.model.schema import Scenario, parse
from ripieno.model.supply_chain import SupplyChain

from .watching import Seen, assert_same, watch

RUNS = range(5)
NEVER_REACHED = 1e12  # units: a limit that binds nobody


def chain(**more: Any) -> dict[str, Any]:
    """A plant, a depot, a shop that is often short, and a town."""
    policy = {"type": "order-up-to", "cover": 3, "forecast": {"type": "moving-average", "window": 3, "initial": 9}}
    keeps = {"policy": policy, "initial_stock": 20, "allocation": "priority", "holding_cost": 1, "backlog_cost": 4}
    return {
        "name": "chain",
        "periods": 90,
        "warm_up": 10,
        "suppliers": [{"name": "Plant"}],
        "warehouses": [{"name": "Depot", **keeps}, {"name": "Shop", **keeps}],
        "markets": [{"name": "Town", "demand": {"type": "normal", "mean": 10, "sd": 6}, "sites": ["Shop"]}],
        "lanes": [
            {"from": "Plant", "to": "Depot", "travel_time": 2, "order_delay": 1},
            {"from": "Depot", "to": "Shop", "travel_time": 1, "order_delay": 1},
        ],
        **more,
    }


def of(seen: Seen, *names: str) -> Seen:
    """What is seen of these agents and lanes."""
    return {key: values for key, values in seen.items() if key[0] in names}


def series(seen: Seen, *names: str) -> Seen:
    """Of that, the numbers of every period."""
    return {key: values for key, values in of(seen, *names).items() if values.ndim == 3}


def seen_in(table: dict[str, Any]) -> Seen:
    return watch(parse(table), RUNS, audit=True)


@pytest.fixture(scope="module")
def plain() -> Seen:
    """The chain as it is, which goes all the short ways."""
    found = seen_in(chain())
    assert (found["Shop", "unserved"] > 0).any()
    assert (found["Shop", "unserved"] == 0).any()
    return found


@pytest.mark.parametrize("sequence", ["serve-then-order", "order-then-serve", "order-first"])
def test_a_customer_who_wants_nothing_changes_nothing(sequence: str) -> None:
    """One customer is served without sharing out, and his demand is noted once; of two it is added up."""
    alone, table = seen_in(chain(sequence=sequence)), chain(sequence=sequence)
    for site in ("Shop", "Depot"):
        nothing = {"type": "constant", "mean": 0}
        table["markets"].append({"name": f"Desert of {site}", "demand": nothing, "sites": [site]})
    names, both = ("Shop", "Town", "Depot", "Plant"), seen_in(table)
    worked_out_for_two = ("point_of_sale", "metric bullwhip_end_day")  # with one market its demand is read instead
    keys = [key for key in of(alone, *names) if key[1] not in worked_out_for_two]
    assert_same({key: alone[key] for key in keys}, {key: both[key] for key in keys})


def test_a_supplier_who_gets_no_orders_changes_nothing(plain: Seen) -> None:
    table, names = chain(), ("Shop", "Town", "Depot", "Plant")
    table["suppliers"].append({"name": "Spare"})
    table["lanes"].append({"from": "Spare", "to": "Depot", "share": 0})
    assert_same(series(plain, *names), series(seen_in(table), *names))


@pytest.mark.parametrize("orders", [{"cap": NEVER_REACHED}, {"forced": [{"until": 0, "quantity": 7}]}])
def test_an_order_rule_that_never_binds_changes_nothing(plain: Seen, orders: dict[str, Any]) -> None:
    table = chain()
    table["warehouses"][1]["orders"] = orders
    assert_same(plain, seen_in(table))


def test_a_capacity_that_is_never_reached_changes_nothing(plain: Seen) -> None:
    """Without one, everything owed is made and set aside at once; with one, it is worked out what can be made."""
    limited = seen_in(chain(suppliers=[{"name": "Plant", "capacity": NEVER_REACHED}]))
    assert_same(of(plain, "Shop", "Town", "Depot"), of(limited, "Shop", "Town", "Depot"))
    assert_same(series(plain, "Plant", "Plant->Depot"), series(limited, "Plant", "Plant->Depot"))


@pytest.mark.parametrize("sequence", ["serve-then-order", "order-then-serve", "order-first"])
def test_acts_that_are_left_out_would_do_nothing(monkeypatch: pytest.MonkeyPatch, sequence: str) -> None:
    table = chain(sequence=sequence)
    left_out = seen_in(table)
    acts = acts_in(parse(table))
    for kind in (Site, Supplier, Market):
        monkeypatch.setattr(kind, "idle", frozenset())
    monkeypatch.setattr(MarketLane, "moves", True)
    assert acts_in(parse(table)) > acts
    assert_same(left_out, seen_in(table))


def acts_in(scenario: Scenario) -> int:
    """The number of acts of a period."""
    world = SupplyChain(scenario)
    world.dispose()
    return sum(len(acts) for _, acts in world.agenda)


@pytest.mark.parametrize("runs", [40, 700, 9_000])
def test_the_books_of_a_run_do_not_depend_on_how_its_periods_are_added(runs: int) -> None:
    """Few runs are added many periods at a time, more of them page by page, and very many quantity by quantity."""
    scenario = parse(chain(periods=50))
    alone, many = (run_batch([scenario], [(0, run) for run in range(size)], seed=1) for size in (1, runs))
    first = many.agents[many.agents["run"] == 0].reset_index(drop=True)
    assert first.equals(alone.agents)
    assert len(first) > 50
    assert np.array_equal(many.summary.iloc[0].to_numpy(), alone.summary.iloc[0].to_numpy(), equal_nan=True)


def test_markets_that_share_a_shop_have_books_of_their_own() -> None:
    table = chain(warm_up=0)
    table["markets"].append({"name": "Village", "demand": {"type": "poisson", "mean": 3}, "sites": ["Shop"]})
    world = SupplyChain(parse(table), RUNS, series=True).run()
    assert world.recorder is not None
    for name, market in world.markets.items():
        wanted = world.recorder.array(name, "demanded")
        assert np.allclose(market.total("demanded"), wanted.sum(axis=0), rtol=1e-12)
        assert np.allclose(market.variance("demanded"), wanted.var(axis=0), rtol=1e-12)
    world.dispose()
