"""The supply: cuts the missing runs into chunks, one at a time, as they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .chunks import Chunk, Job
from .ledger import Ledger
from .plan import IntArray
from .searched import is_open, with_found
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
            cut = self._alone(end) or slice(self._next, min(self._next + size, end))
            self._next = cut.stop
            setting, replication = self._setting[cut], self._replication[cut]
            left = ~self._ledger.done[setting, replication - self._ledger.plan.start]
            if left.any():
                return self._chunk(setting[left], replication[left])
        return None

    def _alone(self, end: int) -> slice | None:
        """The next runs, if they are of a setting that is to be searched for: it is searched for once for all of them.

        A chunk of others ends where such runs begin, since these have a structure of their own.
        """
        first = int(self._setting[self._next])
        if not is_open(self._overrides(first)):
            return None
        others = np.nonzero(self._setting[self._next : end] != first)[0]
        return slice(self._next, self._next + int(others[0]) if len(others) else end)

    def _overrides(self, setting: int) -> Mapping[str, Any]:
        """The overrides of a setting, with what was found for it."""
        chosen = self._ledger.plan.settings[setting]
        if not is_open(chosen.overrides):
            return chosen.overrides
        return with_found(chosen.overrides, self._ledger.store.reference(chosen.key))

    def _chunk(self, setting: IntArray, replication: IntArray) -> Chunk:
        used, local = np.unique(setting, return_inverse=True)
        keys = tuple(self._ledger.plan.settings[i].key for i in used)
        overrides = tuple(self._overrides(int(i)) for i in used)
        return Chunk(self._job, keys, overrides, local.astype(np.int64), replication)
