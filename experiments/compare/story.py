"""The ledger of the negotiation in plain words, and counted."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from ..report import written

IN_FORCE = ("adopted", "kept")
TAKEN = (*IN_FORCE, "rolled back")
OWN_MOVES = "own moves"  # what the ledger calls a plan in which owners decide alone
NAMED = 4  # owners that a sentence names; the others are counted
ENDINGS = {
    "not material": "Not adopted: the gain was too small.",
    "not affordable": "Not adopted: the gain does not pay those who lose.",
    "voted down": "Voted down.",
    "adopted": "Adopted; not reviewed yet.",
    "kept": "Kept.",
    "rolled back": "Rolled back.",
}


def decisions(ledger: pd.DataFrame) -> pd.DataFrame:
    """One row an arm, run and cycle: what was proposed and what became of it, without the owners."""
    kept = ["arm", "run", "cycle", "period", "package", "status", "predicted_gain", "realised_gain", "sponsor"]
    return ledger[kept].drop_duplicates(["arm", "run", "cycle"]).reset_index(drop=True)


def in_force(ledger: pd.DataFrame) -> pd.DataFrame:
    """The rows of packages that were adopted and not rolled back."""
    return ledger[ledger["status"].isin(IN_FORCE)]


def packages(ledger: pd.DataFrame) -> pd.DataFrame:
    """One row an arm and package over all runs, those adopted most often first.

    ``proposed, adopted, kept, rolled_back`` are counts (adopted includes those that were kept or rolled back later);
    ``predicted_gain`` is the mean over the adopted ones, or over all where none was; ``realised_gain`` the mean over
    those that were reviewed. Money per period.
    """
    names = ["arm", "package", "proposed", "adopted", "kept", "rolled_back", "predicted_gain", "realised_gain"]
    rows = []
    for (arm, package), group in decisions(ledger).groupby(["arm", "package"], sort=False):
        taken = group[group["status"].isin(TAKEN)]
        counts = [len(group), len(taken), int((group["status"] == "kept").sum())]
        gains = (taken if len(taken) else group)["predicted_gain"].mean(), taken["realised_gain"].mean()
        rows.append((arm, package, *counts, int((group["status"] == "rolled back").sum()), *gains))
    table = pd.DataFrame(rows, columns=names)
    order = {arm: place for place, arm in enumerate(dict.fromkeys(table["arm"]))}
    table = table.assign(place=table["arm"].map(order))
    table = table.sort_values(["place", "adopted", "proposed"], ascending=[True, False, False], kind="stable")
    return table.drop(columns="place").reset_index(drop=True)


def course(ledger: pd.DataFrame, runs: int) -> pd.DataFrame:
    """One row an arm and period with a proposal: means over the runs.

    ``kept, adopted, rolled_back, turned_down`` are packages proposed in that period by what became of them, a run;
    ``predicted, realised`` the gains of all packages adopted until then, cumulated, in money per period. A package that
    was not reviewed yet counts in ``predicted`` alone.
    """
    found = decisions(ledger)
    taken = found["status"].isin(TAKEN)
    table = found[["arm", "period"]].assign(
        kept=found["status"] == "kept",
        adopted=found["status"] == "adopted",
        rolled_back=found["status"] == "rolled back",
        turned_down=~taken,
        predicted=found["predicted_gain"].where(taken, 0.0).fillna(0.0),
        realised=found["realised_gain"].where(taken, 0.0).fillna(0.0),
    )
    sums = table.groupby(["arm", "period"], sort=False).sum().astype(float) / runs
    sums = sums.reset_index().sort_values("period", kind="stable")
    groups = sums.groupby("arm", sort=False)
    sums = sums.assign(predicted=groups["predicted"].cumsum(), realised=groups["realised"].cumsum())
    return sums.reset_index(drop=True)


def told(ledger: pd.DataFrame, arm: str, run: int, period: str) -> Iterator[str]:
    """What happened in one run, a sentence or two a cycle."""
    rows = ledger[(ledger["arm"] == arm) & (ledger["run"] == run)]
    for _, cycle in rows.groupby("cycle", sort=True):
        yield sentence(cycle, period)


def sentence(cycle: pd.DataFrame, period: str) -> str:
    """One cycle in words, from its rows, one an owner."""
    first = cycle.iloc[0]
    status = str(first["status"])
    said = [f"{period.capitalize()} {first['period']}: {_proposed(first)}."]
    said += _claims(cycle)
    said += _payments(cycle, first) if status in TAKEN else []
    said.append(f"Predicted gain {written(first['predicted_gain'])} a {period}{_realised(first, period)}.")
    refused = [str(owner) for owner in cycle[cycle["vote"].eq(False).fillna(False)]["owner"]]
    said += [f"{_listed(refused)} voted against it."] if refused else []
    return " ".join([*said, ENDINGS.get(status, f"{status.capitalize()}.")])


def _proposed(first: pd.Series) -> str:
    """What was put forward, with the levers that move where the ledger has them."""
    package = str(first["package"])
    moves = [move for move in str(first.get("moves") or "").split("; ") if move]
    shown = "; ".join(moves[:NAMED]) + (f"; and {len(moves) - NAMED} more" if len(moves) > NAMED else "")
    if package == OWN_MOVES:
        return f"owners moved levers of their own: {shown or 'none'}"
    # The name of a single move is the lever and its value; the move says where it comes from too.
    if moves and (shown == package or (len(moves) == 1 and shown.startswith(f"{package.partition(' = ')[0]} "))):
        return f"the orchestrator proposed {shown}"
    return f"the orchestrator proposed {package}{f' ({shown})' if moves else ''}"


def _claims(cycle: pd.DataFrame) -> list[str]:
    gains, losses = cycle[cycle["claim"] < 0], cycle[cycle["claim"] > 0]
    parts = [
        _each(rows["owner"], rows["claim"].abs(), words)
        for rows, words in ((gains, ("claims to gain", "claim to gain")), (losses, ("claims to lose", "claim to lose")))
        if len(rows)
    ]
    return [f"{', '.join(parts)}."] if parts else []


def _payments(cycle: pd.DataFrame, first: pd.Series) -> list[str]:
    paid, pays = cycle[cycle["transfer"] > 0], cycle[cycle["transfer"] < 0]
    parts = [
        _each(rows["owner"], rows["transfer"].abs(), words)
        for rows, words in ((paid, ("is paid", "are paid")), (pays, ("pays", "pay")))
        if len(rows)
    ]
    sponsor = [f"A sponsor adds {written(first['sponsor'])}."] if first["sponsor"] > 0 else []
    return [*([f"{', '.join(parts)}."] if parts else []), *sponsor]


def _each(owners: pd.Series, amounts: pd.Series, words: tuple[str, str]) -> str:
    """``A and B claim to gain 5 and 3``; the largest first, and beyond four the others together."""
    pairs = sorted(zip(owners, amounts, strict=True), key=lambda pair: -pair[1])
    named, rest = pairs[:NAMED], pairs[NAMED:]
    names, numbers = [str(owner) for owner, _ in named], [written(float(amount), 3) for _, amount in named]
    if rest:
        names.append(f"{len(rest)} other{'s' * (len(rest) > 1)}")
        numbers.append(f"{written(float(sum(amount for _, amount in rest)), 3)}{' together' * (len(rest) > 1)}")
    return f"{_listed(names)} {words[len(pairs) > 1]} {_listed(numbers)}"


def _realised(first: pd.Series, period: str) -> str:
    gain: Any = first["realised_gain"]
    if gain is None or math.isnan(gain):
        return ""
    return f", realised {written(float(gain))} a {period}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
