"""Forecasts by hand: what each expects after a few values that one can follow on paper."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ripieno.agents.forecasts.autoregressive import AutoregressiveMMSE
from ripieno.agents.forecasts.base import geometric_sum, power
from ripieno.agents.forecasts.constant import Constant
from ripieno.agents.forecasts.exponential_smoothing import ExponentialSmoothing
from ripieno.agents.forecasts.holt_linear import HoltLinear
from ripieno.agents.forecasts.inferred_demand import InferredDemand
from ripieno.agents.forecasts.moving_average import MovingAverage
from ripieno.agents.forecasts.seasonal import Seasonal
from ripieno.agents.remembered import Remembered
from ripieno.agents.sliding_sum import SlidingSum

quick = settings(deadline=None, derandomize=True, database=None)


def one(value: float) -> np.ndarray:
    return np.array([[float(value)]])


def after(forecast: Any, *seen: float) -> Any:
    """A forecast that has seen these values."""
    forecast.start(SimpleNamespace(zeros=one(0)))
    for value in seen:
        forecast.update(one(value))
    return forecast


def over(forecast: Any, periods: float) -> float:
    return float(forecast.over(periods).item())


def test_constant_expects_what_it_was_told() -> None:
    assert over(after(Constant(7.0), 3, 100), 4.0) == 28.0


def test_moving_average_takes_the_last_values() -> None:
    forecast = after(MovingAverage(3, initial=6.0))
    assert over(forecast, 1.0) == 6.0
    assert [over(after(MovingAverage(3, initial=6.0), *range(9, 9 + n)), 1.0) for n in (1, 2, 3, 4)] == [
        7.0,  # 6 6 9
        25 / 3,  # 6 9 10
        10.0,  # 9 10 11
        11.0,  # 10 11 12
    ]
    assert forecast.mean.item() == 6.0


def test_moving_average_starts_from_the_first_value() -> None:
    forecast = MovingAverage(4)
    forecast.start(SimpleNamespace(zeros=one(0)))
    assert not forecast.ready
    assert over(after(forecast, 8), 2.0) == 16.0
    assert over(after(forecast, 8, 12), 2.0) == 18.0
    assert forecast.ready


@quick
@given(st.integers(1, 9), st.lists(st.integers(-1000, 1000), min_size=1, max_size=60))
def test_a_sliding_sum_is_the_sum_of_the_window(window: int, values: list[int]) -> None:
    sliding = SlidingSum(window, one(5))
    history = [5] * window
    for value in values:
        sliding.push(one(value))
        history = [*history[1:], value]
        assert sliding.value.item() == sum(history)


def test_a_sliding_sum_does_not_drift() -> None:
    """Adding the newest and taking off the oldest would be off by 1e-5 after the large value, for ever."""
    sliding = SlidingSum(3, one(0.1))
    sliding.push(one(1e12))
    for _ in range(2000):
        sliding.push(one(0.1))
    assert sliding.value.item() == pytest.approx(0.3, rel=1e-15)


def test_exponential_smoothing_follows_a_part_of_the_error() -> None:
    assert over(after(ExponentialSmoothing(0.25, initial=8.0), 12), 1.0) == 9.0
    assert over(after(ExponentialSmoothing(0.25, initial=8.0), 12, 5), 3.0) == 24.0
    assert over(after(ExponentialSmoothing(0.5), 10, 20), 1.0) == 15.0
    assert after(ExponentialSmoothing(0.5), 10, 20).mean.item() == 15.0


def test_a_constant_stays_a_constant() -> None:
    """0.1 has no exact double; the mean must not creep away from it."""
    assert over(after(ExponentialSmoothing(0.3), *[0.1] * 50), 1.0) == 0.1


def test_holt_follows_a_line() -> None:
    forecast = after(HoltLinear(0.5, 0.5, initial=10.0, initial_trend=2.0), 12, 14, 16)
    assert over(forecast, 1.0) == 18.0
    assert over(forecast, 3.0) == 18 + 20 + 22
    assert over(after(HoltLinear(0.5, 0.5), 10, 14), 2.0) == 12 + 1 + 12 + 2  # level 12, trend 1


def test_seasonal_remembers_each_place() -> None:
    forecast = after(Seasonal(3, alpha=1.0), 1, 2, 3, 1, 2, 3, 1)
    assert [over(forecast, float(n)) for n in (1, 2, 3, 4, 7)] == [2.0, 5.0, 6.0, 8.0, 14.0]
    assert over(forecast, 1.5) == 2.0 + 0.5 * 3.0
    assert over(after(Seasonal(2, alpha=0.5, initial=4.0), 8, 0, 8), 2.0) == 2.0 + 7.0


def test_autoregression_returns_to_the_mean() -> None:
    forecast = after(AutoregressiveMMSE(10.0, 0.5), 14)
    assert over(forecast, 1.0) == 12.0
    assert over(forecast, 3.0) == 30 + 4 * (0.5 + 0.25 + 0.125)
    assert over(after(AutoregressiveMMSE(10.0, -0.5), 14), 2.0) == 20 - 2 + 1
    assert over(after(AutoregressiveMMSE(10.0, -0.5), 14), 2.5) == 25 - 2 + 1 - 0.5 * 0.5
    assert over(after(AutoregressiveMMSE(10.0, 1.0), 14), 3.0) == 42.0
    assert over(after(AutoregressiveMMSE(10.0, 0.0), 14), 3.0) == 30.0


@pytest.mark.parametrize("rho", [-0.5, 0.0, 0.3, 0.7, 0.99, 1.0])
@pytest.mark.parametrize("n", [0, 1, 2, 7])
def test_the_geometric_sum_adds_up_powers(rho: float, n: int) -> None:
    assert geometric_sum(rho, float(n)) == pytest.approx(sum(rho**i for i in range(1, n + 1)), abs=1e-12)


def test_powers_have_the_same_bits_alone() -> None:
    base = np.linspace(0.01, 0.99, 999)
    together = power(base, 7.0)
    assert np.array_equal(np.array([power(float(b), 7.0) for b in base]), together)


def test_a_remembered_function_follows_its_parameters() -> None:
    calls: list[float] = []

    def doubled(x: float) -> float:
        calls.append(x)
        return 2 * x

    double = Remembered(doubled, size=2)
    first, second, third = 1.5, 2.5, 3.5
    assert [double(x) for x in (first, second, first, second)] == [3.0, 5.0, 3.0, 5.0]
    assert len(calls) == 2
    assert [double(x) for x in (third, first)] == [7.0, 3.0]
    assert len(calls) == 4


def customer_orders(demand: list[float], mean: float, rho: float, cover: int) -> list[float]:
    """Orders of a customer that orders up to the best forecast over ``cover`` periods, demand at the mean before."""
    k = sum(rho**i for i in range(1, cover + 1))
    deviations = [0.0, *(value - mean for value in demand)]
    return [mean + now + k * (now - old) for old, now in pairwise(deviations)]


@pytest.mark.parametrize(("rho", "cover"), [(0.7, 3), (0.3, 1), (-0.4, 2), (1.0, 2), (0.0, 4)])
def test_inferred_demand_is_the_shared_demand(rho: float, cover: int) -> None:
    demand = [104.0, 96.0, 120.0, 91.0, 100.0, 87.0]
    orders = customer_orders(demand, 100.0, rho, cover)
    inferred = after(InferredDemand(100.0, rho, float(cover)), *orders)
    shared = after(InferredDemand(100.0, rho, float(cover), signal="point-of-sale"), *demand)
    assert over(inferred, 4.0) == pytest.approx(over(shared, 4.0), rel=1e-12)


def test_inferred_demand_expects_the_orders_of_the_customer() -> None:
    """The conditional expectation by hand: demand decays to its mean, orders follow from it."""
    mean, rho, cover, latest = 100.0, 0.5, 2, 110.0
    future = [mean + (latest - mean) * rho**i for i in range(4)]
    k = rho + rho**2
    orders = [new + k * (new - old) for old, new in pairwise(future)]
    forecast = after(InferredDemand(mean, rho, float(cover), signal="point-of-sale"), latest)
    assert over(forecast, 3.0) == pytest.approx(sum(orders), rel=1e-12)
    assert over(forecast, 1.25) == pytest.approx(orders[0] + orders[1] / 4, rel=1e-12)


def test_orders_that_do_not_tell_the_demand_are_refused() -> None:
    said = InferredDemand(100.0, -0.9, 1.0).check()
    assert said is not None
    assert "-0.9" in said
    assert InferredDemand(100.0, -0.9, 1.0, signal="point-of-sale").check() is None
    assert InferredDemand(100.0, 0.9, 1.0).check() is None
