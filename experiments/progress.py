"""A progress bar for long simulations: on a terminal only, and only when there is something to wait for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..model.result import Result as Part
from ..model.schema import Scenario
from .simulate import Result, simulate

CHUNK = 4096  # runs simulated together; beyond that memory grows and speed does not
TABLES = ("summary", "agents", "series", "ledger")


def simulate_with_progress(
    scenario: Scenario, runs: int | None = None, seed: int | None = None, **watch: bool
) -> Result:
    """As `simulate`, many runs in chunks, with a bar on a terminal; the result does not depend on the chunks."""
    from rich.progress import Progress

    count = scenario.runs if runs is None else runs
    study_seed = scenario.seed if seed is None else seed
    if count <= CHUNK:
        return simulate(scenario, runs=count, seed=study_seed, **watch)
    with Progress(transient=True) as progress:
        task = progress.add_task("simulating", total=count)
        return simulate_in_chunks(
            scenario, count, study_seed, CHUNK, lambda made: progress.advance(task, made), **watch
        )


def simulate_in_chunks(
    scenario: Scenario, runs: int, seed: int, chunk: int, made: Callable[[int], None], **watch: bool
) -> Result:
    """As `simulate`, at most ``chunk`` runs at a time; ``made`` is called after each chunk with its number of runs."""
    from ..model.api import run_batch

    parts = []
    for first in range(0, runs, chunk):
        pairs = [(0, replication) for replication in range(first, min(first + chunk, runs))]
        parts.append((first, run_batch([scenario], pairs, seed, **watch)))
        made(len(pairs))
    return Result((scenario,), seed, **{name: _joined(parts, name) for name in TABLES})


def _joined(parts: list[tuple[int, Part]], name: str) -> Any:
    """One table of all chunks, its runs counted through."""
    import pandas as pd

    found = [(first, getattr(part, name)) for first, part in parts]
    if found[0][1] is None:
        return None
    full = [(first, table) for first, table in found if len(table)] or found[:1]
    return pd.concat([table.assign(run=table["run"] + first) for first, table in full], ignore_index=True)
