"""What agents believe is the moving average of what they saw."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from ripieno.model.foresight.beliefs import BLOCK, Beliefs, Seen
from ripieno.model.schema import load, with_values
from ripieno.model.supply_chain import SupplyChain

WEIGHT = 0.2


class Holder:
    """Anything that has a quantity."""

    name = "holder"
    level: np.ndarray = np.zeros((1, 1))


def noted(values: list[float]) -> Seen:
    holder: Any = Holder()
    holder.level = np.zeros((1, 1))
    seen = Seen([(holder, "level")], spread=True)
    for number, value in enumerate(values, start=1):
        holder.level = np.full((1, 1), value)
        seen.note(WEIGHT / (1.0 - (1.0 - WEIGHT) ** number))
    return seen


def test_the_average_weighs_by_age() -> None:
    values = [3.0, 7.0, 4.0, 10.0]
    weights = np.array([0.8**3, 0.8**2, 0.8, 1.0])
    weights = weights / weights.sum()
    mean = float((weights * values).sum())
    variance = float((weights * np.square(np.array(values) - mean)).sum())
    seen = noted(values)
    assert seen.mean is not None
    assert seen.variance is not None
    assert seen.mean[0, 0] == pytest.approx(mean)
    assert seen.variance[0, 0] == pytest.approx(variance)


def lived(name: str, periods: int, warm_up: int = 0) -> tuple[SupplyChain, Beliefs]:
    chain = SupplyChain(with_values(load(name), {"warm_up": warm_up}), np.arange(3))
    beliefs = Beliefs(chain)
    for _ in range(periods):
        chain.step()
        beliefs.note()
    return chain, beliefs


def test_lead_time_is_littles() -> None:
    chain, beliefs = lived("e5-departures", 150)
    time = beliefs.lead_time(chain.sites["Depot"])
    # Ordered tonight, shipped tomorrow, three periods on the way.
    assert time == pytest.approx(np.full(time.shape, 4.0), abs=0.4)


@pytest.mark.parametrize("warm_up", [0, 5])
def test_costs_are_those_of_the_accounts(warm_up: int) -> None:
    """After two whole blocks the younger one weighs w' / (1 - (1 - w')^2), w' = 1 - (1 - w)^block."""
    chain = SupplyChain(with_values(load("e5-departures"), {"warm_up": warm_up}), np.arange(3))
    beliefs, marks = Beliefs(chain), []
    for period in range(3 * BLOCK + 5):
        chain.step()
        beliefs.note()
        if period + 1 > warm_up and (period + 1) % BLOCK == 0:
            marks.append(chain.accounts.cost())
    first, second = ((after - before) / BLOCK for before, after in itertools.pairwise(marks))
    part = 1.0 - (1.0 - beliefs.weight) ** BLOCK
    weight = part / (1.0 - (1.0 - part) ** 2)
    assert beliefs.cost() == pytest.approx(first + weight * (second - first))


def test_what_owners_pay_each_other_cancels() -> None:
    chain, beliefs = lived("e5-departures", 40)
    together = sum(beliefs.cost(owner) for owner in chain.accounts.owners())
    assert together == pytest.approx(beliefs.cost())
    assert np.abs(beliefs.cost("Haulier")).min() > 0.1


def test_unknown_quantities_are_not_looked_at() -> None:
    chain, beliefs = lived("e5-departures", 2)
    assert beliefs.knows(chain.sites["Depot"], "incoming")
    assert not beliefs.knows(chain.sites["Depot"], "echelon_position")


def test_what_has_been_told_stays_as_it_was() -> None:
    chain, beliefs = lived("e5-departures", 10)
    site = chain.sites["Depot"]
    told = beliefs.mean(site, "incoming"), beliefs.variance(site, "incoming")
    then = [found.copy() for found in told]
    chain.step()
    beliefs.note()
    assert np.array_equal(told, then)
    assert not np.array_equal(beliefs.mean(site, "incoming"), then[0])


def test_many_runs_in_blocks_have_the_same_bits_as_few() -> None:
    """With so many runs every quantity is in a block of its own."""
    seen: dict[int, Seen] = {}
    for runs in (2, 9_000):
        holder: Any = Holder()
        holder.level, holder.flow = np.zeros((2, runs)), np.zeros((1, runs))
        seen[runs] = Seen([(holder, "level"), (holder, "flow")], spread=True)
        for number in range(1, 6):
            holder.level = np.array([[1.0], [2.5]]) * number + np.arange(runs) / 7.0
            holder.flow = np.full((1, runs), 0.3 * number)
            seen[runs].note(WEIGHT)
    few, many = seen[2], seen[9_000]
    assert (len(few.blocks), len(many.blocks)) == (1, 2)
    for name in ("mean", "variance"):
        assert np.array_equal(getattr(many, name)[:, :2], getattr(few, name))
