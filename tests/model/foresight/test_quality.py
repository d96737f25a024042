"""How well agents foresee what levers do, by the closed form and after trials, on simulated interventions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from ripieno.experiments.foresight_quality import Effort, agreement, for_network, quality
from ripieno.model.schema import load

BAKERY = str(Path(__file__).parent / "bakery.toml")
QUICK = Effort(interventions=24, runs=8, learn=80, settle=30, measure=100, history=100)


@pytest.mark.parametrize("name", [BAKERY, "e5-departures"])
def test_most_signs_are_right(name: str) -> None:
    found = quality(load(name), QUICK)
    closed, trials = for_network(found), for_network(found, tried=True)
    assert closed.counted > 10
    assert closed.right_sign >= 0.85
    assert closed.ranks > 0.8
    assert trials.right_sign >= 0.85
    assert trials.correlation > 0.8
    assert trials.ranks > 0.9


def test_agreement_counts_signs_of_large_changes() -> None:
    foreseen, simulated = np.array([1.0, -2.0, 3.0, -1.0]), np.array([2.0, -4.0, 6.0, 0.1])
    found = agreement(foreseen, simulated, 1.0)
    assert (found.right_sign, found.counted) == (1.0, 3)
    assert agreement(foreseen, simulated, 0.05).right_sign == 0.75
    assert agreement(2.0 * simulated, simulated, 1.0).correlation == pytest.approx(1.0)


LONG = Effort(interventions=120, learn=200, history=200)
FULL = ["regional", "w2", "e1-picking-waves", "e3-stock-cuts", "e4-long-campaigns", "e5-departures", BAKERY]


@pytest.mark.slow
@pytest.mark.parametrize("name", FULL)
def test_trials_foresee_the_network(name: str) -> None:
    found = quality(load(name), LONG)
    closed, trials = for_network(found), for_network(found, tried=True)
    assert closed.right_sign >= 0.8
    assert trials.right_sign >= 0.85
    assert trials.correlation >= 0.9
