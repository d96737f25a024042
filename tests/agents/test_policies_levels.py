"""Policies with levels and lots, by hand."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ripieno.agents.policies.base_stock import BaseStock
from ripieno.agents.policies.echelon_base_stock import EchelonBaseStock
from ripieno.agents.policies.pass_through import PassThrough
from ripieno.agents.policies.periodic import FixedOrder, FixedPeriodic
from ripieno.agents.policies.reorder_point import RQ, RnQ, SmallSBigS

quick = settings(deadline=None, derandomize=True, database=None)


def wanted_at(policy: Any, *positions: float) -> list[float]:
    """What is ordered at these inventory positions, one run each."""
    site = SimpleNamespace(inventory_position=np.array([positions], dtype=float), zeros=np.zeros((1, len(positions))))
    return list(policy(site)[0])


def wanted_over_time(policy: Any, incoming: Sequence[float], due: list[Any] | None = None) -> list[float]:
    """What is ordered in each period."""
    runs = 1
    site = SimpleNamespace(zeros=np.zeros((1, runs)), inventory_position=np.full((1, runs), 4.0))
    policy.start(site)
    quantities = []
    for period, value in enumerate(incoming):
        site.period, site.incoming = period, np.full((1, runs), float(value))
        site.due = True if due is None else due[period]
        quantities.append(policy(site)[0, 0].item())
    return quantities


def test_base_stock_fills_up_to_its_level() -> None:
    assert wanted_at(BaseStock(20.0), 15, 20, 25, -3) == [5, 0, -5, 23]


def test_a_level_may_differ_between_products_and_runs() -> None:
    site = SimpleNamespace(inventory_position=np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert BaseStock(np.array([10.0, 20.0]))(site).tolist() == [[9, 18], [7, 16]]
    assert BaseStock(np.array([[10.0], [20.0]]))(site).tolist() == [[9, 8], [17, 16]]


def test_echelon_base_stock_looks_downstream() -> None:
    policy = EchelonBaseStock(30.0)
    site = SimpleNamespace(echelon_position=np.array([[22.0]]), inventory_position=np.array([[1.0]]))
    assert policy(site).item() == 8.0
    assert policy.reads_echelon
    assert not BaseStock(1.0).reads_echelon


def test_small_s_big_s_orders_at_the_reorder_point_and_below() -> None:
    assert wanted_at(SmallSBigS(10.0, 40.0), 11, 10, 3, -5) == [0, 30, 37, 45]


def test_s_above_big_s_is_refused() -> None:
    said = SmallSBigS(50.0, 40.0).check()
    assert said is not None
    assert "50" in said
    assert "40" in said
    assert SmallSBigS(40.0, 40.0).check() is None
    assert SmallSBigS(np.array([1.0, 50.0]), np.array([[40.0]])).check() is not None


def test_rq_orders_one_lot_whatever_the_gap() -> None:
    assert wanted_at(RQ(10.0, 50.0), 11, 10, -200) == [0, 50, 50]


def test_rnq_orders_as_many_lots_as_it_takes() -> None:
    assert wanted_at(RnQ(10.0, 20.0), 11, 10, -9, -10, -11, -30) == [0, 20, 20, 40, 40, 60]


@quick
@given(st.integers(-500, 500), st.integers(-50, 50), st.integers(1, 60))
def test_rnq_is_the_least_that_exceeds_the_reorder_point(position: int, reorder_point: int, lot: int) -> None:
    quantity = wanted_at(RnQ(float(reorder_point), float(lot)), position)[0]
    assert quantity % lot == 0
    assert quantity >= 0
    assert position + quantity > reorder_point
    assert quantity == 0 or position + quantity - lot <= reorder_point


def test_fixed_periodic_orders_what_came_in_since() -> None:
    assert wanted_over_time(FixedPeriodic(period=3.0, phase=1.0), [1, 2, 3, 4, 5, 6, 7, 8]) == [
        0, 3, 0, 0, 12, 0, 0, 21,
    ]  # fmt: skip


def test_fixed_periodic_fills_up_to_its_level() -> None:
    assert wanted_over_time(FixedPeriodic(period=2.0, level=10.0), [9, 9, 9, 9]) == [6, 0, 6, 0]


def test_fixed_periodic_waits_for_the_site() -> None:
    due = [True, False, False, np.array([True])]
    assert wanted_over_time(FixedPeriodic(), [1, 2, 3, 4], due) == [1, 0, 0, 9]


def test_a_calendar_may_differ_between_runs() -> None:
    policy = FixedOrder(quantity=5.0, period=np.array([1.0, 2.0, 3.0]), phase=np.array([0.0, 1.0, 0.0]))
    site = SimpleNamespace(zeros=np.zeros((2, 3)), due=True)
    found = []
    for period in range(4):
        site.period = period
        found.append(policy(site)[1].tolist())
    assert found == [[5, 0, 5], [5, 5, 0], [5, 0, 0], [5, 5, 5]]


def test_a_calendar_counts_whole_periods() -> None:
    said = FixedOrder(quantity=5.0, period=2.5).check()
    assert said is not None
    assert "2.5" in said
    assert FixedPeriodic(phase=np.array([0.0, 0.5])).check() is not None
    assert FixedOrder(quantity=5.0, period=7.0, phase=3.0).check() is None


def test_pass_through_orders_what_came_in() -> None:
    assert wanted_over_time(PassThrough(), [4, 0, 8, -1]) == [4, 0, 8, -1]


def test_pass_through_loses_nothing_while_the_site_may_not_order() -> None:
    """What is wanted in periods without an order is not used; it is wanted again with the next one."""
    due = [True, False, False, True, True]
    assert wanted_over_time(PassThrough(), [1, 2, 3, 4, 5], due) == [1, 2, 5, 9, 5]


@pytest.mark.parametrize("policy", [PassThrough(), FixedPeriodic(period=2.0)])
def test_what_is_collected_is_ordered_once(policy: Any) -> None:
    incoming = [3, 1, 4, 1, 5, 9, 2, 6, 5]
    assert sum(wanted_over_time(policy, incoming)) == sum(incoming)
