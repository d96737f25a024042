"""What a comparison is made from: the runs of all arms and the tables drawn from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ...model.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Findings:
    """The same world under each arm.

    ``worlds`` are the scenarios by arm, ``reference`` the arm that the others are compared with first. The tables are
    those of `ripieno.simulate` with the column ``arm`` in front: ``summary`` (one row an arm and run), ``agents`` (arm,
    run, agent, metric, value) and ``ledger`` (one row an arm, run, cycle and owner; without rows where nobody
    negotiated).
    """

    scenario: Scenario
    worlds: Mapping[str, Scenario]
    reference: str
    seed: int
    runs: int
    summary: pd.DataFrame = field(repr=False)
    agents: pd.DataFrame = field(repr=False)
    ledger: pd.DataFrame = field(repr=False)

    @property
    def arms(self) -> tuple[str, ...]:
        """The names of the arms, in the order given."""
        return tuple(self.worlds)

    @property
    def others(self) -> tuple[str, ...]:
        """The arms without the reference."""
        return tuple(arm for arm in self.worlds if arm != self.reference)

    @cached_property
    def paired(self) -> pd.DataFrame:
        """Paired differences of every metric; see `ripieno.experiments.compare.pairing.paired_arms`."""
        from .pairing import paired_arms

        return paired_arms(self.summary)

    @cached_property
    def gap(self) -> pd.DataFrame:
        """Shares of the gap in the cost; see `ripieno.experiments.compare.gap.gap_parts`."""
        from .gap import gap_parts

        return gap_parts(self.summary)

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Each owner's own score against the network's; see `ripieno.experiments.compare.scoreboard.scores`."""
        from .scoreboard import scores

        return scores(self.agents, self.paired, self.ledger, self.reference, self.runs)
