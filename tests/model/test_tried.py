"""Each pair of a run and of where its levers would stand is simulated once in a plan."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ripieno.agents.quantity import Array
from ripieno.model.shadow import Shadow
from ripieno.model.supply_chain import SupplyChain
from ripieno.model.tried import Shown, Tried

from ..orchestration.worlds import orchestrated, pair, world_of

NOW = np.array([[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]])  # [levers, runs]


def shown(pairs: int, start: float) -> Shown:
    numbers = start + np.arange(pairs, dtype=float)
    return Shown(numbers[None, None], numbers[None], numbers[None] > 1)


def test_a_pair_that_was_entered_before_has_its_place() -> None:
    tried = Tried(5, NOW)
    other = NOW + np.array([2.0, 0.0, 3.0])  # nothing else in the second run
    places = tried.enter(np.stack([NOW, other, NOW, other]))
    assert places.shape == (4, 3)
    assert (places[0] == places[2]).all()
    assert (places[1] == places[3]).all()
    assert places[0, 1] == places[1, 1]
    levers, runs = tried.take_fresh()
    assert sorted(places.ravel().tolist()) == sorted([*range(5), *range(5), places[0, 1], places[0, 1]])
    for package, target in enumerate((NOW, other)):
        for run in range(3):
            assert runs[places[package, run]] == run
            assert (levers[:, places[package, run]] == target[:, run]).all()
    tried.add(shown(5, 0.0))
    further = tried.enter(np.stack([other, NOW + 9.0]))
    assert (further[0] == places[1]).all()
    assert (np.sort(further[1]) == [5, 6, 7]).all()
    assert len(tried.take_fresh()[1]) == 3
    tried.add(shown(3, 5.0))
    assert tried.shown is not None
    assert (tried.shown.waiting[0] == np.arange(8)).all()


def test_nothing_is_remembered_when_time_goes_on_or_levers_move() -> None:
    tried = Tried(5, NOW)
    assert tried.holds(5, NOW.copy())
    assert not tried.holds(6, NOW)
    assert not tried.holds(5, NOW + 1.0)


@pytest.mark.parametrize("arm", ["orch", "selfish"])
def test_no_pair_is_simulated_twice_and_none_is_left_out(arm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger is the one of trials that simulate every package of every run again."""
    simulated: list[tuple[int, int, bytes]] = []
    take_up = Shadow.take_up

    def noting(self: Shadow, levers: Array) -> None:
        if self.world.planning is not None and not wide(self):
            simulated.extend(
                (self.world.period, int(run), levers[:, place].tobytes()) for place, run in enumerate(self.of_run)
            )
        take_up(self, levers)

    def ledger() -> Any:
        world = world_of(orchestrated(arm, world=pair(level=24)), 6)
        world.run()
        assert world.planning is not None
        return world.planning.orchestrator.ledger.table()

    monkeypatch.setattr(Shadow, "take_up", noting)
    once = ledger()
    assert len(simulated) > 100
    assert len(set(simulated)) == len(simulated)
    monkeypatch.setattr(Tried, "holds", lambda self, period, now: False)
    monkeypatch.setattr(Tried, "enter", entered_anew)
    again = ledger()
    assert not once.empty
    assert once.equals(again)
    assert len(simulated) > len(set(simulated))


def wide(shadow: Shadow) -> bool:
    """Whether a shadow is the one of the first look by models, which lives through nothing."""
    planning: Any = shadow.world.planning
    laid_out = planning.trials.side_by_side.wide
    return laid_out is not None and laid_out.shadow is shadow


def entered_anew(self: Tried, targets: Array) -> Any:
    """Every package of every run gets a place of its own."""
    packages, _, runs = targets.shape
    first = self.pairs
    self.fresh.extend((run, np.ascontiguousarray(target[:, run])) for target in targets for run in range(runs))
    self.pairs += packages * runs
    return first + np.arange(packages * runs).reshape(packages, runs)


def test_a_shadow_with_as_many_runs_as_the_world_is_refused() -> None:
    """Arrays of the runs are told from others by their length."""
    world: SupplyChain = world_of(orchestrated(world=pair(level=24)), 4)
    with pytest.raises(ValueError, match="more or fewer runs"):
        Shadow(world, np.array([0, 0, 1, 1]))
