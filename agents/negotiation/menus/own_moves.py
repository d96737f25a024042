"""What everybody would do for itself, done by all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...parameters import parameter
from ..packages import Package
from .base import BestMoves, Menu, Moves, Scene


@dataclass
class OwnMoves(Menu):
    """Lets every owner make the moves that save itself most, all owners at once.

    1. Of each lever the move that saves its owner most; the levers of an owner in that order.
    2. Packages of the first 1, 2, 4 and 8 of every owner, as far as they save anything.

    It is what agents without orchestration would do, put to the test of the network's cost: where own gains do not
    hurt others, the network need not find them one by one.
    """

    sizes: Sequence[float] = parameter("moves of each owner", default=(1.0, 2.0, 4.0, 8.0), per_product=False)

    def __call__(self, scene: Scene, moves: Moves) -> list[Package]:
        """One package a size."""
        best = BestMoves.of(scene, replace(moves, worth=moves.own))
        rank = np.zeros(best.worth.shape)
        whose = np.array(scene.owners)
        for owner in dict.fromkeys(scene.owners):
            mine = (whose == owner)[:, None]
            rank = np.where(mine, BestMoves(best.value, np.where(mine, best.worth, -np.inf)).rank(), rank)
        return [
            Package(f"everybody's {size:g} best moves", (rank < size) & (best.worth > 0.0), best.value)
            for size in self.sizes
        ]
