"""What a menu is, and what it may look at: the levers, where they stand, who is whose neighbour, and the first claims.

Nothing that an owner keeps to itself is in a `Scene`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ...quantity import Array, Mask, Money
from ..packages import Package


@dataclass(frozen=True)
class Scene:
    """The levers in a cycle of planning.

    ``grids`` are the values of each lever, ``agents`` and ``owners`` (by number) whose it is, ``current`` and ``open``
    ``[levers, runs]`` where it stands and whether it may be moved. ``links`` are pairs of agents that deal with each
    other, ``groups`` lists of agents that share a supplier or a dock. ``draw(count)`` gives uniform numbers
    ``[count, runs]``. Single moves go at most ``reach`` values of the grid away.
    """

    names: Sequence[str]
    grids: Sequence[Sequence[float]]
    agents: Sequence[str]
    owners: Sequence[int]
    current: Array
    open: Mask
    links: Sequence[tuple[str, str]]
    groups: Sequence[Sequence[str]]
    draw: Callable[[int], Array]
    reach: float = np.inf

    @property
    def runs(self) -> int:
        """Number of runs."""
        return int(self.current.shape[-1])

    def possible(self, lever: int, value: float) -> Mask:
        """Where a move is allowed and changes anything, ``[runs]``: a phase counts modulo the review period."""
        changes = self.open[lever] & (self.current[lever] != value)
        review = self.names[lever].removesuffix("phase") + "review_period"
        if self.names[lever].endswith("orders.phase") and review in self.names:
            return np.asarray(changes & (value < self.current[self.names.index(review)]))
        return np.asarray(changes & (self.steps(lever, value) <= self.reach))

    def steps(self, lever: int, value: float) -> Array:
        """By how many values of its grid a lever would move, ``[runs]``."""
        grid = np.array(self.grids[lever])
        return np.asarray(np.abs(np.searchsorted(grid, value) - np.searchsorted(grid, self.current[lever])) * 1.0)

    def settings_of(self, agent: str) -> dict[str, int]:
        """The levers of an agent by the last word of their name."""
        return {
            name.rsplit(".", 1)[-1]: place
            for place, (name, whose) in enumerate(zip(self.names, self.agents, strict=True))
            if whose == agent
        }


@dataclass(frozen=True)
class Moves:
    """Single moves with what they are worth at a first look.

    ``lever`` and ``value`` ``[moves]`` say what is moved where to; ``worth`` ``[moves, runs]`` is the gain claimed for
    each, minus infinity where a move is none or not allowed; ``own``, alike, is what its owner alone claims to save.
    """

    lever: np.ndarray
    value: Array
    worth: Money
    own: Money


@dataclass
class Menu(ABC):
    """Puts packages together, from the levers alone or also from what single moves are worth at a first look."""

    @abstractmethod
    def __call__(self, scene: Scene, moves: Moves) -> list[Package]:
        """The packages to be looked at."""

    def check(self) -> str | None:
        """Say what is wrong when the parameters cannot go together."""
        return None


@dataclass(frozen=True)
class BestMoves:
    """For each lever the best of its moves in each run, ``[levers, runs]``: where to, and what it is worth."""

    value: Array
    worth: Money

    @classmethod
    def of(cls, scene: Scene, moves: Moves, bonus: Array | None = None) -> BestMoves:
        """Pick the best move of each lever; ``bonus`` ``[moves, runs]`` is added to the worth before comparing."""
        shape = (len(scene.names), scene.runs)
        value, worth = np.zeros(shape) + scene.current, np.full(shape, -np.inf)
        best = np.full(shape, -np.inf)
        for place, (lever, to) in enumerate(zip(moves.lever, moves.value, strict=True)):
            rank = moves.worth[place] if bonus is None else moves.worth[place] + bonus[place]
            better = rank > best[lever]
            value[lever] = np.where(better, to, value[lever])
            worth[lever] = np.where(better, moves.worth[place], worth[lever])
            best[lever] = np.where(better, rank, best[lever])
        return cls(value, worth)

    def rank(self) -> Array:
        """The place of each lever when they are ordered by worth, 0 for the best."""
        order = np.argsort(-self.worth, axis=0, kind="stable")
        return np.asarray(np.argsort(order, axis=0, kind="stable"))
