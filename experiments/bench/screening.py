"""How long a first look at many packages by closed-form models takes, beside the periods between two plans."""

from __future__ import annotations

import numpy as np

from ...agents.negotiation.packages import Package, single
from ...model.foresight.beliefs import Beliefs
from ...model.foresight.network_model import Foresight
from ...model.levers import Levers
from ...model.schema import load, with_values
from ..foresight_quality import world
from .measure import Effort, Measurement, medians

RUNS = 1_024
PACKAGES = 300
CADENCE = 20  # periods between two plans
LEARN = 20
MOST_TIMES = 12.0


def screening(effort: Effort) -> list[Measurement]:
    """Moves of one lever in the regional network, the look at the network as it stands among it."""
    periods = LEARN + CADENCE * (effort.repetitions + 1)
    chain = world(with_values(load("regional"), {"periods": periods, "warm_up": 0}), np.arange(RUNS))
    assert chain.levers is not None
    foresight = Foresight(chain, chain.levers, Beliefs(chain))
    for _ in range(LEARN):
        chain.step()
        foresight.beliefs.note()
    packages = single_moves(chain.levers, PACKAGES)

    def live() -> None:
        for _ in range(CADENCE):
            chain.step()

    taken = medians({"plain": live, "screening": lambda: foresight.changes(packages)}, effort.repetitions)
    chain.dispose()
    name = f"first look at {PACKAGES} moves, regional, {RUNS:,} runs"
    return [Measurement.within(MOST_TIMES, name, taken["screening"] / taken["plain"], f"times {CADENCE} periods")]


def single_moves(levers: Levers, most: int) -> list[Package]:
    """So many of all moves of one lever to another value, spread over them evenly."""
    moves = [
        single(lever.name, place, value, len(levers.items))
        for place, lever in enumerate(levers.items)
        for value in lever.grid
        if value != levers.values[place, 0]
    ]
    return [moves[place] for place in np.linspace(0, len(moves) - 1, min(most, len(moves))).astype(int)]
