"""What is measured: each function takes the effort to make and returns its measurements."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from ...model.api import run_batch
from ...model.schema import Scenario, load, with_values
from ...model.streams import Streams
from ...model.supply_chain import SupplyChain
from ..sweeps.sizing import MOST_RUNS
from . import scalar_w1, scalar_w2
from .measure import Effort, Measurement, Work, medians, seconds, wall_median
from .network import distribution_network
from .screening import screening

SEED = 1
PER_STEP = "ns per site, period and run"
SCALAR_PERIODS = 1_000
MOST_SECONDS_TO_START = 1.0
MOST_BYTES = 2_000.0
MOST_SECONDS_TO_LOAD = 20.0
MOST_SECONDS_FOR_A_YEAR = 180.0


def batch_of(scenario: Scenario, runs: int, chunk: int = MOST_RUNS) -> Callable[[], int]:
    """The work of simulating the first ``runs`` replications of a scenario, tables included; it counts their rows."""
    chunks = [range(first, min(first + chunk, runs)) for first in range(0, runs, chunk)]

    def work() -> int:
        return sum(len(run_batch([scenario], [(0, number) for number in numbers], SEED).summary) for numbers in chunks)

    return work


def w1(effort: Effort) -> list[Measurement]:
    """The serial chain, one run and many, beside plain scalar Mesa agents; building and results included."""
    scenario = with_values(load("w1"), {"periods": effort.periods})
    scalar = Scalar("W1", scalar_w1.run, SCALAR_PERIODS, scalar_w1.STAGES)
    return beside_scalar(scalar, scenario, effort)


def w2(effort: Effort) -> list[Measurement]:
    """The network with trucks and docks, likewise: a year of it, or less where fewer periods are asked for."""
    scenario = load("w2")
    periods = min(scenario.periods, effort.periods)
    scalar = Scalar("W2", scalar_w2.run, scenario.periods, scalar_w2.SITES)
    return beside_scalar(scalar, with_values(scenario, {"periods": periods}), effort)


@dataclass(frozen=True)
class Scalar:
    """A workload in plain Mesa: its name, what simulates a number of periods of it, and how many to simulate."""

    name: str
    run: Callable[[int], object]
    periods: int
    sites: int


def beside_scalar(scalar: Scalar, scenario: Scenario, effort: Effort) -> list[Measurement]:
    """A scenario for one run and many, in chunks, with the same world in plain Mesa as the reference."""
    sizes = (1, 1_024, 16_384) if effort.large else (1, 1_024)
    works: dict[str, Work] = {"scalar": partial(scalar.run, scalar.periods)}
    works |= {str(runs): batch_of(scenario, runs) for runs in sizes}
    taken = medians(works, effort.repetitions)
    alone = _per_step(taken["scalar"], scalar.periods, 1, scalar.sites)
    reference = Measurement(f"{scalar.name}, scalar Mesa agents", alone, PER_STEP)
    engine = [
        Measurement.against(reference, f"{scalar.name}, {runs:,} {'run' if runs == 1 else 'runs'}", value)
        for runs, value in ((runs, _per_step(taken[str(runs)], scenario.periods, runs, scalar.sites)) for runs in sizes)
    ]
    return [reference, *engine]


def _per_step(taken: float, periods: int, runs: int, sites: int) -> float:
    return taken * 1e9 / (sites * periods * runs)


def regional(effort: Effort) -> list[Measurement]:
    """The bundled regional network, which is wide: parts, two products, split orders, trucks; a year of it."""
    scenario = load("regional")
    sizes = (1, 1_024) if effort.large else (1, 256)
    taken = medians({str(runs): batch_of(scenario, runs) for runs in sizes}, effort.repetitions)
    sites = len(list(scenario.sites()))
    found = [_per_step(taken[str(runs)], scenario.periods, runs, sites) for runs in sizes]
    alone = Measurement("regional, 1 run", found[0], PER_STEP)
    return [alone, Measurement.against(alone, f"regional, {sizes[1]:,} runs", found[1])]


def start_up(effort: Effort) -> list[Measurement]:
    """From the shell to the printed help."""
    command = [sys.executable, "-m", "ripieno", "--help"]
    elapsed = wall_median(partial(subprocess.run, command, check=True, capture_output=True), effort.repetitions)
    return [Measurement.within(MOST_SECONDS_TO_START, "start of ripieno --help", elapsed, "s")]


def memory(effort: Effort) -> list[Measurement]:
    """What one more run costs in W1: at the peak of the simulation, by two batch sizes, and in the tables it leaves."""
    del effort  # a peak does not vary
    scenario = with_values(load("w1"), {"periods": 200})
    sites = len(list(scenario.sites()))
    few, many = 1_000, 3_000
    peaks = [peak_bytes(lambda runs=runs: simulated(scenario, runs)) for runs in (few, many)]  # type: ignore[misc]
    growth = (peaks[1] - peaks[0]) / (many - few) / sites
    result = run_batch([scenario], [(0, number) for number in range(few)], SEED)
    tables = sum(int(table.memory_usage(deep=True).sum()) for table in (result.summary, result.agents))
    return [
        Measurement.within(MOST_BYTES, "peak memory of simulating W1", growth, "bytes per site and run"),
        Measurement("tables of W1's results", tables / few / sites, "bytes per site and run"),
    ]


def simulated(scenario: Scenario, runs: int) -> None:
    """Simulate without making tables."""
    SupplyChain(scenario, np.arange(runs), seed=SEED).run().dispose()


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
        loading = seconds(lambda: loaded.append(load(str(path)).resolved()))
    year = seconds(batch_of(loaded[0], 1))
    return [
        Measurement.within(MOST_SECONDS_TO_LOAD, "loading 2,000 sites and 16,000 lanes", loading, "s"),
        Measurement.within(MOST_SECONDS_FOR_A_YEAR, "a year of 2,000 sites, 1 run", year, "s"),
    ]


WORKLOADS: Sequence[Callable[[Effort], list[Measurement]]] = (
    w1, w2, regional, screening, start_up, memory, draws, network,
)  # fmt: skip
