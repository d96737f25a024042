"""Order-up-to, its smoothed form and Sterman's rule, by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from ripieno.agents.forecasts.constant import Constant
from ripieno.agents.forecasts.exponential_smoothing import ExponentialSmoothing
from ripieno.agents.forecasts.moving_average import MovingAverage
from ripieno.agents.policies.order_up_to import OrderUpTo
from ripieno.agents.policies.proportional_order_up_to import ProportionalOrderUpTo
from ripieno.agents.policies.sterman import Sterman


def one(value: float) -> np.ndarray:
    return np.array([[float(value)]])


def play(policy: Any, *periods: Mapping[str, float]) -> list[float]:
    """The orders in these periods."""
    policy.start(SimpleNamespace(zeros=one(0)))
    quantities = []
    for number, seen in enumerate(periods):
        known = {"net_stock": 0.0, "on_order": 0.0, "incoming": 0.0, "point_of_sale": 0.0} | dict(seen)
        site = SimpleNamespace(period=number, due=True, **{name: one(value) for name, value in known.items()})
        site.inventory_position = site.net_stock + site.on_order
        quantities.append(policy(site).item())
    return quantities


def test_order_up_to_covers_the_expected_demand() -> None:
    policy = OrderUpTo(forecast=MovingAverage(2, initial=10.0), cover=3.0, safety=5.0)
    first = {"incoming": 14, "net_stock": 20, "on_order": 7}  # mean 12: 36 + 5 - 27
    second = {"incoming": 10, "net_stock": -4, "on_order": 30}  # mean 12: 41 - 26
    assert play(policy, first, second) == [14, 15]


def test_order_up_to_repeats_demand_when_the_mean_is_known() -> None:
    policy = OrderUpTo(forecast=Constant(10.0), cover=2.0)
    assert play(policy, {"incoming": 13, "net_stock": 7}, {"incoming": 6, "net_stock": 1, "on_order": 13}) == [13, 6]


def test_the_forecast_learns_from_the_signal_that_it_asks_for() -> None:
    seen = {"incoming": 50, "point_of_sale": 10}
    own = OrderUpTo(forecast=MovingAverage(1), cover=1.0)
    shared = OrderUpTo(forecast=MovingAverage(1, signal="point-of-sale"), cover=1.0)
    assert play(own, seen) == [50]
    assert play(shared, seen) == [10]
    assert shared.reads_point_of_sale
    assert not own.reads_point_of_sale


def test_safety_stock_follows_the_errors_of_the_forecast() -> None:
    policy = OrderUpTo(
        forecast=Constant(10.0), cover=4.0, safety=1.0, safety_factor=2.0, error_weight=0.25, initial_deviation=2.0
    )
    # Error 4: variance 4 + (16 - 4) / 4 = 7; then error -10: 7 + (100 - 7) / 4 = 30.25.
    found = play(policy, {"incoming": 14}, {"incoming": 0})
    assert found == pytest.approx([40 + 1 + 2 * math.sqrt(7 * 4), 40 + 1 + 2 * 5.5 * 2])


def test_the_first_value_of_a_forecast_without_a_start_is_no_error() -> None:
    policy = OrderUpTo(forecast=MovingAverage(1), cover=1.0, safety_factor=1.0, error_weight=1.0)
    assert play(policy, {"incoming": 50}, {"incoming": 53}) == [50, 56]


def test_no_error_is_estimated_without_a_safety_factor() -> None:
    class Counting(Constant):
        asked = 0

        def over(self, periods: Any) -> Any:
            Counting.asked += 1
            return super().over(periods)

    play(OrderUpTo(forecast=Counting(10.0), cover=2.0), {}, {}, {})
    assert Counting.asked == 3
    play(OrderUpTo(forecast=Counting(10.0), cover=2.0, safety_factor=0.0), {}, {}, {})
    assert Counting.asked == 3 + 6


def test_a_safety_factor_of_zero_adds_nothing() -> None:
    seen = [{"incoming": 7.3, "net_stock": 1.1}, {"incoming": 2.9, "on_order": 4.7}]
    without = OrderUpTo(forecast=ExponentialSmoothing(0.3), cover=2.5)
    zero = OrderUpTo(forecast=ExponentialSmoothing(0.3), cover=2.5, safety_factor=0.0)
    assert play(without, *seen) == play(zero, *seen)


def test_smoothed_orders_close_a_part_of_each_gap() -> None:
    policy = ProportionalOrderUpTo(
        forecast=Constant(100.0), lead_time=2.0, inventory_gain=0.5, pipeline_gain=0.25, target_net_stock=30.0
    )
    # 100 + (30 - 10) / 2 + (200 - 180) / 4
    assert play(policy, {"net_stock": 10, "on_order": 180}) == [115]


def test_both_gains_are_the_same_unless_told() -> None:
    policy = ProportionalOrderUpTo(forecast=Constant(100.0), lead_time=2.0, inventory_gain=0.5)
    assert play(policy, {"net_stock": 10, "on_order": 180}) == [100 - 5 + 10]


def test_gains_of_one_are_order_up_to() -> None:
    seen = [{"incoming": 12, "net_stock": 8, "on_order": 20}, {"incoming": 4, "net_stock": 11, "on_order": 16}]
    smoothed = ProportionalOrderUpTo(forecast=MovingAverage(2, initial=10.0), lead_time=2.0, target_net_stock=5.0)
    level = OrderUpTo(forecast=MovingAverage(2, initial=10.0), cover=3.0, safety=5.0)
    assert play(smoothed, *seen) == play(level, *seen)


def test_smoothed_orders_hold_a_safety_stock_for_lead_time_and_review() -> None:
    policy = ProportionalOrderUpTo(
        forecast=Constant(10.0), lead_time=3.0, safety_factor=2.0, error_weight=0.0, initial_deviation=3.0
    )
    assert play(policy, {"incoming": 99, "on_order": 30}) == [10 + 2 * 3 * 2]


def sterman(**changes: Any) -> Sterman:
    return Sterman(**{"theta": 0.25, "alpha": 0.5, "beta": 0.5, "target": 20.0, "initial_forecast": 4.0} | changes)


def test_sterman_anchors_and_adjusts() -> None:
    # Expected 4 + (8 - 4) / 4 = 5, gap 20 - 6 - 8 = 6; then expected 5.75, gap 20 + 2 - 10 = 12.
    seen = [{"incoming": 8, "net_stock": 6, "on_order": 16}, {"incoming": 8, "net_stock": -2, "on_order": 20}]
    assert play(sterman(), *seen) == [8, 11.75]


def test_sterman_may_learn_one_period_late() -> None:
    seen = [{"incoming": 8, "net_stock": 20}, {"incoming": 0, "net_stock": 20}, {"incoming": 0, "net_stock": 20}]
    assert play(sterman(), *seen) == [5, 3.75, 2.8125]
    assert play(sterman(expectation="previous"), *seen) == [4, 5, 3.75]


def test_sterman_starts_from_the_first_orders_unless_told() -> None:
    seen = [{"incoming": 8, "net_stock": 20}, {"incoming": 4, "net_stock": 20}]
    for expectation, later in (("current", 7.0), ("previous", 8.0)):
        assert play(sterman(initial_forecast=None, expectation=expectation), *seen) == [8, later]


def test_sterman_rounds_halves_up() -> None:
    policy = sterman(theta=0.0, initial_forecast=0.0, alpha=1.0, rounding="half-up")
    assert play(policy, *[{"net_stock": 20 - x} for x in (2.5, 3.5, 3.49, -1.5)]) == [3, 4, 3, -1]


@pytest.mark.parametrize("review", [1.0, 3.0, np.array([3.0])])
def test_proportional_order_up_to_covers_the_review_period_too(review: Any) -> None:
    """With gains of 1 it is order-up-to with a cover of the lead time and the review period."""
    periods = [{"incoming": 13, "net_stock": 7, "on_order": 9}, {"incoming": 6, "net_stock": -2, "on_order": 20}]
    rest: dict[str, Any] = {"safety_factor": 1.5, "initial_deviation": 3.0}
    smooth = ProportionalOrderUpTo(
        forecast=ExponentialSmoothing(0.5, initial=8.0), lead_time=2.0, review=review, **rest
    )
    level = OrderUpTo(forecast=ExponentialSmoothing(0.5, initial=8.0), cover=2.0 + review, **rest)
    assert play(smooth, *periods) == pytest.approx(play(level, *periods))
