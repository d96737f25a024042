from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from ripieno.experiments.statistics import fan_table, quantile_interval, quantile_table
from scipy.stats import binom


def test_ranks_of_a_median_by_table() -> None:
    # Conover's table: for n = 20 the 95 % interval of the median lies between the 6th and the 15th value.
    found = quantile_interval(np.arange(1.0, 21.0), 0.5)
    assert (found.low, found.high, found.estimate) == (6, 15, 10.5)


@pytest.mark.parametrize(("count", "q"), [(10, 0.5), (59, 0.05), (59, 0.95), (500, 0.9), (128, 0.25)])
def test_the_coverage_of_the_ranks_is_just_enough(count: int, q: float) -> None:
    found = quantile_interval(np.arange(1.0, count + 1), q)
    below = 0.0 if np.isinf(found.low) else binom.cdf(found.low - 1, count, q)
    above = 0.0 if np.isinf(found.high) else binom.sf(found.high - 1, count, q)
    assert below <= 0.025
    assert above <= 0.025
    if np.isfinite(found.low):
        assert binom.cdf(found.low, count, q) > 0.025  # the next rank would be too close
    if np.isfinite(found.high):
        assert binom.sf(found.high - 2, count, q) > 0.025


def test_too_few_runs_for_a_tail_leave_it_open() -> None:
    found = quantile_interval(np.arange(20.0), 0.95)
    assert np.isfinite(found.low)
    assert found.high == np.inf
    assert "too few" in found.note


def test_missing_values_are_counted() -> None:
    found = quantile_interval([np.nan, *np.arange(30.0)], 0.5)
    assert (found.count, found.missing) == (30, 1)
    assert np.isnan(quantile_interval([np.nan], 0.5).estimate)
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile_interval([1.0], 1.0)


def test_tables(runs: pd.DataFrame) -> None:
    table = quantile_table(runs, ["cost"], [0.25, 0.5])
    assert len(table) == 2 * 3 * 2
    assert table["missing"].sum() == 2
    series = pd.DataFrame({"run": [0, 1, 2, 0, 1, 2], "period": [0, 0, 0, 1, 1, 1], "value": [1, 2, 3, 4, np.nan, 6.0]})
    bands = fan_table(series, quantiles=(0.5, 1.0))
    assert bands["value"].tolist() == [2, 3, 5, 6]
    assert bands["missing"].tolist() == [0, 0, 1, 1]
