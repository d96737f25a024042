"""What an `orchestration` table says about levers and owners, checked against those that the world has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..agents.parameters import Number
from .levers import Lever
from .schema import ScenarioError


def settings_by_place(levers: Sequence[Lever], settings: Mapping[str, Number]) -> dict[int, Number]:
    """The settings of a scenario by the place of their lever; raises `ScenarioError` for one that cannot be."""
    names = [lever.name for lever in levers]
    for name, value in settings.items():
        if name not in names:
            known = ", ".join(names[:6])
            raise ScenarioError(f"orchestration.settings: {name!r} is not a lever here; there are {known}, ...")
        _check_value(levers[names.index(name)], value)
    return {names.index(name): value for name, value in settings.items()}


def _check_value(lever: Lever, value: Number) -> None:
    """A value, or one for each run, has to lie in the range of the lever's grid, and to be whole where the grid is."""
    grid, values = lever.grid, np.atleast_1d(value)
    if not grid:
        raise ScenarioError(f"orchestration.settings.{lever.name}: is traded at a price and not set; remove it")
    whole = not lever.relative and all(float(item).is_integer() for item in grid)
    wrong = (values < grid[0]) | (values > grid[-1]) | (whole & (values % 1.0 != 0.0))
    if wrong.any():
        kind = "a factor" if lever.relative else "a whole number" if whole else "a number"
        raise ScenarioError(
            f"orchestration.settings.{lever.name} = {values[wrong][0]:g}: is not a value of the lever; "
            f"give {kind} from {grid[0]:g} to {grid[-1]:g}"
        )


def check_voters(rules: Sequence[Any], owners: Sequence[str]) -> None:
    """Raises `ScenarioError` where a rule of decision gives a veto to somebody who owns nothing here."""
    for rule in rules:
        for holder in getattr(rule, "holders", ()):
            if holder not in owners:
                known = ", ".join(owners)
                raise ScenarioError(f"orchestration: veto holder {holder!r} is not an owner here; there are {known}")
