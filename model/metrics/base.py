"""What a metric is, and how the metrics are found."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Literal

import numpy as np

from ...agents.numeric import total
from ...agents.quantity import Array

Subject = Literal[
    "network", "transport", "perishable", "promise", "shock",
    "site", "factory", "market", "echelon", "dock", "carrier", "owner",
]  # fmt: skip
NOTHING = 1e-250  # a denominator below this is what rounding left of zero; dividing by it would overflow
IN_SUMMARY = ("network", "transport", "perishable", "promise", "shock")


@dataclass(frozen=True)
class Metric:
    """A named number of a finished world.

    ``function(world)`` for the network, ``function(subject, world)`` for each site, market or echelon, gives
    ``[runs]``; ``meaning`` is one sentence, ``definition`` the formula and where the value is missing.
    A ``{period}`` in the name stands for what the scenario calls a period: the time bucket of a variance.
    """

    name: str
    of: Subject
    unit: str
    meaning: str
    definition: str
    function: Callable[..., Array]

    @property
    def in_summary(self) -> bool:
        """Whether it is a number of the whole world, a column of the summary."""
        return self.of in IN_SUMMARY

    def named(self, period: str) -> str:
        """The name with its time bucket."""
        return self.name.replace("{period}", period)


def metric(of: Subject, unit: str, name: str = "") -> Callable[[Callable[..., Array]], Callable[..., Array]]:
    """Declare a function as a metric, which takes its name and its docstring: a sentence, then the formula."""

    def declare(function: Callable[..., Array]) -> Callable[..., Array]:
        meaning, _, definition = inspect.cleandoc(function.__doc__ or "").partition("\n\n")
        declared = Metric(name or function.__name__, of, unit, meaning, " ".join(definition.split()), function)
        function.metric = declared  # type: ignore[attr-defined]
        return function

    return declare


@cache
def all_metrics() -> tuple[Metric, ...]:
    """All metrics in the order of files and lines."""
    package = import_module(__package__ or "")
    found: list[Metric] = []
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
        contents: dict[str, Any] = vars(import_module(f"{package.__name__}.{module.name}"))
        found += [value.metric for value in contents.values() if hasattr(value, "metric") and callable(value)]
    return tuple(found)


def ratio(numerator: Array, denominator: Array) -> Array:
    """``numerator / denominator`` and missing (NaN) where the denominator is zero but for rounding."""
    safe = np.where(np.abs(denominator) < NOTHING, np.nan, denominator)
    return np.asarray(numerator / safe)


def over_products(x: Array, runs: int) -> Array:
    """The sum over products, ``[runs]``; zero of a quantity that nobody noted, or that has no products at all."""
    return np.zeros(runs) if np.size(x) == 0 or np.ndim(x) == 0 else total(x)
