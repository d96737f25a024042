"""A shadow shows what the world itself would come to, to the last bit, and leaves the world as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import ripieno
from ripieno.experiments import scenarios
from ripieno.model.schema import parse, with_values
from ripieno.model.shadow import Shadow
from ripieno.model.supply_chain import SupplyChain

from ..engine.haulage import truck_world_number
from ..engine.worlds import world_number
from .worlds import Table, everything_in, go_on, halt, moved, pair, state_of, with_levers

BUNDLED = sorted(path.stem for path in Path(scenarios.__file__).parent.glob("*.toml"))
COPIES = 3


def same(world: SupplyChain, shadow: Shadow) -> list[str]:
    """What differs between a world and the copies of it."""
    mine, theirs = state_of(world), state_of(shadow.chain)
    assert mine.keys() == theirs.keys()
    return [name for name, value in mine.items() if not np.array_equal(np.tile(value, COPIES), theirs[name])]


def lived_on(world: SupplyChain, before: int, after: int) -> list[str]:
    """The differences after ``after`` periods between the world and a shadow taken in period ``before``."""
    for _ in range(before):
        world.step()
    halt(world)
    shadow = Shadow(world, COPIES, foresees=True)
    assert world.levers is not None
    shadow.take_up(np.stack([world.levers.values] * COPIES))
    shadow.live(after)
    go_on(world, after)
    return same(world, shadow)


@pytest.mark.parametrize("name", BUNDLED)
def test_a_shadow_of_a_bundled_scenario_comes_to_the_same(name: str) -> None:
    scenario = ripieno.load(name)
    periods = min(12, scenario.periods // 2)
    assert not lived_on(with_levers(scenario, 2), periods, periods)


@pytest.mark.parametrize("number", range(40))
def test_a_shadow_of_a_random_world_comes_to_the_same(number: int) -> None:
    make = truck_world_number if number % 2 else world_number
    assert not lived_on(with_levers(make(number)), 5 + number % 5, 9)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(40, 400))
def test_a_shadow_of_one_of_many_random_worlds_comes_to_the_same(number: int) -> None:
    make = truck_world_number if number % 2 else world_number
    assert not lived_on(with_levers(make(number)), 3 + number % 9, 11)
