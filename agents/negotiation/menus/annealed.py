"""Packages drawn at falling temperatures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from ...parameters import Number, parameter
from ..packages import Package
from .base import BestMoves, Menu, Moves, Scene

EDGE = 1e-12  # keeps logarithms finite


@dataclass
class Annealed(Menu):
    """Draws whole settings from what single moves are worth, hot ones first and then cooler ones.

    1. The temperature of start k of n is the spread of the moves' worth times ``hottest`` cooling^k.
    2. Of each lever a move is drawn with probability proportional to exp(worth / temperature), staying put being worth
       nothing (by adding Gumbel noise and taking the largest).

    Reference: Kirkpatrick, Gelatt & Vecchi (1983), Optimization by Simulated Annealing, Science 220:671-680.
    """

    starts: int = parameter("packages", default=4, minimum=1, whole=True)
    hottest: Number = parameter("temperature of the first, in spreads of the worth", default=1.0, above=0)
    cooling: Number = parameter("factor from one to the next", default=0.4, above=0, maximum=1)

    def __call__(self, scene: Scene, moves: Moves) -> list[Package]:
        """One package a start, other ones in each run."""
        count = len(moves.lever)
        known = np.isfinite(moves.worth)
        spread = np.sqrt(np.square(np.where(known, moves.worth, 0.0)).mean(axis=0))
        made = []
        for start in range(self.starts):
            noise = _gumbel(scene.draw(count + len(scene.names)))
            temperature = np.maximum(spread * self.hottest * self.cooling**start, EDGE)
            best = BestMoves.of(scene, moves, bonus=temperature * noise[:count])
            hot = BestMoves.of(scene, replace(moves, worth=moves.worth + temperature * noise[:count]))
            made.append(Package(f"annealed, start {start + 1}", hot.worth > temperature * noise[count:], best.value))
        return made


@cache
def _log() -> Any:
    from scipy.special import xlogy  # one number at a time: the same bits in every batch, and imported late

    return xlogy


def _gumbel(u: np.ndarray) -> np.ndarray:
    log = _log()
    return np.asarray(-log(1.0, -log(1.0, np.clip(u, EDGE, 1.0 - EDGE))))
