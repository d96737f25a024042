"""Paired differences between all arms, against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from ripieno.experiments.compare.pairing import constant, metrics_of, outcome, paired_arms, row_of
from scipy.stats import ttest_rel

from .conftest import COSTS, summary_of

T3 = 3.182446305284263  # 97.5 % quantile of Student with 3 degrees of freedom


def of(table: pd.DataFrame, arm: str, control: str, metric: str = "cost") -> pd.Series:
    row = row_of(table, metric, arm, control)
    assert row is not None
    return row


def test_a_difference_by_hand() -> None:
    # opt - none is 6, 5, 5, 4: mean 5, deviation sqrt(2 / 3).
    row = of(paired_arms(summary_of(COSTS)), "opt", "none")
    half = T3 * np.sqrt(2 / 3) / 2
    assert row["estimate"] == pytest.approx(5.0)
    assert (row["low"], row["high"]) == pytest.approx((5 - half, 5 + half))
    assert row["control_mean"] == pytest.approx(100.0)
    assert (row["relative"], row["relative_low"]) == pytest.approx((0.05, (5 - half) / 100))
    assert (row["count"], row["missing"]) == (4, 0)


def test_pairs_are_matched_by_replication_not_by_place() -> None:
    summary = summary_of(COSTS)
    mixed = summary.sort_values("cost").reset_index(drop=True)
    mixed = mixed.sort_values("arm", key=lambda arm: arm.map(list(COSTS).index), kind="stable")
    pd.testing.assert_frame_equal(paired_arms(mixed), paired_arms(summary))


def test_every_arm_is_a_control_and_signs_turn_round() -> None:
    table = paired_arms(summary_of(COSTS))
    assert len(table) == 5 * 4
    there, back = of(table, "opt", "orch"), of(table, "orch", "opt")
    assert there["estimate"] == -back["estimate"] == pytest.approx(25.0)
    assert (there["low"], there["high"]) == pytest.approx((-back["high"], -back["low"]))
    assert back["control_mean"] == pytest.approx(105.0)


def test_holm_is_over_the_arms_of_one_control() -> None:
    summary = summary_of({arm: COSTS[arm] for arm in ("none", "opt", "selfish")})
    table = paired_arms(summary)
    raw = {arm: ttest_rel(COSTS[arm], COSTS["none"]).pvalue for arm in ("opt", "selfish")}
    small, large = sorted(raw, key=lambda arm: raw[arm])
    assert of(table, small, "none")["p_holm"] == pytest.approx(2 * raw[small])
    assert of(table, large, "none")["p_holm"] == pytest.approx(max(raw[large], 2 * raw[small]))


def test_a_difference_that_only_looks_clear_stays_open() -> None:
    # One comparison alone is told from 0; among three it is not.
    line = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    shift = (1.0, 3.0, -0.5, 2.0, 2.0, 1.0)
    noise = (1.0, -1.0, 2.0, -2.0, 1.0, -1.5)
    alone = paired_arms(summary_of({"none": line, "a": shift}))
    among = paired_arms(summary_of({"none": line, "a": shift, "b": noise, "c": noise}))
    assert outcome(of(alone, "a", "none")) == "higher"
    assert of(among, "a", "none")["low"] > 0
    assert outcome(of(among, "a", "none")) == "open"


@pytest.mark.parametrize(
    ("arm", "said", "same"), [((9.0, 9.0), "lower", True), ((10.0, 10.0), "open", True), ((9.0, 12.0), "open", False)]
)
def test_outcomes(arm: tuple[float, float], said: str, same: bool) -> None:
    row = of(paired_arms(summary_of({"none": (10.0, 10.0), "x": arm})), "x", "none")
    assert (outcome(row), constant(row)) == (said, same)


def test_missing_values_and_single_runs() -> None:
    fill = {"none": (0.9, float("nan"), 0.8), "opt": (0.7, 0.6, 0.5)}
    costs = dict.fromkeys(fill, (1.0, 2.0, 3.0))
    never = dict.fromkeys(fill, (float("nan"),) * 3)
    summary = summary_of(costs, fill_rate=fill, dock_wait=never)
    assert metrics_of(summary) == ["cost", "fill_rate"]
    row = of(paired_arms(summary), "opt", "none", "fill_rate")
    assert (row["estimate"], row["control_mean"]) == pytest.approx((-0.25, 0.85))
    assert (row["count"], row["missing"]) == (2, 1)
    single = of(paired_arms(summary_of({"none": (10.0,), "opt": (9.0,)})), "opt", "none")
    assert np.isnan([single["low"], single["high"], single["p_holm"]]).all()
    assert (single["estimate"], outcome(single)) == (-1.0, "open")


def test_one_arm_has_no_differences() -> None:
    table = paired_arms(summary_of({"none": (1.0, 2.0)}))
    assert table.empty
    assert {"metric", "arm", "control", "estimate", "p_holm"} <= set(table.columns)
    assert row_of(table, "cost", "none", "none") is None
