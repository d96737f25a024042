from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from ripieno.experiments.statistics import describe, mean_interval


def test_students_interval_by_hand() -> None:
    found = mean_interval([9.0, 10.0, 11.0])
    # With 2 degrees of freedom Student's quantile has a closed form, 4.3027 at 97.5 %; the deviation is 1.
    half = 0.95 * np.sqrt(2 / (1 - 0.95**2)) / np.sqrt(3)
    assert found.estimate == 10
    assert found.low == pytest.approx(10 - half, rel=1e-12)
    assert found.high == pytest.approx(10 + half, rel=1e-12)
    assert found.half_width == pytest.approx(half)
    assert found.covers(12.4)
    assert not found.covers(12.5)


def test_missing_values_are_left_out_and_counted() -> None:
    found = mean_interval([np.nan, 9.0, 10.0, np.nan, 11.0])
    assert (found.count, found.missing, found.estimate) == (3, 2, 10)
    assert (found.low, found.high) == (mean_interval([9.0, 10.0, 11.0]).low, mean_interval([9.0, 10.0, 11.0]).high)


@pytest.mark.parametrize("values", [[], [5.0], [np.nan, 5.0]])
def test_fewer_than_two_values_have_no_interval(values: list[float]) -> None:
    found = mean_interval(values)
    assert np.isnan(found.low)
    assert np.isnan(found.high)
    assert not found.covers(5.0)
    assert "at least two" in found.note


@pytest.mark.parametrize("method", ["t", "bootstrap"])
def test_equal_values_give_a_point(method: str) -> None:
    found = mean_interval([7.0] * 5, method=method)  # type: ignore[arg-type]
    assert (found.low, found.high) == (7, 7)
    assert "equal" in found.note


def test_the_bootstrap_follows_the_skew(rng: np.random.Generator) -> None:
    values = rng.lognormal(0, 1, 60)
    found = mean_interval(values, method="bootstrap", seed=1)
    assert found == mean_interval(values, method="bootstrap", seed=1)
    assert found.high - found.estimate > 1.1 * (found.estimate - found.low)
    assert found != mean_interval(values, method="bootstrap", seed=2)


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(ValueError, match=r"level .* not be 95"):
        mean_interval([1.0, 2.0], level=95)
    with pytest.raises(ValueError, match="'jackknife'"):
        mean_interval([1.0, 2.0], method="jackknife")  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["t", "bootstrap"])
def test_a_table_agrees_with_single_intervals(runs: pd.DataFrame, method: str) -> None:
    table = describe(runs, ["cost", "fill"], method=method)  # type: ignore[arg-type]
    assert list(zip(table["point"], table["arm"], table["metric"], strict=True))[:3] == [
        (1, "none", "cost"),
        (1, "none", "fill"),
        (1, "orch", "cost"),
    ]
    row = table.iloc[2]
    values = runs.query("point == 1 and arm == 'orch'")["cost"].to_numpy()
    single = mean_interval(values, method=method)  # type: ignore[arg-type]
    assert (row["low"], row["high"]) == pytest.approx((single.low, single.high), rel=1e-12)
    assert (row["count"], row["missing"]) == (29, 1)
    assert table["missing"].sum() == 1
