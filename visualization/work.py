"""What the workers compute: plain functions of scenarios and seeds, so that the same inputs give the same answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..model.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

ARMS = ("A", "B")


def record_pair(a: Scenario, b: Scenario, names: tuple[str, str]) -> bytes:
    """The recording of one run of two worlds, as the player reads it."""
    from .recording import record

    return record(a, b, labels=names).to_bytes()


def run_points(points: Sequence[Scenario], seed: int, first: int, count: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Replications ``first`` to ``first + count`` of some worlds on the same random numbers.

    Gives the table of the network and the table of the agents, with the columns ``point`` and ``replication``.
    """
    import numpy as np

    from ..model.api import run_batch

    pairs = [(point, replication) for point in range(len(points)) for replication in range(first, first + count)]
    found = run_batch(points, pairs, seed)
    place = np.array([point for point, _ in pairs])
    replication = np.array([replication for _, replication in pairs])
    summary = found.summary.assign(point=place, replication=replication)
    rows = found.agents["run"].to_numpy()
    return summary, found.agents.assign(point=place[rows], replication=replication[rows])


def run_ledger(scenario: Scenario, seed: int) -> Any:
    """The ledger of one run of a world, or nothing where nobody negotiates."""
    from ..model.api import simulate

    return getattr(simulate(scenario, runs=1, seed=seed), "ledger", None)


def run_orders(points: Sequence[Scenario], seed: int, runs: int) -> list[dict[str, Any]]:
    """Of each world the orders of every echelon and outside demand, and the cost, ``[periods, runs]``.

    Echelons are in the order from the markets upstream.
    """
    return [_orders(point, seed, runs) for point in points]


def _orders(scenario: Scenario, seed: int, runs: int) -> dict[str, Any]:
    import numpy as np

    from ..model.supply_chain import SupplyChain

    world = SupplyChain(scenario, list(range(runs)), seed=seed, series=True).run()
    recorder = world.recorder
    assert recorder is not None
    levels = {"demand": [recorder.array(market, "demanded").sum(axis=1) for market in world.markets]}
    for echelon in world.echelons:
        names = [member.name for member in echelon.members]
        levels[f"echelon {echelon.name}: {_listed(names)}"] = [
            recorder.array(name, "ordered").sum(axis=1) for name in names
        ]
    lines = {(line.agent, f"cost {line.name}") for line in world.accounts.lines if line.payee is None}
    money = sum((recorder.array(*line).sum(axis=1) for line in lines), np.zeros((world.period, runs)))
    world.dispose()
    added = {name: np.sum(arrays, axis=0).astype(np.float32) for name, arrays in levels.items()}
    return {"levels": added, "money": money.astype(np.float32)}


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 3 else f"{', '.join(names[:2])} and {len(names) - 2} more"
