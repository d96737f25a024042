"""Every single move."""

from __future__ import annotations

from dataclasses import dataclass

from ..packages import Package, single
from .base import Menu, Moves, Scene


@dataclass
class Single(Menu):
    """Moves one lever to one of its values.

    1. Every lever, every value of its grid: these are the moves that all other menus are made of.
    """

    def __call__(self, scene: Scene, moves: Moves) -> list[Package]:
        """One package a move."""
        return [
            single(f"{scene.names[lever]} = {value:g}", int(lever), float(value), len(scene.names))
            for lever, value in zip(moves.lever, moves.value, strict=True)
        ]
