"""How long trucks waited: a count for every number of periods, from which quantiles are read."""

from __future__ import annotations

import numpy as np

from .quantity import Array


class Waits:
    """Counts of whole waiting times, for each run."""

    def __init__(self, runs: int) -> None:
        self.runs = runs
        self.reset()

    def reset(self) -> None:
        """Forget everything, as at the end of the warm-up."""
        self._counts: dict[int, Array] = {}

    def note(self, wait: int, trucks: Array) -> None:
        """Count ``trucks`` ``[runs]`` that have waited ``wait`` periods."""
        known = self._counts.get(wait)
        self._counts[wait] = trucks if known is None else known + trucks

    def quantile(self, level: float) -> Array:
        """The least wait that at least this share of the trucks did not exceed, ``[runs]``; missing without trucks."""
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
