"""Paired differences between two worlds that share their random numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

LEVEL = 0.95
ROUNDING = 1e-12


@dataclass(frozen=True)
class Paired:
    """Means of A and B over ``count`` pairs of runs, and the mean of A - B with its confidence interval."""

    a: float
    b: float
    difference: float
    low: float
    high: float
    count: int

    @property
    def sure(self) -> bool:
        """Whether the interval lies on one side of zero."""
        return self.low > 0 or self.high < 0


def paired(a: Any, b: Any) -> Paired:
    """The paired t interval of A - B over the pairs that have a value in both; missing bounds with fewer than two.

    Numbers that differ by rounding alone are equal.
    """
    first, second = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    fine = np.isfinite(first) & np.isfinite(second)
    first, second = first[fine], second[fine]
    count = int(fine.sum())
    if count == 0:
        return Paired(np.nan, np.nan, np.nan, np.nan, np.nan, 0)
    differences = np.where(np.isclose(first, second, rtol=ROUNDING, atol=0.0), 0.0, first - second)
    mean = float(differences.mean())
    means = float(first.mean()), float(second.mean())
    if count < 2:
        return Paired(*means, mean, np.nan, np.nan, count)
    if np.ptp(differences) == 0:
        return Paired(*means, mean, mean, mean, count)
    from scipy import stats

    low, high = stats.t.interval(LEVEL, count - 1, loc=mean, scale=stats.sem(differences))
    return Paired(*means, mean, float(low), float(high), count)


def column(table: pd.DataFrame, point: int, name: str) -> Any:
    """A metric of the network of one world, by replication."""
    chosen = table[table["point"] == point].sort_values("replication")
    return chosen[name].to_numpy(dtype=float)


def of_agent(table: pd.DataFrame, point: int, agent: str, metric: str) -> Any:
    """A metric of one agent in one world, by replication; all missing where there is none."""
    replications = np.sort(table["replication"].unique())
    chosen = table[(table["point"] == point) & (table["agent"] == agent) & (table["metric"] == metric)]
    return chosen.set_index("replication")["value"].reindex(replications).to_numpy(dtype=float)


def joined(values: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables of several batches of replications as one of the network and one of the agents."""
    import pandas as pd

    networks, agents = zip(*values, strict=True)
    return pd.concat(networks, ignore_index=True), pd.concat(agents, ignore_index=True)
