"""Simulating all arms on the same random numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ...agents.negotiation.ledger import COLUMNS
from ...model.schema import Scenario, ScenarioError
from ..progress import simulate_in_chunks
from ..simulate import Result
from ..sweeps.metrics import COST, absent

if TYPE_CHECKING:
    import pandas as pd

CHUNK = 512  # runs at a time: few enough that a bar moves, many enough to be fast
Advance = Callable[[str, int], None]
"""Called with the arm and with how many of its runs have just been made; 0 when it begins and nothing else runs."""


def unwatched(arm: str, made: int) -> None:
    """Shows nothing."""


def simulate_arms(
    worlds: Mapping[str, Scenario], runs: int, seed: int, advance: Advance = unwatched, workers: int = 1
) -> dict[str, Result]:
    """Simulate every arm ``runs`` times; replication i has the same random numbers in all of them.

    With several ``workers`` arms are simulated in processes of their own; the results are the same.
    Raises `ScenarioError` for fewer than one run.
    """
    if runs < 1:
        raise ScenarioError(f"runs is {runs}; ask for at least 1")
    if workers > 1 and len(worlds) > 1:
        return _in_processes(worlds, runs, seed, advance, workers)
    results = {}
    for arm, world in worlds.items():
        advance(arm, 0)
        results[arm] = simulate_in_chunks(world, runs, seed, CHUNK, lambda made, arm=arm: advance(arm, made))  # type: ignore[misc]
    return results


def _in_processes(
    worlds: Mapping[str, Scenario], runs: int, seed: int, advance: Advance, workers: int
) -> dict[str, Result]:
    """One job an arm; those that come last in a list of arms take longest, and begin first."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor, as_completed

    begun = multiprocessing.get_context("spawn")  # a fork of a process with threads may hang
    with ProcessPoolExecutor(min(workers, len(worlds)), mp_context=begun) as pool:
        jobs = {pool.submit(_simulate_arm, worlds[arm], runs, seed): arm for arm in reversed(list(worlds))}
        for job in as_completed(jobs):
            advance(jobs[job], runs)
        made = {arm: job.result() for job, arm in jobs.items()}
    return {arm: made[arm] for arm in worlds}


def _simulate_arm(world: Scenario, runs: int, seed: int) -> Result:
    return simulate_in_chunks(world, runs, seed, CHUNK, lambda made: None)


def joined(results: Mapping[str, Result], name: str) -> pd.DataFrame:
    """One table of all arms, with the column ``arm`` in front; a cost line that an arm does not have is 0 in it."""
    import pandas as pd

    tables = {arm: getattr(result, name, None) for arm, result in results.items()}
    parts = [_of(arm, table) for arm, table in tables.items() if table is not None and len(table)]
    if not parts:
        known = [table.columns for table in tables.values() if table is not None]
        return pd.DataFrame(columns=["arm", *(known[0] if known else COLUMNS)])
    whole = pd.concat(parts, ignore_index=True)
    costs: dict[Any, float] = {column: absent(str(column)) for column in whole.columns if str(column).startswith(COST)}
    return whole.fillna(costs) if costs else whole


def _of(arm: str, table: pd.DataFrame) -> pd.DataFrame:
    table = table.copy(deep=False)
    table.insert(0, "arm", arm)
    return table
