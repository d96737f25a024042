"""Merging: one table with one row a run, in an order that depends on the study alone, and its hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .errors import StudyError
from .ledger import BoolArray, Ledger
from .metrics import absent, in_order, kept_metrics
from .opening import plan_of
from .parameters import Value
from .plan import IntArray, Plan
from .shards import Shard
from .stopping import wanted_counts
from .store import Store

if TYPE_CHECKING:
    import pandas as pd

ACROSS_CPUS = 1e-9
"""Relative difference that results from different levels of vector instructions may have."""


@dataclass(frozen=True)
class Merged:
    """The table of a study: ``point, arm, replication``, the parameters, the metrics; one row a run.

    ``missing`` counts the runs of the plan that are not finished. ``setting[i]`` is the plan's setting of row ``i`` and
    ``cpu[i]`` the CPU level it was made with. A setting that several points or arms share is one run in several rows.
    """

    frame: pd.DataFrame
    metrics: list[str]
    missing: int
    duplicates: int
    setting: IntArray
    cpu: list[str]


def merge(store: Store, plan: Plan | None = None) -> Merged:
    """Merge the shards of a store. Runs that several shards hold are compared bit for bit.

    Raises `StudyError` naming the run and the column if two shards disagree: within one CPU level every bit counts,
    between two levels a relative difference of 1e-9 is accepted and the shard that comes first by name is kept.
    """
    plan = plan or plan_of(store)
    ledger = Ledger(plan, store)
    ledger.refresh()
    wanted = np.arange(plan.most) < wanted_counts(ledger)[:, None]
    collected = _Collected(plan, ledger, wanted)
    for shard in store.shards():
        collected.add(shard)
    return collected.merged()


def table_hash(frame: pd.DataFrame) -> str:
    """The hash of a table: names and bits of its columns, in order. Missing values are all alike."""
    total = hashlib.sha256()
    for name in frame.columns:
        column = frame[name].to_numpy()
        total.update(f"{name}\0{column.dtype.kind if column.dtype.kind in 'fib' else 't'}\0".encode())
        if column.dtype.kind == "f":
            column = np.where(np.isnan(column), np.nan, column)
        if column.dtype.kind in "fib":
            total.update(np.ascontiguousarray(column).tobytes())
        else:
            total.update("\0".join(map(str, column)).encode())
    return total.hexdigest()


def column_of(values: list[Value]) -> NDArray[Any]:
    """Values of one parameter as a column: truth values, whole numbers, numbers, or else texts."""
    if all(isinstance(value, bool) for value in values):
        return np.array(values, dtype=bool)
    if all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        return np.array(values, dtype=np.int64)
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return np.array(values, dtype=np.float64)
    return np.array([value if isinstance(value, str) else str(value).lower() for value in values], dtype=object)


class _Collected:
    """The metrics of the wanted runs, filled shard by shard."""

    def __init__(self, plan: Plan, ledger: Ledger, wanted: BoolArray) -> None:
        self.plan, self.ledger = plan, ledger
        rows = int(wanted.sum())
        self.row = np.full(wanted.shape, -1, dtype=np.int64)
        self.row[wanted] = np.arange(rows)
        self.filled = np.zeros(rows, dtype=bool)
        self.source = np.zeros(rows, dtype=np.int32)
        self.shards: list[tuple[str, str]] = []
        self.columns: dict[str, NDArray[np.float64]] = {}
        self.duplicates = 0
        self.kept = kept_metrics(plan.prepared)

    def add(self, shard: Shard) -> None:
        self.shards.append((shard.name, shard.stamp.cpu))
        own, offset, kept = self.ledger.places(shard.keys, shard.setting, shard.replication)
        rows = self.row[own, offset]
        position = np.nonzero(kept)[0][rows >= 0]
        rows = rows[rows >= 0]
        new = ~self.filled[rows]
        self.duplicates += int((~new).sum())
        # A cost line that nobody in a chunk is charged for is not in its shard: those runs have its value by default.
        for name in shard.metrics:
            self.columns.setdefault(name, np.full(len(self.filled), absent(name)))
        for name in self.columns:
            column, values = self.columns[name], shard.metrics.get(name, np.full(len(kept), absent(name)))
            self._compare(name, rows[~new], values[position[~new]])
            column[rows[new]] = values[position[new]]
        self.filled[rows[new]] = True
        self.source[rows[new]] = len(self.shards) - 1

    def _compare(self, name: str, rows: IntArray, values: NDArray[np.float64]) -> None:
        kept = self.columns[name][rows]
        equal = (kept.view(np.int64) == values.view(np.int64)) | (np.isnan(kept) & np.isnan(values))
        if equal.all():
            return
        cpus = np.array([cpu for _, cpu in self.shards], dtype=object)
        elsewhere = cpus[self.source[rows]] != cpus[-1]
        wrong = ~(equal | (elsewhere & np.isclose(kept, values, rtol=ACROSS_CPUS, atol=0.0)))
        if wrong.any():
            at = int(np.nonzero(wrong)[0][0])
            raise StudyError(self._mismatch(name, int(rows[at]), float(kept[at]), float(values[at])))

    def _mismatch(self, name: str, row: int, kept: float, other: float) -> str:
        setting, offset = (int(i[0]) for i in np.nonzero(self.row == row))
        point, arm = (int(i[0]) for i in np.nonzero(self.plan.setting_of == setting))
        run = f"point {point}, arm {self.plan.arms[arm]}, replication {offset + self.plan.start}"
        first, second = self.shards[self.source[row]][0], self.shards[-1][0]
        cure = "find out which code made them, delete the wrong shard and run again"
        return f"{run}: {name} is {kept!r} in {first} and {other!r} in {second}; {cure}"

    def merged(self) -> Merged:
        import pandas as pd

        plan, arms = self.plan, len(self.plan.arms)
        rows = self.row[plan.setting_of.ravel()]
        present = rows >= 0
        present[present] = self.filled[rows[present]]
        cell, offset = np.nonzero(present)
        source = rows[cell, offset]
        point, arm = cell // arms, cell % arms
        columns: dict[str, Any] = {"point": point, "arm": np.array(plan.arms, dtype=object)[arm]}
        columns["replication"] = offset + plan.start
        for name in plan.points[0]:
            columns[name] = column_of([p[name] for p in plan.points])[point]
        metrics = in_order(self.columns, self.kept)
        columns |= {name: self.columns[name][source] for name in metrics}
        setting = plan.setting_of.ravel()[cell]
        cpu = [self.shards[i][1] for i in self.source[source]]
        missing = int((~self.filled).sum())
        return Merged(pd.DataFrame(columns), metrics, missing, self.duplicates, setting, cpu)
