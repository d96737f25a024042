"""What a model says a lever changes in the agent's cost, against what it changes in the engine."""

from __future__ import annotations

import pytest

from .levers import LEVERS
from .worlds import Comparison

# How far the predicted cost may be off at any value of the lever; the size of samples included, as measured.
OFF = {"gain": 0.08, "doors": 0.20, "overload": 0.12, "factor": 0.10}
OTHERS = 0.05


def judge(name: str, found: Comparison) -> None:
    assert found.correlation > 0.9, f"{name}: {found.correlation}"
    assert found.wrong_signs == 0
    assert found.off < OFF.get(name, OTHERS), f"{name}: {found.simulated.mean(axis=1)} {found.predicted}"


@pytest.mark.parametrize("name", LEVERS)
def test_quick(name: str) -> None:
    judge(name, LEVERS[name](800, 48))


@pytest.mark.slow
@pytest.mark.parametrize("name", LEVERS)
def test_full(name: str) -> None:
    judge(name, LEVERS[name](2_000, 128))


def test_a_wrong_model_is_seen() -> None:
    found = LEVERS["threshold"](400, 16)
    turned = Comparison(found.simulated, found.predicted[::-1])
    assert turned.wrong_signs > 0
    assert turned.correlation < 0.9
