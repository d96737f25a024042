"""Sums in a fixed order, and moving between lists of products."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ripieno.agents.numeric import Rows, add_all, sum_rows, total

quick = settings(deadline=None, derandomize=True, database=None, max_examples=60)
numbers = st.floats(-1e6, 1e6, allow_subnormal=False)


@quick
@given(st.lists(numbers, min_size=1, max_size=40))
def test_a_column_has_the_same_sum_alone_and_among_others(column: list[float]) -> None:
    alone = np.array(column)[:, None]
    among = np.tile(alone, (1, 7))
    expected = 0.0
    for value in column:
        expected = expected + value
    for add in (total, sum_rows):
        assert add(alone)[0] == add(among)[3] == pytest.approx(expected, rel=0, abs=0)


def test_numpy_itself_would_add_in_another_order() -> None:
    """The reason for the helper: without it, this test of the same kind fails."""
    column = np.random.Generator(np.random.PCG64(1)).uniform(0, 1, (1000, 1))
    assert column.sum(axis=0)[0] != np.tile(column, (1, 7)).sum(axis=0)[3]
    assert sum_rows(column)[0] == sum_rows(np.tile(column, (1, 7)))[3]


def test_a_single_term_is_returned_as_it_is() -> None:
    x = np.ones((2, 3))
    assert add_all([x]) is x
    assert add_all([x, x, x]).tolist() == (3 * x).tolist()


def test_the_sum_of_no_products_is_zero() -> None:
    assert total(np.zeros((0, 3))).tolist() == [0.0, 0.0, 0.0]


def test_rows_move_between_lists() -> None:
    rows = Rows(("a", "b", "c"), ("c", "d", "a"))
    theirs = np.array([[1.0], [2.0], [3.0]])
    assert rows.to_ours(theirs)[:, 0].tolist() == [3.0, 0.0, 1.0]
    assert rows.to_theirs(rows.to_ours(theirs))[:, 0].tolist() == [1.0, 0.0, 3.0]


def test_only_what_is_carried_moves() -> None:
    rows = Rows(("a", "b"), ("a", "b"), ["b"])
    assert not rows.same
    assert rows.to_ours(np.array([[1.0], [2.0]]))[:, 0].tolist() == [0.0, 2.0]


def test_equal_lists_cost_nothing() -> None:
    rows, x = Rows(("a", "b"), ("a", "b")), np.ones((2, 1))
    assert rows.to_ours(x) is x
    assert rows.to_theirs(x) is x
