"""Estimates: what they estimate, that their errors are right, and that short runs do not bias them."""

from __future__ import annotations

import numpy as np
import pytest
from ripieno.experiments.validation.estimates import about_common_mean, mean_of, ratio_of
from ripieno.experiments.validation.trajectories import trajectories
from ripieno.experiments.validation.worlds import MARKET, Chain, Stage, measure, stage


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(7))


def chain(periods: int) -> Chain:
    demand = {"type": "autoregressive", "mean": 100.0, "rho": 0.6, "sd": 8.0}
    policy = {"type": "base-stock", "level": 300.0}
    return Chain("estimates", demand, [Stage(1, policy, {"initial_stock": 300.0})], periods, 20)


def test_mean(rng: np.random.Generator) -> None:
    found = mean_of(rng.normal(5.0, 2.0, 10_000))
    assert found.error == pytest.approx(0.02, rel=0.05)
    assert abs(found.value - 5.0) < 4 * found.error


def test_the_error_of_a_ratio_is_its_spread_over_repetitions(rng: np.random.Generator) -> None:
    def once() -> tuple[float, float]:
        denominator = rng.gamma(8.0, 1.0, 200)
        found = ratio_of(3.0 * denominator + rng.normal(0.0, 2.0, 200), denominator)
        return found.value, found.error

    values, errors = np.array([once() for _ in range(2_000)]).T
    assert values.mean() == pytest.approx(3.0, abs=4 * values.std() / 2_000**0.5)
    assert errors.mean() == pytest.approx(values.std(), rel=0.07)


def test_mean_squares_about_the_common_mean_are_those_of_all_values_together(rng: np.random.Generator) -> None:
    values = rng.normal(3.0, 1.0, (50, 30)) + rng.normal(0.0, 1.0, 30)
    squares = about_common_mean(values.mean(axis=0), values.var(axis=0))
    assert squares.mean() == pytest.approx(values.var(), rel=1e-12)


def test_short_runs_do_not_bias_a_variance() -> None:
    (sample,) = measure([chain(periods=10).scenario()], runs=4_000)
    theory = 8.0**2 / (1.0 - 0.6**2)
    common, within = mean_of(sample.demand(MARKET)), mean_of(sample.agent(MARKET, "demand_variance_day"))
    assert abs(common.value - theory) < 4 * common.error
    assert within.value < theory - 4 * within.error


def test_a_sample_reads_what_the_trajectories_show() -> None:
    scenario = chain(periods=40).scenario()
    (sample,) = measure([scenario], runs=5)
    tracks = trajectories(scenario, runs=5)

    def squares(agent: str, quantity: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        values = tracks(agent, quantity)
        return np.asarray(values.var(axis=0) + (values.mean(axis=0) - values.mean()) ** 2)

    assert np.allclose(sample.orders(stage(1)), squares(stage(1), "ordered"))
    assert np.allclose(sample.demand(MARKET), squares(MARKET, "demanded"))
    seen = sample.agent(MARKET, "demand_variance_day")
    assert np.allclose(sample.net_stock(stage(1), seen), squares(stage(1), "closing_stock"))


def test_points_of_one_simulation_are_told_apart() -> None:
    levels = (250.0, 300.0, 350.0)
    scenarios = [
        Chain("levels", {"type": "constant", "mean": 10.0}, [_site(level)], 5, 5).scenario() for level in levels
    ]
    sampled = measure(scenarios, runs=3)
    assert [sample.agent(stage(1), "stock").tolist() for sample in sampled] == [[level - 20.0] * 3 for level in levels]
    assert [sample.network("stock").tolist() for sample in sampled] == [[level - 20.0] * 3 for level in levels]


def _site(level: float) -> Stage:
    return Stage(1, {"type": "base-stock", "level": level}, {"initial_stock": level})
