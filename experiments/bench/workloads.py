"""What is measured: each function takes the effort to make and returns its measurements."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from ...model.api import run_batch
from ...model.schema import Scenario, load, with_values
from ...model.streams import Streams
from . import scalar_w1
from .measure import Effort, Measurement, Work, medians, seconds, wall_median
from .network import distribution_network

SEED = 1
PER_STEP = "ns per site, period and run"
SCALAR_PERIODS = 1_000
MOST_SECONDS_TO_START = 1.0
MOST_BYTES = 2_000.0
MOST_SECONDS_TO_LOAD = 20.0
MOST_SECONDS_FOR_A_YEAR = 180.0


def batch_of(scenario: Scenario, runs: int) -> Work:
    """The work of simulating the first ``runs`` replications of a scenario."""
    return partial(run_batch, [scenario], [(0, replication) for replication in range(runs)], SEED)


def w1(effort: Effort) -> list[Measurement]:
    """The serial chain, one run and many, beside plain scalar Mesa agents; building and results included."""
    scenario = with_values(load("w1"), {"periods": effort.periods})
    sizes = (1, 1_024, 16_384) if effort.large else (1, 1_024)
    works: dict[str, Work] = {"scalar": partial(scalar_w1.run, SCALAR_PERIODS)}
    works |= {str(runs): batch_of(scenario, runs) for runs in sizes}
    taken = medians(works, effort.repetitions)
    scalar = Measurement("W1, scalar Mesa agents", _per_step(taken["scalar"], SCALAR_PERIODS, 1), PER_STEP)
    engine = [
        Measurement.against(scalar, f"W1, {runs:,} {'run' if runs == 1 else 'runs'}", value)
        for runs, value in ((runs, _per_step(taken[str(runs)], effort.periods, runs)) for runs in sizes)
    ]
    return [scalar, *engine]


def _per_step(taken: float, periods: int, runs: int) -> float:
    return taken * 1e9 / (scalar_w1.STAGES * periods * runs)


def start_up(effort: Effort) -> list[Measurement]:
    """From the shell to the printed help."""
    command = [sys.executable, "-m", "ripieno", "--help"]
    elapsed = wall_median(partial(subprocess.run, command, check=True, capture_output=True), effort.repetitions)
    return [Measurement.within(MOST_SECONDS_TO_START, "start of ripieno --help", elapsed, "s")]


def memory(effort: Effort) -> list[Measurement]:
    """What one more run costs at the peak of W1, by the difference between two batch sizes."""
    del effort  # a peak does not vary
    scenario = with_values(load("w1"), {"periods": 200})
    few, many = 1_000, 3_000
    growth = peak_bytes(batch_of(scenario, many)) - peak_bytes(batch_of(scenario, few))
    per_run = growth / (many - few) / len(scenario.warehouses)
    return [Measurement.within(MOST_BYTES, "peak memory of W1", per_run, "bytes per site and run")]


def peak_bytes(work: Work) -> int:
    """The most memory that Python and NumPy hold during the work, above what they held before."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        work()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def draws(effort: Effort) -> list[Measurement]:
    """Keyed draws, beside NumPy's own generator drawing the same amount in one stream without keys."""
    runs, periods = 1_024, effort.periods

    def keyed() -> None:
        stream = Streams(SEED, np.arange(runs)).stream("demand/bench")
        for period in range(periods):
            stream.uniforms(period)

    def plain() -> None:
        generator = np.random.Generator(np.random.Philox(SEED))
        for _ in range(periods):
            generator.random(runs)

    taken = medians({"keyed": keyed, "plain": plain}, effort.repetitions)
    count = runs * periods / 1e9
    reference = Measurement("uniform draw, NumPy's Philox in one stream", taken["plain"] / count, "ns")
    return [reference, Measurement.against(reference, "uniform draw, keyed stream", taken["keyed"] / count)]


def network(effort: Effort) -> list[Measurement]:
    """A network of 2,000 sites and 16,000 lanes: loading its file, and a year of one run. Measured once."""
    if not effort.large:
        return []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.json"
        path.write_text(json.dumps(distribution_network()), encoding="utf-8")
        loaded: list[Scenario] = []
        loading = seconds(lambda: loaded.append(load(str(path)).resolved()), time.perf_counter)
    year = seconds(batch_of(loaded[0], 1), time.perf_counter)
    return [
        Measurement.within(MOST_SECONDS_TO_LOAD, "loading 2,000 sites and 16,000 lanes", loading, "s"),
        Measurement.within(MOST_SECONDS_FOR_A_YEAR, "a year of 2,000 sites, 1 run", year, "s"),
    ]


WORKLOADS: Sequence[Callable[[Effort], list[Measurement]]] = (w1, start_up, memory, draws, network)
