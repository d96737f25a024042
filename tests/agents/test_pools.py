"""Lanes that share trucks, by hand: loads join at the source in the period of their demand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
import ripieno
from ripieno.agents.quantity import Array
from ripieno.model.schema import ScenarioError, parse

from .hauling import Table, away, departed, follow, trace

TENS: dict[str, Any] = {"fleet": {"capacity": 10.0}}


def round_trip(a: Sequence[float], b: Sequence[float], carrier: Mapping[str, Any], **more: Any) -> Table:
    """A source whose trucks go to shop A, a period away, and on to shop B, two periods further."""
    docks = more.pop("docks", {})
    return {
        "name": "route",
        "periods": 99,
        "sequence": "order-then-serve",
        "suppliers": [{"name": "Source"}],
        "warehouses": [
            {"name": name, "policy": "pass-through"} | ({"docks": {"inbound": docks[name]}} if name in docks else {})
            for name in "AB"
        ],
        "markets": [
            {"name": f"Town {name}", "sites": [name], "demand": trace(demand)} for name, demand in (("A", a), ("B", b))
        ],
        "lanes": [{"from": "Source", "to": "A", "travel_time": 1}, {"from": "Source", "to": "B", "travel_time": 3}],
        "carriers": [
            {
                "name": "Haulier",
                "lanes": ["Source->A", "Source->B"],
                "pools": [{"lanes": ["Source->A", "Source->B"], "route": True}],
                **carrier,
            }
        ],
        **more,
    }


def came(name: str) -> Callable[[ripieno.SupplyChain], Array]:
    return lambda world: world.lanes[f"Source->{name}"].received


def waits(name: str) -> Callable[[ripieno.SupplyChain], Array]:
    return lambda world: world.lanes[f"Source->{name}"].set_aside


def test_the_load_of_all_lanes_fills_a_truck() -> None:
    """4 and 6 fill one truck, which is at A after a period and at B after three, and back in three more."""
    trucks, at_a, at_b, gone = follow(round_trip([4, 3], [6, 3], TENS), 8, departed, came("A"), came("B"), away)
    assert trucks == [1, 0, 0, 0, 0, 0, 0, 0]
    assert at_a == [0, 4, 0, 0, 0, 0, 0, 0]
    assert at_b == [0, 0, 0, 6, 0, 0, 0, 0]
    assert gone == [1, 1, 1, 1, 1, 1, 0, 0]


def test_the_oldest_goods_of_any_lane_go_first() -> None:
    """6 for A wait since 0; with 9 for B there is a truck of 6 and 4, and 5 for B stay."""
    trucks, at_a, at_b = follow(round_trip([6, 0, 0], [0, 9, 0], TENS), 4, departed, waits("A"), waits("B"))
    assert trucks == [0, 1, 0, 0]
    assert at_a == [6, 0, 0, 0]
    assert at_b == [0, 5, 5, 5]


def test_the_longest_wait_is_that_of_the_oldest_load_of_any_lane() -> None:
    carrier = TENS | {"dispatch": {"longest_wait": 2}}
    trucks, at_a, at_b = follow(round_trip([0, 3, 0], [0, 0, 1], carrier), 7, departed, waits("A"), waits("B"))
    assert trucks == [0, 0, 0, 1, 0, 0, 0]
    assert at_a == [0, 3, 3, 0, 0, 0, 0]
    assert at_b == [0, 0, 1, 0, 0, 0, 0]


def test_a_truck_waits_at_each_dock_in_turn() -> None:
    """Two trucks of 4 and 6; the one door of A takes two periods for each, so B gets its goods in 4 and in 6."""
    table = round_trip([8], [12], TENS, docks={"A": {"doors": 1, "time": 2}, "B": {"doors": 1}})
    at_a, at_b, gone = follow(table, 11, came("A"), came("B"), away)
    assert at_a == [0, 0, 4, 0, 4, 0, 0, 0, 0, 0, 0]
    assert at_b == [0, 0, 0, 0, 6, 0, 6, 0, 0, 0, 0]
    assert gone == [2, 2, 2, 2, 2, 2, 2, 1, 1, 0, 0]


def test_a_truck_that_is_not_full_takes_its_part_to_every_stop() -> None:
    """15 in two trucks: the full one has two thirds of all, and the doors of A take one a period."""
    carrier = TENS | {"dispatch": {"threshold": 0.5}}
    table = round_trip([6], [9], carrier, docks={"A": {"doors": 1}})
    at_a, at_b = follow(table, 6, came("A"), came("B"))
    assert at_a == pytest.approx([0, 4, 2, 0, 0, 0])
    assert at_b == pytest.approx([0, 0, 0, 6, 3, 0])


def test_goods_to_come_are_under_way_while_their_truck_waits_elsewhere() -> None:
    table = round_trip([10], [10], TENS, docks={"A": {"doors": 1, "time": 3}})
    rolling, ordered = follow(
        table, 9, lambda world: world.lanes["Source->B"].in_transit, lambda world: world.lanes["Source->B"].on_order
    )
    assert rolling == ordered == [10, 10, 10, 10, 10, 5, 5, 5, 0]


def test_a_departure_is_charged_once_and_shared_by_load() -> None:
    carrier = TENS | {"tariff": {"departure": 30.0}, "costs": {"departure": 8.0}}
    a, b, own = follow(
        round_trip([4], [6], carrier),
        3,
        lambda world: world.trucks[0].freight,
        lambda world: world.trucks[1].freight,
        lambda world: world.trucks[0].haulage + world.trucks[1].haulage,
    )
    assert (a, b, own) == ([12, 0, 0], [18, 0, 0], [8, 0, 0])


def test_a_fleet_is_shared_too() -> None:
    """The one truck is back in 6 and takes the other 10 then."""
    carrier = {"fleet": {"capacity": 10.0, "trucks": 1}}
    trucks, at_b = follow(round_trip([8], [12], carrier), 10, departed, came("B"))
    assert trucks == [1, 0, 0, 0, 0, 0, 1, 0, 0, 0]
    assert at_b == [0, 0, 0, 6, 0, 0, 0, 0, 0, 6]


def test_an_outage_on_one_lane_leaves_its_goods_behind() -> None:
    stop = {"name": "stop", "lane": "Source->A", "kind": "shipping", "start": 0, "length": 2}
    carrier = TENS | {"dispatch": {"threshold": 0.1}}
    table = round_trip([4, 0, 0], [6, 0, 0], carrier, outages=[stop])
    trucks, at_a, at_b = follow(table, 4, departed, waits("A"), waits("B"))
    assert (trucks, at_a, at_b) == ([1, 0, 1, 0], [4, 4, 0, 0], [0, 0, 0, 0])


def test_trucks_that_stand_still_on_the_last_leg() -> None:
    stop = {"name": "stop", "lane": "Source->B", "kind": "transit", "start": 2, "length": 2}
    at_a, at_b = follow(round_trip([4], [6], TENS, outages=[stop]), 7, came("A"), came("B"))
    assert at_a == [0, 4, 0, 0, 0, 0, 0]
    assert at_b == [0, 0, 0, 0, 0, 6, 0]


def test_goods_of_the_start_come_on_trucks_of_their_own() -> None:
    table = round_trip([0], [0], TENS)
    for lane in table["lanes"]:
        lane["initial_in_transit"] = 5.0
    at_a, at_b, gone = follow(table, 7, came("A"), came("B"), away)
    assert at_a == [5, 0, 0, 0, 0, 0, 0]
    assert at_b == [5, 5, 5, 0, 0, 0, 0]
    assert gone == [4, 4, 4, 3, 2, 0, 0]  # that to A goes on to B, two periods, and all are back from there in three


def test_trucks_are_loaded_together_at_the_dock_of_the_origin() -> None:
    table = round_trip([8], [12], TENS)
    table["suppliers"][0]["docks"] = {"outbound": {"doors": 1, "time": 2}}
    trucks, at_a, at_b = follow(table, 8, departed, came("A"), came("B"))
    assert trucks == [0, 1, 0, 1, 0, 0, 0, 0]
    assert at_a == [0, 0, 4, 0, 4, 0, 0, 0]
    assert at_b == [0, 0, 0, 0, 6, 0, 6, 0]


def test_trucks_that_come_to_a_later_stop_together_share_what_is_aboard_evenly() -> None:
    carrier = TENS | {"dispatch": {"threshold": 0.5}}
    (at_b,) = follow(round_trip([6], [9], carrier, docks={"B": {"doors": 1}}), 6, came("B"))
    assert at_b == [0, 0, 0, 4.5, 4.5, 0]


def far_places(**more: Any) -> Table:
    """Two lanes to A, the first stop, then one to B, and one to C two periods after that."""
    names = {"one": ("A", 2), "two": ("A", 2), "three": ("B", 3), "four": ("C", 5)}
    goods = {"A": {"a": 4.0, "b": 2.0}, "B": {"b": 3.0}, "C": {"b": 1.0}}
    return {
        "name": "far places",
        "periods": 99,
        "sequence": "order-then-serve",
        "products": [{"name": "a"}, {"name": "b"}],
        "suppliers": [{"name": "Source"}],
        "warehouses": [{"name": name, "policy": "pass-through"} for name in goods],
        "markets": [
            {"name": f"Town {name}", "sites": [name], "demand": {good: trace([size]) for good, size in wanted.items()}}
            for name, wanted in goods.items()
        ],
        "lanes": [
            {
                "name": name,
                "from": "Source",
                "to": end,
                "travel_time": time,
                "products": ["a" if name == "one" else "b"],
            }
            for name, (end, time) in names.items()
        ],
        "carriers": [
            {"name": "Haulier", "lanes": list(names), "pools": [{"lanes": list(names), "route": True}], **TENS}
        ],
        **more,
    }


@pytest.mark.parametrize(("stop", "late"), [("A", (2, 2, 2, 2)), ("B", (0, 0, 2, 2)), ("C", (0, 0, 0, 2))])
def test_goods_for_later_stops_stand_still_with_their_truck(stop: str, late: tuple[int, ...]) -> None:
    start = {"A": 1, "B": 2, "C": 4}[stop]
    out = {"name": "stop", "site": stop, "kind": "transit", "start": start, "length": 2}
    names, usual = ("one", "two", "three", "four"), (2, 2, 3, 5)
    for outages, delays in (([], (0, 0, 0, 0)), ([out], late)):
        reads = [lambda world, name=name: world.lanes[name].received.sum(axis=0) for name in names]
        found = follow(far_places(outages=outages), 9, *reads)
        assert [[period for period, amount in enumerate(lane) if amount] for lane in found] == [
            [time + delay] for time, delay in zip(usual, delays, strict=True)
        ]


def one_place(pools: list[Table]) -> Table:
    """Two goods from the source to one shop, each on a lane of its own."""
    return {
        "name": "one place",
        "periods": 99,
        "sequence": "order-then-serve",
        "products": [{"name": "a"}, {"name": "b"}],
        "suppliers": [{"name": "Source"}],
        "warehouses": [{"name": "Shop", "policy": "pass-through", "docks": {"inbound": {"doors": 1}}}],
        "markets": [{"name": "Town", "sites": ["Shop"], "demand": {"a": trace([8]), "b": trace([12])}}],
        "lanes": [{"name": name, "from": "Source", "to": "Shop", "products": [name]} for name in "ab"],
        "carriers": [{"name": "Haulier", "lanes": ["a", "b"], "pools": pools, **TENS}],
    }


def test_lanes_to_one_place_share_trucks_without_a_route() -> None:
    shelf: Callable[[ripieno.SupplyChain], Array] = lambda world: world.lanes["a"].received + world.lanes["b"].received  # noqa: E731
    (pooled,) = follow(one_place([{"lanes": ["a", "b"]}]), 4, shelf)
    assert pooled == [[0, 0], [4, 6], [4, 6], [0, 0]]
    (apart,) = follow(one_place([]), 4, shelf)
    assert apart == [[0, 0], [0, 10], [0, 0], [0, 0]]


def test_a_pool_with_goods_on_one_lane_alone_is_that_lane() -> None:
    demand = [3, 9, 1, 0, 14, 7, 2, 2, 30, 1]
    carrier = {"fleet": {"capacity": 6.0, "trucks": 2}, "dispatch": {"threshold": 0.7, "longest_wait": 2}}
    table = round_trip(demand, [0], carrier, docks={"A": {"doors": 1, "time": 2}})
    table["carriers"][0]["fleet"]["return_time"] = 2
    together = follow(table, 40, departed, came("A"), waits("A"))
    del table["carriers"][0]["pools"]
    table["carriers"][0]["fleet"]["return_time"] = 4  # two to B, and two back
    apart = follow(table, 40, departed, came("A"), waits("A"))
    for one, other in zip(together, apart, strict=True):
        assert np.allclose(one, other, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        ({"lanes": ["Source->A"]}, "names less than two lanes"),
        ({"lanes": ["Source->A", "Source->C"]}, "names a lane that Haulier does not serve"),
        ({"lanes": ["Source->A", "Source->A"]}, "is in a pool already"),
        ({"route": False}, "set route = true"),
        ({"lanes": ["Source->B", "Source->A"]}, "is not more than the 3 of Source->B"),
    ],
)
def test_pools_that_cannot_be_are_refused(spoil: Table, message: str) -> None:
    table = round_trip([1], [1], TENS)
    table["carriers"][0]["pools"][0] |= spoil
    with pytest.raises(ScenarioError, match=message):
        parse(table)


def test_pools_need_one_origin_and_fixed_times() -> None:
    table = round_trip([1], [1], TENS)
    table["lanes"][1]["travel_time"] = {"type": "choice", "values": [2, 3]}
    with pytest.raises(ScenarioError, match="is drawn, which a pool does not go with"):
        parse(table)
    table["lanes"][1] |= {"travel_time": 3, "from": "Other", "name": "Source->B"}
    table["suppliers"].append({"name": "Other"})
    with pytest.raises(ScenarioError, match="begin at Source and Other"):
        parse(table)


def test_lanes_to_one_place_take_the_same_time_and_stand_still_together() -> None:
    table = one_place([{"lanes": ["a", "b"]}])
    table["outages"] = [{"name": "stop", "lane": "a", "kind": "transit", "start": 0, "length": 2}]
    with pytest.raises(ScenarioError, match="shares trucks with others"):
        parse(table)
    table["lanes"][1]["travel_time"] = 2
    with pytest.raises(ScenarioError, match="is not the 1 of a, which shares its trucks"):
        parse(table)
