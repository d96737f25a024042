"""Doors by hand: who gets one when, and what reaches the shelf when."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import ripieno
from ripieno.model.schema import parse

from .hauling import at_dock, away, departed, follow, received, shipper, two_lanes

FIVES: dict[str, Any] = {"fleet": {"capacity": 5.0}}


def busy(world: Any) -> Any:
    return world.docks["Shop"].busy


def test_a_truck_holds_a_door_for_its_unloading_time() -> None:
    """Three trucks arrive in 1 at two doors of 3 periods: two are on the shelf in 3, the third waits until 4."""
    table = shipper([15], FIVES, dock={"doors": 2, "time": 3})
    waiting, doors, came, gone = follow(table, 9, at_dock, busy, received, away)
    assert waiting == [0, 1, 1, 1, 0, 0, 0, 0, 0]
    assert doors == [0, 2, 2, 2, 1, 1, 1, 0, 0]
    assert came == [0, 0, 0, 10, 0, 0, 5, 0, 0]
    assert gone == [3, 3, 3, 3, 1, 1, 1, 0, 0]  # home a period after they are empty


def test_slots_are_trucks_a_period() -> None:
    table = shipper([25, 5], FIVES, dock={"slots": 2})
    waiting, came = follow(table, 6, at_dock, received)
    assert waiting == [0, 3, 2, 0, 0, 0]
    assert came == [0, 10, 10, 10, 0, 0]


def test_a_dock_with_room_is_as_good_as_none() -> None:
    demand = [7, 3, 12, 0, 9]
    with_dock = follow(shipper(demand, FIVES, dock={"doors": 9}), 9, received, away)
    assert with_dock == follow(shipper(demand, FIVES), 9, received, away)


def test_first_come_first_served_and_ties_in_the_order_of_the_file() -> None:
    """B alone in 1; A and B in 2: B's of 1, A's of 2, B's of 2, whatever waits in front of the door."""
    table = two_lanes([0, 5], [5, 5], FIVES, doors=1, time=2)
    first, second, waiting = follow(
        table, 8, lambda w: w.lanes["A->Shop"].received, lambda w: w.lanes["B->Shop"].received, at_dock
    )
    assert second == [0, 0, 5, 0, 0, 0, 5, 0]
    assert first == [0, 0, 0, 0, 5, 0, 0, 0]
    assert waiting == [0, 0, 2, 1, 1, 0, 0, 0]


def test_a_lane_further_up_in_the_file_does_not_overtake() -> None:
    table = two_lanes([0, 5], [15, 0], FIVES, doors=1)
    first, second = follow(table, 7, lambda w: w.lanes["A->Shop"].received, lambda w: w.lanes["B->Shop"].received)
    assert second == [0, 5, 5, 5, 0, 0, 0]
    assert first == [0, 0, 0, 0, 5, 0, 0]


def test_no_truck_gets_a_door_outside_the_window_but_those_inside_are_unloaded() -> None:
    window = {"receiving_window": {"calendar": {"pattern": [1, 1, 0, 0]}}}
    table = shipper([15], FIVES, dock={"doors": 1, "time": 2}, shop=window)
    waiting, came = follow(table, 11, at_dock, received)
    assert came == [0, 0, 5, 0, 0, 5, 0, 0, 0, 5, 0]  # doors in 1, in 4 (the first of the window), and in 8
    assert waiting == [0, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0]


def test_a_truck_that_waits_is_not_available() -> None:
    """One door of 3 periods, three trucks, 30 units: congestion at the dock sets the pace of departures."""
    carrier = {"fleet": {"capacity": 5.0, "trucks": 3, "return_time": 1}}
    trucks, gone = follow(shipper([30], carrier, dock={"doors": 1, "time": 3}), 16, departed, away)
    assert trucks == [3, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0]  # unloaded in 3, 6 and 9, back a period later
    assert gone[:11] == [3] * 11


def test_waits_are_counted_at_the_door() -> None:
    table = shipper([15], FIVES, dock={"doors": 1, "time": 2}) | {"periods": 10, "warm_up": 0}
    result = ripieno.simulate(parse(table), runs=1)
    rows = result.agents.set_index(["agent", "metric"])["value"]
    assert rows["Shop", "dock_wait"] == (0 + 2 + 4) / 3
    assert rows["Shop", "dock_wait_p95"] == 4
    assert rows["Shop", "dock_queue"] == (2 + 2 + 1 + 1) / 10
    assert rows["Shop", "dock_utilisation"] == 6 / 10


def test_each_truck_is_unloaded_in_a_time_of_its_own() -> None:
    """Twelve trucks at twelve doors from period 1 on: each run unloads them in shares of a third about 1, 2, 4."""
    times = {"type": "choice", "values": [1, 2, 4]}
    table = shipper([60], FIVES, dock={"doors": 12, "time": times})
    came, doors = follow(table, 7, received, busy, runs=400)
    shares = np.array(came).T / 60
    assert np.allclose(shares.sum(axis=1), 1)
    assert not shares[:, [0, 3, 5, 6]].any()
    error = np.sqrt(1 / 3 * 2 / 3 / 12 / 400)
    assert np.abs(shares[:, [1, 2, 4]].mean(axis=0) - 1 / 3).max() < 4 * error
    assert 0.8 < shares[:, 1].var() / (1 / 3 * 2 / 3 / 12) < 1.25  # twelve draws, not one
    assert doors[1] == [12.0] * 400
    assert np.allclose(np.array(doors)[2], 12 - 12 * shares[:, 1])


def test_a_truck_keeps_its_own_load() -> None:
    """7 units are a full truck and one with 2; the first at the door is the full one."""
    carrier = FIVES | {"dispatch": {"threshold": 0.4}}
    (came,) = follow(shipper([7, 0, 3], carrier, dock={"doors": 1}), 6, received)
    assert came == [0, 5, 2, 3, 0, 0]


def test_receipts_that_are_stopped_wait_at_the_gate_after_unloading() -> None:
    out = {"outages": [{"name": "out", "site": "Shop", "kind": "receiving", "start": 1, "length": 3}]}
    table = shipper([10], FIVES, dock={"doors": 1}) | out
    came, waiting, gone = follow(table, 7, received, lambda w: w.lanes["Source->Shop"].waiting, away)
    assert came == [0, 0, 0, 0, 10, 0, 0]
    assert waiting == [0, 5, 10, 10, 0, 0, 0]
    assert gone == [2, 2, 1, 0, 0, 0, 0]


def test_without_travel_time_a_dock_is_passed_in_the_same_period() -> None:
    table = shipper([10], FIVES, dock={"doors": 1}, lane={"travel_time": 0})
    trucks, came, waiting = follow(table, 4, departed, received, at_dock)
    assert (trucks, came, waiting) == ([2, 0, 0, 0], [5, 5, 0, 0], [1, 0, 0, 0])


def test_several_products_are_unloaded_in_their_mix_the_oldest_first() -> None:
    """3 a of period 0, then 3 a and 6 b: the first truck of 8 has the old 3 a and 5 of the new, a third of them a."""
    table = shipper([0], {"fleet": {"capacity": 8.0}}, dock={"doors": 1})
    values = {"a": [3.0, 3.0, 0.0, 0.0], "b": [0.0, 6.0, 0.0, 4.0]}
    demand = {name: {"type": "trace", "values": found, "after_end": "zero"} for name, found in values.items()}
    table |= {"products": [{"name": "a"}, {"name": "b"}]}
    table["markets"] = [{"name": "Town", "sites": ["Shop"], "demand": demand}]
    came, waiting = follow(table, 5, received, lambda w: w.lanes["Source->Shop"].set_aside)
    assert waiting[1] == pytest.approx([3 - 5 / 3, 6 - 10 / 3])
    assert came[2] == pytest.approx([3 + 5 / 3, 10 / 3])
    assert came[4] == pytest.approx([3 - 5 / 3, 6 - 10 / 3 + 4])


def test_a_dock_overloaded_for_a_year_empties_when_it_is_relieved() -> None:
    """12 trucks a period at 10 doors for a year, then 5: the queue grows by 2 and shrinks by 5 a period."""
    table = shipper([0], {"fleet": {"capacity": 1.0}}, dock={"slots": 10}) | {
        "markets": [{"name": "Town", "sites": ["Shop"], "demand": {"type": "constant", "mean": 12.0}}],
        "interventions": [{"at": 365, "set": {"markets.Town.demand.mean": 5.0}}],
        "periods": 540,
    }
    waiting, came = follow(table, 540, at_dock, received)
    assert waiting[:366] == [2.0 * period for period in range(366)]
    assert waiting[366:512] == [730.0 - 5.0 * period for period in range(1, 147)]
    assert waiting[512:] == [0.0] * 28
    assert sum(came) == 365 * 12 + (540 - 366) * 5


def test_doors_and_times_may_change_while_trucks_are_there() -> None:
    """Two doors of 3 periods take trucks in 1; from 2 on there is one door, of 1 period, free again after 3."""
    change = {"at": 2, "set": {"warehouses.Shop.docks.inbound.doors": 1, "warehouses.Shop.docks.inbound.time": 1}}
    table = shipper([20], FIVES, dock={"doors": 2, "time": 3}) | {"interventions": [change]}
    waiting, doors, came = follow(table, 7, at_dock, busy, received)
    assert waiting == [0, 2, 2, 2, 1, 0, 0]
    assert doors == [0, 2, 2, 2, 1, 1, 0]
    assert came == [0, 0, 0, 10, 5, 5, 0]


def test_the_use_of_doors_is_that_of_the_doors_that_there_were() -> None:
    change = {"at": 4, "set": {"warehouses.Shop.docks.inbound.slots": 1}}
    table = shipper([5] * 9, FIVES, dock={"slots": 4}) | {"periods": 9, "interventions": [change]}
    world = ripieno.SupplyChain(parse(table)).run()
    assert world.docks["Shop"].mean_doors == pytest.approx((4 * 4 + 5 * 1) / 9)


def test_the_doors_of_drawn_times_are_structure() -> None:
    dock = {"doors": 2, "time": {"type": "geometric", "mean": 2.0, "longest": 9}}
    change = {"at": 2, "set": {"warehouses.Shop.docks.inbound.doors": 1}}
    with pytest.raises(ripieno.ScenarioError, match="doors is structure"):
        parse(shipper([5], FIVES, dock=dock) | {"interventions": [change]})
    fine = {"at": 2, "set": {"warehouses.Shop.docks.inbound.time.mean": 3.0}}
    parse(shipper([5], FIVES, dock=dock) | {"interventions": [fine]})
    wrong = {"at": 2, "set": {"warehouses.Shop.docks.inbound.doors": 0}}
    with pytest.raises(ripieno.ScenarioError, match="do not fit"):
        parse(shipper([5], FIVES, dock={"doors": 2}) | {"interventions": [wrong]})


@pytest.mark.parametrize(
    ("carrier", "key", "value", "trucks"),
    [
        ({"every": 3}, "dispatch.every", 1, [1, 0, 0, 1, 1, 1, 1]),
        ({"every": 3}, "dispatch.phase", 1, [1, 0, 0, 0, 1, 0, 0]),
        ({"threshold": 1.0, "longest_wait": 3}, "dispatch.longest_wait", 0, [0, 0, 0, 1, 1, 1, 1]),
    ],
)
def test_calendars_and_waits_may_change_from_a_date_on(carrier: Any, key: str, value: int, trucks: list[int]) -> None:
    table = shipper([1] * 9, {"fleet": {"capacity": 50.0}, "dispatch": carrier})
    change = {"at": 3, "set": {f"carriers.Haulier.{key}": value}}
    (found,) = follow(table | {"interventions": [change]}, 7, departed)
    assert found == trucks
