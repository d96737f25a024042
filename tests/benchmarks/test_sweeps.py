"""The same small model swept three ways, ``pytest -m benchmark``: a study, a loop over plain Mesa, and EMA Workbench.

The model is W1, which `ripieno.experiments.bench.scalar_w1` holds in plain Mesa. A loop over it is what a batch runner
in one process does. Times are reported for ``extra_info["runs"]`` runs each and judged by nobody.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ripieno.experiments.bench import scalar_w1
from ripieno.experiments.sweeps import Options, Study, run_study

pytestmark = pytest.mark.benchmark
PERIODS, FEW, MANY = 1_000, 40, 20_000


def swept(folder: Path, replications: int, workers: int = 1) -> Callable[[], int]:
    """A study of W1 at 4 levels of safety stock, into a new folder every time."""
    table = {
        "name": "w1-levels",
        "scenario": "w1",
        "metrics": ["cost", "Stage4.bullwhip_day"],
        "parameters": {"warehouses.Stage1.policy.safety": {"values": [0.0, 10.0, 20.0, 30.0]}},
        "replications": replications,
    }
    study = Study.model_validate(table)
    count = iter(range(100))

    def work() -> int:
        return run_study(study, folder / str(next(count)), Options(workers=workers, quiet=True)).added

    return work


@pytest.mark.parametrize("runs", [FEW, MANY])
def test_study(benchmark: Any, tmp_path: Path, runs: int) -> None:
    benchmark.extra_info["runs"] = runs
    assert benchmark.pedantic(swept(tmp_path, runs // 4), rounds=3, warmup_rounds=1) == runs


@pytest.mark.parametrize("workers", [2, 4])
def test_study_on_workers(benchmark: Any, tmp_path: Path, workers: int) -> None:
    benchmark.extra_info["runs"] = 5 * MANY
    assert benchmark.pedantic(swept(tmp_path, 5 * MANY // 4, workers), rounds=1) == 5 * MANY


def test_loop_over_plain_mesa(benchmark: Any) -> None:
    benchmark.extra_info["runs"] = FEW

    def loop() -> int:
        return len([scalar_w1.run(PERIODS, seed).stages[-1].bullwhip for seed in range(FEW)])

    assert benchmark.pedantic(loop, rounds=3, warmup_rounds=1) == FEW


def test_ema_workbench_over_plain_mesa(benchmark: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its parallel back-ends that are not installed
        workbench = pytest.importorskip("ema_workbench")

        def chain(seed: float) -> dict[str, float]:
            return {"bullwhip": scalar_w1.run(PERIODS, int(seed)).stages[-1].bullwhip}

        model = workbench.Model("w1", function=chain)
        model.uncertainties = [workbench.IntegerParameter("seed", 0, 10_000)]
        model.outcomes = [workbench.ScalarOutcome("bullwhip")]
        benchmark.extra_info["runs"] = FEW
        outcome = benchmark.pedantic(lambda: workbench.perform_experiments(model, scenarios=FEW), rounds=3)
    assert len(outcome[1]["bullwhip"]) == FEW
