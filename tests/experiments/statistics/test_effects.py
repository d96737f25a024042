from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from ripieno.experiments.statistics import main_effects, mean_interval


@pytest.fixture
def factorial(rng: np.random.Generator) -> pd.DataFrame:
    rows = [
        (replication, a, b, 10 + 2 * a + (b == "high") + common + rng.normal(0, 0.1))
        for replication, common in enumerate(rng.normal(0, 3, 25))
        for a in (0, 1)
        for b in ("low", "high")
    ]
    return pd.DataFrame(rows, columns=["replication", "a", "b", "cost"])


def test_each_setting_averages_over_the_others(factorial: pd.DataFrame) -> None:
    table: Any = main_effects(factorial, ["a", "b"], "cost").set_index(["factor", "setting"])
    assert list(table.index) == [("a", 0), ("a", 1), ("b", "low"), ("b", "high")]
    assert table.loc[("a", 1), "estimate"] - table.loc[("a", 0), "estimate"] == pytest.approx(2, abs=0.1)
    by_hand = mean_interval(factorial[factorial["b"] == "high"].groupby("replication")["cost"].mean().to_numpy())
    row = table.loc[("b", "high")]
    assert (row["low"], row["high"], row["count"]) == pytest.approx((by_hand.low, by_hand.high, 25))


def test_an_incomplete_replication_is_left_out_of_its_setting(factorial: pd.DataFrame) -> None:
    factorial.loc[0, "cost"] = np.nan  # replication 0, a = 0, b = low
    table = main_effects(factorial, ["a", "b"], "cost")
    assert table["count"].tolist() == [24, 25, 24, 25]
    assert table["missing"].tolist() == [1, 0, 1, 0]


def test_many_settings_are_cut_into_groups(rng: np.random.Generator) -> None:
    frame = pd.DataFrame([(r, x, 5 * x) for x in np.linspace(0, 1, 50) for r in range(3)])
    table = main_effects(frame.set_axis(["replication", "x", "cost"], axis=1), ["x"], "cost")
    assert len(table) == 5
    assert table["estimate"].to_numpy() == pytest.approx(5 * table["setting"].to_numpy(dtype=float))


def test_unclear_tables_are_refused(factorial: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match=r"no column \['c'\]"):
        main_effects(factorial, ["a", "c"], "cost")
    with pytest.raises(ValueError, match="occurs twice"):
        main_effects(factorial, ["a"], "cost")
