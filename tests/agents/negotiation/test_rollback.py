"""Taking back what has made things worse, and not what only looks like it."""

from __future__ import annotations

import numpy as np
import pytest
from ripieno.agents.negotiation.rollback import Batches, Monitor

RUNS = 4000


def noise(correlation: float, periods: int, runs: int, seed: int) -> np.ndarray:
    """Autocorrelated costs around 100 with a standard deviation of 10."""
    draw = np.random.Generator(np.random.PCG64(seed))
    x, rows = draw.standard_normal(runs), []
    for _ in range(periods):
        x = correlation * x + np.sqrt(1.0 - correlation**2) * draw.standard_normal(runs)
        rows.append(100.0 + 10.0 * x)
    return np.array(rows)


def alarms(correlation: float, batch: int, rise: float, seed: int = 1) -> float:
    """The share of runs in which a trial that raises the cost by ``rise`` is found out at its end."""
    monitor, trial = Monitor(RUNS, batch, least=8), 8 * batch
    costs = noise(correlation, 4 * trial, RUNS, seed)
    for cost in costs[:-trial]:
        monitor.observe(cost)
    monitor.begin(np.ones(RUNS, dtype=bool))
    for cost in costs[-trial:]:
        monitor.observe(cost + rise)
    assert monitor.ready().all()
    return float(monitor.worse().mean())


@pytest.mark.parametrize(("correlation", "batch"), [(0.0, 1), (0.0, 7), (0.6, 10)])
def test_noise_is_rarely_taken_for_harm(correlation: float, batch: int) -> None:
    """At most 5 % of cycles; Student's t with the few batches of a trial gives 1 to 3 %."""
    assert 0.002 < alarms(correlation, batch, rise=0.0) < 0.05


def test_a_bad_deal_is_found_out() -> None:
    found = [alarms(0.6, 10, rise) for rise in (-10.0, 5.0, 10.0, 20.0)]
    assert found == sorted(found)
    assert found[0] == 0.0
    assert found[-1] > 0.999  # a rise of 2 standard deviations of a period's cost, over 80 periods


def test_sums_are_those_of_the_sample() -> None:
    values = np.array([3.0, 7.0, 8.0, 1.0])
    seen = Batches.none(1)
    for value in values:
        seen = seen.with_one_more(np.array([value]), np.array([2.0 * value]), np.array([True]))
    assert seen.mean.item() == pytest.approx(values.mean())
    assert seen.squared_error(np.zeros(1)).item() == pytest.approx(values.var(ddof=1) / 4)
    assert seen.squared_error(np.full(1, 0.5)).item() == pytest.approx(0.0)
    assert seen.sums()[:, 0] == pytest.approx(np.array([3.0, 1.0, 4.0, 2.0]) * [1.0, *[values.var() * 4] * 3])


def fed(monitor: Monitor, *costs: float) -> Monitor:
    for cost in costs:
        monitor.observe(np.full(len(monitor.on_trial), cost))
    return monitor


def test_the_rise_is_that_of_an_analysis_of_covariance() -> None:
    """Against least squares: cost = a + b demand + c (on trial), with another level in an earlier, closed trial."""
    draw = np.random.Generator(np.random.PCG64(5))
    counts = (9, 7, 6)  # a baseline that is over, the baseline, the trial
    group = np.repeat([0, 1, 2], counts)
    demand = draw.uniform(50, 100, len(group))
    cost = np.array([300.0, 280.0, 310.0])[group] + 2.0 * demand + draw.normal(0.0, 5.0, len(group))
    monitor = Monitor(1, 1, least=2)
    for place, (y, x) in enumerate(zip(cost, demand, strict=True)):
        if place in (counts[0], counts[0] + counts[1]):
            monitor.keep(np.array([True]))
            monitor.begin(np.array([True]))
        monitor.observe(np.array([y]), demand=np.array([x]))
    design = np.column_stack([*(group == place for place in range(3)), demand]).astype(float)
    fit, left, *_ = np.linalg.lstsq(design, cost, rcond=None)
    spread = [(cost - fit[3] * demand)[group == place].var(ddof=1) / counts[place] for place in (1, 2)]
    of_slope = np.linalg.inv(design.T @ design)[3, 3] * left.item() / (len(cost) - 4)
    apart = demand[group == 2].mean() - demand[group == 1].mean()
    assert monitor.rise().item() == pytest.approx(fit[2] - fit[1])
    assert monitor.error().item() == pytest.approx(np.sqrt(sum(spread) + of_slope * apart**2))


def test_a_season_is_not_taken_for_harm_and_hides_none() -> None:
    """Demand and costs rise by a third while a package is on trial."""
    shares = []
    for harm in (0.0, 30.0):
        monitor, noises = Monitor(RUNS, 1, least=8), noise(0.0, 60, RUNS, 2)
        for period, cost in enumerate(noises):
            if period == 40:
                monitor.begin(np.ones(RUNS, dtype=bool))
            demand = 100.0 + 50.0 * np.sin(2.0 * np.pi * period / 180)
            monitor.observe(cost + 2.0 * demand + harm * (period >= 40), demand=np.full(RUNS, demand))
        shares.append(monitor.worse().mean())
    assert shares[0] < 0.05
    assert shares[1] > 0.5


def test_what_settles_does_not_count() -> None:
    monitor = fed(Monitor(1, 1, least=2, settling=2), 10.0, 10.0)
    monitor.begin(np.array([True]))
    fed(monitor, 99.0, 99.0, 10.0, 10.0)
    assert monitor.ready().item()
    assert monitor.rise().item() == 0.0
    monitor.give_up(np.array([True]))
    fed(monitor, 50.0, 50.0, 13.0)
    assert monitor.baseline.mean.item() == 11.0


def test_a_rise_by_rounding_is_no_rise() -> None:
    monitor = fed(Monitor(1, 1, least=2), 10.0, 10.0)
    monitor.begin(np.array([True]))
    fed(monitor, 10.0 + 1e-12, 10.0 + 1e-12)
    assert not monitor.worse().item()
    assert fed(monitor, 11.0, 11.0, 11.0, 11.0, 11.0).worse().item()


def test_a_trial_has_batches_of_its_own_and_is_then_the_baseline() -> None:
    monitor = fed(Monitor(2, 2, least=2), 4.0, 6.0, 4.0, 6.0, 99.0)  # the 99 belongs to no batch
    monitor.begin(np.array([True, False]))
    fed(monitor, 7.0, 9.0, 7.0)
    assert monitor.ready().tolist() == [False, False]
    fed(monitor, 9.0)
    assert monitor.ready().tolist() == [True, False]
    assert monitor.rise()[0] == 3.0
    assert monitor.worse().tolist() == [True, False]
    assert monitor.baseline.count.tolist() == [2.0, 4.0]
    kept, given_up = Monitor(1, 1, least=2), Monitor(1, 1, least=2)
    for one in (kept, given_up):
        fed(one, 5.0, 5.0).begin(np.array([True]))
        fed(one, 8.0, 8.0)
    kept.keep(np.array([True]))
    given_up.give_up(np.array([True]))
    assert (kept.baseline.mean.item(), given_up.baseline.mean.item()) == (8.0, 5.0)
    assert not kept.on_trial.any()
    assert not given_up.worse().any()


def test_a_new_trial_forgets_the_old_one() -> None:
    monitor = fed(Monitor(1, 1, least=2), 5.0, 5.0)
    monitor.begin(np.array([True]))
    fed(monitor, 9.0, 9.0).give_up(np.array([True]))
    monitor.begin(np.array([True]))
    assert not monitor.ready().any()
    assert monitor.trial.count.item() == 0.0


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="not 0 and 8"):
        Monitor(1, 0)
    with pytest.raises(ValueError, match="not 5 and 1"):
        Monitor(1, 5, least=1)
