"""The cost of a run by parts of its measured time, for studies of what lasts and what fades."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

PARTS = 5
"""The time after the warm-up is cut into so many parts; of six years with one of warm-up a part is a year."""
BY_PART = tuple(f"part_cost_{number}" for number in range(1, PARTS + 1))
TREND = "part_cost_trend"
NAMES = (*BY_PART, TREND)
UNITS = dict.fromkeys(NAMES, "money per period")


class Spans:
    """Runs a world to its end, and notes its cost at the end of every part where anybody asks for it.

    - ``part_cost_1`` to ``part_cost_5``: mean cost of the network a period in each fifth of the measured time. Where
      that cannot be cut into equal parts, the last ones are a period longer.
    - ``part_cost_trend``: the last of them less the first.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.wanted = bool(set(NAMES) & set(names))
        self.parts: list[NDArray[np.float64]] = []

    def run(self, world: Any) -> dict[str, Callable[[], NDArray[np.float64]]]:
        """Step the world to its end; the numbers by name, ``[runs]``, none where nobody asked."""
        if not self.wanted:
            world.run()
            return {}
        start, end = world.scenario.warm_up, world.scenario.periods
        ends = [start + (end - start) * number // PARTS for number in range(PARTS + 1)]
        world.run(start)
        so_far = np.zeros(world.runs)
        for first, last in pairwise(ends):
            world.run(last - first)
            cost = np.array(world.accounts.cost(), dtype=np.float64)
            self.parts.append((cost - so_far) / max(last - first, 1))
            so_far = cost
        return self.measures()

    def measures(self) -> dict[str, Callable[[], NDArray[np.float64]]]:
        """The numbers by name."""
        values = [*self.parts, self.parts[-1] - self.parts[0]]
        return {name: partial(np.asarray, value) for name, value in zip(NAMES, values, strict=True)}
