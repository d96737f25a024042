"""Splitting an order over suppliers, by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ripieno.agents.numeric import Rows
from ripieno.agents.sourcing.base import in_proportion
from ripieno.agents.sourcing.capacity_aware import CapacityAware
from ripieno.agents.sourcing.cheapest import Cheapest
from ripieno.agents.sourcing.expedite import Expedite
from ripieno.agents.sourcing.priority_order import PriorityOrder
from ripieno.agents.sourcing.split import Split

quick = settings(deadline=None, derandomize=True, database=None)


class Lane:
    """A lane from a supplier; ``carries`` names products out of a and b."""

    def __init__(self, carries: str = "ab", **terms: Any) -> None:
        self.rows = Rows(tuple(carries), ("a", "b"))
        self.share = terms.get("share", 1.0)
        self.price = terms.get("price", 0.0)
        self.price_list = None
        self.order_cap = terms.get("order_cap")
        self.priority = terms.get("priority")
        self.on_order = np.full((len(carries), 1), float(terms.get("on_order", 0.0)))
        self.travel_time = terms.get("travel_time", 1)
        self.slots = terms.get("slots", [])  # what arrives in 0, 1, ... periods

    def due_within(self, periods: int) -> Any:
        return np.full(self.on_order.shape, float(sum(self.slots[: periods + 1])))


def split(rule: Any, quantity: Any, *lanes: Lane) -> list[Any]:
    """The parts of an order of both products; one number a lane when both are split alike."""
    rule.start(SimpleNamespace(suppliers=lanes, stock_of_wanted=lambda: np.array([[4.0], [4.0]])))
    parts = rule(np.array([quantity] if isinstance(quantity, list) else [[quantity], [quantity]], dtype=float), lanes)
    return [part[:, 0].tolist() if len(set(part[:, 0])) > 1 else part[0, 0].item() for part in parts]


def test_split_follows_the_shares() -> None:
    assert split(Split(), 12, Lane(share=1.0), Lane(share=2.0)) == [4, 8]
    assert split(Split(), 12, Lane(share=0.0), Lane(share=2.0), Lane(share=0.0)) == [0, 12, 0]
    assert split(Split(), -12, Lane(share=1.0), Lane(share=3.0)) == [-3, -9]


def test_split_goes_by_product_to_those_who_carry_it() -> None:
    lanes = [Lane("a", share=1.0), Lane("ab", share=3.0), Lane("b", share=1.0)]
    assert split(Split(), 12, *lanes) == [[3, 0], 9, [0, 3]]


def test_shares_may_differ_between_runs() -> None:
    rule = Split()
    lanes = [Lane(share=np.array([1.0, 0.0])), Lane(share=np.array([1.0, 4.0]))]
    rule.start(SimpleNamespace(suppliers=lanes))
    assert [part.tolist() for part in rule(np.array([[8.0, 8.0]]), lanes)] == [[[4, 0]], [[4, 8]]]


def test_a_new_share_counts_from_the_next_order_on() -> None:
    rule = Split()
    lanes = [Lane(share=1.0), Lane(share=3.0)]
    rule.start(SimpleNamespace(suppliers=lanes))
    order = np.array([[8.0], [8.0]])
    assert [part[0, 0] for part in rule(order, lanes)] == [2, 6]
    lanes[1].share = np.array([1.0])
    assert [part[0, 0] for part in rule(order, lanes)] == [4, 4]
    assert [part[0, 0] for part in rule(order, lanes[::-1])] == [4, 4]


@quick
@given(
    st.floats(0.0, 1e6, allow_subnormal=False),
    st.lists(st.floats(0.0, 100.0, allow_subnormal=False), min_size=2, max_size=6).filter(lambda w: max(w) > 1e-3),
)
def test_parts_in_proportion_are_complete_and_zero_weights_get_nothing(quantity: float, weights: list[float]) -> None:
    parts = [part.item() for part in in_proportion(np.array([[quantity]]), weights)]
    assert sum(parts) == pytest.approx(quantity, rel=1e-12)
    assert all(part >= 0 for part in parts)
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


def test_cheapest_fills_the_caps_by_price() -> None:
    lanes = [Lane(price=3.0), Lane(price=1.0, order_cap=4.0), Lane(price=2.0, order_cap=5.0)]
    assert split(Cheapest(), 3, *lanes) == [0, 3, 0]
    assert split(Cheapest(), 7, *lanes) == [0, 4, 3]
    assert split(Cheapest(), 20, *lanes) == [11, 4, 5]
    assert split(Cheapest(), -6, *lanes) == [0, -6, 0]


def test_the_dearest_takes_the_rest_beyond_its_cap() -> None:
    lanes = [Lane(price=1.0, order_cap=4.0), Lane(price=2.0, order_cap=5.0)]
    assert split(Cheapest(), 20, *lanes) == [4, 16]


def test_an_earlier_lane_wins_at_the_same_price() -> None:
    assert split(Cheapest(), 7, Lane(price=1.0, order_cap=4.0), Lane(price=1.0)) == [4, 3]


def test_prices_may_differ_between_products() -> None:
    one = Lane(price=np.array([[1.0], [5.0]]), order_cap=4.0)
    other = Lane(price=np.array([[2.0], [3.0]]), order_cap=6.0)
    assert split(Cheapest(), 9, one, other) == [[4, 3], [5, 6]]


def test_prices_stand_in_the_rows_of_the_supplier() -> None:
    lanes = [Lane("ba", price=np.array([[5.0], [1.0]])), Lane("ab", price=np.array([[2.0], [3.0]]))]
    assert split(Cheapest(), 9, *lanes) == [[9, 0], [0, 9]]


def test_cheapest_looks_only_at_those_who_carry_the_product() -> None:
    lanes = [Lane("a", price=1.0, order_cap=4.0), Lane("ab", price=2.0, order_cap=3.0), Lane("b", price=3.0)]
    assert split(Cheapest(), 9, *lanes) == [[4, 0], [5, 3], [0, 6]]


def test_priority_fills_the_caps_in_order() -> None:
    lanes = [Lane(order_cap=4.0), Lane(priority=2, order_cap=5.0), Lane(priority=1, order_cap=2.0)]
    assert split(PriorityOrder(), 1, *lanes) == [0, 0, 1]
    assert split(PriorityOrder(), 9, *lanes) == [2, 5, 2]
    assert split(PriorityOrder(), 20, *lanes) == [13, 5, 2]
    assert split(PriorityOrder(), -3, *lanes) == [0, 0, -3]


def test_without_a_cap_the_first_gets_everything() -> None:
    assert split(PriorityOrder(), 9, Lane(), Lane()) == [9, 0]


def test_priority_looks_only_at_those_who_carry_the_product() -> None:
    lanes = [Lane("a", order_cap=4.0), Lane("ab", order_cap=3.0), Lane("b", order_cap=1.0)]
    assert split(PriorityOrder(), 9, *lanes) == [[4, 0], [5, 3], [0, 6]]


def test_capacity_aware_levels_the_work() -> None:
    # Level 8: 5 x 8 - 10 = 30 and 2.5 x 8 - 20 = 0 is left out at a level of 6.
    slow, fast = Lane(order_cap=2.5, on_order=20.0), Lane(order_cap=5.0, on_order=10.0)
    assert split(CapacityAware(), 20, slow, fast) == [0, 20]
    assert split(CapacityAware(), 30, slow, fast) == [0, 30]
    assert split(CapacityAware(), 45, slow, fast) == [5, 40]


def test_capacity_aware_splits_by_capacity_when_all_are_idle() -> None:
    assert split(CapacityAware(), 12, Lane(order_cap=2.0), Lane(order_cap=4.0)) == [4, 8]
    assert split(CapacityAware(), 12, Lane(order_cap=0.0), Lane(order_cap=4.0)) == [0, 12]


def test_lanes_without_a_cap_are_never_busy() -> None:
    lanes = [Lane(order_cap=2.0), Lane(share=1.0, on_order=50.0), Lane(share=3.0)]
    assert split(CapacityAware(), 12, *lanes) == [0, 3, 9]
    assert split(CapacityAware(), 12, Lane(share=1.0), Lane(share=2.0)) == [4, 8]


def test_capacity_aware_looks_only_at_those_who_carry_the_product() -> None:
    lanes = [Lane("a"), Lane("ab", order_cap=2.0), Lane("b", order_cap=4.0)]
    assert split(CapacityAware(), 12, *lanes) == [[12, 0], [0, 4], [0, 8]]


SEA: dict[str, Any] = {"travel_time": 5, "priority": 1, "on_order": 30.0, "slots": [0, 3, 0, 7, 10, 10]}


@pytest.mark.parametrize(
    ("level", "order", "sea", "air"),
    [
        (20, 12, 1, 11),  # 4 in stock, 2 on order by air and 3 by sea come within a period: 11 are urgent
        (20, 8, 0, 8),  # no more is ordered by air than is ordered at all
        (9, 12, 12, 0),  # nothing is urgent
    ],
)
def test_what_is_urgent_comes_by_air(level: float, order: float, sea: float, air: float) -> None:
    assert split(Expedite(level=level), order, Lane(**SEA), Lane(travel_time=1, on_order=2.0)) == [sea, air]


def test_only_carried_goods_come_by_air() -> None:
    parts = split(Expedite(level=20), [12, 12], Lane(**SEA), Lane("b", travel_time=1, on_order=2.0))
    assert parts == [[12, 1], [0, 11]]
