"""Joint moves of neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...parameters import parameter
from ..packages import Package
from .base import BestMoves, Menu, Moves, Scene


@dataclass
class Neighbours(Menu):
    """Moves a lever of each of two agents that deal with each other.

    1. Of each agent the lever whose best move is worth most, even if that is a loss: what one of them loses alone may
       pay when the other one follows.
    2. One package a pair; in each run the ``most`` pairs with the largest sum are kept.
    """

    most: int = parameter("pairs kept", default=2, minimum=1, whole=True)

    def __call__(self, scene: Scene, moves: Moves) -> list[Package]:
        """One package a rank: in each run the moves of the pair that has this rank there."""
        best = BestMoves.of(scene, moves)
        agents = np.array(scene.agents, dtype=object)
        first = [(a, b) for a, b in scene.links if (agents == a).any() and (agents == b).any()]
        if not first:
            return []
        chosen = [_best_of(best, agents == a) | _best_of(best, agents == b) for a, b in first]
        finite = np.where(np.isfinite(best.worth), best.worth, -1e300)
        sums = np.stack([np.where(mask, finite, 0.0).max(axis=0) + np.where(mask, finite, 0.0).min(axis=0)
                         for mask in chosen])  # fmt: skip
        order = np.argsort(-sums, axis=0, kind="stable")
        packages = []
        for rank in range(min(self.most, len(first))):
            moved = np.zeros(best.value.shape, dtype=bool)
            for place, mask in enumerate(chosen):
                moved = np.where(order[rank] == place, mask, moved)
            packages.append(Package(f"neighbours, rank {rank + 1}", moved & np.isfinite(best.worth), best.value))
        return packages


def _best_of(best: BestMoves, mine: np.ndarray) -> np.ndarray:
    """The best lever of an agent in each run, ``[levers, runs]``."""
    worth = np.where(mine[:, None], best.worth, -np.inf)
    return np.asarray((np.arange(len(mine))[:, None] == worth.argmax(axis=0)) & mine[:, None])
