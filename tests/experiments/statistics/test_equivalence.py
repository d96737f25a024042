from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from ripieno.experiments.statistics import equivalence_table, tost


def test_equivalence_is_the_small_interval_inside_the_zone(rng: np.random.Generator) -> None:
    control = rng.normal(100, 10, 40)
    treatment = control + rng.normal(0.5, 1, 40)
    found = tost(treatment, control, margin=1.0)
    assert found.difference.level == pytest.approx(0.9)
    assert found.equivalent == (found.difference.high < 1 and found.difference.low > -1)
    bound = found.difference.high
    assert tost(treatment, control, margin=bound * 1.0001).equivalent
    assert not tost(treatment, control, margin=bound * 0.9999).equivalent


def test_the_p_value_is_the_larger_of_two_t_tests(rng: np.random.Generator) -> None:
    from scipy.stats import ttest_1samp

    control = rng.normal(50, 5, 25)
    treatment = control + rng.normal(0.2, 1, 25)
    lower = ttest_1samp(treatment - control, -0.6, alternative="greater").pvalue
    upper = ttest_1samp(treatment - control, 0.6, alternative="less").pvalue
    assert tost(treatment, control, margin=0.6).p == pytest.approx(max(lower, upper), rel=1e-9)


def test_a_relative_margin_follows_the_control(rng: np.random.Generator) -> None:
    control = rng.normal(200, 20, 30)
    found = tost(control * 1.01, control, relative=0.02)
    assert found.margin == pytest.approx(0.02 * control.mean())
    assert found.equivalent
    assert not tost(control * 1.03, control, relative=0.02).equivalent
    mirrored = tost(-control * 1.01, -control, relative=0.02)
    assert mirrored.p == pytest.approx(found.p)


def test_nothing_is_shown_by_one_pair_or_by_missing_values() -> None:
    assert not tost([1.0], [1.0], margin=1).equivalent
    found = tost([1.0, np.nan, 1.1], [1.0, 2.0, np.nan], margin=1)
    assert not found.equivalent
    assert (found.difference.count, found.difference.missing) == (1, 2)


def test_identical_arms_are_equivalent() -> None:
    assert tost([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], margin=1e-9).p == 0
    assert tost([2.0, 3.0, 4.0], [1.0, 2.0, 3.0], margin=1).p == 1


@pytest.mark.parametrize("arguments", [{}, {"margin": 1, "relative": 0.1}, {"margin": 0}, {"margin": 1, "alpha": 0.5}])
def test_unusable_margins_are_refused(arguments: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        tost([1.0, 2.0], [1.0, 2.0], **arguments)


def test_the_table_has_one_row_a_comparison(runs: pd.DataFrame) -> None:
    table = equivalence_table(runs, ["cost", "fill"], "none", relative=0.06)
    assert len(table) == 8
    cost = table.query("metric == 'cost'").set_index(["point", "arm"])["equivalent"]
    assert cost[(0, "orch")]  # 5 of 100, zone 6
    assert not cost[(0, "central")]  # 8 of 100
    assert table.query("metric == 'cost'")["missing"].tolist() == [1, 0, 0, 0]
