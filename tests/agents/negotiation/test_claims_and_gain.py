"""Claims, the gain of the network, bars, sponsors and the choice between packages."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ripieno.agents.negotiation.claims import Claims
from ripieno.agents.negotiation.gain import Bar, best, money, network_gain, over_owners, sponsored

quick = settings(deadline=None, derandomize=True, database=None)
changes = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12)
ASKED = np.array([[True], [True], [False]])


def test_gains_are_understated_and_losses_overstated() -> None:
    change = np.array([[-100.0], [100.0], [100.0]])
    assert Claims(padding=0.2)(change, ASKED).tolist() == [[-80.0], [120.0], [0.0]]
    assert Claims(padding=0.2, transparency=0.75)(change, ASKED)[:, 0] == pytest.approx([-95.0, 105.0, 0.0])


@quick
@given(changes, st.floats(0, 3))
def test_truthful_claims_are_the_changes_and_padding_never_flatters(values: list[float], padding: float) -> None:
    change = np.array(values)[:, None]
    asked = np.ones(change.shape, dtype=bool)
    assert np.array_equal(Claims()(change, asked), change)
    assert np.array_equal(Claims(padding, transparency=1.0)(change, asked), change)
    assert (Claims(padding)(change, asked) >= change).all()


def test_every_owner_and_run_may_pad_in_its_own_way() -> None:
    padding = np.array([[0.0, 0.5], [0.1, 0.2]])
    claimed = Claims(padding=padding)(np.full((2, 2), -10.0), np.ones((2, 2), dtype=bool))
    assert claimed == pytest.approx(np.array([[-10.0, -5.0], [-9.0, -8.0]]))


def test_money_and_gain_of_a_package() -> None:
    claims = np.array([[-30.0, 5.0], [10.0, 5.0]])
    assert money(claims, 4.0).tolist() == [16.0, -14.0]
    assert network_gain(claims, 4.0).tolist() == [16.0, -14.0]
    backlog, waiting = [2.0, -8.0], [1.0, 0.0]
    values = np.array([[3.0], [5.0]])
    assert network_gain(claims, 4.0, np.array([backlog, waiting]), values).tolist() == [5.0, 10.0]


def test_sums_do_not_depend_on_the_batch() -> None:
    draw = np.random.Generator(np.random.PCG64(3))
    x = draw.normal(size=(11, 5, 40))
    for view in (x, x.transpose(0, 2, 1), x[:, :, ::-1]):
        alone = np.stack([over_owners(view[..., run : run + 1].copy())[..., 0] for run in range(view.shape[-1])], -1)
        assert np.array_equal(over_owners(view), alone)


def test_a_bar_is_an_amount_or_a_share() -> None:
    bar, present = Bar(amount=5.0, share=0.1), np.array([20.0, 80.0, -80.0])
    assert bar.height(present).tolist() == [5.0, 8.0, 8.0]
    gain = np.array([5.0, 8.0, 8.5])
    assert bar.exceeded(gain, present).tolist() == [False, False, True]
    assert bar.reached(gain, present).tolist() == [True, True, True]
    assert not Bar().exceeded(np.zeros(1), np.zeros(1)).any()


def test_a_sponsor_fills_the_gap_of_wanted_packages_within_its_budget() -> None:
    wanted = np.array([True, True, True, False])
    shared = np.array([-3.0, -7.0, 2.0, -3.0])
    assert sponsored(wanted, shared, 5.0).tolist() == [3.0, 0.0, 0.0, 0.0]
    assert not sponsored(wanted, shared, 0.0).any()


def test_the_best_allowed_package_is_chosen_run_by_run() -> None:
    gain = np.array([[1.0, 9.0, 4.0], [3.0, 8.0, 4.0]])
    allowed = np.array([[True, False, True], [True, False, True]])
    choice = best(gain, allowed)
    assert choice.place.tolist()[0] == 1
    assert choice.place.tolist()[2] == 0
    assert choice.found.tolist() == [True, False, True]
