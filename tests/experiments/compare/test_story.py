"""The ledger in plain words, and counted."""

from __future__ import annotations

import pandas as pd
import pytest
from ripieno.experiments.compare import story

from .conftest import cycle, ledger_of


def test_cycles_are_told(ledger: pd.DataFrame) -> None:
    claims = "A claims to gain 8, B claims to lose 2."
    paid = f"{claims} B is paid 5, A pays 5."
    said = "the orchestrator proposed"
    assert list(story.told(ledger, "orch", 0, "day")) == [
        f"Day 80: {said} B waits. {paid} Predicted gain 6 a day, realised 4 a day. Kept.",
        f"Day 100: {said} B waits. {claims} Predicted gain 9 a day. B voted against it. Voted down.",
        f"Day 120: {said} A halves lots. {paid} Predicted gain 3 a day, realised −2 a day. Rolled back.",
    ]
    assert len(list(story.told(ledger, "orch", 1, "day"))) == 1
    assert list(story.told(ledger, "opt", 0, "day")) == []


def test_many_owners_levers_and_a_sponsor() -> None:
    owners = {name: (float(-place), pd.NA, 0.0) for place, name in enumerate("ABCDEFG")} | {"Z": (9.0, True, 12.0)}
    rows = cycle(0, 0, "adopted", owners, sponsor=12.0, package="stagger", moves="A.x 1 to 2; B.y 0 to 3")
    assert story.sentence(ledger_of(rows), "week") == (
        "Week 80: the orchestrator proposed stagger (A.x 1 to 2; B.y 0 to 3). "
        "G, F, E, D and 2 others claim to gain 6, 5, 4, 3 and 3 together, Z claims to lose 9. Z is paid 12. "
        "A sponsor adds 12. Predicted gain 6 a week. Adopted; not reviewed yet."
    )


@pytest.mark.parametrize(
    ("package", "moves", "said"),
    [
        ("A.x = 2", "A.x 1 to 2", "the orchestrator proposed A.x 1 to 2"),
        ("A.x 1 to 2", "A.x 1 to 2", "the orchestrator proposed A.x 1 to 2"),
        ("A.x = 2", "A.xy 1 to 2", "the orchestrator proposed A.x = 2 (A.xy 1 to 2)"),
        ("own moves", "A.x 1 to 2; B.y 0 to 3", "owners moved levers of their own: A.x 1 to 2; B.y 0 to 3"),
        ("swap", "a; b; c; d; e; f", "the orchestrator proposed swap (a; b; c; d; and 2 more)"),
    ],
)
def test_moves_are_said_once(package: str, moves: str, said: str) -> None:
    rows = cycle(0, 0, "not material", {"A": (-1.0, pd.NA, 0.0)}, package=package, moves=moves)
    assert story.sentence(ledger_of(rows), "day") == (
        f"Day 80: {said}. A claims to gain 1. Predicted gain 6 a day. Not adopted: the gain was too small."
    )


def test_packages_are_counted_over_runs(ledger: pd.DataFrame) -> None:
    table = story.packages(ledger)
    assert table["package"].tolist() == ["B waits", "A halves lots"]
    counts = ["proposed", "adopted", "kept", "rolled_back"]
    assert table[counts].to_numpy().tolist() == [[3, 2, 2, 0], [1, 1, 0, 1]]
    # Of those adopted: 6 and 8 were predicted, 4 and 5 came true.
    assert table["predicted_gain"].tolist() == pytest.approx([7.0, 3.0])
    assert table["realised_gain"].tolist() == pytest.approx([4.5, -2.0])


def test_a_package_that_nobody_adopted_keeps_its_prediction() -> None:
    rows = cycle(0, 0, "voted down", {"A": (1.0, False, 0.0)}, predicted_gain=2.5)
    row = story.packages(ledger_of(rows)).iloc[0]
    assert (row["adopted"], row["predicted_gain"]) == (0, 2.5)
    assert pd.isna(row["realised_gain"])


def test_the_course_cumulates_means_over_all_runs(ledger: pd.DataFrame) -> None:
    table = story.course(ledger, runs=4)
    assert table["period"].tolist() == [80, 100, 120]
    assert table["kept"].tolist() == [0.5, 0.0, 0.0]
    assert table["turned_down"].tolist() == [0.0, 0.25, 0.0]
    assert table["rolled_back"].tolist() == [0.0, 0.0, 0.25]
    assert table["predicted"].tolist() == pytest.approx([14 / 4, 14 / 4, 17 / 4])
    assert table["realised"].tolist() == pytest.approx([9 / 4, 9 / 4, 7 / 4])


def test_arms_have_courses_of_their_own(ledger: pd.DataFrame) -> None:
    both = pd.concat([ledger, ledger.assign(arm="interleaved")], ignore_index=True)
    table = story.course(both, runs=2)
    for _, part in table.groupby("arm"):
        assert part["predicted"].tolist() == pytest.approx([7.0, 7.0, 8.5])


def test_an_empty_ledger_is_nothing_to_tell() -> None:
    empty = ledger_of([])
    for table in (story.packages(empty), story.course(empty, 3), story.decisions(empty), story.in_force(empty)):
        assert table.empty
