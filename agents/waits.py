"""How long trucks waited: a count for every number of periods, from which quantiles are read."""

from __future__ import annotations

import numpy as np

from .quantity import Array


class Waits:
    """Counts of whole waiting times, for each run. The table belongs to this object alone and is written in place."""

    def __init__(self, runs: int) -> None:
        self.runs = runs
        self._columns = np.arange(runs)
        self.reset()

    def reset(self) -> None:
        """Forget everything, as at the end of the warm-up."""
        self._counts: Array = np.zeros(8 * self.runs)

    def note(self, wait: Array, trucks: Array) -> None:
        """Count ``trucks`` ``[runs]`` that have waited ``wait`` periods; a wait without trucks does not matter."""
        at = (wait * self.runs).astype(np.intp) + self._columns
        while int(at.max()) >= len(self._counts):
            self._counts = np.concatenate((self._counts, np.zeros_like(self._counts)))
        self._counts[at] = self._counts.take(at) + trucks

    def quantile(self, level: float) -> Array:
        """The least wait that at least this share of the trucks did not exceed, ``[runs]``; missing without trucks."""
        cumulated = np.add.accumulate(self._counts.reshape(-1, self.runs), axis=0)
        everyone = cumulated[-1]
        reached = (cumulated < level * everyone).astype(np.intp)
        wait = np.add.reduce(reached, axis=0).astype(np.float64)
        return np.where(everyone > 0, wait, np.nan)
