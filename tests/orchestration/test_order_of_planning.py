"""Without frictions it does not matter when packages are negotiated: before, after or while agents plan alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import ripieno
from ripieno.experiments.statistics.equivalence import tost

from .worlds import orchestrated, pair

FREE: dict[str, Any] = {
    "first": 20,
    "switch": 120,
    "cadence": 20,
    "trial": 20,
    "threshold": {"share": 0.0},
    "own": {"threshold": 0.0, "cadence": 20, "steps": 10},
    "rollback": False,
    "transfer": "equal",
    "search": {
        "trials": "exact",
        "history": 200,
        "rounds": 4,
        "singles": 6,
        "menus": ["bundles", "neighbours", "random-moves", "annealed"],
    },
}
"""Truthful claims, transfers, trials that know the future, several rounds; nothing costs anything or takes time.

The trials are long: with short ones whoever goes on negotiating to the end follows the noise that it foresees.
"""


def final_cost(arm: str, level: float, runs: int, measured: int = 200) -> np.ndarray:
    """The cost of the network a period, ``[runs]``, after both halves of the arm have had several cycles."""
    scenario = orchestrated(arm, pair(180 + measured, level, warm_up=180), **FREE)
    return np.asarray(ripieno.simulate(scenario, runs=runs).summary["cost"])


def test_the_order_does_not_matter() -> None:
    first, last = (final_cost(arm, 60, 4, measured=100) for arm in ("opt-then-orch", "orch-then-opt"))
    assert tost(last, first, relative=0.02).equivalent
    without = final_cost("none", 60, 4, measured=100)
    assert not tost(without, first, relative=0.02).equivalent
    assert first.mean() < 0.8 * without.mean()


@pytest.mark.slow
@pytest.mark.parametrize("level", [24, 30, 60])
def test_the_order_does_not_matter_in_many_runs(level: float) -> None:
    first = final_cost("opt-then-orch", level, 80)
    for arm in ("orch-then-opt", "interleaved", "orch"):
        found = tost(final_cost(arm, level, 80), first, relative=0.02)
        assert found.equivalent, (arm, found)
