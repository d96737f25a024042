"""Packages: joint changes of levers that are put forward, weighed and voted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..quantity import Array, Mask


@dataclass(frozen=True)
class Package:
    """A joint change of levers.

    ``moved`` and ``values`` are ``[levers, runs]``, or ``[levers, 1]`` where the package is the same in all runs.
    """

    name: str
    moved: Mask
    values: Array

    def target(self, current: Array) -> Array:
        """Where the levers stand under the package, ``[levers, runs]``, when they stand at ``current`` now."""
        return np.where(self.moved, self.values, current)

    def changes(self, current: Array) -> Mask:
        """Which levers it really changes, ``[levers, runs]``."""
        return np.asarray(self.moved & (self.values != current))


def single(name: str, lever: int, value: float, levers: int) -> Package:
    """A package that moves one lever to the same value in all runs."""
    moved = np.zeros((levers, 1), dtype=bool)
    moved[lever] = True
    return Package(name, moved, np.full((levers, 1), value))


def together(name: str, parts: Sequence[Package]) -> Package:
    """All moves of several packages; where two move one lever, the later one counts."""
    moved, values = parts[0].moved, parts[0].values
    for part in parts[1:]:
        values = np.where(part.moved, part.values, values)
        moved = moved | part.moved
    return Package(name, moved, values)
