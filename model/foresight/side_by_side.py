"""Many packages at once: the models of the agents in a world that holds every run several times over.

With few runs a package costs what calling the models costs, whatever the number of runs. So packages are laid side by
side on the run axis, each in a copy of the runs of its own, and the models are asked once for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...agents.negotiation.packages import Package
from ...agents.quantity import Money
from ..shadow import Shadow, copies_of
from .beliefs import Beliefs
from .network_model import Foresight

WIDEST = 1536  # columns side by side: beyond that the time goes into the numbers, not into calls
LEAST = 4  # copies for which the state is worth being laid out


class SideBySide:
    """The same answers as `Foresight.changes`, sooner where runs are few."""

    def __init__(self, foresight: Foresight) -> None:
        self.foresight = foresight
        self.copies = WIDEST // foresight.model.runs
        self.wide: LaidOut | None = None

    def changes(self, packages: Sequence[Package]) -> Money:
        """Change of the cost a period of each owner, ``[owners, packages, runs]``, against levers as they stand."""
        if min(self.copies, len(packages)) < LEAST:
            return self.foresight.changes(packages)
        if self.wide is None:
            self.wide = LaidOut(self.foresight, self.copies)
        self.wide.take_up()
        starts = range(0, len(packages), self.copies)
        return np.concatenate([self.wide.changes(packages[first : first + self.copies]) for first in starts], axis=1)

    def dispose(self) -> None:
        """Let the wide world go."""
        if self.wide is not None:
            self.wide.shadow.chain.dispose()


class LaidOut:
    """A world that holds every run so many times over, with models that believe what those of the world believe."""

    def __init__(self, foresight: Foresight, copies: int) -> None:
        self.foresight = foresight
        self.copies = copies
        self.shadow = Shadow(foresight.model, copies_of(foresight.model, copies))
        chain = self.shadow.chain
        self.beliefs = Beliefs(chain, foresight.beliefs.weight)
        self.wide = Foresight(chain, chain.levers, self.beliefs)
        self.known: Any = None

    def take_up(self) -> None:
        """Be as the world is now; once for all questions of a moment, as the models look at the network once."""
        base, values = self.foresight.base, self.foresight.levers.values
        if self.known is base:
            return
        self.shadow.take_up(np.tile(values, self.copies))
        self.believe()
        self.known = base

    def changes(self, packages: Sequence[Package]) -> Money:
        """The changes of as many packages as there are copies, or fewer."""
        runs, spare = self.foresight.model.runs, self.copies - len(packages)
        current = self.foresight.levers.values
        nothing = np.zeros(current.shape, dtype=bool)
        moved = [np.broadcast_to(package.moved, current.shape) for package in packages] + [nothing] * spare
        values = [np.broadcast_to(package.values, current.shape) for package in packages] + [current] * spare
        together = Package("side by side", np.concatenate(moved, axis=1), np.concatenate(values, axis=1))
        found = self.wide.changes([together])[:, 0]
        return found.reshape(len(found), self.copies, runs)[:, : len(packages)]

    def believe(self) -> None:
        """Take over the beliefs, and what has not settled yet after the latest moves."""
        source, target = self.foresight.beliefs, self.beliefs
        target.periods = source.periods
        for mine, theirs in ((target.spreads, source.spreads), (target.means, source.means)):
            mine.mean, mine.variance = self.tiled(theirs.mean), self.tiled(theirs.variance)
        target.rates = [self.tiled(rate) for rate in source.rates]
        target.costs = [self.tiled(cost) for cost in source.costs]
        lags = self.foresight.base.lags
        here, there = self.wide.world.points, self.foresight.world.points
        wide = self.wide._lagging
        wide.lags = {
            point: tuple(self.tiled(part) for part in lags[other]) for point, other in zip(here, there, strict=True)
            if other in lags
        }  # fmt: skip
        wide.values, wide.periods = self.wide.levers.values, source.periods

    def tiled(self, values: Any) -> Any:
        """An array of the runs as often as there are copies."""
        return None if values is None else np.tile(values, self.copies)
