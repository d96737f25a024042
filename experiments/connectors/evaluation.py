"""Evaluating many design points at once, for the tools that choose the points themselves."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from ...agents.quantity import Array
from ...model.api import run_batch
from ...model.schema import Scenario, get_value, with_values

Ranges = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Evaluation:
    """A scenario as a function from values of some of its numbers to metrics, many points at a time.

    ``ranges`` gives the lowest and highest value of each varied key (dotted, such as ``warehouses.R1.policy.level``);
    both ends are checked against the scenario. A key that holds a whole number is rounded to the nearest one.
    All points share the random numbers of replications 0 to ``replications - 1`` of ``seed``. At most ``chunk`` runs
    are in memory at once; the results do not depend on it.

    Raises `ScenarioError` for an unknown key or a range that does not fit, `ValueError` for empty arguments.
    """

    scenario: Scenario
    ranges: Ranges
    metrics: tuple[str, ...]
    replications: int = 1
    seed: int = 0
    chunk: int = 4096

    def __post_init__(self) -> None:
        if not self.ranges or not self.metrics or self.replications < 1 or self.chunk < 1:
            raise ValueError("ranges, metrics, a number of replications and a chunk of runs are needed")
        for key, (low, high) in self.ranges.items():
            if not low < high:
                raise ValueError(f"the range of {key} has to rise: ({low}, {high})")
            for end in (low, high):
                self._point([end], [key])

    @property
    def names(self) -> list[str]:
        """The varied keys in their order."""
        return list(self.ranges)

    def __call__(self, points: Array) -> Array:
        """Metrics ``[points, replications, metrics]`` at ``points [points, keys]``; a missing metric is NaN."""
        table = np.asarray(points, dtype=float)
        if table.ndim != 2 or table.shape[1] != len(self.ranges):
            raise ValueError(f"points are [points, {len(self.ranges)}], not of shape {table.shape}")
        results = np.empty((len(table), self.replications, len(self.metrics)))
        for chosen in self._chunks(len(table)):
            results[chosen] = self._batch(table[chosen])
        return results

    def _chunks(self, count: int) -> Iterator[slice]:
        size = max(1, self.chunk // self.replications)
        return (slice(start, start + size) for start in range(0, count, size))

    def _batch(self, table: Array) -> Array:
        scenarios = [self._point(row.tolist(), self.names) for row in table]
        pairs = [(point, replication) for point in range(len(table)) for replication in range(self.replications)]
        summary = run_batch(scenarios, pairs, self.seed).summary
        self._demand_metrics(summary)
        values = summary.loc[:, list(self.metrics)].to_numpy(dtype=float)
        return values.reshape(len(table), self.replications, -1)

    def _point(self, values: Sequence[float], names: Sequence[str]) -> Scenario:
        return with_values(
            self.scenario,
            {name: round(value) if name in self.whole else value for name, value in zip(names, values, strict=True)},
        )

    @cached_property
    def whole(self) -> set[str]:
        """The varied keys that hold whole numbers."""
        held = {name: get_value(self.scenario, name) for name in self.ranges}
        return {name for name, value in held.items() if isinstance(value, int) and not isinstance(value, bool)}

    def _demand_metrics(self, summary: pd.DataFrame) -> None:
        for metric in self.metrics:
            if metric not in summary.columns:
                known = [str(name) for name in summary.columns]
                near = difflib.get_close_matches(metric, known, n=1)
                raise ValueError(f"no metric {metric!r}" + (f"; did you mean {near[0]!r}?" if near else f" in {known}"))
