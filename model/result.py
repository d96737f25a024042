"""What a simulation gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .schema import Scenario

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Result:
    """Tables of a simulation.

    ``summary``: one row a run with ``run``, ``replication``, the parameters in which design points differ, and the
    metrics of the network. ``agents``: run, agent, metric, value. ``series`` (only when asked for): run, period,
    agent, partner, product, quantity, value. ``ledger`` (only where agents negotiate): one row for each run, cycle and
    owner, see `ripieno.agents.negotiation.ledger`.
    """

    scenarios: tuple[Scenario, ...]
    seed: int
    summary: pd.DataFrame
    agents: pd.DataFrame
    series: pd.DataFrame | None = None
    ledger: pd.DataFrame | None = None

    def agent(self, name: str, metric: str) -> pd.Series:
        """One metric of one agent, by run.

        Raises `LookupError` when the table has no such rows.
        """
        chosen = self.agents[(self.agents["agent"] == name) & (self.agents["metric"] == metric)]
        if chosen.empty:
            raise LookupError(f"no metric {metric!r} of {name!r}; see result.agents for what there is")
        return chosen.set_index("run")["value"]
