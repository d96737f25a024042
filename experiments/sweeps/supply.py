"""The supply: cuts the missing runs into chunks, one at a time, as they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from .chunks import Chunk, Job
from .ledger import Ledger
from .plan import IntArray
from .searched import CHOSEN, is_open, kept_under, with_found
from .sizing import Sizer


class Supply:
    """Hands out missing runs in their order. A run that another process has finished meanwhile is left out."""

    def __init__(self, ledger: Ledger, job: Job, setting: IntArray, replication: IntArray) -> None:
        self._ledger, self._job = ledger, job
        self._setting, self._replication = setting, replication
        group = ledger.plan.group[setting]
        # A chunk ends where the structure changes: runs of two structures cannot be simulated side by side.
        self._ends = np.append(np.nonzero(np.diff(group))[0] + 1, len(group))
        self._turns = np.append(np.nonzero(np.diff(setting))[0] + 1, len(setting))
        self._next = 0

    def next(self, sizer: Sizer, slots: int) -> Chunk | None:
        """The next chunk, or nothing when all runs were handed out."""
        while self._next < len(self._setting):
            size = sizer.next(len(self._setting) - self._next, slots)
            cut = slice(self._next, self._end(size))
            self._next = cut.stop
            setting, replication = self._setting[cut], self._replication[cut]
            left = ~self._ledger.done[setting, replication - self._ledger.plan.start]
            if left.any():
                return self._chunk(setting[left], replication[left])
        return None

    def _end(self, size: int) -> int:
        """Where the next chunk ends: after ``size`` runs that are ready, or after the runs of whole settings that are
        to be searched for, so that each is searched for once. Candidates of several settings are looked at together,
        as long as their runs make no larger chunk; a search of all levers stands alone.
        """
        most = min(self._next + size, int(self._ends[np.searchsorted(self._ends, self._next, side="right")]))
        first = self._overrides(int(self._setting[self._next]))
        if not is_open(first):
            opening = (begin for begin, _ in self._stretches(most) if is_open(self._overrides_at(begin)))
            return next(opening, most)
        end = None
        for begin, stop in self._stretches(most):
            if end is not None and (stop > most or not self._together(first, begin)):
                break
            end = stop
        return int(end or most)

    def _stretches(self, most: int) -> Iterator[tuple[int, int]]:
        """Where the runs of each setting begin and end that begin before ``most``."""
        begin = self._next
        for stop in self._turns[np.searchsorted(self._turns, self._next, side="right") :]:
            if begin >= most:
                return
            yield begin, int(stop)
            begin = int(stop)

    def _together(self, first: Mapping[str, Any], begin: int) -> bool:
        return CHOSEN in first and CHOSEN in self._overrides_at(begin)

    def _overrides_at(self, place: int) -> Mapping[str, Any]:
        return self._overrides(int(self._setting[place]))

    def _overrides(self, setting: int) -> Mapping[str, Any]:
        """The overrides of a setting, with what was found for it."""
        chosen = self._ledger.plan.settings[setting]
        if not is_open(chosen.overrides):
            return chosen.overrides
        return with_found(chosen.overrides, self._ledger.store.reference(kept_under(chosen.overrides)))

    def _chunk(self, setting: IntArray, replication: IntArray) -> Chunk:
        used, local = np.unique(setting, return_inverse=True)
        keys = tuple(self._ledger.plan.settings[i].key for i in used)
        overrides = tuple(self._overrides(int(i)) for i in used)
        return Chunk(self._job, keys, overrides, local.astype(np.int64), replication)
