from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ripieno.experiments.sweeps.study import Study

LEVEL = "warehouses.W.policy.level"


def tiny_scenario() -> dict[str, Any]:
    return {
        "name": "tiny",
        "periods": 12,
        "seed": 3,
        "suppliers": [{"name": "S"}],
        "warehouses": [
            {
                "name": "W",
                "holding_cost": 1.0,
                "backlog_cost": 4.0,
                "initial_stock": 10.0,
                "policy": {"type": "base-stock", "level": 20.0},
            }
        ],
        "markets": [{"name": "M", "sites": ["W"], "demand": {"type": "poisson", "mean": 5.0}}],
        "lanes": [{"from": "S", "to": "W", "travel_time": 2}],
    }


@pytest.fixture
def make_study() -> Callable[..., Study]:
    """A study of a tiny scenario: 4 levels x 2 arms x 6 replications, changed as asked."""

    def make(**changed: Any) -> Study:
        table: dict[str, Any] = {
            "name": "small",
            "scenario": tiny_scenario(),
            "parameters": {LEVEL: {"values": [5.0, 15.0, 25.0, 35.0]}},
            "replications": 6,
            "arms": {"none": {}, "dear": {"warehouses.W.holding_cost": 3.0}},
            "comparison": {"control": "none"},
        }
        table |= changed
        return Study.model_validate({key: value for key, value in table.items() if value is not None})

    return make


@pytest.fixture
def study_file(tmp_path: Path, make_study: Callable[..., Study]) -> Callable[..., Path]:
    """Writes a study of the tiny scenario as a TOML file and returns its path."""
    from ripieno.experiments.sweeps.reading import dumps_study

    def write(**changed: Any) -> Path:
        path = tmp_path / "small.toml"
        path.write_text(dumps_study(make_study(**changed)), encoding="utf-8")
        return path

    return write
