"""Demand processes: their moments, their shapes in time, and what they refuse."""

from __future__ import annotations

import math
from typing import Any, cast

import numpy as np
import pytest
from ripieno.agents.demand.autoregressive import Autoregressive
from ripieno.agents.demand.constant import Constant
from ripieno.agents.demand.intermittent import Intermittent
from ripieno.agents.demand.negative_binomial import NegativeBinomial
from ripieno.agents.demand.normal import Normal
from ripieno.agents.demand.pattern import Pattern
from ripieno.agents.demand.poisson import Poisson
from ripieno.agents.demand.promotion import Promotion
from ripieno.agents.demand.regime_switching import RegimeSwitching
from ripieno.agents.demand.seasonal import Seasonal
from ripieno.agents.demand.step import Step
from ripieno.agents.demand.trace import Trace
from ripieno.agents.demand.uniform import Uniform
from ripieno.agents.inversion import counts
from ripieno.model.streams import Streams
from scipy import stats

RUNS = 2_000
LOW = -1e6  # a minimum that cuts nothing


def drawn(process: Any, periods: int, runs: int = RUNS, seed: int = 11, name: str = "demand/test") -> Any:
    """Demand of independent runs, ``[periods, runs]``."""
    stream = Streams(seed, np.arange(runs)).stream(name, max(process.draws, 1))
    process.start(stream, runs)
    return np.array([process(period) for period in range(periods)])


def assert_moments(sample: Any, mean: float, deviation: float) -> None:
    """Mean and variance of independent values lie within four standard errors."""
    count = sample.size
    assert abs(sample.mean() - mean) < 4 * deviation / math.sqrt(count) + 1e-9
    centred = sample - sample.mean()
    variance = float((centred**2).mean())
    error = math.sqrt(max(float((centred**4).mean()) - variance**2, 0.0) / count)
    assert abs(variance - deviation**2) < 4 * error + 1e-9


INDEPENDENT = [
    Normal(mean=100.0, sd=10.0),
    Normal(mean=2.0, sd=3.0, minimum=LOW),
    Poisson(mean=0.3),
    Poisson(mean=20.0),
    Poisson(mean=5e4),
    NegativeBinomial(mean=4.0, variance=9.0),
    NegativeBinomial(mean=0.5, variance=6.0),
    NegativeBinomial(mean=7.0, variance=7.0),
    Uniform(low=3.0, high=9.0),
    Uniform(low=3.0, high=9.0, whole=True),
    Intermittent(probability=0.25, mean=8.0, sd=2.0, minimum=LOW),
    Intermittent(probability=0.6, mean=8.0),
    Constant(mean=3.5),
]


@pytest.mark.parametrize("process", INDEPENDENT, ids=repr)
def test_independent_demand_has_its_mean_and_variance(process: Any) -> None:
    sample = drawn(process, 20)
    assert_moments(sample, float(process.expected()), float(process.deviation()))
    lagged = np.corrcoef(sample[:-1].ravel(), sample[1:].ravel())[0, 1] if process.deviation() else 0.0
    assert abs(lagged) < 4 / math.sqrt(sample[1:].size)


def test_normal_demand_cut_at_zero_has_the_mean_of_the_docstring() -> None:
    mean, sd = 2.0, 1.0
    expected = mean * stats.norm.cdf(mean / sd) + sd * stats.norm.pdf(mean / sd)
    sample = drawn(Normal(mean=mean, sd=sd), 50)
    assert sample.min() == 0.0
    assert abs(sample.mean() - expected) < 4 * sample.std() / math.sqrt(sample.size)
    assert expected - mean == pytest.approx(0.0085 * sd, rel=0.01)


@pytest.mark.parametrize("mean", [0.0, 0.7, 30.0, 1e5])
def test_poisson_draws_are_the_quantiles(mean: float) -> None:
    u = np.concatenate([np.linspace(0.001, 0.999, 501), [2.0**-54, 1 - 1e-9]])
    expected = stats.poisson.ppf(u, mean) if mean else np.zeros(u.size)
    assert np.array_equal(counts(mean)(u), expected)


@pytest.mark.parametrize(("mean", "variance"), [(4.0, 9.0), (0.5, 6.0), (300.0, 5_000.0)])
def test_negative_binomial_draws_are_the_quantiles(mean: float, variance: float) -> None:
    u = np.linspace(0.001, 0.999, 501)
    p = mean / variance
    assert np.array_equal(counts(mean, variance)(u), stats.nbinom.ppf(u, mean * p / (1 - p), p))


@pytest.mark.parametrize("process", [Poisson, lambda mean: NegativeBinomial(mean=mean, variance=2.0 * mean)])
def test_close_means_give_close_demand(process: Any) -> None:
    """Common random numbers: inversion keeps traces of different means together, and in order."""
    low, high = drawn(process(mean=20.0), 20), drawn(process(mean=22.0), 20)
    assert (high >= low).all()
    assert np.corrcoef(low.ravel(), high.ravel())[0, 1] > 0.99


def test_autoregressive_demand_is_stationary_from_the_start() -> None:
    process = Autoregressive(mean=50.0, rho=0.6, sd=4.0, minimum=LOW)
    sample = drawn(process, 12, runs=20_000)
    for period in (0, 1, 11):
        assert_moments(sample[period], 50.0, 4.0 / math.sqrt(1 - 0.36))
    for lag in (1, 2, 3):
        correlation = np.corrcoef(sample[5], sample[5 + lag])[0, 1]
        error = (1 - 0.6 ** (2 * lag)) / math.sqrt(20_000)
        assert abs(correlation - 0.6**lag) < 4 * error


def test_autoregressive_memory_is_not_cut_with_the_demand() -> None:
    free = drawn(Autoregressive(mean=1.0, rho=0.9, sd=2.0, minimum=LOW), 30, runs=50)
    cut = drawn(Autoregressive(mean=1.0, rho=0.9, sd=2.0), 30, runs=50)
    assert np.array_equal(cut, np.maximum(free, 0.0))
    assert (free < 0).any()


def test_regimes_last_and_return_as_long_as_declared() -> None:
    process = RegimeSwitching(low=10.0, high=30.0, low_length=4.0, high_length=6.0)
    is_high = drawn(process, 40, runs=4_000) == 30.0
    for period in (0, 39):
        assert abs(is_high[period].mean() - 0.6) < 4 * math.sqrt(0.24 / 4_000)
    before, after = is_high[:-1], is_high[1:]
    fell = (before & ~after).sum() / before.sum()
    rose = (~before & after).sum() / (~before).sum()
    assert abs(fell - 1 / 6) < 4 * math.sqrt(fell * (1 - fell) / before.sum())
    assert abs(rose - 1 / 4) < 4 * math.sqrt(rose * (1 - rose) / (~before).sum())
    assert process.expected() == pytest.approx(22.0)
    assert process.deviation() == pytest.approx(math.sqrt(0.24) * 20.0)


@pytest.mark.parametrize(
    ("process", "length"),
    [
        (Seasonal(mean=40.0, amplitude=0.5, length=12, phase=2, sd=3.0, minimum=LOW), 12),
        (Seasonal(mean=40.0, amplitude=0.5, length=2, sd=3.0, minimum=LOW), 2),
        (Pattern(mean=10.0, factors=[1.4, 1.0, 0.6, 0.2], sd=1.0, minimum=LOW), 4),
        (Promotion(mean=20.0, uplift=0.5, duration=2, every=6, dip=0.25, sd=1.5, minimum=LOW), 6),
        (Promotion(mean=20.0, uplift=0.5, duration=2, every=3, dip=0.25, sd=1.5, minimum=LOW), 3),
    ],
    ids=repr,
)
def test_a_cycle_has_the_moments_that_are_declared(process: Any, length: int) -> None:
    sample = drawn(process, 2 * length)
    noise = process.sd
    levels = sample.mean(axis=1)
    assert np.abs(levels[:length] - levels[length:]).max() < 4 * noise * math.sqrt(2 / RUNS) * 1.5
    assert abs(levels.mean() - process.expected()) < 4 * noise / math.sqrt(sample.size)
    between = float(np.var(levels))
    assert between + noise**2 == pytest.approx(float(process.deviation()) ** 2, rel=0.02)


def test_a_season_peaks_at_a_quarter_of_it() -> None:
    found = drawn(Seasonal(mean=10.0, amplitude=0.5, length=8), 16, runs=1)[:, 0]
    assert found[2] == found[10] == pytest.approx(15.0)
    assert found[6] == pytest.approx(5.0)
    shifted = drawn(Seasonal(mean=10.0, amplitude=0.5, length=8, phase=3), 8, runs=1)[:, 0]
    assert np.array_equal(shifted, found[3:11])


def test_a_pattern_repeats() -> None:
    assert drawn(Pattern(mean=10.0, factors=[1.5, 0.5, 0.0]), 7, runs=1)[:, 0].tolist() == [15, 5, 0, 15, 5, 0, 15]


def test_a_promotion_lifts_and_then_lowers() -> None:
    process = Promotion(mean=10.0, uplift=1.0, duration=2, first=1, every=6, dip=0.5)
    assert drawn(process, 9, runs=1)[:, 0].tolist() == [10, 20, 20, 5, 5, 10, 10, 20, 20]
    once = Promotion(mean=10.0, uplift=1.0, duration=1, first=1, dip=0.5)
    assert drawn(once, 8, runs=1)[:, 0].tolist() == [10, 20, 5, 10, 10, 10, 10, 10]


def test_a_step_happens_once_and_may_differ_between_runs() -> None:
    assert drawn(Step(before=4.0, after=8.0, at=4), 6, runs=1)[:, 0].tolist() == [4, 4, 4, 4, 8, 8]
    found = drawn(Step(before=4.0, after=8.0, at=np.array([1.0, 2.0])), 3, runs=2)
    assert found.tolist() == [[4, 4], [8, 4], [8, 8]]


@pytest.mark.parametrize(
    ("after_end", "later", "mean", "deviation"),
    [("repeat", [3, 1, 3], 2.0, 1.0), ("hold", [1, 1, 1], 1.0, 0.0), ("zero", [0, 0, 0], 0.0, 0.0)],
)
def test_a_trace_goes_on_as_told(after_end: str, later: list[float], mean: float, deviation: float) -> None:
    process = Trace(values=[3.0, 1.0], after_end=after_end)
    assert drawn(process, 5, runs=1)[:, 0].tolist() == [3, 1, *later]
    assert (process.expected(), process.deviation()) == (mean, deviation)


def test_whole_demand_is_rounded_to_the_nearest() -> None:
    exact, whole = drawn(Normal(mean=9.0, sd=3.0), 5), drawn(Normal(mean=9.0, sd=3.0, whole=True), 5)
    assert np.array_equal(whole, np.rint(exact))


def test_whole_uniform_demand_reaches_both_ends_and_no_further() -> None:
    process = Uniform(low=2.0, high=4.0, whole=True)
    values, number = np.unique(drawn(process, 10), return_counts=True)
    assert values.tolist() == [2, 3, 4]
    assert stats.chisquare(number).pvalue > 1e-4


@pytest.mark.parametrize(
    ("process", "words"),
    [
        (NegativeBinomial(mean=5.0, variance=4.0), "variance"),
        (NegativeBinomial(mean=5.0, variance=np.array([6.0, 4.0])), "variance"),
        (NegativeBinomial(mean=1e5, variance=1e10), "entries"),
        (Uniform(low=5.0, high=4.0), "low is 5.0, which is more than high, 4.0"),
        (Uniform(low=np.array([1.0, 5.0]), high=4.0), "more than high"),
        (Uniform(low=np.array([1.0, 2.5]), high=4.0, whole=True), "whole"),
        (Uniform(low=0.5, high=4.0, whole=True), "whole"),
        (Pattern(mean=1.0, factors=[]), "empty"),
        (Pattern(mean=1.0, factors=cast("Any", [[1.0], [2.0]])), "lists"),
        (Trace(values=[]), "empty"),
        (Promotion(mean=1.0, uplift=1.0, duration=4, every=3), "never end"),
    ],
    ids=repr,
)
def test_parameters_that_cannot_go_together_are_named(process: Any, words: str) -> None:
    assert words in (process.check() or "")
