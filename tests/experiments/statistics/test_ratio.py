from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from ripieno.experiments.statistics import fieller, gap_table, share_of_gap_closed
from scipy.stats import ttest_1samp


def test_fiellers_bounds_are_where_the_t_test_turns(rng: np.random.Generator) -> None:
    y = rng.normal(10, 2, 30)
    x = 0.7 * y + rng.normal(0, 1, 30)
    found = fieller(x, y)
    for bound in (found.low, found.high):
        assert ttest_1samp(x - bound * y, 0).pvalue == pytest.approx(0.05, abs=1e-9)
    assert found.estimate == pytest.approx(x.mean() / y.mean())


def test_a_denominator_near_zero_says_so(rng: np.random.Generator) -> None:
    found = fieller(rng.normal(1, 1, 20), rng.normal(0, 1, 20))
    assert (found.low, found.high) == (-np.inf, np.inf)
    assert "cannot be told from 0" in found.note


def test_a_constant_ratio_has_no_width(rng: np.random.Generator) -> None:
    y = rng.normal(10, 1, 20)
    found = fieller(0.25 * y, y)
    assert found.low == pytest.approx(0.25, abs=1e-7)
    assert found.high == pytest.approx(0.25, abs=1e-7)


def test_the_share_of_a_gap(rng: np.random.Generator) -> None:
    start = rng.normal(100, 10, 60)
    arm = start - 6 + rng.normal(0, 1, 60)
    best = start - 10 + rng.normal(0, 1, 60)
    exact = share_of_gap_closed(start, arm, best)
    assert exact.covers(0.6)
    assert exact.half_width < 0.06
    drawn = share_of_gap_closed(start, arm, best, method="bootstrap")
    assert drawn.low == pytest.approx(exact.low, abs=0.01)
    assert drawn.high == pytest.approx(exact.high, abs=0.01)
    assert share_of_gap_closed(start, start, best).estimate == 0
    assert share_of_gap_closed(start, best, best).estimate == 1


def test_missing_replications_leave_all_three_arms(rng: np.random.Generator) -> None:
    start, arm = rng.normal(100, 1, 10), rng.normal(90, 1, 10)
    arm[2] = np.nan
    found = share_of_gap_closed(start, arm, start - 20)
    assert (found.count, found.missing) == (9, 1)
    few = share_of_gap_closed([1.0, np.nan], [1.0, 2.0], [0.0, 1.0])
    assert (few.estimate, few.count) == (0, 1)
    assert np.isnan(few.low)


def test_the_table(runs: pd.DataFrame) -> None:
    table = gap_table(runs, ["cost"], "none", "central")
    assert table["arm"].tolist() == ["orch", "orch"]
    assert table["missing"].tolist() == [1, 0]
    assert ((table["low"] < 5 / 8) & (table["high"] > 5 / 8)).all()
    assert table["gap"].to_numpy() == pytest.approx(8, abs=1)
    with pytest.raises(ValueError, match="not from 'none' to 'best'"):
        gap_table(runs, ["cost"], "none", "best")
