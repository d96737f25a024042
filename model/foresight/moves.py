"""Which levers a package really moves, and what number that puts in the place of one in use."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ...agents.negotiation.packages import Package
from ...agents.parameters import Number
from ...agents.quantity import Array, Mask


def key_of(lever: Any) -> str:
    """The setting that a lever moves, as it is called at the agent: ``policy.safety_factor``, ``lot``."""
    return ".".join(lever.name.split(".")[2:])


class Moves:
    """The moves of a package, by agent and setting."""

    def __init__(self, levers: Any, package: Package) -> None:
        current = levers.values
        self._moves: dict[tuple[str, str], tuple[Array, Number, bool]] = {}
        self.masks: dict[str, Mask] = {}
        for place in np.flatnonzero(np.asarray(package.moved).any(axis=1)):
            lever = levers.items[place]
            target = np.where(package.moved[place], package.values[place], current[place])
            mask = target != current[place]
            if mask.any():
                self._moves[lever.agent, key_of(lever)] = (current[place], as_number(target), lever.relative)
                known = self.masks.get(lever.agent)
                self.masks[lever.agent] = mask if known is None else known | mask

    def number(self, agent: str, key: str, live: Number) -> Number:
        """The number of a setting under the package, when ``live`` is in use."""
        move = self._moves.get((agent, key))
        if move is None:
            return live
        now, target, relative = move
        return live * (target / now) if relative else target

    def keys(self, agent: str) -> set[str]:
        """The settings of an agent that are moved."""
        return {key for who, key in self._moves if who == agent}


def as_number(values: Number) -> Number:
    """Values ``[runs]`` that are the same in all runs as one number, with which models have less to do."""
    if np.ndim(values) == 0:
        return values
    first = np.asarray(values).flat[0]
    return float(first) if np.equal(values, first).all() else values


class Stands:
    """As `Moves`, for levers as they stand: nothing is moved."""

    masks: ClassVar[dict[str, Mask]] = {}

    def number(self, agent: str, key: str, live: Number) -> Number:
        """The number in use."""
        return live

    def keys(self, agent: str) -> set[str]:
        """None."""
        return set()
