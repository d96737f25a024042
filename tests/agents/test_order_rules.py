"""Minimum, multiple, cap, calendar, forced and scripted orders, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ripieno.agents.order_rules import OrderRules


def order(wish: float, period: int = 5, **rules: Any) -> float:
    return float(OrderRules(**rules)(np.array([[wish]]), period).item())


def test_without_rules_only_returns_are_refused() -> None:
    assert order(7.3) == 7.3
    assert order(-2.0) == 0.0
    assert order(-2.0, returns=True) == -2.0


@pytest.mark.parametrize(("wish", "expected"), [(0.0, 0.0), (1.0, 6.0), (6.0, 6.0), (7.0, 7.0), (-3.0, 0.0)])
def test_a_small_order_is_raised_to_the_minimum_and_none_stays_none(wish: float, expected: float) -> None:
    assert order(wish, minimum=6.0) == expected


@pytest.mark.parametrize(("wish", "expected"), [(0.0, 0.0), (0.1, 4.0), (4.0, 4.0), (4.1, 8.0), (12.0 + 1e-11, 12.0)])
def test_orders_go_up_to_a_multiple(wish: float, expected: float) -> None:
    assert order(wish, multiple=4.0) == expected


def test_minimum_then_multiple_then_cap() -> None:
    assert order(1.0, minimum=6.0, multiple=4.0) == 8.0
    assert order(30.0, minimum=6.0, multiple=4.0, cap=18.0) == 16.0  # the largest multiple within the cap
    assert order(30.0, cap=18.0) == 18.0


@pytest.mark.parametrize(("period", "expected"), [(0, 0.0), (1, 9.0), (2, 0.0), (3, 0.0), (4, 9.0)])
def test_a_calendar_lets_nothing_through_in_between(period: int, expected: float) -> None:
    assert order(9.0, period, review_period=3, phase=1) == expected


def test_a_calendar_may_begin_at_another_time_in_every_run() -> None:
    rules = OrderRules(review_period=2, phase=np.array([0.0, 1.0]))
    assert rules(np.array([[9.0, 9.0]]), 3).tolist() == [[0.0, 9.0]]


def test_scripted_orders_come_first_then_forced_ones_then_the_policy() -> None:
    rules: dict[str, Any] = {"script": (1.0, 2.0), "forced": [(4, 3.0)], "minimum": 50.0}
    assert [order(9.0, period, **rules) for period in range(6)] == [1.0, 2.0, 3.0, 3.0, 50.0, 50.0]
