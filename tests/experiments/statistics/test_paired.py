from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from ripieno.experiments.statistics import holm, paired_difference, paired_table


def test_pairing_removes_the_common_part(runs: pd.DataFrame) -> None:
    wide = runs.query("point == 0").pivot(index="replication", columns="arm", values="cost")
    found = paired_difference(wide["orch"].to_numpy(), wide["none"].to_numpy())
    assert found.covers(-5)
    assert found.half_width < 1  # unpaired it would be about 5


def test_a_pair_with_a_missing_side_is_dropped_whole() -> None:
    found = paired_difference([1.0, np.nan, 3.0, 9.0], [0.0, 1.0, np.nan, 5.0])
    assert (found.count, found.missing, found.estimate) == (2, 2, 2.5)


def test_the_table_agrees_with_single_differences(runs: pd.DataFrame) -> None:
    from scipy.stats import ttest_rel

    table = paired_table(runs, ["cost", "fill"], "none")
    assert len(table) == 2 * 2 * 2
    row = table.query("point == 1 and arm == 'orch' and metric == 'cost'").iloc[0]
    wide = runs.query("point == 1").pivot(index="replication", columns="arm", values="cost").dropna()
    single = paired_difference(wide["orch"].to_numpy(), wide["none"].to_numpy())
    assert (row["estimate"], row["low"], row["high"]) == pytest.approx((single.estimate, single.low, single.high))
    assert (row["count"], row["missing"]) == (29, 1)
    assert row["p"] == pytest.approx(ttest_rel(wide["orch"], wide["none"]).pvalue, rel=1e-9)
    assert row["control_mean"] == pytest.approx(wide["none"].mean())
    assert row["relative"] == pytest.approx(single.estimate / wide["none"].mean())


def test_each_metric_is_a_family_of_its_own(runs: pd.DataFrame) -> None:
    table = paired_table(runs, ["cost", "fill"], "none")
    for _, rows in table.groupby("metric"):
        assert rows["p_holm"].tolist() == holm(rows["p"].to_numpy()).tolist()


def test_no_difference_at_all_has_p_one(runs: pd.DataFrame) -> None:
    rows = paired_table(runs, ["fill"], "none")
    assert (rows["estimate"] == 0).all()
    assert (rows["p"] == 1).all()


def test_the_same_difference_in_every_run_has_p_zero() -> None:
    frame = pd.DataFrame({"arm": ["a"] * 3 + ["b"] * 3, "replication": [0, 1, 2] * 2, "cost": [1, 2, 3, 2, 3, 4.0]})
    row = paired_table(frame, ["cost"], "a").iloc[0]
    assert (row["estimate"], row["low"], row["high"], row["p"]) == (1, 1, 1, 0)


def test_holm_by_hand() -> None:
    # 0.01 x 4, 0.015 x 3 = 0.045, 0.03 x 2 = 0.06, 0.04 x 1 raised to 0.06
    assert holm([0.04, 0.01, 0.03, 0.015]) == pytest.approx([0.06, 0.04, 0.06, 0.045])
    assert holm([0.5, 0.6]).tolist() == [1.0, 1.0]
    assert holm([]).tolist() == []


def test_a_missing_p_value_counts_in_the_family_and_stays_missing() -> None:
    adjusted = holm([0.01, np.nan])
    assert adjusted[0] == pytest.approx(0.02)
    assert np.isnan(adjusted[1])


def test_holm_refuses_what_is_no_p_value() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([0.2, 1.2])
