"""Interventions change numbers that the scenario has, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..carriers import Dispatch
from ..changes import with_some
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
    clean = True
    for position, item in enumerate(scenario.interventions):
        for key, value in item.set.items():
            try:
                faults = [_fault(key, value, may_change(scenario, place)) for place in find(scenario, key)]
            except Refused as refused:
                faults = [_moved(key, problem) for problem in refused.problems]
            for fault in faults:
                if fault is not None:
                    clean = False
                    yield fault.under("interventions", position, "set")
    for date in dates(scenario) if clean else ():
        try:
            with_some(scenario, values_at(scenario, date))
        except ScenarioError as error:
            what = str(error).split(": ", 1)[-1]
            yield Problem(("interventions",), f"the values from period {date} on do not fit: {what}", "change them")
            return


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
        return Problem((key,), "is not a number", "an intervention sets numbers, one for each key", value)
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
