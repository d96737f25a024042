"""What is not worked out again: packages side by side, parts of the network that a package leaves as they are."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from ripieno.agents.negotiation.packages import Package, single
from ripieno.agents.quantity import Array
from ripieno.experiments.foresight_quality import interventions, world
from ripieno.model.foresight.beliefs import Beliefs
from ripieno.model.foresight.local_search import choose
from ripieno.model.foresight.moves import Moves, as_number
from ripieno.model.foresight.network_model import Foresight
from ripieno.model.foresight.side_by_side import SideBySide
from ripieno.model.foresight.sweep import Sweep
from ripieno.model.schema import load

BAKERY = str(Path(__file__).parent / "bakery.toml")
RUNS = 3


def lived(model: Foresight, periods: int) -> None:
    for _ in range(periods):
        model.model.step()
        model.beliefs.note()


@cache
def moved_about(name: str) -> Foresight:
    """A world in which every third lever was moved some periods ago, to values that differ between the runs."""
    chain = world(load(name), np.arange(RUNS))
    assert chain.levers is not None
    beliefs = Beliefs(chain)
    model = Foresight(chain, chain.levers, beliefs)
    lived(model, 40)
    values = chain.levers.values.copy()
    for place in range(0, len(values), 3):
        grid = chain.levers.items[place].grid
        values[place] = [grid[(place + run) % len(grid)] for run in range(RUNS)]
    chain.levers.set(values)
    lived(model, 6)
    return model


def singles(model: Foresight) -> list[Package]:
    levers = model.levers.items
    return [
        single(lever.name, place, value, len(levers)) for place, lever in enumerate(levers) for value in lever.grid[::2]
    ]


@pytest.mark.parametrize("name", [BAKERY, "e1-picking-waves", "regional"])
def test_side_by_side_the_answers_have_the_same_bits(name: str) -> None:
    model = moved_about(name)
    packages = singles(model)[::5] + interventions(model.levers, 20, seed=3)
    together = SideBySide(model)
    together.copies = 7  # several rounds, the last one not full
    assert np.array_equal(together.changes(packages), model.changes(packages))
    together.dispose()


@pytest.mark.parametrize("name", [BAKERY, "regional"])
def test_a_single_move_is_judged_alike_in_one_run_and_in_all(name: str) -> None:
    """In one run alone its number is an array, and calendars of other runs stay as they are."""
    model = moved_about(name)
    here = np.arange(RUNS) == 1
    for package in singles(model)[::4]:
        apart = Package(package.name, package.moved & here, package.values + np.zeros(RUNS))
        assert np.array_equal(model.changes([apart])[..., 1], model.changes([package])[..., 1]), package.name


def swept(model: Foresight, lever: str, value: float) -> Sweep:
    place = model.levers.names.index(lever)
    sweep = Sweep(model.base, Moves(model.levers, single(lever, place, value, len(model.levers.items))))
    sweep.everywhere()
    return sweep


@cache
def undisturbed() -> Foresight:
    chain = world(load("regional"), np.arange(RUNS))
    assert chain.levers is not None
    model = Foresight(chain, chain.levers, Beliefs(chain))
    lived(model, 30)
    return model


def test_the_sweep_stops_where_orders_stay_as_they_are() -> None:
    model = undisturbed()
    safer = swept(model, "warehouses.Bremen.policy.safety_factor", 3.0)
    assert {point.agent for point in safer.stands} == {"Bremen"}
    assert not safer.trips
    smoother = swept(model, "warehouses.Bremen.policy.inventory_gain", 0.2)
    assert "Bremen" in {point.agent for point in smoother.stands}
    assert len(smoother.stands) > 1
    assert smoother.trips


def test_a_phase_without_a_calendar_moves_nothing() -> None:
    sweep = swept(undisturbed(), "warehouses.Bremen.orders.phase", 1.0)
    assert not sweep.stands
    assert not sweep.later


class Listening:
    """Passes questions on and keeps them."""

    def __init__(self, model: Foresight) -> None:
        self.model = model
        self.levers, self.foreseen, self.own_cost = model.levers, model.foreseen, model.own_cost
        self.heard: list[bytes] = []

    def own_change(self, agent: str, package: Package) -> Array:
        self.heard.append(package.target(self.levers.values).tobytes())
        return self.model.own_change(agent, package)


def test_nothing_is_tried_twice() -> None:
    model = moved_about("regional")
    listening = Listening(model)
    choose(listening, "Bremen", np.ones(len(model.levers.items), dtype=bool))
    assert len(listening.heard) > 20
    assert len(set(listening.heard)) == len(listening.heard)
    assert model.levers.values.tobytes() not in listening.heard


def test_the_same_number_in_all_runs_is_one_number() -> None:
    assert isinstance(as_number(np.full(4, 0.5)), float)
    assert isinstance(as_number(np.array([0.5, 0.5, 0.6])), np.ndarray)
