"""How long trucks waited: a count for every number of periods, from which quantiles are read."""

from __future__ import annotations

import numpy as np

from .quantity import Array
from .truck_queue import Served


class Waits:
    """Counts of whole waiting times, for each run."""

    def __init__(self, runs: int) -> None:
        self.runs = runs
        self.reset()

    def reset(self) -> None:
        """Forget everything, as at the end of the warm-up."""
        self._counts: dict[int, Array] = {}

    def note(self, served: Served, wait: int) -> None:
        """Count trucks that have waited ``wait`` periods."""
        self._counts[wait] = served.added_to(self._counts.get(wait), served.trucks, self.runs)

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
