"""Other simulators, period by period: stockpyl's networks and OR-Gym's chains, replayed on the engine.

Each trace gives two targets: the largest deviation of anything that the peer reports, over all nodes, quantities and
periods, and the total cost or profit.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..peer_traces import Case, cases, largest_deviation, pairs, replay
from ..targets import EXACT, Effort, Target, exact

MONEY = ("total_cost ", "profit")


def targets(effort: Effort) -> Iterator[Target]:
    """All of them; nothing is random, so quick and full are the same."""
    for name, case in cases().items():
        yield from replayed(name, case)


def replayed(name: str, case: Case) -> Iterator[Target]:
    """The targets of one trace."""
    source = f"{case['peer']}: {case['source']}"
    compared = list(pairs(case, replay(case)))
    yield exact(f"peers/{name}/largest deviation", source, 0.0, largest_deviation(compared), EXACT)
    money = [pair for pair in compared if pair[0].startswith(MONEY)]
    periods = case["instance"]["T"]
    total = sum(float(np.broadcast_to(expected, periods).sum()) for _, expected, _ in money)
    yield exact(f"peers/{name}/money in all", source, total, sum(float(measured.sum()) for _, _, measured in money))
