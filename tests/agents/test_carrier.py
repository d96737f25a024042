"""When trucks leave and when they are back, by hand: loads join at the source in the period of their demand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import ripieno
from ripieno.agents.carrier import rationed

from .hauling import away, departed, follow, received, shipper, two_lanes, waiting_load

FIVES: dict[str, Any] = {"fleet": {"capacity": 5.0}}


def test_only_full_trucks_leave_and_what_is_left_waits_for_the_next() -> None:
    trucks, waiting, came, gone = follow(shipper([3, 4, 5, 0, 2, 9], FIVES), 8, departed, waiting_load, received, away)
    assert trucks == [0, 1, 1, 0, 0, 2, 0, 0]
    assert waiting == [3, 2, 2, 2, 4, 3, 3, 3]
    assert came == [0, 0, 5, 5, 0, 0, 10, 0]
    assert gone == [0, 1, 2, 1, 0, 2, 2, 0]  # a period there and one back


def test_a_truck_leaves_at_the_threshold_with_all_that_waits() -> None:
    carrier = FIVES | {"dispatch": {"threshold": 0.8}}
    trucks, waiting, came = follow(shipper([3, 4, 5, 0, 2, 9], carrier), 7, departed, waiting_load, received)
    assert trucks == [0, 1, 1, 0, 1, 2, 0]  # 7: one full, 2 stay; 7 again; 4 are enough; 9: one full and 4
    assert waiting == [3, 2, 2, 2, 0, 0, 0]
    assert came == [0, 0, 5, 5, 0, 4, 9]


@pytest.mark.parametrize(("longest", "leaves"), [(0, 0), (1, 1), (2, 2), (4, 4)])
def test_the_oldest_load_waits_for_the_longest_wait_and_no_longer(longest: int, leaves: int) -> None:
    carrier = FIVES | {"dispatch": {"longest_wait": longest}}
    trucks, _ = follow(shipper([0, 3, 0, 0, 0, 0], carrier), 7, departed, waiting_load)
    assert trucks == [1.0 if period == leaves + 1 else 0.0 for period in range(7)]


def test_the_wait_is_that_of_the_oldest_not_of_what_came_since() -> None:
    """4 of period 0 and 3 of period 1: a full truck leaves with the 4 and 1 of the 3; the other 2 wait from 1 on."""
    carrier = FIVES | {"dispatch": {"longest_wait": 3}}
    trucks, waiting = follow(shipper([4, 3, 0, 1, 0, 0], carrier), 8, departed, waiting_load)
    assert trucks == [0, 1, 0, 0, 1, 0, 0, 0]  # period 4 = 1 + 3 takes the 1 of period 3 along
    assert waiting == [4, 2, 2, 3, 0, 0, 0, 0]


def test_by_timetable_everything_leaves_in_as_many_trucks_as_it_needs() -> None:
    carrier = FIVES | {"dispatch": {"every": 3, "phase": 1}}
    trucks, waiting = follow(shipper([3, 4, 7, 0, 2], carrier), 8, departed, waiting_load)
    assert trucks == [0, 2, 0, 0, 2, 0, 0, 0]
    assert waiting == [3, 0, 7, 7, 0, 0, 0, 0]


def test_no_timetable_begins_before_its_phase() -> None:
    carrier = FIVES | {"dispatch": {"every": 2, "phase": 4}}
    (trucks,) = follow(shipper([1] * 9, carrier), 9, departed)
    assert trucks == [0, 0, 0, 0, 1, 0, 1, 0, 1]


def test_nothing_leaves_outside_the_working_calendar() -> None:
    carrier = FIVES | {"calendar": {"pattern": [1, 1, 0], "phase": 2}}  # period 0 is the third day of the pattern
    trucks, waiting = follow(shipper([7, 4, 5, 6, 2], carrier), 8, departed, waiting_load)
    assert trucks == [0, 2, 1, 0, 1, 0, 0, 0]
    assert waiting == [7, 1, 1, 7, 4, 4, 4, 4]


def test_a_fleet_that_is_away_leaves_the_rest_waiting() -> None:
    """Two trucks, two periods there and two back: 25 units of period 0 go in 0, 4 and 8."""
    table = shipper([25], {"fleet": {"capacity": 5.0, "trucks": 2}}, lane={"travel_time": 2})
    trucks, waiting, came, gone = follow(table, 13, departed, waiting_load, received, away)
    assert trucks == [2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0]
    assert waiting == [15, 15, 15, 15, 5, 5, 5, 5, 0, 0, 0, 0, 0]
    assert came == [0, 0, 10, 0, 0, 0, 10, 0, 0, 0, 5, 0, 0]
    assert gone == [2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 0]


@pytest.mark.parametrize(("back", "again"), [(0, 2), (1, 3), (5, 7)])
def test_the_way_back_may_take_another_time(back: int, again: int) -> None:
    fleet = {"capacity": 5.0, "trucks": 1, "return_time": back}
    (trucks,) = follow(shipper([10], {"fleet": fleet}, lane={"travel_time": 2}), 9, departed)
    assert [period for period, count in enumerate(trucks) if count] == [0, again]


def test_a_scarce_fleet_is_shared_in_proportion_to_what_lanes_want() -> None:
    table = two_lanes([5, 5, 0], [5, 10, 0], {"fleet": {"capacity": 5.0, "trucks": 3, "return_time": 1}})
    first, second, gone = follow(table, 5, departed, lambda world: departed(world, 1), away)
    assert first == [1, 1, 0, 0, 0]  # of the one truck of period 1 two thirds are the other's: rounding gives it here
    assert second == [1, 0, 2, 0, 0]  # the two of period 0 are back in 2
    assert gone == [2, 3, 3, 2, 0]


def test_parts_of_a_fleet_are_whole_add_up_and_are_fair() -> None:
    draw = np.random.Generator(np.random.PCG64(3))
    wanted = [np.floor(draw.uniform(0, 9, (1, 400))) for _ in range(5)]
    free = np.floor(draw.uniform(0, 40, (1, 400)))
    given = rationed(wanted, free)
    everybody = sum(wanted)
    assert all((part == np.floor(part)).all() and (part >= 0).all() for part in given)
    assert all((part <= lane).all() for part, lane in zip(given, wanted, strict=True))
    assert np.array_equal(sum(given), np.minimum(everybody, free))
    for part, lane in zip(given, wanted, strict=True):
        due = np.minimum(lane, lane * free / np.maximum(everybody, 1))
        assert (np.abs(part - due) < 1 + 1e-9).all()


def test_a_truck_without_travel_time_leaves_once_a_period() -> None:
    table = shipper([15], {"fleet": {"capacity": 5.0, "trucks": 1}}, lane={"travel_time": 0})
    trucks, came = follow(table, 4, departed, received)
    assert trucks == [1, 1, 1, 0]
    assert came == [5, 5, 5, 0]


def test_trucks_travel_as_long_as_their_goods() -> None:
    """Random travel: in every run what is on the road fits the trucks on the road, and all come home."""
    lane = {"travel_time": {"type": "choice", "values": [1, 2, 4]}}
    carrier = {"fleet": {"capacity": 5.0, "trucks": 6}}
    table = shipper([5, 10, 5, 0, 5, 15, 5], carrier, lane=lane)
    road, on_road, gone = follow(
        table, 25, lambda w: w.lanes["Source->Shop"].in_transit, lambda w: w.trucks[0].on_road, away, runs=20
    )
    assert [[5 * count for count in counts] for counts in on_road] == road
    assert len({tuple(counts) for counts in zip(*on_road, strict=True)}) > 5  # runs differ
    assert max(map(max, gone)) <= 6
    assert gone[-1] == [0.0] * 20


def test_the_trucks_of_the_start_carry_its_goods_and_come_home() -> None:
    lane = {"travel_time": 2, "initial_in_transit": [3.0, 12.0]}
    table = shipper([0], {"fleet": {"capacity": 5.0}}, dock={"doors": 1}, lane=lane)
    came, gone = follow(table, 7, received, away)
    assert came == [3, 5, 5, 2, 0, 0, 0]
    assert gone == [4, 4, 3, 2, 1, 0, 0]


def test_markets_are_served_by_trucks_too() -> None:
    """What waits for a truck has left the shelf; a market without travel time gets it when the truck leaves."""
    carriers = [
        {"name": "Haulier", "fleet": {"capacity": 1.0}},
        {"name": "Van", "lanes": ["Shop->Town"], "fleet": {"capacity": 4.0}},
    ]
    table = shipper([3, 3, 0], {}, shop={"initial_stock": 6.0}) | {"carriers": carriers}
    vans, delivered = follow(table, 4, lambda w: departed(w, 1), lambda w: w.markets["Town"].delivered)
    assert vans == [0, 1, 0, 0]
    assert delivered == [0, 4, 0, 0]


def change(key: str, value: float, at: int = 3) -> dict[str, Any]:
    return {"interventions": [{"at": at, "set": {key: value}}]}


def test_a_threshold_may_be_lowered_later() -> None:
    table = shipper([3, 0, 0, 0, 0], FIVES | {"dispatch": {"threshold": 1.0}})
    (trucks,) = follow(table | change("carriers.Haulier.dispatch.threshold", 0.5), 6, departed)
    assert trucks == [0, 0, 0, 1, 0, 0]


def test_a_fleet_may_grow_and_shrink() -> None:
    """Shrunk below what is away, it sends nothing until enough are back."""
    table = shipper([20, 0, 0, 0, 20], {"fleet": {"capacity": 5.0, "trucks": 2}}, lane={"travel_time": 1})
    (grown,) = follow(table | change("carriers.Haulier.fleet.trucks", 4.0, 1), 6, departed)
    assert grown == [2, 2, 0, 0, 4, 0]
    (shrunk,) = follow(table | change("carriers.Haulier.fleet.trucks", 1.0, 1), 8, departed)
    assert shrunk == [2, 0, 1, 0, 1, 0, 1, 0]


def test_a_truck_is_whole_even_if_an_intervention_is_not() -> None:
    table = shipper([20], {"fleet": {"capacity": 5.0, "trucks": 1}})
    (trucks,) = follow(table | change("carriers.Haulier.fleet.trucks", 2.9, 1), 6, departed)
    assert trucks == [1, 1, 1, 1, 0, 0]


@pytest.mark.parametrize(
    ("kind", "trucks", "came"),
    [
        ("shipping", [1, 0, 0, 3, 1, 0, 0], [0, 5, 0, 0, 15, 5, 0]),
        ("transit", [1, 1, 1, 1, 1, 0, 0], [0, 0, 0, 15, 5, 5, 0]),  # frozen on the night after 0, 1 and not after 2
        ("receiving", [1, 1, 1, 1, 1, 0, 0], [0, 0, 0, 15, 5, 5, 0]),
    ],
)
def test_outages_stop_trucks_and_goods_alike(kind: str, trucks: list[float], came: list[float]) -> None:
    start, length = (0, 2) if kind == "transit" else (1, 2)
    out = {"outages": [{"name": "out", "lane": "Source->Shop", "kind": kind, "start": start, "length": length}]}
    seen = follow(shipper([5, 5, 5, 5, 5], FIVES) | out, 7, departed, received, away)
    assert seen[0] == trucks
    assert seen[1] == came
    assert seen[2][-1] == 0.0 if kind != "transit" else seen[2][-1] >= 0.0


def test_half_a_truck_is_refused() -> None:
    with pytest.raises(ripieno.ScenarioError, match=r"trucks = 1\.5: is not a whole number"):
        follow(shipper([1], {"fleet": {"capacity": 5.0, "trucks": 1.5}}), 1)


def test_returns_are_refused_on_a_lane_with_trucks() -> None:
    with pytest.raises(ripieno.ScenarioError, match="returns = true: does not go with trucks"):
        follow(shipper([1], FIVES, shop={"orders": {"returns": True}}), 1)


def test_negative_demand_is_refused_where_trucks_serve_the_market() -> None:
    demand = {"type": "normal", "mean": 1.0, "sd": 3.0, "minimum": -5.0}
    table = shipper([1], FIVES | {"lanes": ["Shop->Town"]})
    table["markets"] = [{"name": "Town", "sites": ["Shop"], "demand": demand}]
    with pytest.raises(ripieno.ScenarioError, match=r"minimum = -5: does not go with trucks"):
        follow(table, 1)


def test_a_market_that_is_served_last_has_its_goods_with_the_trucks_of_the_next_period() -> None:
    """Demand of period 0 is set aside in its last moment; the trucks of period 1 take it and are there at once."""
    table = shipper([5, 0, 5, 0], {**FIVES, "lanes": ["Shop->Town"]}, shop={"initial_stock": 50.0})
    table |= {"sequence": "order-first"}
    del table["lanes"][0]["carrier"]
    trucks, came = follow(table, 5, departed, lambda world: world.lanes["Shop->Town"].received)
    assert trucks == [0, 1, 0, 1, 0]
    assert came == [0, 5, 0, 5, 0]
