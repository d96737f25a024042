"""Counts of waiting times against the sorted list of all waits."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from ripieno.agents.waits import Waits


def note(waits: Waits, wait: int, trucks: Sequence[int]) -> None:
    """Trucks of each run; every other time told one entry after the other."""
    counts = np.array(trucks, dtype=float)
    at = np.flatnonzero(counts)
    if sum(trucks) % 2:
        waits.note_each(np.full(len(at), wait), at, counts[at])
    else:
        waits.note(wait, counts)


@pytest.mark.parametrize("level", [0.5, 0.95, 1.0])
def test_quantiles_are_those_of_the_list_of_waits(level: float) -> None:
    draw, runs = Random(4), 6
    waits = Waits(runs)
    lists: list[list[int]] = [[] for _ in range(runs)]
    for _ in range(60):
        wait, trucks = int(draw.expovariate(0.05)), [draw.randint(0, 3) for _ in range(runs)]
        note(waits, wait, trucks)
        for run in range(runs):
            lists[run] += [wait] * trucks[run]
    expected = [sorted(found)[int(np.ceil(level * len(found))) - 1] for found in lists]
    assert waits.quantile(level).tolist() == expected


def test_without_trucks_there_is_no_wait_and_what_is_noted_with_none_does_not_count() -> None:
    waits = Waits(2)
    waits.note(500, np.array([0.0, 0.0]))
    waits.note(3, np.array([0.0, 1.0]))
    assert np.isnan(waits.quantile(0.95)[0])
    assert waits.quantile(0.95)[1] == 3.0


def test_the_warm_up_is_forgotten() -> None:
    waits = Waits(1)
    waits.note(9, np.array([100.0]))
    waits.reset()
    waits.note(1, np.array([1.0]))
    assert waits.quantile(1.0).item() == 1.0
