"""What has been agreed on each lever: for how long, within which corridor, and how well it is kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..parameters import Number
from ..quantity import Array, Mask

TERMS = ("value", "before", "corridor", "starts", "ends", "discipline")
"""What is kept of an agreement on a lever."""


@dataclass(frozen=True)
class Terms:
    """What a package lays down for the levers that it moves, ``[levers, runs]`` or anything that broadcasts to it.

    The agreement holds from period ``starts`` on and ends before period ``ends``. A lever may be set anywhere between
    ``value - corridor`` and ``value + corridor``.
    """

    value: Array
    starts: Number
    ends: Number
    corridor: Number = 0.0


class Agreements:
    """The agreements in force and those that are to come, one at most for each lever and run.

    1. While one is in force the lever is *locked*: what its owner wants is cut to the corridor.
    2. Weak enforcement lets levers *drift*. A share ``enforcement`` of the discipline survives each period; the lever
       stands at wanted + discipline x (locked - wanted). With full enforcement the lock holds exactly.
    3. After its term the owner is free again.
    4. An agreement that is taken back leaves the one before it on the same lever in force, for the rest of its term.

    All arrays are ``[levers, runs]``.
    """

    def __init__(self, levers: int, runs: int, enforcement: Number = 1.0) -> None:
        shape = (levers, runs)
        self.enforcement = enforcement
        self.value: Array = np.zeros(shape)
        self.before: Array = np.zeros(shape)
        """Where the lever stood when the agreement was made, and to where a rollback returns it."""
        self.corridor: Array = np.zeros(shape)
        self.starts: Array = np.full(shape, np.inf)
        self.ends: Array = np.full(shape, -np.inf)
        self.discipline: Array = np.ones(shape)
        self.earlier: dict[str, Array] = {name: getattr(self, name) for name in TERMS}
        """What the agreement on each lever has replaced."""

    def adopt(self, moved: Mask, terms: Terms, before: Array) -> None:
        """Lay down new terms for the levers that are ``moved``; they stand at ``before`` now."""
        self.earlier = {name: np.where(moved, getattr(self, name), old) for name, old in self.earlier.items()}
        self.value = np.where(moved, terms.value, self.value)
        self.before = np.where(moved, before, self.before)
        self.corridor = np.where(moved, terms.corridor, self.corridor)
        self.starts = np.where(moved, terms.starts, self.starts)
        self.ends = np.where(moved, terms.ends, self.ends)
        self.discipline = np.where(moved, 1.0, self.discipline)

    def locked(self, period: int) -> Mask:
        """Where an agreement is in force."""
        return (self.starts <= period) & (period < self.ends)

    def open(self, period: int) -> Mask:
        """Which levers a new package may move: those without an agreement in force or to come."""
        return period >= self.ends

    def levers(self, wanted: Array, period: int) -> Array:
        """Where the levers stand when their owners want them at ``wanted``."""
        inside = np.clip(wanted, self.value - self.corridor, self.value + self.corridor)
        kept = inside + (1.0 - self.discipline) * (wanted - inside)
        return np.where(self.locked(period), kept, wanted)

    def end_period(self, period: int) -> None:
        """Let a period pass: where an agreement was in force, discipline wears off."""
        worn = self.discipline * self.enforcement
        self.discipline = np.where(self.locked(period), worn, self.discipline)

    def take_back(self, taken: Mask) -> None:
        """Let the agreements hold again that were replaced by those which are ``taken`` back."""
        for name, old in self.earlier.items():
            setattr(self, name, np.where(taken, old, getattr(self, name)))
