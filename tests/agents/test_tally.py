"""Totals, spreads and counts against NumPy on the whole series."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ripieno.agents.tally import Count, Spread, Total

SERIES = np.random.Generator(np.random.PCG64(4)).normal(3.0, 5.0, (50, 2, 3))


@pytest.mark.parametrize("chunk", [1, 7, 50])
def test_blocks_of_any_length_give_the_same(chunk: int) -> None:
    tallies: list[Any] = [Total(), Spread(), Count()]
    for start in range(0, len(SERIES), chunk):
        tallies = [tally.plus(tuple(SERIES[start : start + chunk])) for tally in tallies]
    total, spread, count = tallies
    assert np.allclose(total.total, SERIES.sum(axis=0), rtol=1e-12)
    assert np.allclose(total.mean, SERIES.mean(axis=0), rtol=1e-12)
    assert np.allclose(spread.mean, SERIES.mean(axis=0), rtol=1e-12)
    assert np.allclose(spread.variance, SERIES.var(axis=0), rtol=1e-12)
    assert np.allclose(spread.total, SERIES.sum(axis=0), rtol=1e-12)
    assert np.array_equal(count.total, (SERIES > 1e-9).sum(axis=0))


def test_a_tally_is_a_value() -> None:
    first = Spread().plus(tuple(SERIES[:10]))
    before = first.variance.copy()
    first.plus(tuple(SERIES[10:]))
    assert np.array_equal(first.variance, before)
    assert first.periods == 10


def test_a_constant_has_no_variance_at_all() -> None:
    rows = tuple(np.full((1, 2), 0.1) for _ in range(30))
    assert Spread().plus(rows).variance.tolist() == [[0.0, 0.0]]


def test_a_large_mean_costs_no_digits() -> None:
    rows = tuple(1e9 + row for row in SERIES)
    assert np.allclose(Spread().plus(rows).variance, SERIES.var(axis=0), rtol=1e-6)


def test_rounding_is_not_counted() -> None:
    rows = tuple(np.array([[value]]) for value in (1e-12, -1.0, 0.0, 1e-6, 2.0))
    assert Count().plus(rows).total.item() == 2.0  # type: ignore[union-attr]
