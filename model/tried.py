"""What was tried out in one plan: every pair of a run and of where its levers would stand is simulated once.

Menus put the same package together more than once, rounds of a search come back to what earlier ones tried, and runs
differ in that. So trials are laid out by pairs and not by packages; since a run does not depend on its batch, what is
simulated once has the bits that it would have every time.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..agents.quantity import Array, Mask


@dataclass(frozen=True)
class Shown:
    """What trials have shown, the pairs last.

    ``paid`` ``[parts, owners + 1, pairs]``: what every owner paid in each part of a trial, and last what was not
    served. ``waiting`` ``[docks, pairs]``: trucks on average. ``full``: where they were more than there are doors.
    """

    paid: Array
    waiting: Array
    full: Mask

    def joined(self, other: Shown) -> Shown:
        """Both, one after the other."""
        return Shown(
            np.concatenate([self.paid, other.paid], axis=-1),
            np.concatenate([self.waiting, other.waiting], axis=-1),
            np.concatenate([self.full, other.full], axis=-1),
        )


@dataclass
class Tried:
    """The pairs of one plan, in which levers stood at ``now`` ``[levers, runs]`` in ``period``."""

    period: int
    now: Array
    places: list[dict[bytes, int]] = field(default_factory=list)
    shown: Shown | None = None
    fresh: list[tuple[int, Array]] = field(default_factory=list)  # entered and not yet simulated

    def __post_init__(self) -> None:
        self.places = [{} for _ in range(self.now.shape[-1])]
        self.pairs = 0

    def holds(self, period: int, now: Array) -> bool:
        """Whether this is still the plan of that period, with the levers where they were."""
        return period == self.period and bool(np.array_equal(now, self.now))

    def enter(self, targets: Array) -> NDArray[np.intp]:
        """The places of the pairs of ``targets`` ``[packages, levers, runs]``, ``[packages, runs]``; new ones last."""
        by_pair = np.ascontiguousarray(np.moveaxis(targets, 1, 2))
        found = np.empty(by_pair.shape[:2], dtype=np.intp)
        for run, known in enumerate(self.places):
            for package, levers in enumerate(by_pair[:, run]):
                key = levers.tobytes()
                place = known.get(key)
                if place is None:
                    place = known[key] = self.pairs
                    self.pairs = self.pairs + 1
                    self.fresh.append((run, levers))
                found[package, run] = place
        return found

    def take_fresh(self) -> tuple[Array, NDArray[np.intp]]:
        """The levers ``[levers, pairs]`` and the runs ``[pairs]`` of what was entered last."""
        fresh, self.fresh = self.fresh, []
        return np.stack([levers for _, levers in fresh], axis=1), np.array([run for run, _ in fresh], dtype=np.intp)

    def add(self, shown: Shown) -> None:
        """Keep what the fresh pairs have shown."""
        self.shown = shown if self.shown is None else self.shown.joined(shown)
