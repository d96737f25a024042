from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from ripieno.experiments.statistics import judge


def table(lower: int, covering: int, higher: int, missing: int = 0) -> pd.DataFrame:
    rows = [(-2.0, -1.0)] * lower + [(-1.0, 1.0)] * covering + [(1.0, 2.0)] * higher + [(np.nan, np.nan)] * missing
    return pd.DataFrame(rows, columns=["low", "high"]).assign(arm="orch", metric="cost")


@pytest.mark.parametrize(
    ("lower", "covering", "expected"),
    [(75, 25, "supported"), (74, 26, "only here"), (10, 90, "only here"), (9, 91, "not supported")],
)
def test_the_borders_of_the_verdicts(lower: int, covering: int, expected: str) -> None:
    found = judge(table(lower, covering, 0), "lower")
    assert found.verdict == expected
    assert found.share == lower / 100
    assert found.low < found.share < found.high


def test_the_wrong_sign_is_against() -> None:
    found = judge(table(5, 5, 90), "lower")
    assert (found.verdict, found.against) == ("not supported", 90)
    assert judge(table(5, 5, 90), "higher").verdict == "supported"


def test_missing_points_count_against_support() -> None:
    found = judge(table(7, 0, 0, missing=3), "lower")
    assert (found.share, found.missing, found.points, found.verdict) == (0.7, 3, 10, "only here")


def test_a_quick_study_gives_no_verdict() -> None:
    assert judge(table(10, 0, 0), "lower", quick=True).verdict == "no verdict"


def test_mixed_rows_are_refused() -> None:
    mixed = table(2, 0, 0).assign(arm=["a", "b"])
    with pytest.raises(ValueError, match=r"mixed: \['arm'\]"):
        judge(mixed, "lower")
    with pytest.raises(ValueError, match="rows: 0"):
        judge(table(0, 0, 0), "lower")
