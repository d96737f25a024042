from __future__ import annotations

import numpy as np
import pytest
from ripieno.experiments.statistics import Sequential, Stein, mean_interval


def test_the_first_runs_come_before_any_look() -> None:
    assert Sequential(half_width=1e9).runs_to_add([]) == 20
    assert Sequential(half_width=1e9).runs_to_add(np.ones(13)) == 7
    assert Sequential(half_width=1e9).runs_to_add(np.ones(20)) == 0


def test_runs_are_added_until_the_interval_is_narrow(rng: np.random.Generator) -> None:
    rule = Sequential(half_width=0.5)
    values = rng.normal(10, 2, 20)
    looks = 0
    while wanted := rule.runs_to_add(values):
        assert wanted == 10
        assert mean_interval(values).half_width > 0.5
        values, looks = np.append(values, rng.normal(10, 2, wanted)), looks + 1
    assert looks > 1
    assert mean_interval(values).half_width <= 0.5


def test_a_relative_width_bounds_the_error_against_the_true_mean() -> None:
    rule = Sequential(relative=0.1)
    values = 10 + np.tile([1.0, -1.0], 10)
    half = mean_interval(values).half_width  # 0.480
    assert rule.wanted(np.array([10.0]))[0] == pytest.approx(10 * 0.1 / 1.1)
    assert rule.runs_to_add(values) == (0 if half <= 10 / 11 else 10)
    assert Sequential(relative=0.04).runs_to_add(values) == 10


def test_every_metric_has_to_be_precise(rng: np.random.Generator) -> None:
    table = np.column_stack([rng.normal(0, 0.1, 20), rng.normal(0, 5, 20)])
    assert Sequential(half_width=0.5).runs_to_add(table[:, :1]) == 0
    assert Sequential(half_width=0.5).runs_to_add(table) == 10


def test_missing_values_do_not_make_it_endless() -> None:
    rule = Sequential(half_width=1.0, most=35)
    values = np.full(20, np.nan)
    assert rule.runs_to_add(values) == 10
    assert rule.runs_to_add(np.full(30, np.nan)) == 5
    assert rule.runs_to_add(np.full(35, np.nan)) == 0
    assert not rule.reached(np.full(35, np.nan))


def test_stein_fixes_the_total_from_the_first_runs(rng: np.random.Generator) -> None:
    rule = Stein(half_width=0.5)
    first = rng.normal(0, 2, 20)
    total = rule.total(first)
    assert total == int(np.ceil((2.0930240544 * first.std(ddof=1) / 0.5) ** 2))  # t table: 19 degrees
    assert rule.total(np.append(first, rng.normal(0, 50, 30))) == total
    values = np.append(first, rng.normal(0, 2, total - 20))
    found = rule.interval(values)
    assert found.half_width <= 0.5
    assert found.half_width == pytest.approx(2.0930240544 * first.std(ddof=1) / np.sqrt(total))
    assert found.note == ""
    assert "stopped" in rule.interval(values[:-1]).note


def test_stein_takes_the_hardest_metric_and_refuses_holes(rng: np.random.Generator) -> None:
    table = np.column_stack([rng.normal(0, 1, 20), rng.normal(0, 4, 20)])
    rule = Stein(half_width=0.5)
    assert rule.total(table) == max(rule.total(table[:, 0]), rule.total(table[:, 1]))
    assert rule.total(np.ones(20)) == 20
    table[3, 0] = np.nan
    with pytest.raises(ValueError, match="20 complete runs; it has 20, 1 of them"):
        rule.total(table)


@pytest.mark.parametrize("arguments", [{}, {"half_width": 0}, {"half_width": 1, "relative": 1}, {"relative": -1}])
def test_unusable_widths_are_refused(arguments: dict[str, float]) -> None:
    for kind in (Sequential, Stein):
        with pytest.raises(ValueError, match="one positive width"):
            kind(**arguments)  # type: ignore[arg-type]


def test_unusable_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="first <= most"):
        Sequential(half_width=1, first=1)
    with pytest.raises(ValueError, match="step"):
        Sequential(half_width=1, step=0)
