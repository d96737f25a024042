"""How long trucks waited: a count for every number of periods, from which quantiles are read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .quantity import Array

MANY = 16  # entries a run that are kept before they are counted


class Waits:
    """Counts of whole waiting times, for each run."""

    def __init__(self, runs: int) -> None:
        self.runs = runs
        self.reset()

    def reset(self) -> None:
        """Forget everything, as at the end of the warm-up."""
        self._counts: dict[int, Array] = {}
        self._single: list[tuple[NDArray[np.intp], NDArray[np.intp], Array]] = []
        self._singles = 0

    def note(self, wait: int, trucks: Array) -> None:
        """Count ``trucks`` ``[runs]`` that have waited ``wait`` periods."""
        known = self._counts.get(wait)
        self._counts[wait] = trucks if known is None else known + trucks

    def note_each(self, waits: NDArray[np.intp], at: NDArray[np.intp], trucks: Array) -> None:
        """Count trucks one entry after the other: how long they waited, in which run, and how many there are."""
        self._single.append((waits, at, trucks))
        self._singles = self._singles + len(at)
        if self._singles > MANY * self.runs:
            self._count_singles()

    def _count_singles(self) -> None:
        """Add up the entries by their wait."""
        if not self._single:
            return
        waits, at, trucks = (np.concatenate(part) for part in zip(*self._single, strict=True))
        table = np.bincount(waits * self.runs + at, trucks, (int(waits.max()) + 1) * self.runs).reshape(-1, self.runs)
        for wait in np.flatnonzero(np.bincount(waits)).tolist():
            self.note(wait, table[wait])
        self._single, self._singles = [], 0

    def quantile(self, level: float) -> Array:
        """The least wait that at least this share of the trucks did not exceed, ``[runs]``; missing without trucks."""
        self._count_singles()
        found = np.full(self.runs, np.nan)
        everyone = np.zeros(self.runs)
        for wait in sorted(self._counts):
            everyone = everyone + self._counts[wait]
        so_far = np.zeros(self.runs)
        for wait in sorted(self._counts):
            so_far = so_far + self._counts[wait]
            reached = np.isnan(found) & (everyone > 0) & (so_far >= level * everyone)
            found = np.where(reached, float(wait), found)
        return found
