"""Several good moves at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...parameters import parameter
from ..packages import Package
from .base import BestMoves, Menu, Moves, Scene


@dataclass
class Bundles(Menu):
    """Moves several levers at once, those whose best moves are worth most one by one.

    1. Of each lever the best move; levers in the order of their worth.
    2. Packages of the first 2, 4, 8, ... of them, as far as they are worth anything.

    Moves that get into each other's way are worth less together: the trial of a package says so, and a smaller bundle
    may then win.
    """

    sizes: Sequence[float] = parameter("numbers of moves", default=(2.0, 4.0, 8.0, 16.0, 32.0, 64.0), per_product=False)

    def __call__(self, scene: Scene, moves: Moves) -> list[Package]:
        """One package a size."""
        best = BestMoves.of(scene, moves)
        rank = best.rank()
        most = [size for size in self.sizes if size < 2 * len(scene.names)]
        return [Package(f"the {size:g} best moves", (rank < size) & (best.worth > 0.0), best.value) for size in most]
