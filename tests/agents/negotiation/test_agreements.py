"""Locks, corridors, terms and drift."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ripieno.agents.negotiation.agreements import Agreements, Terms

quick = settings(deadline=None, derandomize=True, database=None)
YES = np.array([[True]])


def agreed(enforcement: float = 1.0, corridor: float = 0.0) -> Agreements:
    held = Agreements(1, 1, enforcement)
    terms = Terms(np.array([[10.0]]), starts=np.array([[3.0]]), ends=np.array([[6.0]]), corridor=corridor)
    held.adopt(YES, terms, before=np.array([[4.0]]))
    return held


def course(held: Agreements, wanted: float, periods: int = 8) -> list[float]:
    stood = []
    for period in range(periods):
        stood.append(held.levers(np.array([[wanted]]), period).item())
        held.end_period(period)
    return stood


def test_a_lock_holds_from_its_start_to_the_end_of_its_term() -> None:
    held = agreed()
    assert course(held, 1.0) == [1.0, 1.0, 1.0, 10.0, 10.0, 10.0, 1.0, 1.0]
    assert [bool(held.open(period).item()) for period in range(8)] == [False] * 6 + [True] * 2
    assert held.before.item() == 4.0


def test_within_the_corridor_the_owner_is_free() -> None:
    assert course(agreed(corridor=2.0), 9.0)[3] == 9.0
    assert course(agreed(corridor=2.0), 1.0)[3] == 8.0
    assert course(agreed(corridor=2.0), 99.0)[3] == 12.0


def test_levers_drift_under_weak_enforcement() -> None:
    assert course(agreed(enforcement=0.5), 2.0)[3:6] == [10.0, 6.0, 4.0]
    assert course(agreed(enforcement=0.0), 2.0)[3:6] == [10.0, 2.0, 2.0]


def test_a_new_agreement_restores_discipline() -> None:
    held = agreed(enforcement=0.5)
    course(held, 2.0, periods=5)
    held.adopt(YES, Terms(np.array([[7.0]]), starts=5, ends=9), before=np.array([[4.0]]))
    assert held.levers(np.array([[2.0]]), 5).item() == 7.0


def test_where_nothing_was_agreed_on_before_an_agreement_that_is_taken_back_leaves_the_owner_free() -> None:
    held = agreed()
    held.take_back(YES)
    assert course(held, 1.0) == [1.0] * 8
    assert held.open(0).all()


def test_an_agreement_that_is_taken_back_leaves_the_one_before_in_force() -> None:
    """For the rest of its term, with the discipline that was left."""
    held = agreed(enforcement=0.5)
    course(held, 2.0, periods=4)  # in force in period 3, once
    held.adopt(YES, Terms(np.array([[7.0]]), starts=4, ends=9), before=np.array([[6.0]]))
    assert held.levers(np.array([[2.0]]), 4).item() == 7.0
    held.take_back(YES)
    assert held.levers(np.array([[2.0]]), 5).item() == 6.0
    assert not held.locked(6).any()
    assert held.before.item() == 4.0


def test_other_levers_and_runs_stay_as_they_are() -> None:
    held = Agreements(2, 2)
    moved = np.array([[True, False], [False, False]])
    held.adopt(moved, Terms(np.full((2, 2), 5.0), starts=0, ends=9), before=np.zeros((2, 2)))
    assert held.levers(np.full((2, 2), 1.0), 0).tolist() == [[5.0, 1.0], [1.0, 1.0]]
    held.take_back(~moved)
    assert held.locked(0).tolist() == moved.tolist()


@quick
@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9), st.floats(0, 1e6), st.integers(1, 30))
def test_full_enforcement_is_exact_for_ever(value: float, wanted: float, corridor: float, periods: int) -> None:
    held = Agreements(1, 1)
    held.adopt(YES, Terms(np.array([[value]]), starts=0, ends=99, corridor=corridor), before=np.zeros((1, 1)))
    for period in range(periods):
        held.end_period(period)
    stands = held.levers(np.array([[wanted]]), periods).item()
    assert value - corridor <= stands <= value + corridor
    assert stands == pytest.approx(min(max(wanted, value - corridor), value + corridor), abs=0.0)
