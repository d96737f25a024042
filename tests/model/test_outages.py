"""When outages strike: states that repeat, windows, random spells, and several on one target."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from ripieno.model.outages import Outage, Outages
from ripieno.model.streams import Streams


def struck(outage: Outage, periods: int) -> list[bool]:
    found = []
    for period in range(periods):
        outage.advance(period)
        found.append(bool(outage.down[0]))
    return found


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"states": [False, True]}, [0, 1, 0, 1, 0, 1]),
        ({"window": (2, 2, None)}, [0, 0, 1, 1, 0, 0]),
        ({"window": (1, 1, 3)}, [0, 1, 0, 0, 1, 0]),
    ],
)
def test_planned_outages(when: dict[str, Any], expected: list[int]) -> None:
    assert struck(Outage("shipping", [], 1, **when), 6) == [bool(state) for state in expected]


def test_random_spells_are_geometric_with_the_given_means() -> None:
    runs = 400
    outage = Outage("shipping", [], runs, spells=(8.0, 2.0), stream=Streams(1, range(runs)).stream("outage/x"))
    states = []
    for period in range(500):
        outage.advance(period)
        states.append(outage.down)
    down = np.array(states)[100:]
    ended, began = (down[:-1] & ~down[1:]).sum(), (~down[:-1] & down[1:]).sum()
    assert down[:-1].sum() / ended == pytest.approx(2.0, rel=0.02)  # 16 000 spells: 4 standard errors
    assert (~down[:-1]).sum() / began == pytest.approx(8.0, rel=0.03)


def test_two_outages_of_one_target_add_up() -> None:
    lane = SimpleNamespace(no_shipping=None, no_transit=None)
    outages = Outages(
        [
            Outage("shipping", [lane], 1, window=(0, 1, None)),
            Outage("shipping", [lane], 1, window=(1, 1, None)),
            Outage("transit", [lane], 1, window=(2, 1, None)),
        ]
    )
    found = []
    for period in range(3):
        outages.advance(period)
        found.append((bool(lane.no_shipping[0]), bool(lane.no_transit[0])))
    assert found == [(True, False), (True, False), (False, True)]
