"""Sharing the money of a package: by hand, and what the Shapley value is known for."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ripieno.agents.negotiation.coalitions import shapley_exact, shapley_sampled
from ripieno.agents.negotiation.transfers.base import Deal
from ripieno.agents.negotiation.transfers.equal import Equal
from ripieno.agents.negotiation.transfers.no_transfer import NoTransfer
from ripieno.agents.negotiation.transfers.proportional import Proportional
from ripieno.agents.negotiation.transfers.shapley import Shapley, package_game

quick = settings(deadline=None, derandomize=True, database=None, max_examples=60)
worths = st.integers(1, 4).flatmap(
    lambda n: st.lists(st.floats(-100, 100), min_size=2**n, max_size=2**n).map(lambda w: (n, w))
)


def deal(claims: list[float], movers: list[bool], **more: Any) -> Deal:
    shape = (len(claims), 1)
    parties = np.array(more.pop("parties", [True] * len(claims))).reshape(shape)
    return Deal(np.array(claims).reshape(shape), parties, np.array(movers).reshape(shape), **more)


def settled(rule: Any, *given: Any, added: float = 0.0, **more: Any) -> tuple[list[float], list[float], float]:
    found = rule(deal(*given, **more), np.full(1, added))
    return found.transfers[:, 0].tolist(), found.payoffs[:, 0].tolist(), found.sponsor.item()


JOINT_LOT = ([250.0, -875.0], [True, False])  # buyer, vendor: Banerjee (1986)


def test_equal_shares_of_the_joint_lot() -> None:
    assert settled(Equal(), *JOINT_LOT) == ([562.5, -562.5], [312.5, 312.5], 0.0)


def test_who_is_no_party_gets_nothing_and_its_claim_does_not_count() -> None:
    found = settled(Equal(), [-30.0, 10.0, 99.0], [True, False, True], parties=[True, True, False], overhead=4.0)
    assert found == ([-22.0, 18.0, 0.0], [8.0, 8.0, 0.0], 0.0)


def test_proportional_shares() -> None:
    transfers, payoffs, _ = settled(Proportional(), *JOINT_LOT)
    assert payoffs == pytest.approx([625 * 250 / 1125, 625 * 875 / 1125])
    assert transfers == pytest.approx([250 + payoffs[0], -875 + payoffs[1]])
    assert settled(Proportional(), [0.0, 0.0], [True, True], overhead=6.0)[1] == [-3.0, -3.0]


def test_without_transfers_losers_lose_and_the_overhead_is_shared() -> None:
    assert settled(NoTransfer(), *JOINT_LOT, overhead=10.0) == ([-5.0, -5.0], [-255.0, 870.0], 0.0)


def test_a_sponsor_pays_on_its_own_line() -> None:
    for rule in (Equal(), Proportional(), Shapley()):
        transfers, payoffs, sponsor = settled(rule, [-30.0, 20.0], [True, True], overhead=14.0, added=4.0)
        assert (transfers, payoffs, sponsor) == ([-30.0, 20.0], [0.0, 0.0], -4.0)
    assert settled(NoTransfer(), [-30.0, 20.0], [True, True], overhead=14.0, added=4.0)[2] == -4.0


def test_shapley_shares_by_hand() -> None:
    """A mover with a gain, one that gains beside it, a loser whose levers are needed and one who is only hurt."""
    assert settled(Shapley(), *JOINT_LOT)[1] == pytest.approx([312.5, 312.5])
    # worth: both movers are needed; with the gaining bystander 12 - 3 - 1 = 8, without it 8 - 3 - 1 = 4
    payoffs = settled(Shapley(), [-8.0, -4.0, 2.0, 1.0], [True, False, True, False], overhead=1.0)[1]
    assert payoffs == pytest.approx([4 / 2 + 4 / 3, 4 / 3, 4 / 2 + 4 / 3, 0.0])


def test_shapley_shares_without_money_are_equal() -> None:
    assert settled(Shapley(), [-1.0, 3.0], [True, True])[1] == pytest.approx([-1.0, -1.0])


def game_of(worth: list[float]) -> Any:
    def game(members: np.ndarray) -> np.ndarray:
        codes = sum(members[i].astype(int) << i for i in range(len(members)))
        return np.asarray(np.array(worth)[codes])

    return game


def by_orders(players: int, worth: list[float]) -> list[float]:
    """The definition: the mean over all orders of what a player adds when it joins."""
    value = [0.0] * players
    orders = list(permutations(range(players)))
    for order in orders:
        code = 0
        for player in order:
            value[player] += (worth[code | 1 << player] - worth[code]) / len(orders)
            code |= 1 << player
    return value


@quick
@given(worths)
def test_the_exact_value_is_the_mean_over_all_orders(drawn: tuple[int, list[float]]) -> None:
    players, worth = drawn
    found = shapley_exact(game_of(worth), players, 1)[:, 0]
    assert found == pytest.approx(by_orders(players, worth), abs=1e-9)
    assert found.sum() == pytest.approx(worth[-1] - worth[0], abs=1e-9)


@quick
@given(worths)
def test_who_adds_nothing_gets_nothing(drawn: tuple[int, list[float]]) -> None:
    players, worth = drawn
    with_null = [worth[code & (2**players - 1)] for code in range(2 ** (players + 1))]
    found = shapley_exact(game_of(with_null), players + 1, 1)[:, 0]
    assert found[-1] == 0.0
    assert found[:-1] == pytest.approx(by_orders(players, worth), abs=1e-9)


@quick
@given(worths, st.permutations(range(4)))
def test_names_do_not_matter(drawn: tuple[int, list[float]], order: list[int]) -> None:
    players, worth = drawn
    place = [i for i in order if i < players]
    renamed = [worth[sum((code >> i & 1) << place[i] for i in range(players))] for code in range(2**players)]
    before, after = (shapley_exact(game_of(w), players, 1)[:, 0] for w in (worth, renamed))
    assert after == pytest.approx(before[place], abs=1e-9)


def test_sampled_values_converge_and_always_add_up() -> None:
    draw = np.random.Generator(np.random.PCG64(5))
    players, runs = 5, 400
    worth = draw.uniform(0, 100, 2**players).tolist()
    sampled = shapley_sampled(game_of(worth), draw.random((16, players, runs)))
    assert sampled.sum(axis=0) == pytest.approx(np.full(runs, worth[-1] - worth[0]))
    error = sampled.std(axis=1, ddof=1) / np.sqrt(runs)
    assert (np.abs(sampled.mean(axis=1) - by_orders(players, worth)) < 4 * error).all()
    assert (error > 0).all()


def many_owners(owners: int, runs: int) -> Deal:
    draw = np.random.Generator(np.random.PCG64(owners))
    claims = draw.normal(-8.0, 5.0, (owners, runs))
    movers = draw.random((owners, runs)) < 0.3
    return Deal(claims, np.ones((owners, runs), dtype=bool), movers, 1.0, draw.random((64 * owners, runs)))


def test_nine_owners_are_sampled_close_to_the_exact_value() -> None:
    package = many_owners(9, 50)
    exact = np.maximum(shapley_exact(package_game(package), 9, 50), 0.0)
    every = exact.sum(axis=0)
    assert (every > 0).all()
    exact = exact / every
    weights = Shapley().weights(package)
    assert weights.sum(axis=0) == pytest.approx(np.ones(50))
    assert (weights >= 0).all()
    # For 64 orders the error of a share is at most 0.5 / 8, and it is much the same for all owners and runs.
    error = (weights - exact).std()
    assert 0.0 < error < 0.0625
    assert abs((weights - exact).mean(axis=1)).max() < 4 * 0.0625 / np.sqrt(50)


def test_the_number_of_draws_depends_on_the_owners_alone() -> None:
    assert [Shapley(orders=10).draws(owners) for owners in (1, 8, 9, 20)] == [0, 0, 90, 200]
    assert Equal().draws(50) == 0


def test_missing_draws_are_named() -> None:
    package = many_owners(9, 2)
    with pytest.raises(ValueError, match="9 owners needs 90 uniform numbers a run, not 576"):
        Shapley(orders=10).weights(package)
    with pytest.raises(ValueError, match="not 0"):
        Shapley(orders=10).weights(Deal(package.claims, package.parties, package.movers))
