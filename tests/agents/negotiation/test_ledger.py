"""The ledger as a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from ripieno.agents.negotiation.ledger import COLUMNS, Ledger, Proposal, Status

OWNERS = ("Plant", "Shop")


def proposal(**changed: Any) -> Proposal:
    """Package 1 in run 0, package 0 in run 2, nothing in run 1."""
    given: dict[str, Any] = {
        "package": np.array([1, 0, 0]),
        "tabled": np.array([True, False, True]),
        "predicted": np.array([6.0, 0.0, 2.0]),
        "claims": np.array([[-9.0, 0.0, -2.0], [3.0, 0.0, 0.0]]),
        "voters": np.array([[True, True, True], [True, True, False]]),
        "votes": np.array([[True, True, True], [False, True, True]]),
        "transfers": np.array([[-6.0, 0.0, 0.0], [6.0, 0.0, 0.0]]),
        "payoffs": np.array([[3.0, 0.0, 2.0], [3.0, 0.0, 0.0]]),
        "sponsor": np.zeros(3),
    }
    return Proposal(**(given | changed))


def kept(*records: tuple[int, Proposal, list[Status]]) -> Ledger:
    ledger = Ledger(OWNERS, ["smooth orders", "share dock"], runs=3)
    for number, (period, said, status) in enumerate(records):
        assert ledger.record(period, said, np.array(status)) == number
    return ledger


FIRST = (30, proposal(), [Status.ADOPTED, Status.NOT_MATERIAL, Status.VOTED_DOWN])


def test_a_row_for_each_run_and_owner() -> None:
    table = kept(FIRST).table()
    assert tuple(table.columns) == COLUMNS
    assert table[["run", "owner", "package", "status"]].to_numpy().tolist() == [
        [0, "Plant", "share dock", "adopted"],
        [0, "Shop", "share dock", "adopted"],
        [2, "Plant", "smooth orders", "voted down"],
        [2, "Shop", "smooth orders", "voted down"],
    ]
    assert table["claim"].tolist() == [-9.0, 3.0, -2.0, 0.0]
    assert table["transfer"].tolist() == [-6.0, 6.0, 0.0, 0.0]
    assert table["predicted_gain"].tolist() == [6.0, 6.0, 2.0, 2.0]
    assert table["vote"].tolist() == [True, False, True, pd.NA]
    assert table["realised_gain"].isna().all()
    assert set(table["period"]) == {30}


def test_what_came_true_is_written_beside_what_was_predicted() -> None:
    ledger = kept(FIRST, (43, proposal(), [Status.VOTED_DOWN, Status.ADOPTED, Status.ADOPTED]))
    ledger.realise(
        np.array([0, 0, 1]), np.array([-4.0, 99.0, 5.0]), np.array([False, True, True]), np.array([True, False, True])
    )
    table = ledger.table().drop_duplicates(["run", "cycle"])
    assert table[["run", "cycle", "status"]].to_numpy().tolist() == [
        [0, 0, "rolled back"],
        [0, 1, "voted down"],
        [2, 0, "voted down"],
        [2, 1, "kept"],
    ]
    assert table["realised_gain"].dropna().tolist() == [-4.0, 5.0]


def test_a_package_that_is_named_later() -> None:
    ledger = kept(FIRST)
    ledger.packages.append("new lot")
    ledger.record(60, proposal(package=np.array([2, 2, 2])), np.array([Status.NOT_AFFORDABLE] * 3))
    last = ledger.table().query("cycle == 1")
    assert set(last["package"]) == {"new lot"}
    assert set(last["status"]) == {"not affordable"}


def test_an_empty_ledger_has_its_columns() -> None:
    assert tuple(kept().table().columns) == COLUMNS
