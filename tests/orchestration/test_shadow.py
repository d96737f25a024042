"""A shadow shows what the world itself would come to, to the last bit, and leaves the world as it is."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import ripieno
from ripieno.experiments import scenarios
from ripieno.model.levers import Levers, levers_of
from ripieno.model.schema import parse, stack, with_values
from ripieno.model.shadow import Shadow, copies_of
from ripieno.model.supply_chain import SupplyChain

from ..agents.hauling import shipper
from ..engine.haulage import truck_world_number
from ..engine.pooled import pooled_world
from ..engine.worlds import world_number
from .worlds import everything_in, go_on, halt, moved, pair, state_of, with_levers

BUNDLED = sorted(path.stem for path in Path(scenarios.__file__).parent.glob("*.toml"))
COPIES = 3
CONSTANT = {"type": "constant", "mean": 20.0}


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
    shadow = Shadow(world, copies_of(world, COPIES), foresees=True)
    assert world.levers is not None
    shadow.take_up(np.tile(world.levers.values, COPIES))
    shadow.live(after)
    go_on(world, after)
    return same(world, shadow)


@pytest.mark.parametrize("name", BUNDLED)
def test_a_shadow_of_a_bundled_scenario_comes_to_the_same(name: str) -> None:
    scenario = ripieno.load(name)
    periods = min(12, scenario.periods // 2)
    assert not lived_on(with_levers(scenario, 2), periods, periods)


@pytest.mark.parametrize("number", range(20))
def test_a_shadow_of_a_random_world_comes_to_the_same(number: int) -> None:
    make = truck_world_number if number % 2 else world_number
    assert not lived_on(with_levers(make(number)), 5 + number % 5, 9)


@pytest.mark.parametrize("number", range(8))
def test_a_shadow_of_a_world_with_pooled_trucks_comes_to_the_same(number: int) -> None:
    assert not lived_on(with_levers(pooled_world(Random(number))), 5 + number % 5, 9)


def test_a_shadow_of_a_world_with_a_long_queue_of_trucks_comes_to_the_same() -> None:
    """One door for more trucks than it can take: most groups of trucks are in the backlog of the queue."""
    table = shipper([], {"fleet": {"capacity": 5.0}}, dock={"doors": 1, "time": 2})
    demand = {"type": "poisson", "mean": 7.0}
    table |= {"markets": [{"name": "Town", "sites": ["Shop"], "demand": demand}]}
    world = with_levers(parse(table))
    assert not lived_on(world, 40, 9)
    backlog = world.docks["Shop"].queue.backlog
    assert backlog is not None
    assert (backlog.head < backlog.tail).all()


@pytest.mark.slow
@pytest.mark.parametrize("number", range(20, 400))
def test_a_shadow_of_one_of_many_random_worlds_comes_to_the_same(number: int) -> None:
    make = truck_world_number if number % 2 else world_number
    assert not lived_on(with_levers(make(number)), 3 + number % 9, 11)


@pytest.mark.parametrize("name", ["serial-owners", "wide-tree", "five-parts", "five-stages"])
def test_without_foresight_a_shadow_knows_all_that_is_not_to_come(name: str) -> None:
    """Calendars too that were drawn at random: where nothing else is, the past shows the future to the last bit."""
    scenario = ripieno.load(name)
    values: dict[str, Any] = {f"markets.{market.name}.demand": CONSTANT for market in scenario.markets}
    values |= {f"warehouses.{site.name}.orders.phase": "random" for site in scenario.warehouses}
    world = with_levers(with_values(scenario, values), 8)
    for _ in range(20):
        world.step()
    halt(world)
    phases = np.stack([site.orders.phase for site in world.sites.values() if np.ndim(site.orders.phase)])
    assert len(np.unique(phases)) > 1, "nobody has a calendar to know"
    assert world.levers is not None
    shadow = Shadow(world, copies_of(world, COPIES))
    shadow.take_up(np.tile(world.levers.values, COPIES))
    shadow.replay({market.name: [market.demanded] for market in world.markets.values()}, world.period)
    shadow.live(12)
    go_on(world, 12)
    assert not same(world, shadow)


@pytest.mark.parametrize("number", range(12))
def test_what_a_shadow_takes_up_is_the_same_with_and_without_foresight(number: int) -> None:
    """The present and all settings are known; only draws of periods to come are another matter."""
    scenario = (truck_world_number if number % 2 else world_number)(number)
    phases = {f"warehouses.{site.name}.orders.phase": "random" for site in scenario.warehouses}
    known = [outage for outage in scenario.outages if outage.start is None or outage.every is not None]
    world = with_levers(with_values(scenario, phases).replaced(outages=known))
    for _ in range(5 + number % 3):
        world.step()
    halt(world)
    taken = []
    for foresees in (True, False):
        shadow = Shadow(world, copies_of(world, COPIES), foresees=foresees)
        shadow.take_up(np.concatenate([any_moves(number + copy, world) for copy in range(COPIES)], axis=1))
        taken.append(everything_in(shadow.chain))
    assert len(taken[0]) > 100
    assert taken[0] == taken[1]


def any_moves(number: int, world: SupplyChain) -> np.ndarray:
    """About half of the levers of a world somewhere on their grids, in each run somewhere else."""
    draw = Random(number)
    assert world.levers is not None
    places = [place for place in range(len(world.levers.items)) if draw.random() < 0.5]
    return moved(world, *((place, draw.randrange(9)) for place in places))


@pytest.mark.parametrize("number", range(10))
def test_a_shadow_under_a_package_comes_to_what_the_world_comes_to_under_it(number: int) -> None:
    """Levers are moved before the shadow is taken, and others in it; of three copies each is under another package."""
    scenario = (truck_world_number if number % 2 else world_number)(number)
    worlds = [with_levers(scenario) for _ in range(COPIES)]
    for world in worlds:
        assert world.levers is not None
        for _ in range(3 + number % 4):
            world.step()
        world.levers.set(any_moves(number + 50, world))
        for _ in range(2):
            world.step()
        halt(world)
    packages = [any_moves(100 * copy + number, worlds[0]) for copy in range(COPIES)]
    shadow = Shadow(worlds[0], copies_of(worlds[0], COPIES), foresees=True)
    shadow.take_up(np.concatenate(packages, axis=1))
    shadow.live(8)
    for copy, (world, package) in enumerate(zip(worlds, packages, strict=True)):
        assert world.levers is not None
        world.levers.set(package)
        go_on(world, 8)
        theirs = {name: shadow.by_copy(value) for name, value in state_of(shadow.chain).items()}
        mine = state_of(world)
        assert not [name for name in mine if not np.array_equal(mine[name], theirs[name][..., copy, :])]


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("foresees", [False, True])
def test_a_shadow_leaves_the_world_as_it_is(number: int, foresees: bool) -> None:
    world = with_levers((truck_world_number if number % 2 else world_number)(number))
    for _ in range(6):
        world.step()
    halt(world)
    before = everything_in(world)
    assert len(before) > 100
    shadow = Shadow(world, copies_of(world, COPIES), foresees=foresees)
    for _ in range(2):
        shadow.take_up(np.concatenate([any_moves(number + copy, world) for copy in range(COPIES)], axis=1))
        shadow.live(5)
        assert everything_in(world) == before
    world.step()
    assert everything_in(world) != before, "what is looked at does not change: the test says nothing"


def test_a_shadow_is_taken_again_as_if_it_were_new() -> None:
    """One shadow serves every cycle of planning: what it lived through before leaves no trace."""
    world = with_levers(truck_world_number(3))
    used = Shadow(world, copies_of(world, COPIES), foresees=True)
    for _ in range(3):
        for _ in range(3):
            world.step()
        packages = np.concatenate([any_moves(copy, world) for copy in range(COPIES)], axis=1)
        fresh = Shadow(world, copies_of(world, COPIES), foresees=True)
        for shadow in (used, fresh):
            shadow.take_up(packages)
            shadow.live(4)
        mine, theirs = state_of(used.chain), state_of(fresh.chain)
        assert not [name for name in mine if not np.array_equal(mine[name], theirs[name])]


def demanded(shadow: Shadow, market: str, periods: int) -> np.ndarray:
    """The outside demand in a shadow, ``[periods, copies, runs]``."""
    seen: list[Any] = []
    shadow.live(periods, lambda chain: seen.append(shadow.by_copy(chain.markets[market].demanded)[0]))
    return np.stack(seen)


def test_a_back_cast_meets_the_demand_of_the_past_again() -> None:
    world = with_levers(parse(pair()))
    past = []
    for _ in range(7):
        world.step()
        past.append(world.markets["Town"].demanded)
    halt(world)
    shadow = Shadow(world, copies_of(world, 2))
    shadow.take_up(np.tile(world.levers.values, 2))  # type: ignore[union-attr]
    shadow.replay({"Town": past}, world.period + 1, factor=2.0)
    seen = demanded(shadow, "Town", 10)
    for period in range(10):
        assert (seen[period] == 2.0 * past[period % 7][0]).all()


def test_without_foresight_a_shadow_does_not_know_what_will_come() -> None:
    world = with_levers(parse(pair()))
    world.run(7)
    halt(world)
    seen = {}
    for foresees in (False, True):
        shadow = Shadow(world, copies_of(world, 2), foresees=foresees)
        shadow.take_up(np.tile(world.levers.values, 2))  # type: ignore[union-attr]
        seen[foresees] = demanded(shadow, "Town", 6)
    go_on(world, 0)
    ahead = []
    for _ in range(6):
        world.step()
        ahead.append(world.markets["Town"].demanded[0])
    assert all((seen[True][period] == ahead[period]).all() for period in range(6))
    assert not all((seen[False][period] == ahead[period]).all() for period in range(6))


def test_interventions_of_the_future_are_known_only_to_who_foresees() -> None:
    table = pair() | {"interventions": [{"at": 10, "set": {"markets.Town.demand.mean": 40.0}}]}
    seen = {}
    for foresees in (False, True):
        world = with_levers(parse(table))
        world.run(7)
        halt(world)
        shadow = Shadow(world, copies_of(world, 2), foresees=foresees)
        shadow.take_up(np.tile(world.levers.values, 2))  # type: ignore[union-attr]
        seen[foresees] = demanded(shadow, "Town", 10).mean(axis=0)
    assert (seen[True] > 25).all()
    assert (seen[False] < 15).all()


def test_single_outages_of_the_future_are_known_only_to_who_foresees() -> None:
    """One that has begun is known, with its length; so is one that comes again, like a day of rest."""
    gone = {"site": "Shop", "kind": "receiving", "length": 6}
    for more, expected in (({"start": 9}, False), ({"start": 5}, True), ({"start": 9, "every": 40}, True)):
        world = with_levers(parse(pair() | {"outages": [gone | more]}))
        world.run(7)
        halt(world)
        stopped = {}
        for foresees in (False, True):
            seen: list[bool] = []
            shadow = Shadow(world, copies_of(world, 2), foresees=foresees)
            for _ in range(2):  # it is taken up again, as in each plan
                shadow.take_up(np.tile(world.levers.values, 2))  # type: ignore[union-attr]
                seen.clear()
                shadow.live(5, lambda chain, seen=seen: seen.append(bool(np.any(chain.outages.outages[0].down))))  # type: ignore[misc]
            stopped[foresees] = any(seen)
        assert stopped == {False: expected, True: True}, more


def test_values_by_run_go_into_the_shadow() -> None:
    """Design points side by side: each copy of a run has the numbers of its run."""
    points = [with_values(parse(pair(warm_up=0)), {"warehouses.Shop.holding_cost": cost}) for cost in (0.1, 0.7)]
    world = SupplyChain(stack(points, np.array([0, 1, 1])), [0, 0, 1])
    world.levers = Levers(world, levers_of(world.scenario))
    assert not lived_on(world, 6, 6)
