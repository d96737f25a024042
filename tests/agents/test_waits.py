"""Counts of waiting times against the sorted list of all waits."""

from __future__ import annotations

import numpy as np
import pytest
from ripieno.agents.waits import Waits


@pytest.mark.parametrize("level", [0.5, 0.95, 1.0])
def test_quantiles_are_those_of_the_list_of_waits(level: float) -> None:
    draw, runs = np.random.default_rng(4), 6
    waits, lists = Waits(runs), [[] for _ in range(runs)]  # type: list[list[int]]
    for _ in range(60):
        wait, trucks = draw.geometric(0.05, runs) - 1, draw.integers(0, 4, runs)
        waits.note(wait.astype(float), trucks.astype(float))
        for run in range(runs):
            lists[run] += [int(wait[run])] * int(trucks[run])
    expected = [sorted(found)[int(np.ceil(level * len(found))) - 1] for found in lists]
    assert waits.quantile(level).tolist() == expected
    assert max(map(max, lists)) > 32  # the table has grown more than once


def test_without_trucks_there_is_no_wait_and_what_is_noted_with_none_does_not_count() -> None:
    waits = Waits(2)
    waits.note(np.array([500.0, 3.0]), np.array([0.0, 1.0]))
    assert np.isnan(waits.quantile(0.95)[0])
    assert waits.quantile(0.95)[1] == 3.0


def test_the_warm_up_is_forgotten() -> None:
    waits = Waits(1)
    waits.note(np.array([9.0]), np.array([100.0]))
    waits.reset()
    waits.note(np.array([1.0]), np.array([1.0]))
    assert waits.quantile(1.0).item() == 1.0
