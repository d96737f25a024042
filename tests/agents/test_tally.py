"""Totals, spreads and counts against NumPy on the whole series."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ripieno.agents.tally import Count, Spread, Total

SERIES = np.random.Generator(np.random.PCG64(4)).normal(3.0, 5.0, (50, 2, 3))


def noted(kind: Any, rows: Any) -> Any:
    tally = kind(rows[0])
    tally.note_all(rows)
    return tally


@pytest.mark.parametrize("chunk", [1, 7, 50])
def test_blocks_of_any_length_give_the_same(chunk: int) -> None:
    total, spread, count = tallies = (Total(SERIES[0]), Spread(SERIES[0]), Count(SERIES[0]))
    for start in range(0, len(SERIES), chunk):
        for tally in tallies:
            tally.note_all(tuple(SERIES[start : start + chunk]))
    assert np.allclose(total.total, SERIES.sum(axis=0), rtol=1e-12)
    assert np.allclose(total.mean, SERIES.mean(axis=0), rtol=1e-12)
    assert np.allclose(spread.mean, SERIES.mean(axis=0), rtol=1e-12)
    assert np.allclose(spread.variance, SERIES.var(axis=0), rtol=1e-12)
    assert np.allclose(spread.total, SERIES.sum(axis=0), rtol=1e-12)
    assert np.array_equal(count.total, (SERIES > 1e-9).sum(axis=0))


def test_periods_one_by_one_give_the_same_bits() -> None:
    one_by_one, together = Spread(SERIES[0]), Spread(SERIES[0])
    for row in SERIES:
        one_by_one.note(row)
    together.note_all(tuple(SERIES[:11]))
    together.note_all(tuple(SERIES[11:]))
    assert np.array_equal(one_by_one.variance, together.variance)
    assert np.array_equal(one_by_one.mean, together.mean)


def test_what_is_handed_out_and_taken_in_stays_as_it_is() -> None:
    given = SERIES.copy()
    total = Total(given[0])
    total.note(given[0])
    before = total.total
    total.note_all(tuple(given[1:]))
    assert np.array_equal(before, SERIES[0])
    assert np.array_equal(given, SERIES)


def test_a_constant_has_no_variance_at_all() -> None:
    rows = tuple(np.full((1, 2), 0.1) for _ in range(30))
    assert noted(Spread, rows).variance.tolist() == [[0.0, 0.0]]


def test_a_large_mean_costs_no_digits() -> None:
    rows = tuple(1e9 + row for row in SERIES)
    assert np.allclose(noted(Spread, rows).variance, SERIES.var(axis=0), rtol=1e-6)


def test_rounding_is_not_counted() -> None:
    rows = tuple(np.array([[value]]) for value in (1e-12, -1.0, 0.0, 1e-6, 2.0))
    assert noted(Count, rows).total.item() == 2.0
