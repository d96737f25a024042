"""The ledger: which runs of a plan are finished, according to the shards in the store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .metrics import Columns, absent
from .plan import IntArray, Plan
from .shards import read_shard
from .store import Store

BoolArray = NDArray[np.bool_]


class Ledger:
    """Masks ``[settings, replications]`` over the runs of a plan: finished ones, and ones that failed in this session.

    With a sequential rule ``values`` keeps the rule's metric of the finished runs.
    """

    def __init__(self, plan: Plan, store: Store) -> None:
        self.plan, self.store = plan, store
        shape = (len(plan.settings), plan.most)
        self.done: BoolArray = np.zeros(shape, dtype=bool)
        self.failed: BoolArray = np.zeros(shape, dtype=bool)
        self.metric = plan.prepared.study.replications.metric
        self.values = np.full(shape if self.metric else (0, 0), np.nan)
        self._seen: set[str] = set()

    def refresh(self) -> int:
        """Read the shards that are new in the folder; returns how many runs of the plan they added."""
        before = int(self.done.sum())
        for path in self.store.shard_paths():
            if path.name not in self._seen:
                shard = read_shard(path, [self.metric] if self.metric else [])
                self.enter(shard.keys, shard.setting, shard.replication, shard.metrics)
                self._seen.add(path.name)
        return int(self.done.sum()) - before

    def know(self, path: Path) -> None:
        """Pass over a shard that this process has written, and entered, itself."""
        self._seen.add(path.name)

    def enter(self, keys: Sequence[str], setting: IntArray, replication: IntArray, metrics: Columns) -> None:
        """Mark runs as finished; runs that do not belong to the plan are passed over."""
        own, offset, kept = self.places(keys, setting, replication)
        self.done[own, offset] = True
        if self.metric is not None:
            self.values[own, offset] = metrics[self.metric][kept] if self.metric in metrics else absent(self.metric)

    def enter_failure(self, key: str, replication: int) -> None:
        """Mark a run as failed, so that this session does not try it again."""
        own, offset, _ = self.places([key], np.zeros(1, dtype=np.int64), np.array([replication]))
        self.failed[own, offset] = True

    def places(
        self, keys: Sequence[str], setting: IntArray, replication: IntArray
    ) -> tuple[IntArray, IntArray, BoolArray]:
        """Rows and columns of runs in the masks, and which of the runs belong to the plan."""
        known = np.array([self.plan.index.get(key, -1) for key in keys], dtype=np.int64)
        own = known[setting] if len(known) else np.zeros(0, dtype=np.int64)
        offset = replication - self.plan.start
        kept = (own >= 0) & (offset >= 0) & (offset < self.plan.most)
        return own[kept], offset[kept], kept
