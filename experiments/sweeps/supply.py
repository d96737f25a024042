"""The supply: cuts the missing runs into chunks, one at a time, as they are asked for."""

from __future__ import annotations

import numpy as np

from .chunks import Chunk, Job
from .ledger import Ledger
from .plan import IntArray
from .sizing import Sizer


class Supply:
    """Hands out missing runs in their order. A run that another process has finished meanwhile is left out."""

    def __init__(self, ledger: Ledger, job: Job, setting: IntArray, replication: IntArray) -> None:
        self._ledger, self._job = ledger, job
        self._setting, self._replication = setting, replication
        group = ledger.plan.group[setting]
        # A chunk ends where the structure changes: runs of two structures cannot be simulated side by side.
        self._ends = np.append(np.nonzero(np.diff(group))[0] + 1, len(group))
        self._next = 0

    def next(self, sizer: Sizer, slots: int) -> Chunk | None:
        """The next chunk, or nothing when all runs were handed out."""
        while self._next < len(self._setting):
            size = sizer.next(len(self._setting) - self._next, slots)
            end = int(self._ends[np.searchsorted(self._ends, self._next, side="right")])
            cut = slice(self._next, min(self._next + size, end))
            self._next = cut.stop
            setting, replication = self._setting[cut], self._replication[cut]
            left = ~self._ledger.done[setting, replication - self._ledger.plan.start]
            if left.any():
                return self._chunk(setting[left], replication[left])
        return None

    def _chunk(self, setting: IntArray, replication: IntArray) -> Chunk:
        used, local = np.unique(setting, return_inverse=True)
        chosen = [self._ledger.plan.settings[i] for i in used]
        keys, overrides = tuple(s.key for s in chosen), tuple(s.overrides for s in chosen)
        return Chunk(self._job, keys, overrides, local.astype(np.int64), replication)
