"""What a metric is, and how the metrics are found."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Literal

import numpy as np

from ...agents.numeric import total
from ...agents.quantity import Array

Subject = Literal["network", "site", "factory", "market", "echelon"]


@dataclass(frozen=True)
class Metric:
    """A named number of a finished world.

    ``function(world)`` for the network, ``function(subject, world)`` for each site, market or echelon, gives ``[runs]``.
    A ``{period}`` in the name stands for what the scenario calls a period: the time bucket of a variance.
    """

    name: str
    of: Subject
    unit: str
    meaning: str
    function: Callable[..., Array]

    def named(self, period: str) -> str:
        """The name with its time bucket."""
        return self.name.replace("{period}", period)


def metric(of: Subject, unit: str, name: str = "") -> Callable[[Callable[..., Array]], Callable[..., Array]]:
    """Declare a function as a metric; its name and the first line of its docstring are those of the metric."""

    def declare(function: Callable[..., Array]) -> Callable[..., Array]:
        meaning = (function.__doc__ or "").strip().splitlines()[0]
        function.metric = Metric(name or function.__name__, of, unit, meaning, function)  # type: ignore[attr-defined]
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
    """``numerator / denominator`` and missing (NaN) where the denominator is zero."""
    safe = np.where(np.equal(denominator, 0.0), np.nan, denominator)
    return np.asarray(numerator / safe)


def over_products(x: Array, runs: int) -> Array:
    """The sum over products, ``[runs]``; zero of a quantity that nobody noted, or that has no products at all."""
    return np.zeros(runs) if np.size(x) == 0 or np.ndim(x) == 0 else total(x)
