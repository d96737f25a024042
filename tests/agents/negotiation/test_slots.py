"""Shared capacity by price, with slots that are traded."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ripieno.agents.negotiation.slots import Cleared, SlotMarket, ration

quick = settings(deadline=None, derandomize=True, database=None, max_examples=60)
wishes = st.lists(st.tuples(st.floats(0.5, 1000), st.floats(0.01, 50)), min_size=1, max_size=8)


def market(respond: Any, capacity: float, owners: int, **settings_: Any) -> Cleared:
    return SlotMarket(**settings_)(respond, np.full(1, capacity), np.ones((owners, 1), dtype=bool))


def linear(most: np.ndarray, choke: np.ndarray) -> Any:
    """Use falls in a straight line and ends at the choke price."""
    return lambda price: most * np.maximum(1.0 - price / choke, 0.0)


def column(*values: float) -> np.ndarray:
    return np.array(values)[:, None]


def test_two_owners_by_hand() -> None:
    """Uses 10 - p and 6 - 2 p (to p = 3) with room for 10: p = 2."""
    found = market(linear(column(10, 6), column(10, 3)), 10.0, 2)
    assert found.price.item() == pytest.approx(2.0)
    assert found.use[:, 0] == pytest.approx([8.0, 2.0])
    assert found.endowment[:, 0] == pytest.approx([6.25, 3.75])
    assert found.payments[:, 0] == pytest.approx([3.5, -3.5])
    assert found.settled.item()
    assert found.rounds.item() < 20


def test_with_room_for_all_nobody_pays() -> None:
    found = market(linear(column(10, 6), column(10, 3)), 16.0, 2)
    assert (found.price.item(), found.use[:, 0].tolist(), found.rounds.item()) == (0.0, [10.0, 6.0], 1.0)
    assert (found.payments == 0).all()
    assert found.endowment[:, 0] == pytest.approx([10.0, 6.0])


@quick
@given(wishes, st.floats(0.02, 1.5))
def test_the_market_clears_pays_nobody_and_leaves_nobody_worse_off(
    owners: list[tuple[float, float]], part: float
) -> None:
    most, choke = column(*[w for w, _ in owners]), column(*[c for _, c in owners])
    capacity = part * float(most.sum())
    found = market(linear(most, choke), capacity, len(owners))
    used, scale = float(found.use.sum()), capacity * max(found.price.item(), 1.0)
    assert used == pytest.approx(min(capacity, float(most.sum())), rel=1e-9)
    assert used <= capacity * (1 + 1e-12)
    assert abs(float(found.payments.sum())) <= 1e-9 * scale
    assert found.price.item() == 0.0 or part < 1.0

    def worth(used: np.ndarray) -> np.ndarray:
        return np.asarray(choke * (used - used**2 / (2 * most)))

    kept = worth(found.use) - found.payments - worth(found.endowment)
    assert (kept >= -1e-7 * scale).all()


def newsvendor() -> Any:
    mean, sd, backlog, holding = column(100, 80), column(30, 20), column(9, 6), column(1, 1)
    quantile = np.vectorize(NormalDist().inv_cdf)

    def respond(price: np.ndarray) -> np.ndarray:
        share = (backlog - price) / (backlog + holding)
        return np.where(share > 0, mean + sd * quantile(np.clip(share, 1e-12, 1 - 1e-12)), 0.0)

    return respond


@pytest.mark.parametrize("step", [1e-6, 0.01, 1.0, 1e4])
def test_the_first_step_does_not_matter(step: float) -> None:
    found, usual = market(newsvendor(), 170.0, 2, step=step), market(newsvendor(), 170.0, 2)
    assert found.settled.item()
    assert found.price.item() == pytest.approx(usual.price.item(), rel=1e-8)
    assert found.use.sum() == pytest.approx(170.0)


def test_owners_that_are_indifferent_share_what_is_left() -> None:
    """Whole trucks: three want 4 slots each up to a price of 5, and there is room for 10."""
    found = market(lambda price: np.where(price <= column(5, 5, 5), 4.0, 0.0), 10.0, 3)
    assert not found.settled.item()
    assert found.price.item() == pytest.approx(5.0, rel=1e-5)
    assert found.use[:, 0] == pytest.approx([10 / 3] * 3)
    assert found.payments[:, 0] == pytest.approx([0.0] * 3, abs=1e-9)


def test_who_needs_slots_at_any_price_is_rationed() -> None:
    found = market(lambda price: np.where(price >= 0, column(6, 2), 0.0), 4.0, 2)
    assert not found.settled.item()
    assert np.isfinite(found.price).all()
    assert found.use[:, 0] == pytest.approx([3.0, 1.0])
    assert found.payments[:, 0] == pytest.approx([0.0, 0.0])


def test_who_is_not_asked_gets_no_slots() -> None:
    asked = np.array([[True], [False]])
    found = SlotMarket()(linear(column(10, 6), column(10, 3)), np.full(1, 4.0), asked)
    assert found.use[:, 0] == pytest.approx([4.0, 0.0])
    assert found.payments[:, 0] == pytest.approx([0.0, 0.0])


def test_no_capacity_and_no_wishes() -> None:
    nothing = market(linear(column(10, 6), column(10, 3)), 0.0, 2)
    assert nothing.use[:, 0] == pytest.approx([0.0, 0.0], abs=1e-9)
    assert (market(lambda price: 0 * column(1, 1) * price, 5.0, 2).use == 0).all()


def test_a_ration_is_the_same_part_of_every_wish() -> None:
    assert ration(column(2, 6), np.array([4.0]))[:, 0].tolist() == [1.0, 3.0]
    assert ration(column(0, 0), np.array([4.0]))[:, 0].tolist() == [0.0, 0.0]


def test_a_run_does_not_depend_on_its_batch() -> None:
    draw = np.random.Generator(np.random.PCG64(9))
    most, choke, room = draw.uniform(1, 50, (5, 30)), draw.uniform(0.1, 9, (5, 30)), draw.uniform(10, 150, 30)
    asked = draw.random((5, 30)) < 0.8
    together = SlotMarket()(linear(most, choke), room, asked)
    for run in range(30):
        one: list[Any] = [x[..., run : run + 1].copy() for x in (most, choke, room, asked)]
        alone = SlotMarket()(linear(one[0], one[1]), one[2], one[3])
        for name in vars(together):
            assert np.array_equal(getattr(alone, name), getattr(together, name)[..., run : run + 1]), name
