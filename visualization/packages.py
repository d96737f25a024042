"""The ledger of a negotiation as people read it: one row a package, in one run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from ..model.schema.orchestration import Orchestration

NEEDED = ("run", "cycle", "period", "package", "status", "predicted_gain", "owner", "claim", "vote", "transfer")
IN_FORCE = ("adopted", "kept", "rolled back")
TRADE = "trade of reserved capacity"
"""The name of packages that come from a market, without trials."""


@dataclass(frozen=True)
class Package:
    """One package. Days count from 1; money is per period; ``realised`` and ``effective`` are missing where unknown."""

    cycle: int
    day: int
    what: str
    moves: str
    status: str
    predicted: float
    realised: float
    sponsor: float
    effective: float
    claims: dict[str, float]
    transfers: dict[str, float]
    votes: dict[str, bool | None]

    @property
    def proposer(self) -> str:
        """Whoever claims to save most; the ledger keeps no author, packages come from the orchestrator's search."""
        gains = {owner: claim for owner, claim in self.claims.items() if claim < 0}
        return min(gains, key=lambda owner: gains[owner]) if gains else ""

    @property
    def affected(self) -> list[str]:
        """Who claims any change of their cost."""
        return [owner for owner, claim in self.claims.items() if claim]

    @property
    def delay(self) -> float:
        """Periods from the proposal until it is in force; missing where it never was."""
        return self.effective - (self.day - 1) if self.status in IN_FORCE else np.nan

    @property
    def paid(self) -> float:
        """The sum of all transfers: minus the overhead, plus what a sponsor adds."""
        return float(sum(self.transfers.values()))


def packages_of(ledger: pd.DataFrame | None, run: int) -> list[Package]:
    """The packages of one run in the order of their cycles; none for a missing or an empty ledger.

    Raises `ValueError` when a column is missing.
    """
    if ledger is None or ledger.empty:
        return []
    missing = [name for name in NEEDED if name not in ledger.columns]
    if missing:
        raise ValueError(f"the ledger has no column {missing[0]!r}")
    mine = ledger[ledger["run"] == run]
    return [_package(cycle, mine[mine["cycle"] == cycle]) for cycle in sorted(mine["cycle"].unique())]


def seen_until(package: Package, spec: Orchestration) -> float:
    """The last day of outside demand that had been reported when a package was put together; missing without reports.

    The ledger keeps no day on which a change was detected, as nobody watches for changes: packages are looked for at
    set dates, by replaying what the markets have reported. So a change of this day or an earlier one could be answered
    by the package, and a later one could not.
    """
    if spec.search.trials != "back-cast" or package.what == TRADE:
        return np.nan
    return float(max(package.day - 1 - spec.visibility.delay, 1))


def _package(cycle: int, rows: pd.DataFrame) -> Package:
    first = rows.iloc[0]
    votes = {str(owner): _vote(vote) for owner, vote in zip(rows["owner"], rows["vote"], strict=True)}
    return Package(
        cycle=int(cycle),
        day=int(first["period"]) + 1,
        what=str(first["package"]),
        moves=str(first.get("moves", "") or ""),
        status=str(first["status"]),
        predicted=float(first["predicted_gain"]),
        realised=float(first.get("realised_gain", np.nan)),
        sponsor=float(first.get("sponsor", 0.0)),
        effective=float(first.get("effective", np.nan)),
        claims=_by_owner(rows, "claim"),
        transfers=_by_owner(rows, "transfer"),
        votes=votes,
    )


def _by_owner(rows: pd.DataFrame, name: str) -> dict[str, float]:
    return {str(owner): float(value) for owner, value in zip(rows["owner"], rows[name], strict=True)}


def _vote(vote: Any) -> bool | None:
    import pandas as pd

    return None if pd.isna(vote) else bool(vote)


def unbalanced(packages: list[Package], overhead: float) -> list[Package]:
    """The packages in force whose transfers do not add up to minus the overhead plus what a sponsor added."""
    return [
        package
        for package in packages
        if package.status in IN_FORCE
        and abs(package.paid + overhead - package.sponsor) > 1e-6 * (1 + abs(package.predicted))
    ]
