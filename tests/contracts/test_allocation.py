"""What every allocation rule keeps to; new ones are found by themselves."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

RUNS = 6
PERIODS = 12


def frozen(values: Any) -> Any:
    values = np.array(values, dtype=float)
    values.setflags(write=False)
    return values


class Lane:
    """A lane to a customer that remembers what it owes."""

    def __init__(self, bookings: np.ndarray, **terms: Any) -> None:
        self.bookings = frozen(bookings)  # [periods, products, runs]
        self.terms = terms
        self.limit = terms.get("limit")
        self.partial = terms.get("partial", True)
        self.priority = terms.get("priority")
        self.owed = frozen(np.zeros(bookings.shape[1:]))

    def book(self, period: int) -> None:
        self.booked = self.bookings[period]
        self.owed = frozen(self.owed + self.booked)

    def pick(self, amount: np.ndarray) -> None:
        self.owed = frozen(self.owed - amount)

    def of_run(self, run: int) -> Lane:
        terms = {k: float(v[run]) if isinstance(v, np.ndarray) else v for k, v in self.terms.items()}
        return Lane(self.bookings[..., run : run + 1].copy(), **terms)


def world(seed: int, terms: Any, products: int = 2, whole: bool = False) -> tuple[list[Lane], np.ndarray]:
    """Lanes with random orders, and scarce stock for every period."""
    draw = np.random.Generator(np.random.PCG64(seed))
    shape = (PERIODS, products, RUNS)
    lanes = [Lane(draw.integers(0, 9, shape) if whole else draw.uniform(0.0, 9.0, shape), **some) for some in terms]
    scarce = draw.uniform(0.0, 4.0 * len(lanes), shape)
    return lanes, frozen(np.floor(scarce) if whole else scarce)


def play(rule: Any, lanes: list[Lane], arriving: np.ndarray) -> np.ndarray:
    """What each lane gets, ``[periods, lanes, products, runs]``, and the promises that hold in every period."""
    rule.start(SimpleNamespace())
    on_hand = frozen(np.zeros(arriving.shape[1:]))
    served = []
    for period, arrived in enumerate(arriving):
        for lane in lanes:
            lane.book(period)
        on_hand = frozen(on_hand + arrived)
        shares = rule(on_hand, lanes)
        keeps_its_promises(on_hand, lanes, shares)
        for lane, share in zip(lanes, shares, strict=True):
            lane.pick(share)
        on_hand = frozen(on_hand - sum(shares))
        served.append(np.array(shares))
    return np.array(served)


def keeps_its_promises(on_hand: np.ndarray, lanes: list[Lane], shares: list[np.ndarray]) -> None:
    for lane, share in zip(lanes, shares, strict=True):
        assert share.shape == on_hand.shape
        assert (share >= 0).all()
        assert (share <= lane.owed).all()
        if lane.limit is not None:
            assert (share <= lane.limit).all()
        if not lane.partial:
            assert ((share == 0) | (share == lane.owed)).all()
    assert (sum(shares) <= on_hand * (1 + 1e-15)).all()


LIMITS = frozen([2.0, 3.0, 4.0, 5.0, 6.0, 1.5])
TERMS = {
    "plain": [{}, {}, {}],
    "priorities": [{"priority": 2}, {}, {"priority": 1}],
    "limits": [{"limit": LIMITS}, {"limit": 3.5}, {}],
    "all-or-nothing": [{"partial": False}, {}, {"partial": False}],
    "all of it": [{"partial": False, "limit": 20.0}, {"limit": LIMITS, "priority": 3}, {"partial": False}],
    "only all-or-nothing": [{"partial": False}, {"partial": False}],
}


@pytest.mark.parametrize("terms", TERMS.values(), ids=TERMS.keys())
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("whole", [False, True])
def test_scarce_stock_is_shared_within_its_bounds(allocation_variant: Any, terms: Any, seed: int, whole: bool) -> None:
    lanes, arriving = world(seed, terms, whole=whole)
    served = play(allocation_variant.alike(), lanes, arriving)
    assert (served > 0).any()


def test_rounding_takes_nothing_from_a_lane_that_is_owed_nothing(allocation_variant: Any) -> None:
    """What two lanes get may add up to a bit more than there was: among so many runs it does in some."""
    draw = np.random.Generator(np.random.PCG64(11))
    lanes = [Lane(draw.uniform(0.0, most, (1, 1, 4000))) for most in (20.0, 20.0, 0.0)]
    for lane in lanes:
        lane.book(0)
    on_hand = frozen(draw.uniform(10.0, 20.0, (1, 4000)))
    rule = allocation_variant.alike()
    rule.start(SimpleNamespace())
    shares = rule(on_hand, lanes)
    keeps_its_promises(on_hand, lanes, shares)
    assert not shares[2].any()


@pytest.mark.parametrize("terms", TERMS.values(), ids=TERMS.keys())
def test_a_run_alone_is_served_the_same(allocation_variant: Any, terms: Any) -> None:
    lanes, arriving = world(3, terms)
    own = [[lane.of_run(run) for lane in lanes] for run in range(RUNS)]
    together = play(allocation_variant.alike(), lanes, arriving)
    for run in range(RUNS):
        alone = play(allocation_variant.alike(), own[run], arriving[..., run : run + 1])
        assert np.array_equal(alone, together[..., run : run + 1])


def test_no_stock_is_held_back(allocation_variant: Any) -> None:
    """With partial deliveries and no limits what is available or what is owed is used up."""
    lanes, arriving = world(4, TERMS["plain"])
    for lane in lanes:
        lane.book(0)
    rule = allocation_variant.alike()
    rule.start(SimpleNamespace())
    given = sum(rule(arriving[0], lanes))
    np.testing.assert_allclose(given, np.minimum(arriving[0], sum(lane.owed for lane in lanes)), rtol=1e-12)


@pytest.mark.parametrize("terms", [TERMS["plain"], TERMS["priorities"], TERMS["all-or-nothing"]])
def test_with_plenty_everybody_gets_exactly_what_is_owed(allocation_variant: Any, terms: Any) -> None:
    lanes, arriving = world(5, terms)
    rule = allocation_variant.alike()
    rule.start(SimpleNamespace())
    for period in range(PERIODS):
        for lane in lanes:
            lane.book(period)
        plenty = period % 6 == 5  # after nothing for a while, so that debts are of several ages
        available = arriving[period] + 300.0 if plenty else np.zeros(arriving.shape[1:])
        for lane, share in zip(lanes, rule(frozen(available), lanes), strict=True):
            assert np.array_equal(share, lane.owed if plenty else 0 * lane.owed)
            lane.pick(share)


def test_a_lane_alone_gets_the_lesser_of_owed_and_available(allocation_variant: Any) -> None:
    lanes, arriving = world(6, [{}])
    lanes[0].book(0)
    rule = allocation_variant.alike()
    rule.start(SimpleNamespace())
    assert np.array_equal(rule(arriving[0], lanes)[0], np.minimum(arriving[0], lanes[0].owed))


@pytest.mark.parametrize("partial", [True, False])
def test_returns_are_taken(allocation_variant: Any, partial: bool) -> None:
    lanes = [Lane(np.full((1, 1, 2), -3.0), partial=partial), *[Lane(np.full((1, 1, 2), 4.0)) for _ in range(2)]]
    for lane in lanes:
        lane.book(0)
    rule = allocation_variant.alike()
    rule.start(SimpleNamespace())
    shares = rule(frozen([[5.0, 50.0]]), lanes)
    assert (shares[0] == -3.0).all()
    assert (sum(shares) <= [[5.0, 50.0]]).all()
    assert (shares[1] + shares[2] >= [[5.0, 8.0]]).all()


def test_nothing_is_shared_as_nothing(allocation_variant: Any) -> None:
    lanes = [Lane(np.zeros((1, 1, 2))), Lane(np.zeros((1, 1, 2)))]
    for lane in lanes:
        lane.book(0)
    rule = allocation_variant.alike()
    rule.start(SimpleNamespace())
    for available in (0.0, 7.0):
        assert all((share == 0).all() for share in rule(frozen(np.full((1, 2), available)), lanes))
