"""Interventions change numbers that the scenario has, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..changes import with_some
from ..keys import find
from ..problems import NO_VALUE, Problem, Refused, ScenarioError
from ..timeline import dates, values_at
from ..world import World


def check_interventions(scenario: World) -> Iterator[Problem]:
    """Every key leads to a number of the resolved scenario, and the new value fits there."""
    clean = True
    for position, item in enumerate(scenario.interventions):
        for key, value in item.set.items():
            try:
                faults = [_fault(key, value, place.plain_number) for place in find(scenario, key)]
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


def _fault(key: str, value: Any, plain_number: bool) -> Problem | None:
    field = next(step for step in reversed(key.split(".")) if step)
    if not isinstance(value, float | int | np.ndarray) or isinstance(value, bool):
        return Problem((key,), "is not a number", "an intervention sets numbers, one for each key", value)
    if any(step.startswith("initial_") for step in key.split(".")):
        return Problem((key,), "is about the start only", "set it in the scenario itself", value)
    if not plain_number:
        cure = "only numbers that have a value at the start can change"
        return Problem((key,), f"{field} is structure, or has no value at the start", cure, value)
    return None


def _moved(key: str, problem: Problem) -> Problem:
    """A problem of a key, placed at the key as it stands in the intervention."""
    where = ".".join(map(str, problem.place))
    return Problem((key,), f"{where} {problem.what}", problem.cure, NO_VALUE)
