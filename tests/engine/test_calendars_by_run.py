"""Runs whose calendars, waits and lots differ: each is, bit for bit, the world that has its numbers for all runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import numpy as np
import pytest
from ripieno.agents.quantity import Array
from ripieno.model.schema import Scenario, parse
from ripieno.model.schema.common import Table
from ripieno.model.schema.keys import find
from ripieno.model.schema.world import Memo
from ripieno.model.supply_chain import SupplyChain

from .haulage import with_trucks
from .watching import assert_same, runs_of, seen_of

PERIODS = 24
RUNS = 3
CHANGED_AT = (7, 15)
Values = Mapping[str, Sequence[float]]
"""By dotted key the number of each run."""


def moved(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """A resolved scenario with other numbers, or arrays of them, as the levers of a running world put them in."""
    for key, value in values.items():
        (place,) = find(scenario, key)
        scenario = _put(scenario, place.path, value)
        scenario._memo = Memo(settled=True)
    return scenario


def _put(held: Any, path: Sequence[Any], value: Any) -> Any:
    if not path:
        return value
    if isinstance(held, list):
        return [*held[: path[0]], _put(held[path[0]], path[1:], value), *held[path[0] + 1 :]]
    assert isinstance(held, Table)
    return held.changed(**{path[0]: _put(getattr(held, path[0]), path[1:], value)})


def seen(scenario: Scenario, replications: Sequence[int], *steps: Mapping[str, Any]) -> Any:
    """All that happens when the numbers of ``steps`` hold from the start, from the first and from the second change."""
    start, *changes = [moved(scenario, step) for step in steps]
    world = SupplyChain(start, replications, seed=3, audit=True, series=True)
    for date, changed in zip(CHANGED_AT, changes, strict=True):
        world.run(date - world.period)
        world.intervene(changed)
    found = seen_of(world.run())
    world.dispose()
    return found


def each_run_is_as_alone(scenario: Scenario, *steps: Values) -> None:
    """Arrays over the runs give each run what plain numbers give it alone."""
    replications = list(range(4, 4 + RUNS))
    arrays = [{key: np.array(values, dtype=np.float64) for key, values in step.items()} for step in steps]
    together = seen(scenario, replications, *arrays)
    for run, replication in enumerate(replications):
        mine = [{key: plain(scenario, key, values[run]) for key, values in step.items()} for step in steps]
        assert_same(runs_of(together, [run]), seen(scenario, [replication], *mine))
    differing = {key for key, values in together.items() if key[0] != "summary" and not _same_in_all(values)}
    assert differing


def _same_in_all(values: Array) -> bool:
    return bool((values == values[..., :1]).all())


def plain(scenario: Scenario, key: str, value: float) -> float | int:
    """A number of the kind that the key holds."""
    return value if isinstance(find(scenario, key)[0].value, float) else int(value)


def world(number: int) -> Scenario:
    """A random world with trucks, docks, waves, campaigns and lots; a carrier without a timetable and one with it."""
    draw = Random(number)
    table = with_trucks(draw, PERIODS)
    table["interventions"] = []
    for position, carrier in enumerate(table["carriers"]):
        carrier["dispatch"] = [{"threshold": 0.6, "longest_wait": 2}, {"every": 2, "phase": 1}][(number + position) % 2]
    for site in table["warehouses"]:
        site["waves"] = {"every": 2, "phase": 1, "smallest": 3.0}
        site["orders"] |= {"review_period": 2, "phase": 0}
        site["orders"].pop("script", None)
    for maker in (*table["suppliers"], *table["factories"]):
        maker |= {"lot": 2.0, "campaign": {"cycle": 4, "phase": 1}}
        maker.pop("reserved", None)
    return parse(table).resolved()


def drawn(scenario: Scenario, draw: Random) -> Values:
    """For each kind of number some values that differ between the runs."""
    grids: dict[str, Sequence[float]] = {}
    for carrier in scenario.carriers:
        timetable = carrier.dispatch.every is not None
        waits = {"threshold": (0.1, 0.6, 1.0), "longest_wait": (0, 1, 2, 4, 7)}
        rule = {"every": (1, 2, 3, 5), "phase": (0, 1, 4)} if timetable else waits
        grids |= {f"carriers.{carrier.name}.dispatch.{key}": grid for key, grid in rule.items()}
    for site in scenario.warehouses:
        place = f"warehouses.{site.name}"
        grids |= {f"{place}.orders.review_period": (1, 2, 3, 5), f"{place}.orders.phase": (0, 1, 4)}
        grids |= {f"{place}.orders.minimum": (0.0, 5.0), f"{place}.orders.multiple": (0.0, 3.0, 7.5)}
        grids |= {f"{place}.waves.every": (1, 2, 3), f"{place}.waves.phase": (0, 1)}
        grids[f"{place}.waves.smallest"] = (0.0, 4.0)
    for which in ("suppliers", "factories"):
        for maker in getattr(scenario, which):
            place = f"{which}.{maker.name}"
            grids |= {f"{place}.lot": (0.0, 1.5, 4.0)}
            grids |= {f"{place}.campaign.cycle": (4, 5, 7), f"{place}.campaign.phase": (0, 1, 3)}
    return {key: [draw.choice(grid) for _ in range(RUNS)] for key, grid in grids.items()}


@pytest.mark.parametrize("number", range(6))
def test_numbers_that_differ_between_runs_act_as_plain_ones(number: int) -> None:
    scenario = world(number)
    each_run_is_as_alone(scenario, *(drawn(scenario, Random(f"{number}/{step}")) for step in range(3)))


@pytest.mark.parametrize("number", [1, 2])
def test_plain_numbers_become_arrays_while_the_world_runs(number: int) -> None:
    """The first two runs stay as they were; the world began without arrays."""
    scenario, draw = world(number), Random(number)
    first = {key: [values[0]] * RUNS for key, values in drawn(scenario, draw).items()}
    later = {key: [*first[key][:2], values[2]] for key, values in drawn(scenario, draw).items()}
    changes = [{key: np.array(values, dtype=np.float64) for key, values in later.items()}] * 2
    begin = {key: plain(scenario, key, values[0]) for key, values in first.items()}
    together = seen(scenario, [4, 5, 6], begin, *changes)
    assert_same(runs_of(together, [0, 1]), seen(scenario, [4, 5], begin, begin, begin))


def test_a_random_phase_is_drawn_within_the_period_of_its_run() -> None:
    table = with_trucks(Random(1), PERIODS) | {"interventions": []}
    for site in table["warehouses"]:
        site["orders"] = site["orders"] | {"review_period": 2, "phase": "random"}
        site["orders"].pop("script", None)
    scenario = parse(table).resolved()
    key = f"warehouses.{scenario.warehouses[0].name}.orders.review_period"
    each_run_is_as_alone(scenario, *({key: values} for values in ((2, 5, 9), (4, 1, 9), (1, 3, 7))))
