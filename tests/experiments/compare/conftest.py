from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import pytest
from ripieno.agents.negotiation.ledger import COLUMNS
from ripieno.experiments.compare.comparison import Comparison
from ripieno.model.schema import Scenario

COSTS = {
    "none": (100.0, 104.0, 96.0, 100.0),
    "opt": (106.0, 109.0, 101.0, 104.0),
    "selfish": (90.0, 95.0, 85.0, 90.0),
    "orch": (80.0, 83.0, 78.0, 79.0),
    "central": (78.0, 82.0, 74.0, 78.0),
}
"""Cost by arm and replication: opt loses, selfish, orch and central gain."""

Make = Callable[..., Comparison]


def summary_of(costs: Mapping[str, Sequence[float]], **more: Mapping[str, Sequence[float]]) -> pd.DataFrame:
    rows = [
        {"arm": arm, "run": run, "replication": run, "cost": cost}
        | {metric: values[arm][run] for metric, values in more.items()}
        for arm, line in costs.items()
        for run, cost in enumerate(line)
    ]
    return pd.DataFrame(rows)


def agents_of(scores: Mapping[str, Mapping[str, Sequence[float]]]) -> pd.DataFrame:
    """Own scores by owner and arm as the table of agents, with another metric between them."""
    rows = [
        (arm, run, f"owner {owner}", metric, sign * value)
        for owner, by_arm in scores.items()
        for arm, line in by_arm.items()
        for run, value in enumerate(line)
        for metric, sign in (("profit", -1.0), ("score", 1.0))
    ]
    return pd.DataFrame(rows, columns=["arm", "run", "agent", "metric", "value"])


def cycle(
    run: int, number: int, status: str, owners: Mapping[str, tuple[Any, ...]], **more: Any
) -> list[dict[str, Any]]:
    """One cycle of a ledger; of each owner claim, vote and transfer."""
    said = {"package": "B waits", "predicted_gain": 6.0, "realised_gain": float("nan"), "sponsor": 0.0, "moves": ""}
    head = {"arm": "orch", "run": run, "cycle": number, "period": 80 + 20 * number, "status": status} | said | more
    return [
        head | {"owner": owner, "claim": claim, "vote": vote, "transfer": transfer, "payoff": transfer - claim}
        for owner, (claim, vote, transfer) in owners.items()
    ]


def ledger_of(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    columns = ["arm", *(name for name in COLUMNS if name != "effective")]
    return pd.DataFrame(list(rows), columns=columns).astype({"vote": "boolean"})


def two_runs() -> pd.DataFrame:
    """Two runs: kept, voted down and rolled back in the first, kept in the second."""
    owners = {"A": (-8.0, True, -5.0), "B": (2.0, True, 5.0)}
    refused = {"A": (-8.0, True, -5.0), "B": (2.0, False, 5.0)}
    return ledger_of(
        [
            *cycle(0, 0, "kept", owners, realised_gain=4.0),
            *cycle(0, 1, "voted down", refused, predicted_gain=9.0),
            *cycle(0, 2, "rolled back", owners, package="A halves lots", predicted_gain=3.0, realised_gain=-2.0),
            *cycle(1, 0, "kept", owners, predicted_gain=8.0, realised_gain=5.0),
        ]
    )


@pytest.fixture
def ledger() -> pd.DataFrame:
    return two_runs()


def comparison_of(
    world: Scenario,
    costs: Mapping[str, Sequence[float]],
    scores: Mapping[str, Mapping[str, Sequence[float]]] | None = None,
    ledger: pd.DataFrame | None = None,
    **more: Mapping[str, Sequence[float]],
) -> Comparison:
    """A comparison from costs, own scores and a ledger; other metrics by name."""
    return Comparison(
        scenario=world,
        worlds=dict.fromkeys(costs, world),
        reference="none" if "none" in costs else next(iter(costs)),
        seed=3,
        runs=len(next(iter(costs.values()))),
        summary=summary_of(costs, **more),
        agents=agents_of(scores or {}),
        ledger=ledger_of([]) if ledger is None else ledger,
    )


@pytest.fixture
def made(world: Scenario) -> Make:
    return partial(comparison_of, world)
