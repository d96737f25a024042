"""Who wins and who loses under an arm: each owner's own score beside the cost of the network."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..statistics import holm, paired_table
from .pairing import ALPHA, LEVEL, with_shares
from .story import in_force

OWNER, SCORE = "owner ", "score"
COLUMNS = (
    "owner", "arm", "control", "estimate", "low", "high", "count", "control_mean", "relative", "relative_low",
    "relative_high", "p", "p_holm", "outcome", "paid", "network", "network_relative", "quadrant",
)  # fmt: skip
QUADRANTS = {
    (-1, -1): "good for both",
    (-1, 1): "good for itself, bad for all",
    (1, -1): "bad for itself, good for all",
    (1, 1): "bad for both",
}


def scores(agents: pd.DataFrame, paired: pd.DataFrame, ledger: pd.DataFrame, control: str, runs: int) -> pd.DataFrame:
    """One row an owner and arm, against the control.

    ``estimate, low, high`` are the paired change of the owner's own score (what it paid less what it was paid, per
    period: the less the better), ``relative`` the same over the absolute score in the control, ``p_holm`` corrected
    over the owners of an arm. ``outcome``: ``wins`` or ``loses`` where the change can be told from 0 after that, else
    ``open``. ``paid``: what its agreements in force pay it, less what it pays, per period; mean over the runs.
    ``network`` and ``network_relative`` are the change of the network's cost, ``quadrant`` says who gains by the signs
    of both. Owners whose score is 0 everywhere are left out.
    """
    own = _own(agents)
    if own.empty or own["arm"].nunique() < 2:
        return pd.DataFrame(columns=list(COLUMNS))
    # The owner takes the place of the design point.
    table = with_shares(paired_table(own, [SCORE], control, LEVEL)).rename(columns={"point": "owner"})
    corrected = table.groupby("arm", sort=False)["p"].transform(lambda p: holm(p.to_numpy()))
    table = table.assign(control=control, p_holm=corrected)
    table = table.assign(outcome=_outcomes(table))
    network = paired[(paired["metric"] == "cost") & (paired["control"] == control)].set_index("arm")
    table = table.assign(
        paid=_paid(table, ledger, runs),
        network=table["arm"].map(network["estimate"]),
        network_relative=table["arm"].map(network["relative"]),
    )
    table = table.assign(quadrant=[quadrant(row) for _, row in table.iterrows()])
    return table[list(COLUMNS)]


def quadrant(row: pd.Series) -> str:
    """In words, what the signs of an owner's change and of the network's come to."""
    own, network = np.sign(row["estimate"]), np.sign(row["network"])
    if np.isnan(network) or own == 0 or network == 0:
        return "no change"
    return QUADRANTS[int(own), int(network)]


def _own(agents: pd.DataFrame) -> pd.DataFrame:
    """Own scores as a table of runs; an owner that nobody charges or pays in an arm scores 0 there."""
    chosen = agents[(agents["metric"] == SCORE) & agents["agent"].str.startswith(OWNER)]
    if chosen.empty:
        return pd.DataFrame(columns=["point", "arm", "replication", SCORE])
    wide = chosen.pivot(index=["arm", "run"], columns="agent", values="value").fillna(0.0)
    order = list(dict.fromkeys(chosen["agent"]))
    wide = wide.reindex(list(dict.fromkeys(chosen["arm"])), level="arm")[order]
    wide = wide.loc[:, (wide != 0).any()]
    long = wide.melt(ignore_index=False, var_name="point", value_name=SCORE).reset_index()
    return long.assign(point=long["point"].str.removeprefix(OWNER)).rename(columns={"run": "replication"})


def _outcomes(table: pd.DataFrame) -> list[str]:
    told = table["p_holm"] <= ALPHA
    return [
        "open" if not known else "wins" if change < 0 else "loses"
        for known, change in zip(told, table["estimate"], strict=True)
    ]


def _paid(table: pd.DataFrame, ledger: pd.DataFrame, runs: int) -> list[float]:
    sums = in_force(ledger).groupby(["arm", "owner"])["transfer"].sum() / runs
    return [float(sums.get((arm, owner), 0.0)) for arm, owner in zip(table["arm"], table["owner"], strict=True)]
