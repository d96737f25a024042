"""How many runs go into a chunk: as many as take a few seconds at the speed seen so far. Results never depend on it.

Where agents plan, most of the time goes into what a batch does once however many runs it has: a year of a negotiation
in a chain took 2.5 s with 8 runs and 7 s with 512. There chunks take minutes rather than becoming small.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...model.schema import Scenario

TARGET_SECONDS = 3.0
FIRST_RUNS = 128
MOST_RUNS = 8192
LEAST_RUNS = 1024
"""A chunk is not made smaller for speed alone..."""
MOST_SECONDS = 300.0
"""... unless it would take longer than this."""
MEMORY_BYTES = 2**29
BYTES_PER_SITE_AND_RUN = 2048


@dataclass
class Sizer:
    """Chooses the next chunk's size. ``fixed`` sets it once and for all.

    ``_last`` counts the last chunks, those that are left when all processes together could take the rest.
    """

    most: int
    fixed: int | None = None
    size: int = FIRST_RUNS
    _last: int = 0

    @classmethod
    def of(cls, scenarios: Iterable[Scenario], fixed: int | None = None) -> Sizer:
        """A sizer whose chunks of any of these scenarios stay within the memory of a worker."""
        places = max(len(list(scenario.agents())) + len(scenario.lanes) for scenario in scenarios)
        most = max(1, min(MOST_RUNS, MEMORY_BYTES // (BYTES_PER_SITE_AND_RUN * max(places, 1))))
        return cls(most, fixed, min(FIRST_RUNS, most))

    def next(self, missing: int, slots: int) -> int:
        """The size of the next chunk when ``missing`` runs are left for ``slots`` processes."""
        if self.fixed is not None:
            return self.fixed
        if missing > slots * self.size:
            self._last = 0
            return self.size
        # The last chunks are one for each process and equal, so that all finish together.
        self._last = self._last - 1 if self._last > 1 else slots
        return -(-missing // self._last)

    def learn(self, runs: int, seconds: float) -> None:
        """Take the speed of a finished chunk into account."""
        if self.fixed is None and runs >= self.size // 2:
            factor = min(max(TARGET_SECONDS / max(seconds, 1e-3), 0.25), 16.0)
            large = min(float(LEAST_RUNS), runs * MOST_SECONDS / max(seconds, 1e-3))
            self.size = max(1, min(self.most, round(max(runs * factor, large))))
