"""A lever that is moved comes to the same as the scenario written with its value, to the last bit."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest
from ripieno.model.levers import Levers, levers_of
from ripieno.model.schema import Scenario, get_value, parse, stack, with_values
from ripieno.model.supply_chain import SupplyChain

from ..engine.haulage import truck_world_number
from ..engine.worlds import world_number
from .worlds import Table, moved, pair, state_of, with_levers, world_of

RUNS = 3


def differences(one: SupplyChain, other: SupplyChain) -> list[str]:
    mine, theirs = state_of(one), state_of(other)
    return [name for name in mine if not np.array_equal(mine[name], theirs[name])]


def plain(scenario: Scenario, runs: int = RUNS) -> SupplyChain:
    """A world without levers whose books never begin anew, as in `with_levers`."""
    return world_of(with_values(scenario, {"warm_up": 0}), runs)


def lived(world: SupplyChain, periods: int = 20) -> SupplyChain:
    for _ in range(periods):
        world.step()
    return world


def ways(world: SupplyChain, name: str) -> int:
    assert world.levers is not None
    return world.levers.names.index(name)


def two_products(**more: Any) -> Table:
    """Two goods: the maker has another level for each, the shop levels from a forecast and a review."""
    policy = {"type": "order-up-to", "cover": 4, "safety": 10.0,
              "forecast": {"type": "exponential-smoothing", "alpha": 0.2, "initial": 4}}  # fmt: skip
    table = pair(products=[{"name": "tea"}, {"name": "rye"}], **more)
    table["warehouses"][0]["policy"] = {"type": "base-stock", "level": {"tea": 20.0, "rye": 35.0}}
    table["warehouses"][1] |= {"policy": policy, "orders": {"review_period": 2}}
    table["markets"][0]["demand"] = {name: {"type": "poisson", "mean": 4} for name in ("tea", "rye")}
    return table


def test_a_relative_lever_multiplies_what_the_scenario_gives() -> None:
    world = with_levers(parse(pair()), 1)
    place = ways(world, "warehouses.Shop.policy.level")
    assert world.levers is not None
    assert world.levers.items[place].relative
    factor = 0.7
    world.levers.set(np.where(np.arange(len(world.levers.values))[:, None] == place, factor, world.levers.values))
    written = with_values(parse(pair()), {"warehouses.Shop.policy.level": 60.0 * factor})
    assert not differences(lived(world), lived(plain(written, 1)))


def test_a_table_of_products_is_scaled_product_by_product() -> None:
    world = with_levers(parse(two_products()), 1)
    place = ways(world, "warehouses.Maker.policy.level")
    assert world.levers is not None
    values = world.levers.values.copy()
    values[place] = 1.2
    world.levers.set(values)
    written = with_values(parse(two_products()), {
        "warehouses.Maker.policy.level.tea": 20.0 * 1.2, "warehouses.Maker.policy.level.rye": 35.0 * 1.2,
    })  # fmt: skip
    assert not differences(lived(world), lived(plain(written, 1)))


def test_a_review_period_moves_with_the_cover_that_it_needs() -> None:
    world = with_levers(parse(two_products()), 1)
    place = ways(world, "warehouses.Shop.orders.review_period")
    assert world.levers is not None
    values = world.levers.values.copy()
    values[place] = 5.0
    world.levers.set(values)
    written = with_values(
        parse(two_products()), {"warehouses.Shop.orders.review_period": 5, "warehouses.Shop.policy.cover": 4 + 5 - 2}
    )
    assert not differences(lived(world), lived(plain(written, 1)))
    alone = with_values(parse(two_products()), {"warehouses.Shop.orders.review_period": 5})
    assert differences(lived(with_levers(alone, 1)), world), "the cover makes no difference: the test says nothing"


def test_a_threshold_of_a_carrier_is_set() -> None:
    world = with_levers(parse(pair()), 1)
    place = ways(world, "carriers.Haulier.dispatch.threshold")
    assert world.levers is not None
    values = world.levers.values.copy()
    values[place] = 0.3
    world.levers.set(values)
    written = with_values(parse(pair()), {"carriers.Haulier.dispatch.threshold": 0.3})
    assert not differences(lived(world), lived(plain(written, 1)))


def some_moves(number: int, world: SupplyChain) -> dict[int, list[float]]:
    """About half of the levers, with a value of their grid for each run."""
    draw = Random(number)
    assert world.levers is not None
    items = world.levers.items
    return {place: [draw.choice(items[place].grid) for _ in range(RUNS)]
            for place in range(len(items)) if items[place].grid and draw.random() < 0.6}  # fmt: skip


def written(scenario: Scenario, world: SupplyChain, moves: dict[int, list[float]], run: int) -> Scenario:
    """The scenario of a file with the moves of a run written into it, absolute numbers in the place of factors."""
    assert world.levers is not None
    values: dict[str, Any] = {}
    for place, to in moves.items():
        lever = world.levers.items[place]
        for effect in lever.effects:
            key = ".".join([str(effect.path[0]), lever.agent, *map(str, effect.path[2:])])
            for name, given in leaves(key, get_value(scenario, key)):
                number = values.get(name, given)
                if effect.way == "set":
                    values[name] = to[run]
                elif effect.way == "add":
                    values[name] = number + (to[run] - effect.less)
                else:
                    values[name] = number * to[run]
                if isinstance(given, int) or key.endswith("fleet.trucks"):  # parts of a truck do not drive
                    values[name] = int(values[name])
    return with_values(scenario, values)


def leaves(key: str, held: Any) -> list[tuple[str, Any]]:
    return [(f"{key}.{name}", value) for name, value in held.items()] if isinstance(held, dict) else [(key, held)]


@pytest.mark.parametrize("number", range(12))
def test_levers_of_random_worlds_come_to_what_is_written(number: int) -> None:
    """Runs side by side, each with other values, against each run alone with its values in the scenario."""
    scenario = (truck_world_number if number % 2 else world_number)(number).resolved()
    scenario = with_values(scenario, {"interventions": [], "warm_up": 0}).resolved()
    world = with_levers(scenario, RUNS)
    assert world.levers is not None
    moves = some_moves(number, world)
    values = world.levers.values.copy()
    for place, to in moves.items():
        values[place] = to
    world.levers.set(values)
    lived(world, 12)
    for run in range(RUNS):
        alone = lived(SupplyChain(written(scenario, world, moves, run), [run]), 12)
        mine, theirs = state_of(world), state_of(alone)
        assert not [name for name in mine if not np.array_equal(mine[name][..., run : run + 1], theirs[name])]


def test_only_what_is_moved_is_changed() -> None:
    """What was never moved keeps the numbers of the scenario themselves, arrays of runs or not."""
    world = with_levers(parse(pair()))
    assert world.levers is not None
    place = ways(world, "warehouses.Shop.policy.level")
    world.levers.set(moved(world, (place, 0)))
    assert [bool(touched) for touched in world.levers.touched] == [
        row == place for row in range(len(world.levers.names))
    ]
    changed = world.levers.applied(world.base)
    assert np.shape(get_value(changed, "warehouses.Shop.policy.level")) == (3,)
    assert get_value(changed, "warehouses.Maker.policy.level") == 60
    assert get_value(changed, "carriers.Haulier.dispatch.threshold") == 1.0


def test_levers_that_stay_where_they_are_change_nothing() -> None:
    world, other = with_levers(parse(pair())), plain(parse(pair()))
    assert world.levers is not None
    for _ in range(8):
        world.levers.set(world.levers.values.copy())
        world.step()
        other.step()
    assert not differences(world, other)
    assert not world.levers.touched.any()


def test_a_lever_that_comes_back_leaves_what_the_scenario_has() -> None:
    world, other = with_levers(parse(pair())), plain(parse(pair()))
    assert world.levers is not None
    start = world.levers.values
    world.levers.set(moved(world, (0, 0), (1, 1), (2, 2)))
    world.levers.set(start)
    assert not differences(lived(world), lived(other))


@pytest.mark.parametrize("first", ["lever", "intervention"])
def test_a_lever_and_an_intervention_on_the_same_number_both_act(first: str) -> None:
    """A factor of 0.7 on a level that an intervention sets to 80: 56, in whichever order they come."""
    change = {"at": 6, "set": {"warehouses.Shop.policy.level": 80.0, "warehouses.Shop.holding_cost": 0.9}}
    world = with_levers(parse(pair(interventions=[change])), 1)
    place = ways(world, "warehouses.Shop.policy.level")
    assert world.levers is not None
    values = np.where(np.arange(len(world.levers.values))[:, None] == place, 0.7, world.levers.values)
    lived(world, 4 if first == "lever" else 8)
    world.levers.set(values)
    lived(world, 8 if first == "lever" else 4)
    before = {"at": 4 if first == "lever" else 8, "set": {"warehouses.Shop.policy.level": 60.0 * 0.7}}
    both = {"at": 6, "set": {**change["set"], "warehouses.Shop.policy.level": 80.0 * 0.7}}  # type: ignore[dict-item]
    last = {"at": 8, "set": {"warehouses.Shop.policy.level": 80.0 * 0.7}}
    dated = [before, both] if first == "lever" else [change, last]
    assert not differences(world, lived(plain(parse(pair(interventions=dated)), 1), 12))


def test_an_absolute_lever_outlasts_an_intervention() -> None:
    change = {"at": 6, "set": {"carriers.Haulier.dispatch.threshold": 0.85}}
    world = with_levers(parse(pair(interventions=[change])), 1)
    place = ways(world, "carriers.Haulier.dispatch.threshold")
    assert world.levers is not None
    world.levers.set(np.where(np.arange(len(world.levers.values))[:, None] == place, 0.3, world.levers.values))
    lived(world, 12)
    written = with_values(parse(pair()), {"carriers.Haulier.dispatch.threshold": 0.3})
    assert not differences(world, lived(plain(written, 1), 12))


def test_every_lever_stands_on_its_grid_at_the_start_and_has_an_owner() -> None:
    for number in range(8):
        scenario = (truck_world_number if number % 2 else world_number)(number).resolved()
        named: list[Any] = [*scenario.sites(), *scenario.markets, *scenario.carriers]
        owners = {str(agent.owner or agent.name) for agent in named}
        items = levers_of(scenario)
        assert len({lever.name for lever in items}) == len(items)
        for lever in items:
            assert lever.start in lever.grid or lever.traded
            assert list(lever.grid) == sorted(set(lever.grid))
            assert lever.owner in owners


def test_levers_of_design_points_start_where_their_run_stands() -> None:
    points = [with_values(parse(pair()), {"carriers.Haulier.dispatch.threshold": share}) for share in (0.5, 0.85)]
    world = SupplyChain(stack(points, np.array([0, 1, 1])), [0, 0, 1])
    world.levers = Levers(world, levers_of(world.scenario))
    assert world.levers.values[ways(world, "carriers.Haulier.dispatch.threshold")].tolist() == [0.5, 0.85, 0.85]
