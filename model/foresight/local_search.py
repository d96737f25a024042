"""How an agent chooses its own levers: by coordinate search over their small grids, for its own cost alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import numpy as np

from ...agents.negotiation.packages import Package
from ...agents.quantity import Array, Mask

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
    search = Search(foresight, agent, places, may[places])
    for _ in range(ROUNDS if len(places) > 1 else 1):
        for trial in _trials([foresight.levers.items[place].grid for place in places]):
            search.attempt(trial)
    worth = -search.least > material * np.abs(foresight.own_cost(agent))
    return np.where(worth, search.with_own(search.best), current)


def _trials(grids: list[Any]) -> Iterator[dict[int, float]]:
    """Values of one lever, then of two at once, by the rows of the levers."""
    for row, grid in enumerate(grids):
        for value in grid:
            yield {row: value}
    for one, other in combinations(range(len(grids)), 2):
        if len(grids[one]) * len(grids[other]) <= MOST_PAIRS:
            for value, with_it in product(grids[one], grids[other]):
                yield {one: value, other: with_it}


class Search:
    """The best of an agent's own levers so far, ``[own levers, runs]``, and how they change its cost ``[runs]``.

    What has been tried in all runs is not tried again: it does not cost less than the best that is known.
    """

    def __init__(self, foresight: Any, agent: str, places: list[int], may: Mask) -> None:
        self.foresight = foresight
        self.agent = agent
        self.places = places
        self.may = may
        self.current: Array = foresight.levers.values
        self.best = self.current[places]
        self.least = np.zeros(self.current.shape[-1])
        self.tried = {self.best.tobytes()}

    def attempt(self, trial: dict[int, float]) -> None:
        """Try the best levers known with other values, and keep them in the runs in which they cost less."""
        values = self.best.copy()
        for row, value in trial.items():
            values[row] = np.where(self.may[row], value, values[row])
        if values.tobytes() in self.tried:
            return
        self.tried.add(values.tobytes())
        target = self.with_own(values)
        cost = self.foresight.own_change(self.agent, Package(self.agent, target != self.current, target))
        saves = cost < self.least
        self.best, self.least = np.where(saves, values, self.best), np.where(saves, cost, self.least)

    def with_own(self, values: Array) -> Array:
        """All levers, with these values of the own ones."""
        target = self.current.copy()
        target[self.places] = values
        return target
