"""Sharing scarce stock, by hand and for all that hypothesis can think of."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ripieno.agents.allocation.base import share_fairly
from ripieno.agents.allocation.first_come import FirstCome, by_age
from ripieno.agents.allocation.priority import Priority
from ripieno.agents.allocation.proportional import Proportional

quick = settings(deadline=None, derandomize=True, database=None)


class Lane:
    """A lane that owes some units of one product in one run."""

    def __init__(self, owed: float, **terms: Any) -> None:
        self.owed = self.booked = np.array([[float(owed)]])
        self.limit = terms.get("limit")
        self.partial = terms.get("partial", True)
        self.priority = terms.get("priority")

    def book(self, amount: float) -> None:
        self.booked = np.array([[float(amount)]])
        self.owed = self.owed + self.booked


def shared(rule: Any, available: float, *lanes: Lane) -> list[float]:
    rule.start(SimpleNamespace())
    return [share.item() for share in rule(np.array([[float(available)]]), lanes)]


def test_priority_serves_in_the_order_of_the_list() -> None:
    assert shared(Priority(), 10, Lane(4), Lane(5), Lane(6)) == [4, 5, 1]


def test_priority_serves_small_numbers_first_and_lanes_without_one_last() -> None:
    assert shared(Priority(), 10, Lane(6), Lane(5, priority=2), Lane(4, priority=1)) == [1, 5, 4]
    assert shared(Priority(), 7, Lane(6, priority=0), Lane(5, priority=0)) == [6, 1]


def test_priority_passes_on_what_all_or_nothing_leaves() -> None:
    assert shared(Priority(), 10, Lane(4), Lane(8, partial=False), Lane(5)) == [4, 0, 5]


def test_a_limit_leaves_stock_for_the_others() -> None:
    assert shared(Priority(), 10, Lane(8, limit=3.0), Lane(9)) == [3, 7]
    assert shared(Priority(), 10, Lane(8, limit=3.0, partial=False), Lane(9)) == [0, 9]


def test_a_lane_alone_takes_all_or_nothing_when_it_says_so() -> None:
    assert shared(Proportional(), 5, Lane(6)) == [5]
    assert shared(Proportional(), 5, Lane(6, partial=False)) == [0]
    assert shared(Proportional(), 6, Lane(6, partial=False)) == [6]
    assert shared(Proportional(), 6, Lane(6, limit=4.0)) == [4]


def test_proportional_gives_everybody_the_same_part() -> None:
    assert shared(Proportional(), 6, Lane(4), Lane(8)) == [2, 4]
    assert shared(Proportional(), 12, Lane(4), Lane(8)) == [4, 8]
    assert shared(Proportional(), 13, Lane(4), Lane(8)) == [4, 8]
    assert shared(Proportional(), 6, Lane(4), Lane(40, limit=8.0)) == [2, 4]


def test_all_or_nothing_lanes_pool_their_parts() -> None:
    # Half of 4 + 6 + 10 is there. The pool of the first two is 5: the first is served whole, the second is not.
    lanes = [Lane(4, partial=False), Lane(6, partial=False), Lane(10)]
    assert shared(Proportional(), 10, *lanes) == [4, 0, 6]
    assert shared(Proportional(), 20, *lanes) == [4, 6, 10]


def test_all_or_nothing_is_not_refused_for_a_rounding_error() -> None:
    assert 0.7 - 0.2 < 0.5  # in doubles
    assert shared(Proportional(), 0.7, Lane(0.2), Lane(0.5, partial=False)) == [pytest.approx(0.2), 0.5]


def test_first_come_serves_old_orders_before_new_ones() -> None:
    rule = FirstCome()
    early, late = Lane(0), Lane(0)
    rule.start(SimpleNamespace())
    nothing = np.zeros((1, 1))
    early.book(6)
    late.book(0)
    rule(nothing, [early, late])
    early.book(2)
    late.book(4)
    assert [s.item() for s in rule(np.array([[5.0]]), [early, late])] == [5, 0]
    early.owed = early.owed - 5
    early.book(0)
    late.book(0)
    # One unit is two periods old; then 2 and 4 units of one age share what is left: half of them.
    assert [s.item() for s in rule(np.array([[4.0]]), [early, late])] == [2, 2]


def test_first_come_forgets_ages_beyond_its_classes() -> None:
    rule = FirstCome(age_classes=2)
    early, late = Lane(0), Lane(0)
    rule.start(SimpleNamespace())
    for amounts in ((6, 0), (0, 2)):
        early.book(amounts[0])
        late.book(amounts[1])
        shares = rule(np.zeros((1, 1)), [early, late])
    assert [s.item() for s in shares] == [0, 0]
    early.book(0)
    late.book(0)
    assert [s.item() for s in rule(np.array([[4.0]]), [early, late])] == [3, 1]


def test_first_come_counts_what_was_owed_at_the_start_as_oldest() -> None:
    old, new = Lane(5), Lane(5)
    old.booked = np.zeros((1, 1))
    assert shared(FirstCome(), 7, new, old) == [2, 5]


def test_first_come_gives_an_all_or_nothing_lane_its_turn_with_its_oldest_order() -> None:
    rule = FirstCome()
    whole, other = Lane(0, partial=False), Lane(0)
    rule.start(SimpleNamespace())
    whole.book(1)
    other.book(0)
    rule(np.zeros((1, 1)), [whole, other])
    whole.book(5)
    other.book(5)
    assert [s.item() for s in rule(np.array([[7.0]]), [whole, other])] == [6, 1]
    assert [s.item() for s in FirstCome()(np.array([[5.0]]), [whole, other])] == [0, 5]


def test_what_is_owed_is_told_by_age() -> None:
    ages = by_age(np.array([[10.0, 3.0, -2.0, 0.0]]), [np.array([4.0]), np.array([2.0])])
    assert [age[0].tolist() for age in ages] == [[4, 3, 0, 0], [2, 0, 0, 0], [4, 0, 0, 0]]


RULES = {"priority": Priority, "proportional": Proportional, "first-come": FirstCome}
amounts = st.floats(0.0, 1e6, allow_subnormal=False)
lane = st.builds(
    Lane,
    amounts,
    limit=st.one_of(st.none(), amounts),
    partial=st.booleans(),
    priority=st.one_of(st.none(), st.integers(-3, 3)),
)


@quick
@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
@given(available=amounts, lanes=st.lists(lane, min_size=1, max_size=5))
def test_shares_are_within_what_is_owed_and_available(rule: Any, available: float, lanes: list[Lane]) -> None:
    shares = shared(rule(), available, *lanes)
    for share, owner in zip(shares, lanes, strict=True):
        owed = owner.owed.item()
        assert 0 <= share <= owed
        assert owner.limit is None or share <= owner.limit
        assert owner.partial or share in (0, owed)
    assert sum(shares) <= available * (1 + 1e-14)


@quick
@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
@given(available=st.integers(0, 500), owed=st.lists(st.integers(0, 200), min_size=2, max_size=5))
def test_stock_is_used_and_whole_units_stay_whole_with_plenty(rule: Any, available: int, owed: list[int]) -> None:
    shares = shared(rule(), available, *[Lane(value) for value in owed])
    assert sum(shares) == pytest.approx(min(available, sum(owed)), rel=1e-12)
    if sum(owed) <= available:
        assert shares == owed


@quick
@given(available=amounts, owed=st.lists(amounts, min_size=2, max_size=5))
def test_fair_shares_have_one_ratio(available: float, owed: list[float]) -> None:
    lanes = [Lane(value) for value in owed]
    shares = share_fairly(np.array([[available]]), [one.owed for one in lanes], lanes)
    part = min(1.0, available / max(sum(owed), 1e-300))
    assert [share.item() for share in shares] == pytest.approx([part * value for value in owed], rel=1e-9, abs=1e-9)
