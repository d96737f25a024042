"""The load of the latest looks, against one that remembers every look of one run."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from ripieno.agents.recent_load import RecentLoad

LOOKS = 40
NONE = np.zeros((1, 3))


def by_hand(loads: Sequence[float], waits: Sequence[int]) -> list[float]:
    """The recent load after each look; what is old once stays old."""
    first_recent = 0
    sums = []
    for look, wait in enumerate(waits):
        first_recent = max(first_recent, look + 1 - wait)
        sums.append(sum(loads[first_recent : look + 1]))
    return sums


def test_a_plain_wait_counts_so_many_looks() -> None:
    recent = RecentLoad(3, NONE)
    sums = []
    for load in (1.0, 2.0, 4.0, 8.0, 16.0):
        recent.push(NONE + load)
        sums.append(recent.value[0, 0])
    assert sums == [1, 3, 7, 14, 28]


@pytest.mark.parametrize("number", range(20))
def test_every_run_counts_as_far_back_as_its_own_wait(number: int) -> None:
    draw = Random(number)
    loads = np.array([[float(draw.randint(0, 9)) for _ in range(LOOKS)] for _ in range(3)])
    waits = np.zeros((3, LOOKS), dtype=int)
    for run in range(3):
        for look in range(LOOKS):
            keeps = look > 0 and draw.random() < 0.8
            waits[run, look] = waits[run, look - 1] if keeps else draw.choice((0, 1, 2, 3, 6))
    recent = RecentLoad(waits[:, 0].astype(float), NONE)
    alone = [RecentLoad(int(waits[run, 0]), NONE[:, :1]) for run in range(3)]
    found = []
    for look in range(LOOKS):
        recent.limit(waits[:, look].astype(float))
        recent.push(loads[:, look][None])
        found.append(recent.value[0])
        for run in range(3):
            alone[run].limit(int(waits[run, look]))
            alone[run].push(loads[run, look].reshape(1, 1))
            assert alone[run].value.tolist() == [[recent.value[0, run]]]
    for run in range(3):
        assert [values[run] for values in found] == by_hand(loads[run], waits[run])
