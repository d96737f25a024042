"""Trials of packages: in shadows of the world that replay its past, and by the closed-form models of the agents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..agents.inversion import with_noise
from ..agents.negotiation.packages import Package
from ..agents.negotiation.trial import Trial
from ..agents.numeric import add_all, total
from ..agents.quantity import Array, Mask, Money
from .foresight.beliefs import Beliefs
from .foresight.local_search import choose
from .foresight.network_model import Foresight
from .foresight.side_by_side import SideBySide
from .shadow import Runs, Shadow
from .tried import Shown, Tried

PARTS = 8  # of a trial
SETTLING = 2  # the first of them, in which stocks move to their new levels; the spread of the others shows the luck
MOST_WORLDS = 4608  # side by side: more of them take longer than one after the other


class Trials:
    """Tries packages out in shadows of the world, and asks the closed-form models of the agents."""

    def __init__(self, planning: Any, hunt: Any, like: Trials | None = None) -> None:
        self.planning = planning
        self.model = planning.model
        self.hunt = hunt
        self.tried: Tried | None = None
        self.windows = windows_of(hunt.history, fading=hunt.horizon > hunt.history)
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
        now = self.planning.levers.values
        if self.tried is None or not self.tried.holds(self.model.period, now):
            self.tried = Tried(self.model.period, now)
        places = self.tried.enter(np.concatenate([now[None], targets]))
        if self.tried.fresh:
            self.tried.add(self.simulated(*self.tried.take_fresh()))
        assert self.tried.shown is not None
        return self.outcome(self.tried.shown, places)

    def simulated(self, levers: Array, of_run: Runs) -> Shown:
        """What a shadow of so many copies shows, each of a run, with levers ``[levers, copies]``."""
        wanted, spare = len(of_run), int(len(of_run) == self.model.runs)  # a shadow has another number of runs
        of_run, levers = np.append(of_run, of_run[:spare]), np.concatenate([levers, levers[:, :spare]], axis=1)
        shadow = Shadow(self.model, of_run, foresees=self.hunt.trials == "exact")
        shadow.take_up(levers)
        self.prepare(shadow)
        paid = self.lived(shadow)
        docks = shadow.chain.docks.values()
        none = np.zeros((0, len(of_run)))
        waiting = np.concatenate([none, *(dock.mean("waiting") for dock in docks)])
        full = np.concatenate([none > 0.0, *(dock.mean("waiting") > dock.doors for dock in docks)])
        shadow.chain.dispose()
        return Shown(paid[..., :wanted], waiting[:, :wanted], full[:, :wanted])

    def prepare(self, shadow: Shadow) -> None:
        """Let the past come again, and make the trial as wrong as was asked for."""
        if self.hunt.extra_lead_time:
            for lane in shadow.chain.lanes.values():
                lane.travel_time = lane.travel_time + self.hunt.extra_lead_time
                if lane.random_travel is not None:
                    lane.random_travel = lane.random_travel.longer(self.hunt.extra_lead_time)
        if self.hunt.trials != "exact":
            shadow.replay(self.reports(), self.model.period + int(not self.plans_first), self.hunt.demand_factor)

    def lived(self, shadow: Shadow) -> Array:
        """What every owner paid, and last what was not served, ``[parts, owners + 1, copies]``."""
        windows, day = self.windows, 0  # [parts, periods]
        parts: list[Array] = [np.zeros(1)] * len(windows)
        before = np.zeros(1)  # the books of a trial begin empty
        alike = (np.diff(windows, axis=1, append=-1.0) == 0.0).all(axis=0)  # the next period counts as this one does

        def look(chain: Any) -> None:
            nonlocal before, day
            if not alike[day]:
                now = self.books(chain)
                for part in np.flatnonzero(windows[:, day]):
                    parts[part] = parts[part] + windows[part, day] * (now - before)
                before = now
            day = day + 1

        shadow.live(self.hunt.history, look)
        return np.stack([np.broadcast_to(part, before.shape) for part in parts])

    def books(self, chain: Any) -> Array:
        """What every owner has paid so far in a trial, and last what was not served, ``[owners + 1, copies]``."""
        unserved = [total(lane.total("unmet")) for market in chain.markets.values() for lane in market.suppliers]
        short = add_all([np.zeros(chain.runs), *unserved])
        return np.concatenate([chain.accounts.balances(self.planning.owners), short[None]])

    @property
    def plans_first(self) -> bool:
        """Whether plans are made before the demand of the period arises."""
        return self.model.sequence.index("plan") < self.model.sequence.index("demand")  # type: ignore[no-any-return]

    def outcome(self, shown: Shown, places: Runs) -> Trial:
        """What trials show, against the first of ``places`` ``[packages + 1, runs]``, which went on as now.

        What a change costs or brings once, while stocks move to their new levels, counts as a share of the horizon;
        after that it counts as it would in the long run.
        """
        lengths = total(self.windows.T)
        weights = weights_of(lengths, self.hunt.history, self.hunt.horizon)
        daily = [part[:, places] / np.maximum(length, 1e-9) for part, length in zip(shown.paid, lengths, strict=True)]
        mean = add_all([part * weight for part, weight in zip(daily, weights, strict=True)])
        change = mean[:, 1:] - mean[:, :1]
        later = np.stack([part[:-1, 1:] - part[:-1, :1] for part in daily[SETTLING:]])
        return Trial(change[:-1], change[-1:], mean[:-1, 0], change[:-1], overloads(shown, places), later)

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
        size = max(MOST_WORLDS // self.model.runs, 1)
        for first in range(0, len(packages), size):
            targets = np.stack([package.target(now) for package in packages[first : first + size]])
            changes.append(self(targets).changes)
        return np.concatenate(changes, axis=1)

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


def overloads(shown: Shown, places: Runs) -> Array:
    """The docks ``[packages, runs]`` where more trucks wait than have doors, and more than without the package."""
    waiting, full = shown.waiting[:, places], shown.full[:, places]
    worse = full[:, 1:] & (waiting[:, 1:] > 1.1 * waiting[:, :1])
    return add_all([np.zeros(places[1:].shape), *(worse * 1.0)])


def windows_of(history: int, fading: bool = True) -> Array:
    """How much of each period of a trial belongs to each of its parts, ``[parts, periods]``.

    With ``fading`` a part goes over into the next one, and the last one ends, over the length of a part: where a cycle
    of orders is cut off would otherwise decide about the outcome. Without it all periods belong to one part each.
    """
    length = history / PARTS
    ends = length * np.arange(PARTS + 1)
    ramp = length if fading else 1e-9
    middle = np.concatenate([[-1.0 - ramp], ends[1:-1], [history - ramp / 2]])
    passed = np.clip((np.arange(history) + 0.5 - middle[:, None]) / ramp + 0.5, 0.0, 1.0)
    return np.asarray(passed[:-1] - passed[1:])


def weights_of(lengths: Array, history: int, horizon: float) -> Array:
    """What a period of each part counts: the first ones as a share of the horizon, the others as the rest of it."""
    first = lengths[:SETTLING] / max(horizon, history)
    later = lengths[SETTLING:] / total(lengths[SETTLING:])
    return np.concatenate([first, (1.0 - total(first)) * later])
