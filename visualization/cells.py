"""Experiments on a grid: up to three factors, both worlds in every cell, and the study file that repeats it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from ..model.schema import Scenario, get_value
from ..model.schema.toml import toml_text
from .caps import Caps, TooMuch
from .choice import Choice, Value
from .editing import value_like
from .pairing import Paired, column, joined, paired
from .uploads import check_inside
from .worlds import armed, changed

if TYPE_CHECKING:
    import pandas as pd

MOST_VALUES = 12
"""Values of one factor."""


@dataclass(frozen=True)
class Factor:
    """A key of the scenario and the values that it takes."""

    key: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Cell:
    """One combination of values, with both worlds."""

    values: tuple[Value, ...]
    a: Scenario
    b: Scenario


def factor_of(base: Scenario, key: str, text: str) -> Factor:
    """A factor from a form, its values separated by commas.

    Raises `TooMuch` or `ScenarioError` for too few or too many values, or one that does not fit the scenario.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not 2 <= len(parts) <= MOST_VALUES:
        raise TooMuch(f"{len(parts)} values are given; give 2 to {MOST_VALUES}, separated by commas")
    get_value(base.resolved(), key)
    values = tuple(dict.fromkeys(value_like(base, key, part) for part in parts))
    for value in values:
        check_inside(changed(base, ((key, value),)))
    return Factor(key, values)


def cells_of(base: Scenario, choice: Choice, factors: Sequence[Factor], caps: Caps) -> list[Cell]:
    """Every combination of the factors' values, the last one varying fastest.

    Raises `TooMuch` beyond a cap, or for a key in which A and B differ already.
    """
    caps.check("factors", len(factors))
    caps.check("cells", prod(len(factor.values) for factor in factors))
    names = [factor.key for factor in factors]
    twice = next((key for key in names if names.count(key) > 1 or key in dict(choice.other)), "")
    if twice:
        raise TooMuch(f"{twice} is varied twice, or is what makes B differ from A; choose another key")
    made = []
    for values in product(*(factor.values for factor in factors)):
        here = changed(base, (*choice.changes, *zip(names, values, strict=True)))
        a, b = armed(here, choice.arms[0]), armed(changed(here, choice.other), choice.arms[1])
        for world in (a, b):
            caps.check_scenario(world)
        made.append(Cell(values, a, b))
    return made


def results(
    cells: Sequence[Cell], values: Sequence[Any], counts: Sequence[int], metric: str
) -> list[tuple[Cell, Paired]]:
    """The paired result of every cell whose units are all done; ``values`` are those of the units so far."""
    made, place = [], 0
    for cell, count in zip(cells, counts, strict=True):
        if place + count > len(values):
            break
        network, _ = joined(values[place : place + count])
        made.append((cell, paired(column(network, 0, metric), column(network, 1, metric))))
        place += count
    return made


def result_table(found: Sequence[tuple[Cell, Paired]], factors: Sequence[Factor]) -> pd.DataFrame:
    """One row a cell: the factors, the means, and the difference with its interval."""
    import pandas as pd

    names = [factor.key for factor in factors]
    rows = [
        dict(zip(names, cell.values, strict=True))
        | {
            "a": each.a,
            "b": each.b,
            "estimate": each.difference,
            "low": each.low,
            "high": each.high,
            "count": each.count,
        }
        for cell, each in found
    ]
    return pd.DataFrame(rows)


def study_file(base: Scenario, choice: Choice, factors: Sequence[Factor], metric: str, runs: int) -> str:
    """The experiment as a study file for ``ripieno study run``; the scenario lies beside it as ``base.toml``."""
    arms: dict[str, dict[str, Any]] = {"A": {}, "B": dict(choice.other)}
    for name, arm in zip("AB", choice.arms, strict=True):
        if arm:
            arms[name]["orchestration"] = {"arm": arm}
    study: dict[str, Any] = {
        "name": f"{base.name}-experiment",
        "description": "An experiment that was set up in the browser",
        "scenario": "base.toml",
        "seed": base.seed if choice.seed is None else choice.seed,
        "replications": runs,
        "arms": arms,
        "comparison": {"control": "B", "metrics": [metric]},
    }
    if factors:
        study["parameters"] = {factor.key: {"values": list(factor.values)} for factor in factors}
    return toml_text(study)
