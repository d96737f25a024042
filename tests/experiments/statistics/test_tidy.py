from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from ripieno.experiments.statistics.tidy import complete, long_table, paired_runs, with_keys


def test_a_table_without_points_is_one_point(runs: pd.DataFrame) -> None:
    table = with_keys(runs[runs["point"] == 0].drop(columns="point"), ["cost"])
    assert list(table.columns) == ["point", "arm", "replication", "cost"]
    assert (table["point"] == 0).all()


def test_a_misspelt_metric_gets_a_suggestion(runs: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="no column 'csot'; did you mean 'cost'"):
        with_keys(runs, ["csot"])


def test_a_run_that_occurs_twice_is_refused(runs: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match=r"1 runs occur twice.*'replication': 0"):
        with_keys(pd.concat([runs, runs.iloc[:1]]), ["cost"])


def test_an_infinite_value_is_refused(runs: pd.DataFrame) -> None:
    runs.loc[0, "cost"] = np.inf
    with pytest.raises(ValueError, match="'cost' is infinite"):
        with_keys(runs, ["fill", "cost"])


def test_groups_appear_in_the_order_of_the_table(runs: pd.DataFrame) -> None:
    long = long_table(runs, ["fill", "cost"])
    assert list(long["metric"][:4]) == ["fill", "cost", "fill", "cost"]
    assert list(dict.fromkeys(long["point"])) == [1, 0]


def test_runs_are_paired_by_point_and_replication(runs: pd.DataFrame) -> None:
    shuffled = runs.sample(frac=1, random_state=3)
    pairs = paired_runs(shuffled, ["cost"], "none").set_index(["point", "arm", "replication"])
    wide = runs.pivot(index=["point", "replication"], columns="arm", values="cost")
    for point, replication in ((0, 7), (1, 29)):
        row = pairs.xs((point, "central", replication))
        assert row["treatment"] == wide.loc[(point, replication), "central"]
        assert row["control"] == wide.loc[(point, replication), "none"]


def test_a_run_without_a_partner_is_kept_as_missing(runs: pd.DataFrame) -> None:
    lonely = runs.drop(runs[(runs["arm"] == "none") & (runs["replication"] == 2)].index)
    pairs = paired_runs(lonely, ["fill"], "none")
    assert pairs["control"].isna().sum() == 4  # two points, two arms
    assert len(pairs) == 2 * 2 * 30


def test_the_control_has_to_be_an_arm(runs: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="the control 'nothing' needs to be one of at least two arms"):
        paired_runs(runs, ["cost"], "nothing")


def test_incomplete_positions_are_dropped_from_all_samples() -> None:
    (a, b), missing = complete([1.0, np.nan, 3.0, 4.0], [1.0, 2.0, np.nan, 5.0])
    assert missing == 2
    assert a.tolist() == [1.0, 4.0]
    assert b.tolist() == [1.0, 5.0]


@pytest.mark.parametrize("samples", [([1.0], [1.0, 2.0]), ([[1.0]],), ([np.inf, 1.0],)])
def test_samples_that_cannot_be_read_are_refused(samples: tuple[list[float], ...]) -> None:
    with pytest.raises(ValueError):
        complete(*samples)
