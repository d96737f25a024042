"""Every family of targets agrees with the literature: a quick measurement by default, a full one when asked for."""

from __future__ import annotations

import pytest
from ripieno.experiments.validation.collect import family_names, measured
from ripieno.experiments.validation.targets import Effort, Target


def misses(family: str, effort: Effort) -> list[str]:
    found = list(measured(family, effort))
    assert found
    assert all(target.name.startswith(f"{family}/") for target in found)
    return [line(target) for target in found if target.verdict == "miss"]


def line(target: Target) -> str:
    return f"{target.name}: expected {target.expected}, measured {target.measured}, tolerance {target.tolerance}"


@pytest.mark.parametrize("family", family_names())
def test_quick(family: str) -> None:
    assert not misses(family, Effort(quick=True))


@pytest.mark.slow
@pytest.mark.parametrize("family", family_names())
def test_full(family: str) -> None:
    assert not misses(family, Effort())


def test_statistical_targets_do_not_hug_their_bands() -> None:
    """Four standard errors are a bound, not the usual distance: a third of the targets is beyond one of them."""
    found = [target for target in measured("newsvendor", Effort(quick=True)) if target.standard_error]
    distances = [abs(target.measured - target.expected) / (target.standard_error or 1.0) for target in found]
    assert 0.2 < sum(distances) / len(distances) < 2.0
