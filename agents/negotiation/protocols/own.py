"""Everybody for itself: each owner moves its own levers by its own cost."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from ...numeric import add_all
from ...quantity import Array, Mask, Money
from ..gain import NOTHING
from ..ledger import Proposal, Status
from ..menus.base import Scene
from ..trial import Found
from .base import Decision, Protocol, Rules, Table


@dataclass
class Own(Protocol):
    """Lets every owner adopt the best of its own packages, by what it saves that owner.

    1. The gain of a package is what those whose levers it moves claim to save.
    2. Each owner adopts the one with the largest gain where that exceeds the threshold, of its own present cost.
    3. All do so at once; nobody is asked, and nobody is paid.

    It is the control of the `joint` protocol: the same trials, grids and threshold, without a shared objective.
    """

    @property
    def searches_alone(self) -> bool:
        """Yes."""
        return True

    def worth(self, claims: Money, metrics: Array, movers: Mask, rules: Rules) -> Money:
        """What the movers save."""
        return -add_all(list(np.where(movers, claims, 0.0)))

    def decide(self, scene: Scene, found: Found, rules: Rules, table: Table) -> Decision:
        """What is adopted."""
        trial, owners = found.trial, len(found.trial.claims)
        target, whose = scene.current, np.array(scene.owners)
        adopted = np.zeros((owners, scene.runs), dtype=bool)
        gains = np.zeros((owners, scene.runs))
        own = trial.gain(partial(self.worth, rules=rules), found.movers, rules.caution)
        for owner in dict.fromkeys(scene.owners):
            gain = np.where(found.movers[owner], own, NOTHING)
            place = gain.argmax(axis=0)
            most = np.take_along_axis(gain, place[None], axis=0)[0]
            adopted[owner] = rules.threshold.exceeded(most, trial.present[owner])
            gains[owner] = np.where(adopted[owner], most, 0.0)
            levers = np.take_along_axis(found.shortlist.targets, place[None, None], axis=0)[0]
            target = np.where((whose == owner)[:, None] & adopted[owner], levers, target)
        return self.told(scene, target, adopted, gains, len(found.shortlist.names))

    def told(self, scene: Scene, target: Array, adopted: Mask, gains: Money, package: int) -> Decision:
        """The decision, with one line of the ledger for all that was decided alone."""
        some, nothing = np.asarray(adopted.any(axis=0)), np.zeros(gains.shape)
        named = np.full(scene.runs, package, dtype=np.intp)  # the name that comes after those of the trials
        proposal = Proposal(named, some, add_all(list(gains)), -gains, adopted, adopted, nothing, gains, nothing[0],
                            scene.current, target)  # fmt: skip
        status = np.where(some, int(Status.ADOPTED), int(Status.NOT_MATERIAL))
        return Decision(target, some, nothing[0], nothing, False, proposal, status)
