"""Interventions change numbers that the scenario has, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..carriers import Dispatch
from ..changes import get_value, with_some
from ..facilities import Campaign, Contract, Dock, Waves
from ..keys import Place, find
from ..orders import OrderRules
from ..problems import NO_VALUE, Problem, Refused, ScenarioError
from ..timeline import dates, values_at
from ..world import World

CALENDARS: dict[str, tuple[type, ...]] = {
    "doors": (Dock,), "slots": (Dock,), "time": (Dock,), "longest_wait": (Dispatch,), "every": (Dispatch, Waves),
    "phase": (Dispatch, Waves, OrderRules, Campaign), "review_period": (OrderRules,), "cycle": (Campaign,),
    "returns_every": (Contract,),
}  # fmt: skip
"""Whole numbers that may have other values from some period on, and the tables in which they stand."""


def check_interventions(scenario: World) -> Iterator[Problem]:
    """Every key leads to a number of the resolved scenario, and the new value fits there."""
    faults = list(_faults(scenario))
    yield from faults
    for date in () if faults else dates(scenario):
        try:
            with_some(scenario, values_at(scenario, date))
        except ScenarioError as error:
            what = str(error).split(": ", 1)[-1]
            yield Problem(("interventions",), f"the values from period {date} on do not fit: {what}", "change them")
            return


def _faults(scenario: World) -> Iterator[Problem]:
    """What is wrong with the keys and the numbers that are given for them."""
    for position, item in enumerate(scenario.interventions):
        for table in ("set", "scale"):
            for key, value in getattr(item, table).items():
                for fault in _faults_of(scenario, key, value, one=table == "scale"):
                    yield fault.under("interventions", position, table)


def _faults_of(scenario: World, key: str, value: Any, *, one: bool) -> list[Problem]:
    try:
        places = find(scenario, key)
    except Refused as refused:
        return [_moved(key, problem) for problem in refused.problems]
    if one and isinstance(get_value(scenario, key), Mapping):
        return [Problem((key,), "stands for several numbers", "name the product too", value)]
    found = [_fault(key, value, may_change(scenario, place)) for place in places]
    return [fault for fault in found if fault is not None]


def may_change(scenario: World, place: Place) -> bool:
    """Whether the engine takes another number at a place while it runs: any float, and some whole numbers.

    The doors of a dock with drawn times are not among them: they are so many draws a period.
    """
    if place.plain_number:
        return True
    if not isinstance(place.value, int) or isinstance(place.value, bool) or not CALENDARS.get(str(place.path[-1])):
        return False
    table: Any = scenario
    for step in place.path[:-1]:
        table = table[step] if isinstance(step, int) else getattr(table, step, None)
    drawn = isinstance(table, Dock) and not isinstance(table.time, int)
    return isinstance(table, CALENDARS[str(place.path[-1])]) and not drawn


def _fault(key: str, value: Any, changes: bool) -> Problem | None:
    field = next(step for step in reversed(key.split(".")) if step)
    if not isinstance(value, float | int | np.ndarray) or isinstance(value, bool):
        return Problem(
            (key,), "is not a number", "an intervention sets numbers, or multiplies by them, one for each key", value
        )
    if any(step.startswith("initial_") for step in key.split(".")):
        return Problem((key,), "is about the start only", "set it in the scenario itself", value)
    if not changes:
        cure = "only numbers that have a value at the start can change"
        return Problem((key,), f"{field} is structure, or has no value at the start", cure, value)
    return None


def _moved(key: str, problem: Problem) -> Problem:
    """A problem of a key, placed at the key as it stands in the intervention."""
    where = ".".join(map(str, problem.place))
    return Problem((key,), f"{where} {problem.what}", problem.cure, NO_VALUE)
