from __future__ import annotations

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ripieno.visualization.recording import exact, quantised

TABLES = arrays.arrays(
    np.float64,
    st.tuples(st.integers(1, 4), st.integers(1, 30)),
    elements=st.floats(-(2.0**30), 2.0**30, width=32, allow_subnormal=False),
)


@given(TABLES, st.sampled_from([63, 255]))
def test_the_error_is_at_most_half_a_step(table: np.ndarray, levels: int) -> None:
    field = quantised(table, levels)
    span = table.max(axis=1) - table.min(axis=1)
    single = np.finfo(np.float32).eps * np.abs(table).max() + np.finfo(np.float32).tiny
    assert field.codes.max() <= levels
    assert (np.abs(field.values() - table).max(axis=1) <= span / levels / 2 * 1.0001 + 2 * single).all()


@given(arrays.arrays(np.float64, (2, 20), elements=st.integers(0, 200).map(float)), st.integers(-1000, 1000))
def test_whole_numbers_of_a_small_range_are_exact(table: np.ndarray, shift: int) -> None:
    assert np.array_equal(quantised(table + shift).values(), table + shift)


def test_nothing_stays_nothing() -> None:
    table = np.array([[0.0, 3.7, 0.0, 912.3], [-1e-13, 5.0, 0.0, 20.25], [0.0, 0.0, 0.0, 0.0]])
    assert np.array_equal(quantised(table).values() == 0, np.abs(table) < 1e-9)


def test_single_floats_keep_missing_numbers() -> None:
    values = [1.1, np.nan, -3.0]
    assert np.array_equal(exact(values).values(), np.array([values], dtype=np.float32).astype(float), equal_nan=True)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_bytes_hold_no_missing_numbers(bad: float) -> None:
    with pytest.raises(ValueError, match="missing or infinite"):
        quantised([1.0, bad])


def test_fields_are_compared_by_content() -> None:
    assert quantised([1.0, 2.0]) == quantised([1.0, 2.0])
    assert quantised([1.0, 2.0]) != quantised([1.0, 3.0])
    assert exact([1.0, np.nan]) == exact([1.0, np.nan])
    assert exact([1.0]) != quantised([1.0])
