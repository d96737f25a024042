"""Who wins and who loses by its own score."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import ripieno
from ripieno.model.schema import with_values

from .conftest import COSTS, Make

SCORES = {
    "A": {"none": (50.0, 52.0, 48.0, 50.0), "opt": (45.0, 47.0, 43.0, 44.0), "orch": (51.0, 53.0, 49.0, 50.5)},
    "B": {"none": (50.0, 52.0, 48.0, 50.0), "opt": (61.0, 62.0, 58.0, 60.0), "orch": (29.0, 30.0, 29.0, 28.5)},
    "idle": {"none": (0.0,) * 4, "opt": (0.0,) * 4, "orch": (0.0,) * 4},
}
ARMS = ("none", "opt", "orch")


@pytest.fixture
def scores(made: Make, ledger: pd.DataFrame) -> pd.DataFrame:
    costs = {arm: COSTS[arm] for arm in ARMS}
    return made(costs, SCORES, ledger).scores


def by_row(scores: pd.DataFrame, name: str) -> dict[tuple[str, str], Any]:
    return dict(zip(zip(scores["owner"], scores["arm"], strict=True), scores[name], strict=True))


def test_changes_by_hand(scores: pd.DataFrame) -> None:
    row = scores[(scores["owner"] == "A") & (scores["arm"] == "opt")].iloc[0]
    assert (row["estimate"], row["control_mean"], row["relative"]) == pytest.approx((-5.25, 50.0, -0.105))
    half = 3.182446305284263 * 0.5 / 2  # the differences are -5, -5, -5, -6
    assert (row["low"], row["high"]) == pytest.approx((-5.25 - half, -5.25 + half))
    assert (row["network"], row["network_relative"]) == pytest.approx((5.0, 0.05))


def test_who_wins_and_in_which_quadrant(scores: pd.DataFrame) -> None:
    assert by_row(scores, "outcome") == {
        ("A", "opt"): "wins", ("A", "orch"): "loses", ("B", "opt"): "loses", ("B", "orch"): "wins",
    }  # fmt: skip
    assert by_row(scores, "quadrant") == {
        ("A", "opt"): "good for itself, bad for all",
        ("A", "orch"): "bad for itself, good for all",
        ("B", "opt"): "bad for both",
        ("B", "orch"): "good for both",
    }


def test_holm_is_over_the_owners_of_an_arm(scores: pd.DataFrame) -> None:
    rows = scores[scores["arm"] == "opt"]
    small, large = sorted(rows["p"])
    assert sorted(rows["p_holm"]) == pytest.approx(sorted([2 * small, max(2 * small, large)]))


def test_who_is_paid_by_agreements_in_force(scores: pd.DataFrame) -> None:
    # Kept once in either of two runs, rolled back or voted down otherwise; four runs are compared.
    assert by_row(scores, "paid") == {
        ("A", "opt"): 0.0, ("A", "orch"): -2.5, ("B", "opt"): 0.0, ("B", "orch"): 2.5,
    }  # fmt: skip


def test_an_owner_that_an_arm_does_not_know_scores_nothing_there(made: Make) -> None:
    known = {arm: SCORES["A"][arm] for arm in ("none", "opt")}
    found = made({arm: COSTS[arm] for arm in known}, {"A": known, "late": {"opt": (1.0, 2.0, 3.0, 2.0)}})
    row = found.scores.query("owner == 'late'").iloc[0]
    assert (row["estimate"], row["control_mean"], row["count"]) == (2.0, 0.0, 4)
    assert np.isnan(row["relative"])


def test_without_scores_or_with_one_arm_the_table_is_empty(made: Make) -> None:
    assert made({arm: COSTS[arm] for arm in ARMS}).scores.empty
    alone = made({"none": COSTS["none"]}, {"A": {"none": SCORES["A"]["none"]}})
    assert alone.scores.empty
    assert "quadrant" in alone.scores.columns


def test_own_scores_of_a_world_add_up_to_its_cost() -> None:
    result = ripieno.simulate(with_values(ripieno.load("regional"), {"warm_up": 10}), runs=2, periods=80)
    own = result.agents[result.agents["agent"].str.startswith("owner ") & (result.agents["metric"] == "score")]
    totals = own.groupby("run")["value"].sum()
    assert own["agent"].nunique() > 20
    assert (own["value"] < 0).any()  # carriers are paid more than they pay
    np.testing.assert_allclose(totals.to_numpy(), result.summary["cost"].to_numpy(), rtol=1e-9)
