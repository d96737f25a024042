"""Trucks that a carrier keeps for some of its lanes, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ripieno.model.schema import ScenarioError, parse
from ripieno.model.supply_chain import SupplyChain

from .hauling import Table, departed, follow, two_lanes


def fleet(**more: Any) -> Table:
    return {"fleet": {"capacity": 5.0, "trucks": 4, "reserved": 0.5, "reserved_for": ["B->Shop"], **more}}


def both(table: Table, periods: int) -> tuple[list[Any], list[Any]]:
    first, second = follow(table, periods, departed, lambda world: departed(world, 1))
    return first, second


def test_other_lanes_leave_the_reserved_trucks_at_home() -> None:
    """A may have 2 of the 4 trucks, each for two periods; B finds the others, and A's two when A has none away."""
    first, second = both(two_lanes([30, 0, 0, 0, 0, 0, 0], [0, 10, 0, 10, 0, 0, 40], fleet()), 8)
    assert first == [2, 0, 2, 0, 2, 0, 0, 0]
    assert second == [0, 2, 0, 2, 0, 0, 4, 0]


def test_without_a_reserve_who_comes_first_takes_all() -> None:
    table = two_lanes([30, 0], [0, 15], {"fleet": {"capacity": 5.0, "trucks": 4}})
    first, second = both(table, 2)
    assert (first, second) == ([4, 0], [0, 0])


@pytest.mark.parametrize("trucks", [4, 6, 10])
def test_reserved_loads_find_what_is_kept_for_them(trucks: int) -> None:
    """Both lanes always want more than there is; however that is shared out, B has at least its half."""
    table = two_lanes([500], [500], fleet(trucks=trucks))
    first, second = both(table, 9)
    assert all(a <= trucks / 2 for a in first)
    assert all(b >= trucks / 2 for b in second[::2])


def test_a_share_is_rounded_down_to_whole_trucks() -> None:
    first, _ = both(two_lanes([30], [0], fleet(reserved=0.49)), 1)
    assert first == [3]
    first, _ = both(two_lanes([30], [0], fleet(reserved=1.0)), 1)
    assert first == [0]


def test_without_a_way_back_trucks_are_there_again_at_once() -> None:
    first, _ = both(two_lanes([30], [0], fleet(return_time=0)), 4)
    assert first == [2, 2, 2, 0]


@pytest.mark.parametrize("back", [0, 3])
def test_other_lanes_never_have_more_than_the_rest(back: int) -> None:
    table = two_lanes([9] * 40, [4, 0, 17, 1] * 10, fleet(reserved=0.3, return_time=back), doors=1, time=2)
    world = SupplyChain(parse(table), [0])
    others = world.carriers["Haulier"].others
    assert others is not None
    most = 0.0
    for _ in range(40):
        world.step()
        assert np.array_equal(others.away, _on_lane(world) + others.way_back.content())
        assert (others.away <= 3).all()
        most = max(most, float(others.away.max()))
    assert most == 3


def _on_lane(world: SupplyChain) -> Any:
    """The trucks of lane A on the road, in the queue and at the door."""
    trucks = world.trucks[0]
    return trucks.on_road + trucks.queueing + world.docks["Shop"].trucks[0].content()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        ({"reserved_for": []}, "is for no lane"),
        ({"reserved": None}, "has no effect without reserved"),
        ({"trucks": None}, "has no effect on a fleet of as many trucks as are needed"),
        ({"reserved_for": ["C->Shop"]}, "names a lane that Haulier does not serve"),
    ],
)
def test_reserves_for_nothing_are_refused(spoil: Table, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        parse(two_lanes([1], [1], fleet(**spoil)))
