"""What is tried out, and what trials show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ..numeric import add_all
from ..parameters import Number
from ..quantity import Array, Mask, Money
from .menus.base import Scene

Kind = TypeVar("Kind", bound=np.generic)

Worth = Callable[[Money, Array, Mask], Money]
"""The gain ``[packages, runs]`` of claims and shared metrics, in the eyes of whoever searches; the last argument says
whose levers are moved, ``[owners, packages, runs]``."""


@dataclass(frozen=True)
class Trial:
    """What trials have shown, a period: ``claims`` ``[owners, packages, runs]``; ``metrics`` ``[metrics, packages,
    runs]``, changes of the shared metrics; ``present`` ``[owners, runs]``, the cost of each owner as things are;
    ``changes``, as the claims, what the owners know themselves; ``overloads`` ``[packages, runs]``, the number of docks
    that have more trucks waiting than they can take, and more than without the package; ``parts`` ``[parts, owners,
    packages, runs]`` the changes in consecutive parts of the trial.
    """

    claims: Money
    metrics: Array
    present: Money
    changes: Money
    overloads: Array
    parts: Money | None = None

    def joined(self, other: Trial) -> Trial:
        """The trials of both."""
        pairs = ((self.claims, other.claims), (self.metrics, other.metrics), (self.changes, other.changes))
        claims, metrics, changes = (np.concatenate(pair, axis=1) for pair in pairs)
        overloads = np.concatenate([self.overloads, other.overloads])
        known = self.parts is not None and other.parts is not None
        parts = np.concatenate([self.parts, other.parts], axis=2) if known else None
        return Trial(claims, metrics, self.present, changes, overloads, parts)

    def gain(self, worth: Worth, movers: Mask, caution: Number) -> Money:
        """The gain of every package less ``caution`` standard errors of it, ``[packages, runs]``.

        The error is that of the mean of the parts of a trial; a trial of one part has none. What does best among many
        does so partly by luck, the more the noisier its trial was.
        """
        found = worth(self.claims, self.metrics, movers)
        if self.parts is None:
            return found
        gains = np.stack([worth(part, self.metrics, movers) for part in self.parts])
        off = gains - add_all(list(gains)) / len(gains)
        return found - caution * np.sqrt(add_all(list(off * off)) / (len(gains) * (len(gains) - 1.0)))

    def own_gain(self, movers: Mask, caution: Number) -> Money:
        """What an owner saves by packages of which it makes all moves, less ``caution`` standard errors of it,
        ``[owners, packages, runs]``; minus infinity for all others.
        """
        alone = np.count_nonzero(movers, axis=0) == 1
        saved = [
            self.gain(lambda claims, metrics, movers, owner=owner: -claims[owner], movers, caution)  # type: ignore[misc]
            for owner in range(len(movers))
        ]
        return np.where(movers & alone, np.stack(saved), -np.inf)


TryOut = Callable[[Array], Trial]
"""Trials of levers ``[packages, levers, runs]``."""


@dataclass(frozen=True)
class Shortlist:
    """Packages that were tried: names, and where the levers stand under them, ``[packages, levers, runs]``.

    ``named`` ``[packages, runs]`` is the place of each one's name, which differs between runs.
    """

    names: list[str]
    named: NDArray[np.intp]
    targets: Array

    def joined(self, other: Shortlist) -> Shortlist:
        """Both, with the names of the other one behind."""
        named = np.concatenate([self.named, other.named + len(self.names)])
        return Shortlist([*self.names, *other.names], named, np.concatenate([self.targets, other.targets]))


@dataclass(frozen=True)
class Found:
    """The outcome of a search; ``movers`` ``[owners, packages, runs]`` says whose levers each package moves."""

    shortlist: Shortlist
    trial: Trial
    movers: Mask


def movers_of(scene: Scene, targets: Array, owners: int) -> Mask:
    """Whose levers packages ``[packages, levers, runs]`` move, ``[owners, packages, runs]``."""
    moved, whose = targets != scene.current, np.array(scene.owners)
    return np.stack([moved[:, whose == owner].any(axis=1) for owner in range(owners)])


def taken(values: NDArray[Kind], place: NDArray[np.intp]) -> NDArray[Kind]:
    """Of values ``[packages, ..., runs]`` for each run those of the package at its place."""
    found: NDArray[Kind] = np.take_along_axis(values, place[None, None], axis=0)[0]
    return found
