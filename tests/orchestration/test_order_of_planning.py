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
    "switch": 70,
    "cadence": 10,
    "trial": 10,
    "threshold": {"share": 0.0},
    "own": {"threshold": 0.0, "cadence": 10, "steps": 10},
    "rollback": False,
    "transfer": "equal",
    "search": {
        "trials": "exact",
        "history": 40,
        "rounds": 4,
        "singles": 6,
        "menus": ["bundles", "neighbours", "random-moves", "annealed"],
    },
}
"""Truthful claims, transfers, trials that know the future, several rounds; nothing costs anything or takes time."""


def final_cost(arm: str, level: float, runs: int, measured: int = 80) -> np.ndarray:
    """The cost of the network a period, ``[runs]``, after both halves of the arm have had 50 periods or more."""
    scenario = orchestrated(arm, pair(140 + measured, level, warm_up=140), **FREE)
    return np.asarray(ripieno.simulate(scenario, runs=runs).summary["cost"])


def test_the_order_does_not_matter() -> None:
    first, last = (final_cost(arm, 60, 8) for arm in ("opt-then-orch", "orch-then-opt"))
    assert tost(last, first, relative=0.02).equivalent
    without = final_cost("none", 60, 8)
    assert not tost(without, first, relative=0.02).equivalent
    assert first.mean() < 0.8 * without.mean()


@pytest.mark.slow
@pytest.mark.parametrize("level", [24, 30, 60])
def test_before_and_while_agents_plan_alone_it_comes_to_the_same(level: float) -> None:
    first = final_cost("opt-then-orch", level, 40)
    for arm in ("orch", "interleaved"):
        found = tost(final_cost(arm, level, 40), first, relative=0.02)
        assert found.equivalent, (arm, found)


@pytest.mark.slow
def test_the_order_does_not_matter_in_many_runs() -> None:
    """The shop with far too much stock, where agents alone want what the network wants of the levers left over."""
    first, last = (final_cost(arm, 60, 60) for arm in ("opt-then-orch", "orch-then-opt"))
    assert tost(last, first, relative=0.02).equivalent
