"""Shares of a gap and its parts, against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from ripieno.experiments.compare.gap import gap_parts, steps
from ripieno.experiments.statistics import fieller

from .conftest import COSTS, summary_of

THREE = ("opt", "selfish", "orch")


def row_of(table: pd.DataFrame, part: str, start: str, end: str) -> pd.Series:
    found = table[(table["part"] == part) & (table["from"] == start) & (table["to"] == end)]
    assert len(found) == 1
    return found.iloc[0]


def test_the_share_that_an_arm_closes() -> None:
    # Means: none 100, orch 80, central 78, selfish 90.
    table = gap_parts(summary_of(COSTS))
    row = row_of(table, "closed", "none", "orch")
    assert (row["gain"], row["gap"], row["share"]) == pytest.approx((20.0, 22.0, 20 / 22))
    none, orch, central = (np.array(COSTS[arm]) for arm in ("none", "orch", "central"))
    expected = fieller(none - orch, none - central)
    assert (row["share_low"], row["share_high"]) == pytest.approx((expected.low, expected.high))
    from_selfish = row_of(table, "closed", "selfish", "orch")
    assert (from_selfish["gain"], from_selfish["gap"], from_selfish["share"]) == pytest.approx((10.0, 12.0, 10 / 12))
    assert row_of(table, "closed", "none", "opt")["share"] == pytest.approx(-5 / 22)


def test_the_parts_of_the_gain_add_up() -> None:
    table = gap_parts(summary_of(COSTS))
    quality = row_of(table, "model quality", "opt", "selfish")
    shared = row_of(table, "shared objective", "selfish", "orch")
    left, whole = row_of(table, "left open", "orch", "central"), row_of(table, "whole", "opt", "central")
    assert (quality["gain"], shared["gain"], left["gain"], whole["gain"]) == pytest.approx((15.0, 10.0, 2.0, 27.0))
    assert (quality["share"], shared["share"], left["share"]) == pytest.approx((15 / 27, 10 / 27, 2 / 27))
    assert quality["share"] + shared["share"] + left["share"] == pytest.approx(1.0)
    assert (whole["share"], whole["share_low"], whole["share_high"]) == pytest.approx((1.0, 1.0, 1.0))


def test_without_central_the_whole_ends_at_orch() -> None:
    table = gap_parts(summary_of({arm: COSTS[arm] for arm in ("none", *THREE)}))
    assert table["part"].tolist() == ["model quality", "shared objective", "whole"]
    assert (table["gap_to"] == "orch").all()
    assert table["share"].tolist() == pytest.approx([15 / 25, 10 / 25, 1.0])


@pytest.mark.parametrize(
    ("arms", "parts"),
    [
        (("none", "opt"), set()),
        (("none", "opt", "orch"), set()),
        (("none", "orch", "central"), {("closed", "none", "orch")}),
        (("selfish", "central"), set()),
        (("none", "central"), set()),
        (("orch", "central"), set()),
    ],
)
def test_parts_need_their_arms(arms: tuple[str, ...], parts: set[tuple[str, str, str]]) -> None:
    assert {step[:3] for step in steps(arms)} == parts
    assert len(gap_parts(summary_of({arm: COSTS[arm] for arm in arms}))) == len(parts)


def test_what_is_asked_of_which_arm() -> None:
    asked = {step[1:3] for step in steps((*COSTS, "interleaved")) if step.part == "closed"}
    assert asked == {
        ("none", "opt"), ("none", "selfish"), ("none", "orch"), ("none", "interleaved"),
        ("selfish", "orch"), ("selfish", "interleaved"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("central", "reason"),
    [
        ((104.0, 99.0, 99.0, 97.0), "the gap from none to central cannot be told from 0"),
        ((100.0, 104.0, 96.0, 100.0), "the gap from none to central cannot be told from 0"),
        ((110.0, 115.0, 105.0, 111.0), "central is worse than none: there is no gap to close"),
    ],
)
def test_a_gap_that_is_none_has_no_share_and_says_why(central: tuple[float, ...], reason: str) -> None:
    row = row_of(gap_parts(summary_of(COSTS | {"central": central})), "closed", "none", "orch")
    assert np.isnan([row["share"], row["share_low"], row["share_high"]]).all()
    assert row["note"] == reason
    assert row["gain"] == pytest.approx(20.0)


def test_one_run_gives_no_share() -> None:
    table = gap_parts(summary_of({arm: line[:1] for arm, line in COSTS.items()}))
    assert table["share"].isna().all()
    assert table["note"].str.endswith("has no interval: 1 run").all()


def test_a_run_that_lacks_an_arm_counts_in_no_part_of_the_whole() -> None:
    costs = COSTS | {"selfish": (90.0, float("nan"), 85.0, 90.0)}
    table = gap_parts(summary_of(costs))
    whole = table[table["part"] != "closed"]
    assert whole["count"].tolist() == [3, 3, 3, 3]
    assert whole["missing"].tolist() == [1, 1, 1, 1]
    assert whole["share"].iloc[:-1].sum() == pytest.approx(1.0)
    assert row_of(table, "closed", "none", "orch")["count"] == 4
