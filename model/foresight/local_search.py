"""How an agent chooses its own levers: by coordinate search over their small grids, for its own cost alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Any

import numpy as np

from ...agents.negotiation.packages import Package
from ...agents.quantity import Array, Mask, Money

ROUNDS = 2
MATERIAL = 0.01  # of the own cost: what a move has to save before it is worth the trouble
MOST_PAIRS = 40  # pairs of values that are tried for two levers together

OwnCosts = Callable[[str, Sequence[Package]], Money]
"""The change of an agent's own cost by each of several packages, ``[packages, runs]``."""


def choose(
    foresight: Any, agent: str, open_levers: Mask, material: float = MATERIAL, own_costs: OwnCosts | None = None
) -> Array:
    """Where an agent wants the levers, ``[levers, runs]``; those of others stay.

    ``open_levers`` ``[levers]`` or ``[levers, runs]`` says which may be moved; ``own_costs`` is who is asked in the
    place of ``foresight.own_costs``, with the same answers.

    1. Lever by lever, the values of its grid are tried with the other levers at the best that is known so far, in every
       run by itself; likewise pairs of levers with small grids. This is done twice; what would be tried with the others
       where they were before is not tried again.
    2. Levers stay in runs in which all of it would save less than ``material`` of the agent's own cost.
    """
    current = foresight.levers.values
    may = np.broadcast_to(open_levers if open_levers.ndim == 2 else open_levers[:, None], current.shape)
    places = [
        place
        for place, lever in enumerate(foresight.levers.items)
        if lever.agent == agent and foresight.foreseen(lever) and may[place].any()
    ]
    known = Known(current, np.zeros(current.shape[-1]))
    tried: dict[tuple[int, ...], Array] = {}
    for _ in range(ROUNDS if len(places) > 1 else 1):
        for levers, trials in _groups(foresight.levers.items, places):
            others = np.delete(known.best, levers, axis=0)
            if levers not in tried or not np.array_equal(tried[levers], others):
                targets = [known.with_trial(levers, values, may) for values in trials]
                packages = [Package(agent, target != current, target) for target in targets]
                known = known.better(targets, (own_costs or foresight.own_costs)(agent, packages))
                tried[levers] = others
    worth = -known.least > material * np.abs(foresight.own_cost(agent))
    wanted: Array = np.where(worth, known.best, current)
    return wanted


def _groups(levers: Any, places: list[int]) -> Iterator[tuple[tuple[int, ...], list[tuple[float, ...]]]]:
    """Levers with the values that are tried for them: each by itself, then two at once."""
    for place in places:
        yield (place,), [(value,) for value in levers[place].grid]
    for pair in combinations(places, 2):
        trials = list(product(*(levers[place].grid for place in pair)))
        if len(trials) <= MOST_PAIRS:
            yield pair, trials


@dataclass(frozen=True)
class Known:
    """The best levers known ``[levers, runs]``, and the least change of cost ``[runs]``, which is theirs."""

    best: Array
    least: Money

    def with_trial(self, levers: tuple[int, ...], values: tuple[float, ...], may: Mask) -> Array:
        """The best levers known with other values where they may be moved."""
        target = self.best
        for place, value in zip(levers, values, strict=True):
            row = np.arange(len(target))[:, None] == place
            target = np.where(row & may, value, target)
        return target

    def better(self, targets: Sequence[Array], costs: Money) -> Known:
        """With those of the targets in the runs in which they cost less; the first of several that cost the same."""
        known = self
        for target, cost in zip(targets, costs, strict=True):
            saves = cost < known.least
            known = replace(known, best=np.where(saves, target, known.best), least=np.where(saves, cost, known.least))
        return known
