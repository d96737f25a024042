"""Verification: runs picked at random are made again, each alone, and compared with the store."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np

from .chunks import Chunk, Job, run_chunk
from .errors import StudyError
from .machine import cpu_level
from .merging import ACROSS_CPUS, Merged, merge
from .opening import plan_of
from .plan import Plan
from .provenance import changes
from .searched import kept_under, with_found
from .store import Store


@dataclass(frozen=True)
class Difference:
    """A metric of a run that came out differently."""

    point: int
    arm: str
    replication: int
    metric: str
    stored: float
    again: float

    def __str__(self) -> str:
        run = f"point {self.point}, arm {self.arm}, replication {self.replication}"
        return f"{run}: {self.metric} is {self.stored!r} in the store and {self.again!r} when run alone"


@dataclass(frozen=True)
class Verified:
    """How many runs were compared, and all differences."""

    runs: int
    differences: list[Difference]


def verify(store: Store, sample: int, seed: int = 0) -> Verified:
    """Run ``sample`` of the finished runs again, each alone, and compare every bit of every metric.

    ``seed`` picks the runs. On another CPU level than the stored run's a relative difference of 1e-9 is accepted.
    Raises `StudyError` if the store has no runs, or code or scenario changed since they were made.
    """
    plan = plan_of(store)
    changed = changes(store, plan.prepared)
    if changed:
        cure = "verify with the code and scenario that made its runs"
        raise StudyError(f"{store.folder}: {' and '.join(sorted(changed))} changed since its runs were made; {cure}")
    merged = merge(store, plan)
    if merged.frame.empty:
        raise StudyError(f"{store.folder}: has no finished runs to verify; run the study first")
    count = min(sample, len(merged.frame))
    job = Job.of(plan.prepared)
    rows = sorted(random.Random(seed).sample(range(len(merged.frame)), count))
    return Verified(count, [difference for row in rows for difference in _again(store, plan, merged, job, row)])


def _again(store: Store, plan: Plan, merged: Merged, job: Job, row: int) -> list[Difference]:
    stored = merged.frame.iloc[row]
    setting = plan.settings[int(merged.setting[row])]
    replication = int(stored["replication"])
    overrides = with_found(setting.overrides, store.reference(kept_under(setting.overrides)))
    one = np.zeros(1, dtype=np.int64)
    outcome = run_chunk(Chunk(job, (setting.key,), (overrides,), one, np.array([replication])))
    run = (int(stored["point"]), str(stored["arm"]), replication)
    if outcome.failures:
        raise StudyError(f"point {run[0]}, arm {run[1]}, replication {run[2]}: {outcome.failures[0].error}")
    exact = merged.cpu[row] == cpu_level()
    again = {name: float(values[0]) for rows in outcome.rows for name, values in rows.metrics.items()}
    pairs = [(name, float(stored[name]), again.get(name, float("nan"))) for name in merged.metrics]
    return [Difference(*run, name, old, new) for name, old, new in pairs if not _same(old, new, exact)]


def _same(stored: float, again: float, exact: bool) -> bool:
    if np.isnan(stored) or np.isnan(again):
        return bool(np.isnan(stored) and np.isnan(again))
    if exact:
        return stored.hex() == again.hex()
    return bool(np.isclose(stored, again, rtol=ACROSS_CPUS, atol=0.0))
