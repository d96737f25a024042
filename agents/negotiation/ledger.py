"""The ledger of a negotiation: what was proposed, who claimed what, who voted how, who was paid, and what came true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..quantity import Array, Mask, Money

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "run", "cycle", "period", "package", "status", "predicted_gain", "realised_gain", "sponsor",
    "owner", "claim", "vote", "transfer", "payoff", "effective", "moves",
)  # fmt: skip


class Status(IntEnum):
    """What became of a package; the order is the course that it takes."""

    NOT_MATERIAL = 0
    NOT_AFFORDABLE = 1
    VOTED_DOWN = 2
    ADOPTED = 3
    KEPT = 4
    ROLLED_BACK = 5

    @property
    def words(self) -> str:
        """As it stands in the table."""
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True)
class Proposal:
    """A package put forward in every run of a cycle: per owner ``[owners, runs]``, else ``[runs]``.

    ``package`` is the place of the package in the ledger's list of names, ``tabled`` says in which runs there was one.
    ``voters`` were asked; the votes of others are no votes. ``before`` and ``after`` ``[levers, runs]`` are where the
    levers stand without and with the package, where that is known.
    """

    package: NDArray[np.intp]
    tabled: Mask
    predicted: Money
    claims: Money
    voters: Mask
    votes: Mask
    transfers: Money
    payoffs: Money
    sponsor: Money
    before: Array | None = None
    after: Array | None = None


@dataclass(frozen=True)
class _Entry:
    cycle: int
    period: int
    proposal: Proposal
    status: NDArray[np.intp]
    realised: Money
    effective: Array


class Ledger:
    """Keeps every proposal; arrays are referred to, not copied, and become a table at the end.

    ``packages`` are the names of the packages that may be proposed; it may grow while the ledger is kept. ``levers``
    are the names of the levers that packages move.
    """

    def __init__(self, owners: Sequence[str], packages: list[str], runs: int, levers: Sequence[str] = ()) -> None:
        self.owners = tuple(owners)
        self.packages = packages
        self.runs = runs
        self.levers = tuple(levers)
        self.cycles = 0
        """Cycles so far, those in which nothing could be proposed among them, so that a run counts as it does alone."""
        self._entries: list[_Entry] = []

    def pass_over(self) -> None:
        """Count a cycle in which nothing could be proposed in any run."""
        self.cycles = self.cycles + 1

    def record(self, period: int, proposal: Proposal, status: NDArray[np.intp], effective: Array | None = None) -> int:
        """Write down what was proposed in a period and what became of it, `Status` ``[runs]``; its cycle is returned.

        ``effective`` ``[runs]`` is when what was adopted takes effect.
        """
        cycle, unknown = self.cycles, np.full(self.runs, np.nan)
        when = unknown if effective is None else effective
        self._entries.append(_Entry(cycle, period, proposal, status, unknown, when))
        self.cycles = self.cycles + 1
        return cycle

    def realise(self, cycle: Array, gain: Money, kept: Mask, reviewed: Mask) -> None:
        """Write down what packages have gained, in the runs that are ``reviewed``, and whether they are kept.

        ``cycle`` ``[runs]`` is the cycle in which each was adopted.
        """
        self._entries = [_reviewed(entry, reviewed & (cycle == entry.cycle), gain, kept) for entry in self._entries]

    def table(self) -> pd.DataFrame:
        """One row for each run, cycle and owner, in that order; money that is not known yet is missing.

        ``vote`` is missing for owners that were not asked.
        """
        import pandas as pd

        parts = [self._rows(entry) for entry in self._entries if entry.proposal.tabled.any()]
        if not parts:
            return pd.DataFrame(columns=list(COLUMNS))
        return pd.concat(parts, ignore_index=True).sort_values(["run", "cycle"], kind="stable", ignore_index=True)

    def _rows(self, entry: _Entry) -> pd.DataFrame:
        """The rows of one cycle: the runs in which something was proposed, each with all owners."""
        import pandas as pd

        said, owners = entry.proposal, len(self.owners)
        runs = np.flatnonzero(said.tabled)

        def each(values: NDArray[Any]) -> NDArray[Any]:
            return np.repeat(values[runs], owners)

        def by_owner(values: NDArray[Any]) -> NDArray[Any]:
            return values[:, runs].T.ravel()

        names = np.array(self.packages, dtype=object)[said.package[runs]]
        words = np.array([status.words for status in Status], dtype=object)[entry.status[runs]]
        columns = {
            "run": np.repeat(runs, owners),
            "cycle": entry.cycle,
            "period": entry.period,
            "package": np.repeat(names, owners),
            "status": np.repeat(words, owners),
            "predicted_gain": each(said.predicted),
            "realised_gain": each(entry.realised),
            "sponsor": each(said.sponsor),
            "owner": np.tile(np.array(self.owners, dtype=object), len(runs)),
            "claim": by_owner(said.claims),
            "vote": pd.arrays.BooleanArray(by_owner(said.votes), ~by_owner(said.voters)),
            "transfer": by_owner(said.transfers),
            "payoff": by_owner(said.payoffs),
            "effective": each(np.where(entry.status >= Status.ADOPTED, entry.effective, np.nan)),
            "moves": [words for words in (self._moves(said, int(run)) for run in runs) for _ in range(owners)],
        }
        return pd.DataFrame(columns)

    def _moves(self, said: Proposal, run: int) -> str:
        """The levers that a package moves in a run, in words: from where, to where."""
        if said.before is None or said.after is None:
            return ""
        before, after = said.before[:, run], said.after[:, run]
        parts = [
            f"{self.levers[place]} {before[place]:g} to {after[place]:g}" for place in np.flatnonzero(before != after)
        ]
        return "; ".join(parts)


def _reviewed(entry: _Entry, here: Mask, gain: Money, kept: Mask) -> _Entry:
    outcome = np.where(kept, int(Status.KEPT), int(Status.ROLLED_BACK))
    status = np.where(here, outcome, entry.status)
    realised = np.where(here, gain, entry.realised)
    return _Entry(entry.cycle, entry.period, entry.proposal, status, realised, entry.effective)
