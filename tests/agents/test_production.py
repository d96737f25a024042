"""Production by hand: lots, setups, campaigns, overtime, availability, yield and price breaks in small worlds."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from ripieno.agents.production import Campaign, YieldRate
from ripieno.agents.reservations import Reservations
from ripieno.model.schema import parse
from ripieno.model.supply_chain import SupplyChain
from ripieno.model.tables import agent_values

Spec = dict[str, Any]


def factory_world(demand: dict[str, list[float]], factory: Spec, **more: Spec) -> Spec:
    """A factory that makes its products from nothing, to order, for one market; orders are made the day after."""
    periods = max(map(len, demand.values()))
    return {
        "name": "works",
        "periods": periods,
        "products": [{"name": product} for product in dict.fromkeys([*demand, *_parts(factory)])],
        "factories": [{"name": "F", "bill": {product: {} for product in demand}} | factory],
        "markets": [
            {
                "name": "M",
                "sites": ["F"],
                "demand": {name: {"type": "trace", "values": values} for name, values in demand.items()},
            }
        ],
    } | more


def _parts(factory: Spec) -> list[str]:
    return [part for parts in factory.get("bill", {}).values() for part in parts]


def supplier_world(orders: list[float], supplier: Spec, **lane: Any) -> Spec:
    """A supplier that makes to order what a depot orders by script."""
    return {
        "name": "source",
        "periods": len(orders) + 2,
        "suppliers": [{"name": "S"} | supplier],
        "warehouses": [{"name": "D", "initial_stock": 1000.0}],
        "markets": [{"name": "M", "sites": ["D"], "demand": {"type": "constant", "mean": 1.0}}],
        "lanes": [{"from": "S", "to": "D", "orders": {"script": [*orders, 0.0, 0.0]}} | lane],
    }


def world(spec: Spec, runs: int = 1) -> SupplyChain:
    return SupplyChain(parse(spec), range(runs), audit=True, series=True).run()


def rows(chain: SupplyChain, agent: str, quantity: str, partner: str = "") -> list[Any]:
    """A quantity by period; a list of products where there are several."""
    assert chain.recorder is not None
    found = chain.recorder.array(agent, quantity, partner)[:, :, 0]
    return list(found[:, 0] if found.shape[1] == 1 else found.tolist())


# -- lots -------------------------------------------------------------------------------------------------------


def test_production_waits_for_a_whole_lot() -> None:
    chain = world(factory_world({"a": [4.0] * 7}, {"lot": 10.0}))
    # Ordered up to the evening before: 0, 4, 8, 12, 16, 20, 24.
    assert rows(chain, "F", "started") == [0, 0, 0, 10, 0, 10, 0]
    assert rows(chain, "F", "to_make") == [4, 8, 12, 6, 10, 4, 8]  # after the order of the evening


def test_lots_share_a_capacity_one_after_another() -> None:
    spec = factory_world({"a": [20.0, 0.0, 0.0], "b": [20.0, 0.0, 0.0]}, {"lot": 6.0, "capacity": 20.0})
    # 18 of a, then nothing of b in the 2 that are left; the next day b.
    assert rows(world(spec), "F", "started") == [[0, 0], [18, 0], [0, 18]]


def test_lots_are_limited_by_parts() -> None:
    spec = factory_world({"a": [20.0, 0.0]}, {"lot": 5.0, "bill": {"a": {"p": 2.0}}, "initial_inputs": 26.0})
    spec["suppliers"] = [{"name": "S"}]
    spec["lanes"] = [{"from": "S", "to": "F", "travel_time": 9}]
    chain = world(spec)
    assert rows(chain, "F", "started") == [0, 10]
    assert rows(chain, "F", "consumed") == [0, 20]


def test_a_supplier_makes_lots_to_order() -> None:
    chain = world(supplier_world([7.0, 7.0, 7.0], {"lot": 10.0}))
    assert rows(chain, "S", "made") == [0, 0, 10, 10, 0]
    assert rows(chain, "S", "shipped", "D") == [0, 0, 10, 10, 0]


# -- setups -----------------------------------------------------------------------------------------------------


def test_the_product_that_is_set_up_comes_first() -> None:
    spec = factory_world({"a": [5.0] * 5, "b": [5.0] * 5}, {"setup_cost": {"a": 3.0, "b": 7.0}})
    chain = world(spec)
    # a b | b a | a b | b a: one change a day after the first.
    assert rows(chain, "F", "setups") == [[0, 0], [1, 1], [1, 0], [0, 1], [1, 0]]
    assert rows(chain, "F", "cost setup") == [0, 10, 3, 7, 3]


def test_setup_time_takes_capacity() -> None:
    factory = {"capacity": 100.0, "setup_time": {"a": 0.1, "b": 0.25}, "usage": {"a": 1.0, "b": 2.0}}
    chain = world(factory_world({"a": [60.0, 0.0, 0.0], "b": [60.0, 0.0, 0.0]}, factory))
    # 10 + 60 for a leave 30: 25 for the setup of b, 5 for 2.5 units of it. The next day b goes on with all of it.
    assert rows(chain, "F", "started") == [[0, 0], [60, 2.5], [0, 50]]
    assert rows(chain, "F", "setups") == [[0, 0], [1, 1], [0, 0]]


def test_no_setup_without_a_start() -> None:
    factory = {"capacity": 100.0, "setup_time": {"a": 0.5, "b": 0.5}}
    chain = world(factory_world({"a": [50.0, 50.0, 0.0, 0.0], "b": [50.0, 0.0, 0.0, 0.0]}, factory))
    # Nothing is left for b after the setup of a, and a is set up still on the second day.
    assert rows(chain, "F", "started") == [[0, 0], [50, 0], [50, 0], [0, 50]]
    assert rows(chain, "F", "setups") == [[0, 0], [1, 0], [0, 0], [0, 1]]


def test_a_supplier_pays_for_setups() -> None:
    spec = supplier_world([7.0, 0.0, 7.0], {"setup_cost": 5.0})
    assert rows(world(spec), "S", "cost setup") == [0, 5, 0, 0, 0]  # one product, which stays set up


# -- campaigns --------------------------------------------------------------------------------------------------


def test_turns_of_a_campaign() -> None:
    turns = Campaign(order=(2, 0, 1), cycle=7, phase=1)
    assert [turns.row(period) for period in range(9)] == [1, 2, 2, 2, 0, 0, 1, 1, 2]


def test_products_are_started_in_their_turn_only() -> None:
    campaign = {"order": ["b", "a"], "cycle": 4, "phase": 1}
    chain = world(factory_world({"a": [5.0] * 7, "b": [5.0] * 7}, {"campaign": campaign}))
    # b in periods 1, 2, 5, 6; a in 0, 3, 4.
    assert rows(chain, "F", "started") == [[0, 0], [0, 5], [0, 5], [15, 0], [5, 0], [0, 15], [0, 5]]


def test_a_campaign_of_a_supplier_with_stock() -> None:
    spec = supplier_world([1.0] * 4, {"policy": {"type": "base-stock", "level": {"a": 5.0, "b": 9.0}}})
    spec["suppliers"][0]["campaign"] = {}
    spec["warehouses"][0]["initial_stock"] = {"a": 1000.0, "b": 1000.0}
    spec["products"] = [{"name": "a"}, {"name": "b"}]
    made = rows(world(spec), "S", "made")
    # Ordered in the evenings: 6 and 10 (to the level, and for the depot), then 1 and 1 on three more days.
    assert made == [[0, 0], [0, 10], [7, 0], [0, 2], [2, 0], [0, 1]]


# -- overtime ---------------------------------------------------------------------------------------------------


def test_overtime_is_used_beyond_the_regular_capacity() -> None:
    factory = {"capacity": 10.0, "overtime": {"capacity": 4.0, "unit_cost": 2.0}}
    chain = world(factory_world({"a": [8.0, 13.0, 20.0, 0.0, 0.0]}, factory))
    assert rows(chain, "F", "started") == [0, 8, 13, 14, 6]
    assert rows(chain, "F", "overtime") == [0, 0, 3, 4, 0]
    assert rows(chain, "F", "cost overtime") == [0, 0, 6, 8, 0]


def test_overtime_with_usage_and_setup_time() -> None:
    factory = {"capacity": 10.0, "overtime": {"capacity": 10.0}, "usage": 2.0, "setup_time": 0.5}
    chain = world(factory_world({"a": [6.0, 0.0]}, factory))
    assert rows(chain, "F", "started") == [0, 6]
    assert rows(chain, "F", "overtime") == [0, 7]  # 5 for the setup and 12 for the units, less 10


def metrics_of(chain: SupplyChain, agent: str) -> dict[str, float]:
    return {name: float(value[0]) for holder, name, value in agent_values(chain) if holder == agent}


def test_metrics_of_production() -> None:
    factory = {"capacity": 10.0, "overtime": {"capacity": 10.0}, "usage": 2.0, "setup_time": 0.5}
    found = metrics_of(world(factory_world({"a": [6.0, 2.0, 0.0, 0.0]}, factory)), "F")
    # 5 + 12 on the second day, 10 of it regular; 4 on the third day; nothing on the two others.
    assert found["utilisation"] == pytest.approx(14.0 / 40.0)
    assert found["overtime_share"] == pytest.approx(7.0 / 21.0)
    assert found["setups"] == 0.25
    found = metrics_of(world(supplier_world([10.0, 0.0], {"yield_rate": {"mean": 0.8}})), "S")
    assert found["yield"] == pytest.approx(0.8)
    assert np.isnan(found["setups"])


# -- availability and yield -------------------------------------------------------------------------------------


def test_a_supplier_that_is_not_there_makes_nothing() -> None:
    spec = supplier_world([5.0] * 400, {"availability": {"mean_up": 5.0, "mean_down": 3.0}})
    spec["warehouses"][0]["initial_stock"] = 0.0
    chain = world(spec, runs=20)
    assert chain.recorder is not None
    made = chain.recorder.array("S", "made")[2:-2, 0]
    down = made == 0
    assert made.sum() > 0
    changes = ~down[:-1] & down[1:]
    spells = down.sum() / (changes.sum() + down[0].sum())
    assert spells == pytest.approx(3.0, abs=4 * (3.0 * 2.0 / changes.sum()) ** 0.5)
    assert down.mean() == pytest.approx(3.0 / 8.0, abs=0.03)
    assert np.allclose(np.unique(made % 5.0), 0.0)  # what waited is made at once afterwards


def test_a_certain_yield() -> None:
    chain = world(supplier_world([10.0, 0.0], {"yield_rate": {"mean": 0.8}}))
    assert rows(chain, "S", "made") == pytest.approx([0, 10, 2, 0.4])  # what was bad is made again
    assert rows(chain, "S", "scrapped") == pytest.approx([0, 2, 0.4, 0.08])
    assert rows(chain, "S", "shipped", "D") == pytest.approx([0, 8, 1.6, 0.32])


def test_yield_is_found_at_the_end_of_production() -> None:
    supplier = {"policy": {"type": "base-stock", "level": 10.0}, "lead_time": 2, "yield_rate": {"mean": 0.5}}
    chain = world(supplier_world([0.0, 0.0, 0.0], supplier))
    assert rows(chain, "S", "made") == [0, 10, 0, 0, 5]
    assert rows(chain, "S", "on_hand") == [0, 0, 0, 5, 5]


def test_the_drawn_yield_has_its_mean_and_deviation() -> None:
    class Uniforms:
        def uniforms(self, period: int) -> Any:
            return (np.arange(1000)[None] + 0.5) / 1000

    share = YieldRate(0.7, np.full(1000, 0.1), [Uniforms(), Uniforms()])(0)
    assert share.shape == (2, 1000)
    assert share[0].mean() == pytest.approx(0.7)
    assert share[1].std() == pytest.approx(0.1, rel=1e-5)
    assert share.max() - share.min() == pytest.approx(0.1 * 12**0.5, rel=2e-3)


# -- price breaks -----------------------------------------------------------------------------------------------

BREAKS = [{"quantity": 10.0, "price": 4.0}, {"quantity": 50.0, "price": 3.0}]


def test_the_whole_order_has_the_price_that_it_reaches() -> None:
    chain = world(supplier_world([9.0, 10.0, 49.0, 50.0], {"price_breaks": BREAKS}, price=5.0))
    assert rows(chain, "S", "purchased", "D") == [0, 45, 40, 196, 150, 0]
    assert rows(chain, "D", "cost purchase") == [0, 45, 40, 196, 150, 0]
    assert chain.accounts.balance("D").item() - 431.0 == -chain.accounts.balance("S").item() - 431.0


def test_goods_are_paid_for_when_they_are_shipped() -> None:
    chain = world(supplier_world([50.0, 5.0, 0.0], {"price_breaks": BREAKS, "capacity": 20.0}, price=5.0))
    # 20 at 3; then 35 wait that are worth 30 * 3 + 5 * 5 = 115.
    assert rows(chain, "S", "purchased", "D") == pytest.approx([0, 60, 20 * 115 / 35, 15 * 115 / 35, 0])


def test_dropped_orders_are_not_paid_for() -> None:
    supplier = {"price_breaks": BREAKS, "capacity": 20.0}
    chain = world(supplier_world([50.0, 5.0], supplier, price=5.0, unmet="lost"))
    assert rows(chain, "S", "purchased", "D") == [0, 60, 25, 0]


def test_orders_of_the_start_have_the_price_of_the_lane() -> None:
    chain = world(supplier_world([0.0], {"price_breaks": BREAKS}, price=5.0, initial_backlog=60.0))
    assert rows(chain, "S", "purchased", "D") == [300, 0, 0]


@pytest.mark.parametrize("sequence", ["order-then-serve", "order-first", "serve-then-order"])
def test_what_is_ordered_is_paid_in_the_end(sequence: str) -> None:
    spec = supplier_world([50.0, 5.0, 30.0, 0.0], {"price_breaks": BREAKS, "capacity": 30.0}, price=5.0)
    chain = world(spec | {"sequence": sequence})
    assert sum(rows(chain, "S", "purchased", "D")) == pytest.approx(50 * 3 + 5 * 5 + 30 * 4)


def test_the_cheapest_supplier_by_the_size_of_the_order() -> None:
    spec = supplier_world([], {"price_breaks": [{"quantity": 10.0, "price": 2.0}]})
    spec["suppliers"].append({"name": "T"})
    spec["lanes"] = [{"from": "S", "to": "D", "price": 5.0}, {"from": "T", "to": "D", "price": 3.0}]
    spec["warehouses"] = [{"name": "D", "sourcing": "cheapest", "policy": {"type": "order-up-to", "cover": 0}}]
    spec["warehouses"][0]["policy"] = "pass-through"
    spec["markets"][0]["demand"] = {"type": "trace", "values": [9.0, 10.0, 11.0]}
    spec["periods"] = 3
    chain = world(spec)
    assert rows(chain, "S", "ordered", "D") == [0, 10, 11]
    assert rows(chain, "T", "ordered", "D") == [9, 0, 0]


# -- reserved capacity ------------------------------------------------------------------------------------------


def shared_works(reserved: list[Spec], near: list[float], far: list[float], **factory: Any) -> Spec:
    """A factory of 10 a day with two customers, of which the near one comes first."""
    demand = {"near": near, "far": far}
    return {
        "name": "shared",
        "periods": len(near),
        "factories": [{"name": "F", "bill": {"goods": {}}, "capacity": 10.0, "reserved": reserved} | factory],
        "warehouses": [
            {"name": name, "owner": f"{name} owner", "policy": {"type": "pass-through"}, "initial_stock": 1000.0}
            for name in demand
        ],
        "lanes": [{"from": "F", "to": name} for name in demand],
        "markets": [
            {"name": f"to {name}", "sites": [name], "demand": {"type": "trace", "values": values}}
            for name, values in demand.items()
        ],
    }


def test_a_reserved_share_is_served_whatever_the_rule_says() -> None:
    near, far = [20.0, 0.0, 0.0, 0.0, 0.0], [5.0, 0.0, 0.0, 0.0, 0.0]
    plain = world(shared_works([], near, far))
    assert rows(plain, "F", "shipped", "far") == [0, 0, 0, 5, 0]
    chain = world(shared_works([{"owner": "far owner", "share": 0.3, "fee": 2.0}], near, far))
    assert rows(chain, "F", "shipped", "far") == [0, 3, 2, 0, 0]  # 3 of the 10 a day
    assert rows(chain, "F", "shipped", "near") == [0, 7, 8, 5, 0]  # what is not needed is free for all


def test_of_goods_that_are_taken_apart_nothing_is_due() -> None:
    """Where orders may be negative, so may what is finished; in divisions by next to nothing much of it overflows."""
    nothing = np.zeros((1, 2))
    site = SimpleNamespace(name="F", runs=2, zeros=nothing, finished=np.full((1, 2), -2e9))
    lanes: list[Any] = [SimpleNamespace(owed=nothing, limit=None, partial=True) for _ in range(2)]
    reservations = Reservations(site)
    reservations.configure([(lanes, 0.2)])
    for share in reservations.honour([nothing, nothing], nothing, lanes):
        assert np.array_equal(share, nothing)


def test_the_fee_is_paid_by_who_reserves() -> None:
    chain = world(shared_works([{"owner": "far owner", "share": 0.3, "fee": 2.0}], [0.0] * 5, [0.0] * 5))
    assert chain.accounts.balance("far owner").tolist() == [10.0]
    assert chain.accounts.balance("F").tolist() == [-10.0]
    assert chain.accounts.cost().tolist() == [0.0]


def test_two_owners_share_all_of_it() -> None:
    reserved = [{"owner": "near owner", "share": 0.6}, {"owner": "far owner", "share": 0.4}]
    for allocation in ("priority", "proportional", "first-come"):
        spec = shared_works(reserved, [50.0, 0.0, 0.0, 0.0], [50.0, 0.0, 0.0, 0.0], allocation=allocation)
        chain = world(spec)
        shipped = np.array([rows(chain, "F", "shipped", name) for name in ("near", "far")])
        floor = np.array([[6.0], [4.0]])
        assert (shipped[:, 1:] >= floor - 1e-12).all()
        assert shipped[:, 1:].sum(axis=0) == pytest.approx([10.0, 10.0, 10.0])


def test_a_reserved_share_of_production() -> None:
    """Two products: who has reserved half of the capacity gets its product made although the other one is flooded."""
    spec = factory_world({"a": [90.0, 0.0, 0.0], "b": [10.0, 0.0, 0.0]}, {"capacity": 10.0})
    spec["markets"] = [
        {"name": name, "sites": ["F"], "demand": {product: {"type": "trace", "values": values}}}
        for name, product, values in (("M", "a", [90.0, 0.0, 0.0]), ("N", "b", [10.0, 0.0, 0.0]))
    ]
    assert rows(world(spec), "F", "started")[1] == pytest.approx([9.0, 1.0])
    spec["factories"][0]["reserved"] = [{"owner": "N", "share": 0.5}]
    assert rows(world(spec), "F", "started")[1] == pytest.approx([5.0 * 90 / 95, 5.0 + 5.0 * 5 / 95])
    assert rows(world(spec), "F", "shipped", "N")[1][1] == pytest.approx(5.0 + 5.0 * 5 / 95)
