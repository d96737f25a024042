"""A progress bar for long simulations: on a terminal only, and only when there is something to wait for."""

from __future__ import annotations

from typing import Any

from ..model.schema import Scenario
from .simulate import Result, simulate

CHUNK = 4096  # runs simulated together; beyond that memory grows and speed does not


def simulate_with_progress(
    scenario: Scenario, runs: int | None = None, seed: int | None = None, **watch: Any
) -> Result:
    """As `simulate`, many runs in chunks, with a bar on a terminal."""
    import pandas as pd
    from rich.progress import Progress

    from ..model.api import run_batch

    count = scenario.runs if runs is None else runs
    if count <= CHUNK:
        return simulate(scenario, runs=count, seed=seed, **watch)
    study_seed = scenario.seed if seed is None else seed
    parts = []
    with Progress(transient=True) as progress:
        task = progress.add_task("simulating", total=count)
        for first in range(0, count, CHUNK):
            pairs = [(0, replication) for replication in range(first, min(first + CHUNK, count))]
            part = run_batch([scenario], pairs, study_seed, **watch)
            for table in (part.summary, part.agents, part.series):
                if table is not None:
                    table["run"] = table["run"] + first
            parts.append(part)
            progress.advance(task, len(pairs))
    joined = {
        name: None
        if getattr(parts[0], name) is None
        else pd.concat([getattr(p, name) for p in parts], ignore_index=True)
        for name in ("summary", "agents", "series")
    }
    return Result((scenario,), study_seed, joined["summary"], joined["agents"], joined["series"])
