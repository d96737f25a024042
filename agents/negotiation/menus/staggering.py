"""Calendars that take turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...parameters import parameter
from ..packages import Package
from .base import Menu, Moves, Scene


@dataclass
class Staggering(Menu):
    """Spreads the calendars of agents that share a supplier or a dock.

    1. As they are: the n agents of a group get the phases floor(i R / n), i = 0 ... n - 1, R their own review period.
    2. The same with a common review period, for each of ``reviews``.

    Reference: Lee, Padmanabhan & Whang (1997), Information Distortion in a Supply Chain: The Bullwhip Effect,
    Management Science 43(4):546-558 (balanced ordering).
    """

    reviews: Sequence[float] = parameter("common review periods", default=(1.0, 2.0, 3.0), per_product=False)

    def __call__(self, scene: Scene, moves: Moves) -> list[Package]:
        """One package for the calendars as they are, and one a review period."""
        if not any(
            {"review_period", "phase"} <= set(scene.settings_of(agent)) for agent in dict.fromkeys(scene.agents)
        ):
            return []
        packages = [self._spread(scene, None)]
        return packages + [self._spread(scene, review) for review in self.reviews]

    def _spread(self, scene: Scene, review: float | None) -> Package:
        moved = np.zeros(scene.current.shape, dtype=bool)
        values = np.zeros(scene.current.shape) + scene.current
        placed: set[str] = set()
        for group in scene.groups:
            members = [agent for agent in group if agent not in placed]
            for number, agent in enumerate(members):
                levers = scene.settings_of(agent)
                if not {"review_period", "phase"} <= set(levers):
                    continue
                placed.add(agent)
                period = values[levers["review_period"]] if review is None else np.full(scene.runs, review)
                values[levers["review_period"]] = period
                values[levers["phase"]] = np.floor(number * period / len(members))
                moved[levers["review_period"]] = moved[levers["phase"]] = True
        every = "their own calendars" if review is None else f"a review every {review:g} periods"
        return Package(f"take turns, {every}", moved & scene.open, values)
