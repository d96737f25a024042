from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ripieno.experiments.sweeps.runner import Options, run_study
from ripieno.experiments.sweeps.study import Study

SCENARIO: dict[str, Any] = {
    "name": "tiny",
    "periods": 12,
    "seed": 3,
    "suppliers": [{"name": "S"}],
    "warehouses": [{"name": "W", "holding_cost": 1.0, "policy": {"type": "base-stock", "level": 20.0}}],
    "markets": [{"name": "M", "sites": ["W"], "demand": {"type": "poisson", "mean": 5.0}}],
    "lanes": [{"from": "S", "to": "W", "travel_time": 2}],
}
STUDY: dict[str, Any] = {
    "name": "small",
    "description": "In a small world?",
    "scenario": SCENARIO,
    "metrics": ["cost", "fill_rate"],
    "parameters": {"level": {"values": [5.0, 15.0], "keys": ["warehouses.W.policy.level"]}},
    "replications": 3,
    "arms": {"none": {}, "dear": {"warehouses.W.holding_cost": 3.0}},
    "comparison": {"control": "none", "metrics": ["cost"]},
    "predictions": [{"metric": "cost", "arm": "dear", "expected": "higher"}],
}


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small study that was run."""
    folder = tmp_path_factory.mktemp("research") / "results"
    run_study(Study.model_validate(STUDY), folder, Options(quiet=True))
    return folder
