"""How an agent chooses its own levers: by coordinate search over their small grids, for its own cost alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from ...agents.negotiation.packages import Package
from ...agents.quantity import Array, Mask, Money

ROUNDS = 2
MATERIAL = 0.01  # of the own cost: what a move has to save before it is worth the trouble
MOST_PAIRS = 40  # pairs of values that are tried for two levers together


def choose(foresight: Any, agent: str, open_levers: Mask, material: float = MATERIAL) -> Array:
    """Where an agent wants the levers, ``[levers, runs]``; those of others stay.

    ``open_levers`` ``[levers]`` or ``[levers, runs]`` says which may be moved.

    1. Lever by lever, each value of its grid is tried with the other levers at the best that is known so far, in every
       run by itself; likewise pairs of levers with small grids. This is done twice.
    2. Levers stay in runs in which all of it would save less than ``material`` of the agent's own cost.
    """
    current = foresight.levers.values
    may = np.broadcast_to(open_levers if open_levers.ndim == 2 else open_levers[:, None], current.shape)
    places = [
        place
        for place, lever in enumerate(foresight.levers.items)
        if lever.agent == agent and foresight.foreseen(lever) and may[place].any()
    ]
    best, least = current, np.zeros(current.shape[-1])
    for _ in range(ROUNDS if len(places) > 1 else 1):
        for trial in _trials(foresight.levers.items, places):
            best, least = _better(foresight, agent, (best, least), trial, may)
    worth = -least > material * np.abs(foresight.own_cost(agent))
    wanted: Array = np.where(worth, best, current)
    return wanted


def _trials(levers: Any, places: list[int]) -> Iterator[dict[int, float]]:
    """Values of one lever, then of two at once."""
    for place in places:
        for value in levers[place].grid:
            yield {place: value}
    for one, other in combinations(places, 2):
        if len(levers[one].grid) * len(levers[other].grid) <= MOST_PAIRS:
            for value in levers[one].grid:
                for with_it in levers[other].grid:
                    yield {one: value, other: with_it}


def _better(
    foresight: Any, agent: str, known: tuple[Array, Money], trial: dict[int, float], may: Mask
) -> tuple[Array, Money]:
    """The best levers known, with those of a trial in the runs in which it costs less."""
    best, least = known
    target = best
    for place, value in trial.items():
        row = np.arange(len(target))[:, None] == place
        target = np.where(row & may, value, target)
    package = Package(agent, target != foresight.levers.values, target)
    cost = foresight.own_change(agent, package)
    saves = cost < least
    return np.where(saves, target, best), np.where(saves, cost, least)
