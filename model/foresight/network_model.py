"""The closed-form model of the network: what packages of lever moves would cost each owner, by own beliefs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...agents.negotiation.packages import Package, single
from ...agents.quantity import Array, Money
from .base import Base, World
from .beliefs import Beliefs
from .lagging import Lagging
from .moves import Moves, key_of
from .sweep import Sweep

FORESEEN = {
    "policy.safety_factor", "policy.inventory_gain", "policy.level", "policy.reorder_point", "policy.lot",
    "policy.period", "buy.safety_factor", "buy.inventory_gain", "buy.level", "buy.reorder_point", "buy.lot",
    "buy.period", "orders.review_period", "orders.phase", "lot", "waves.every", "dispatch.threshold",
    "dispatch.longest_wait", "dispatch.every", "fleet.trucks",
}  # fmt: skip


class Foresight:
    """What agents foresee, each with its own model: `changes` for all owners, `own_changes` for one agent alone.

    The network as it stands is worked out once a period; a package costs the parts that it changes.
    """

    def __init__(self, model: Any, levers: Any, beliefs: Beliefs) -> None:
        self.model = model
        self.levers = levers
        self.beliefs = beliefs
        self.world = World(model)
        self.owners: list[str] = self.world.lines.owners
        self._base: Base | None = None
        self._known: tuple[int, int] | None = None
        self._values: Array | None = None
        self._lagging = Lagging(levers, beliefs.weight)

    @property
    def base(self) -> Base:
        """The network as it stands."""
        now = (self.model.period, self.beliefs.periods)
        if self._base is None or self._known != now or self._values is not self.levers.values:
            self._base = Base(self.world, self.beliefs, self._lagging)
            self._known, self._values = now, self.levers.values
        return self._base

    def foreseen(self, lever: Any) -> bool:
        """Whether there is a closed form for a lever; moves of others are taken to change nothing."""
        return key_of(lever) in FORESEEN

    def changes(self, packages: Sequence[Package]) -> Money:
        """Change of the cost a period of each owner, ``[owners, packages, runs]``, against levers as they stand."""
        base = self.base
        found = [Sweep(base, Moves(self.levers, package)).everywhere().table() for package in packages]
        empty = np.zeros((len(self.owners), 0, self.model.runs))
        return np.stack(found, axis=1) if found else empty

    def own_change(self, agent: str, package: Package) -> Money:
        """Change of the cost a period of an agent's owner at this agent, all others as they are, ``[runs]``."""
        bill = Sweep(self.base, Moves(self.levers, package)).alone(agent)
        return bill.of(self.owner_of(agent))

    def own_changes(self, agent: str) -> list[tuple[int, float, Money]]:
        """For every value of every lever of an agent: the lever's place, the value, the change of own cost ``[runs]``.

        What it does to others is in none of them: that is the local bias, and nothing else is built in.
        """
        found = []
        for place, lever in enumerate(self.levers.items):
            if lever.agent == agent and self.foreseen(lever):
                for value in lever.grid:
                    package = single(lever.name, place, value, len(self.levers.items))
                    found.append((place, value, self.own_change(agent, package)))
        return found

    def owner_of(self, agent: str) -> str:
        """Whose an agent with levers is."""
        return next(str(lever.owner) for lever in self.levers.items if lever.agent == agent)

    def own_cost(self, agent: str) -> Money:
        """What an agent's owner pays a period at this agent, less what it is paid there, ``[runs]``, as observed."""
        return self.beliefs.cost(self.owner_of(agent), agent)
