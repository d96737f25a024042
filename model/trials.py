"""Trials of packages: in shadows of the world that replay its past, and by the closed-form models of the agents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..agents.inversion import with_noise
from ..agents.negotiation.packages import Package
from ..agents.negotiation.search import Trial
from ..agents.numeric import add_all, total
from ..agents.quantity import Array, Mask, Money
from .foresight.beliefs import Beliefs
from .foresight.local_search import choose
from .foresight.network_model import Foresight
from .foresight.side_by_side import SideBySide
from .shadow import Shadow

PARTS = 6  # of a trial, whose spread shows how far its outcome is luck
MOST_COPIES = 63  # packages that are tried out side by side


class Trials:
    """Tries packages out in shadows of the world, and asks the closed-form models of the agents."""

    def __init__(self, planning: Any, hunt: Any, like: Trials | None = None) -> None:
        self.planning = planning
        self.model = planning.model
        self.hunt = hunt
        self.shadows: dict[int, Shadow] = {}
        weight = planning.spec.own.weight
        self.beliefs: Beliefs = Beliefs(self.model, weight) if like is None else like.beliefs
        own = Foresight(self.model, planning.levers, self.beliefs) if like is None else like.foresight
        self.foresight: Foresight = own
        self.side_by_side: SideBySide = SideBySide(own) if like is None else like.side_by_side

    def note(self) -> None:
        """Let agents see what happened this period."""
        self.beliefs.note()

    def __call__(self, targets: Array) -> Trial:
        """Trials of levers ``[packages, levers, runs]``: the cost of each owner beside that of going on as now."""
        shadow = self.shadow(len(targets) + 1)
        shadow.take_up(np.concatenate([self.planning.levers.values[None], targets]))
        if self.hunt.extra_lead_time:
            for lane in shadow.chain.lanes.values():
                lane.travel_time = lane.travel_time + self.hunt.extra_lead_time
                if lane.random_travel is not None:
                    lane.random_travel = lane.random_travel.longer(self.hunt.extra_lead_time)
        if self.hunt.trials != "exact":
            shadow.replay(self.reports(), self.model.period + int(not self.plans_first), self.hunt.demand_factor)
        ends = {shadow.chain.period + 1 + self.hunt.history * (part + 1) // PARTS for part in range(PARTS)}
        marks: list[Array] = []

        def look(chain: Any) -> None:
            if chain.period in ends:
                marks.append(self.balances(shadow))

        shadow.live(self.hunt.history, look)
        return self.outcome(shadow, marks)

    def balances(self, shadow: Shadow) -> Money:
        """What every owner has paid so far in a trial, ``[owners, copies, runs]``."""
        accounts = shadow.chain.accounts
        return shadow.by_copy(np.stack([accounts.balance(owner) for owner in self.planning.owners]))

    @property
    def plans_first(self) -> bool:
        """Whether plans are made before the demand of the period arises."""
        return self.model.sequence.index("plan") < self.model.sequence.index("demand")  # type: ignore[no-any-return]

    def shadow(self, copies: int) -> Shadow:
        """The shadow with so many copies; made once."""
        if copies not in self.shadows:
            self.shadows[copies] = Shadow(self.model, copies, foresees=self.hunt.trials == "exact")
        return self.shadows[copies]

    def outcome(self, shadow: Shadow, marks: Sequence[Array]) -> Trial:
        """What a trial shows, against its first copy, which went on as now; ``marks`` are the accounts part by part."""
        periods = self.hunt.history
        costs = marks[-1] / periods
        unserved = [total(lane.total("unmet")) for market in shadow.chain.markets.values() for lane in market.suppliers]
        short = shadow.by_copy(add_all([np.zeros(shadow.chain.runs), *unserved])[None]) / periods
        steps = np.diff(np.stack([np.zeros_like(marks[0]), *marks]), axis=0) * (len(marks) / periods)
        parts = steps[:, :, 1:] - steps[:, :, :1]
        changes = costs[:, 1:] - costs[:, :1]
        metrics = short[:, 1:] - short[:, :1]
        return Trial(changes, metrics, costs[:, 0], changes, self.overloads(shadow), parts if len(marks) > 1 else None)

    def overloads(self, shadow: Shadow) -> Array:
        """The docks ``[packages, runs]`` where more trucks wait than have doors, and more than without the package."""
        worse = [np.zeros((shadow.copies - 1, self.model.runs))]
        for dock in shadow.chain.docks.values():
            waiting = shadow.by_copy(dock.mean("waiting"))[0]
            worse.append(((waiting[1:] > dock.doors) & (waiting[1:] > 1.1 * waiting[:1])) * 1.0)
        return add_all(worse)

    def reports(self) -> Mapping[str, Sequence[Array]]:
        """The outside demand of the past, as the markets report it."""
        seen, visibility = list(self.planning.memory), self.planning.spec.visibility
        past = (seen[: max(len(seen) - visibility.delay, 0)] or seen[:1])[-self.hunt.history :]
        return {name: self.report(name, [day[name] for day in past]) for name in self.model.markets}

    def report(self, market: str, past: list[Array]) -> list[Array]:
        """The reports of one market, blurred, or their mean where it does not report."""
        visibility = self.planning.spec.visibility
        if np.any(visibility.noise > 0):
            stream = self.model.streams.stream(f"orchestration/reports/{market}")
            past = [
                demand * with_noise(1.0, visibility.noise, stream.uniforms(day)[0]) for day, demand in enumerate(past)
            ]
        if np.all(visibility.share >= 1.0):
            return past
        u = self.model.streams.stream(f"orchestration/shares/{market}").uniforms(0)[0]
        mean = add_all(past) / len(past)
        return [np.where(u < visibility.share, demand, mean) for demand in past]

    def of_packages(self, packages: Sequence[Any]) -> Money:
        """The changes of cost of packages ``[owners, packages, runs]``, by trials of all of them, some at a time."""
        now, changes = self.planning.levers.values, []
        for first in range(0, len(packages), MOST_COPIES):
            part = [package.target(now) for package in packages[first : first + MOST_COPIES]]
            part += [now] * (MOST_COPIES - len(part) if first else 0)
            changes.append(self(np.stack(part)).changes)
        return np.concatenate(changes, axis=1)[:, : len(packages)]

    def attend(self) -> None:
        """Look at the network as it stands: agents follow their moves by that, at the same times in all runs."""
        _ = self.foresight.base

    def by_lot(self, packages: Sequence[Any]) -> Money:
        """Random numbers in the place of changes: the first look of somebody who knows nothing."""
        stream = self.model.streams.stream(f"orchestration/lots/{self.model.period}")
        drawn = np.stack([stream.uniforms(self.place(package))[0] - 1.0 for package in packages])
        return np.asarray(np.broadcast_to(drawn, (len(self.planning.owners), *drawn.shape)))

    def place(self, package: Package) -> int:
        """The place of a single move among all moves, which does not depend on where levers stand."""
        lever = int(package.moved[:, 0].argmax())
        grids = [item.grid for item in self.planning.levers.items]
        before = sum(len(grid) for grid in grids[:lever])
        return int(before + grids[lever].index(float(package.values[lever, 0])))

    def by_model(self, packages: Sequence[Any]) -> Money:
        """The changes of cost of packages, by the closed-form models of the owners."""
        known, changes = self.foresight.owners, self.side_by_side.changes(packages)
        none = np.zeros(changes.shape[1:])
        return np.stack([changes[known.index(name)] if name in known else none for name in self.planning.owners])

    def of_model(self, targets: Array) -> Trial:
        """A trial that is none: the closed-form models have the last word."""
        now = self.planning.levers.values
        changes = self.by_model([Package("", target != now, target) for target in targets])
        present = np.stack([self.beliefs.cost(owner) for owner in self.planning.owners])
        none = np.zeros((len(targets), self.model.runs))
        return Trial(changes, none[None], present, changes, none)

    def alone(self, agent: str, free: Mask) -> Array:
        """Where an agent wants its levers by its own model."""
        own = self.planning.spec.own
        wish = choose(self.foresight, agent, free, own.threshold)
        return np.asarray(self.planning.levers.towards(wish, own.steps))
