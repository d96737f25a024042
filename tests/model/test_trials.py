"""What the periods of a trial count: what happens once as a share of the horizon, the rest as in the long run."""

from __future__ import annotations

import numpy as np
import pytest
from ripieno.model.trials import PARTS, SETTLING, weights_of, windows_of


def counts(history: int, horizon: int, fading: bool = True) -> np.ndarray:
    """What each period of a trial counts in its outcome."""
    windows = windows_of(history, fading and horizon > history)
    lengths = windows.sum(axis=1)
    weights = weights_of(lengths, history, horizon)
    return np.asarray((windows / np.maximum(lengths, 1e-9)[:, None] * weights[:, None]).sum(axis=0))


@pytest.mark.parametrize("history", [2, 5, 21, 84, 200])
def test_a_trial_as_long_as_the_horizon_counts_all_periods_alike(history: int) -> None:
    assert counts(history, 1) == pytest.approx(np.full(history, 1 / history))
    assert counts(history, history) == pytest.approx(np.full(history, 1 / history))


@pytest.mark.parametrize("history", [84, 200])
@pytest.mark.parametrize("horizon", [365, 1825])
def test_a_steady_gain_keeps_its_size_and_a_single_one_is_spread_over_the_horizon(history: int, horizon: int) -> None:
    found = counts(history, horizon)
    assert found.sum() == pytest.approx(1.0)
    assert found[0] == pytest.approx(1 / horizon)
    assert (found >= 0.0).all()


@pytest.mark.parametrize("cycle", [2, 3, 4, 6])
def test_it_hardly_matters_where_a_trial_cuts_off_a_cycle_of_orders(cycle: int) -> None:
    """Money that comes and goes with orders and adds up to nothing moves the outcome far less than with hard ends."""

    def worst(fading: bool) -> float:
        outcomes = []
        for history in range(190, 211):
            swing = np.where(np.arange(history) % cycle == 0, cycle - 1.0, -1.0)
            outcomes.append(abs(float(counts(history, 10**9, fading) @ swing)))
        return max(outcomes)

    assert worst(True) < 0.1 * worst(False)


def test_the_parts_of_a_trial_cover_it_once() -> None:
    """Up to the last part, in which the trial fades out; what settles reaches half a part beyond its end."""
    windows = windows_of(200)
    length = 200 // PARTS
    assert windows.shape == (PARTS, 200)
    assert windows[:, :-length].sum(axis=0) == pytest.approx(np.ones(200 - length))
    assert windows[:, -1].sum() < 0.05
    assert windows[SETTLING:, : SETTLING * length - length // 2].sum() == 0.0
