"""Random packages, so that nothing is never tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...parameters import Number, parameter
from ...quantity import Array
from ..packages import Package
from .base import Menu, Moves, Scene


@dataclass
class RandomMoves(Menu):
    """Moves some levers to random values of their grids.

    1. Each lever is moved with the probability ``moved`` / number of levers, to a value drawn from its grid.
    """

    packages: int = parameter("packages", default=2, minimum=1, whole=True)
    moved: Number = parameter("levers moved on average", default=2.0, above=0, per_product=False)

    def __call__(self, scene: Scene, moves: Moves) -> list[Package]:
        """The packages, other ones in each run."""
        levers = len(scene.names)
        drawn = scene.draw(2 * self.packages * levers).reshape(self.packages, 2, levers, scene.runs)
        made = []
        for number, (which, where) in enumerate(drawn):
            picks = [
                _drawn(grid, u) if grid else now for grid, u, now in zip(scene.grids, where, scene.current, strict=True)
            ]
            made.append(Package(f"random, number {number + 1}", (which < self.moved / levers) & scene.open,
                                np.stack(picks)))  # fmt: skip
        return made


def _drawn(grid: Sequence[float], u: Array) -> Array:
    """Values of a grid for uniform numbers."""
    return np.asarray(np.array(grid)[np.minimum((u * len(grid)).astype(int), len(grid) - 1)])
