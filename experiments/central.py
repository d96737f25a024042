"""The best setting of all levers, found on the simulator itself: what a planner with one purse and no secrets would do.

It is the yardstick of the arms in which agents decide. The search sees other random numbers than the comparison does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..agents.negotiation.menus.base import Scene
from ..agents.negotiation.packages import Package
from ..agents.negotiation.search import Search
from ..agents.negotiation.trial import Trial, movers_of, taken
from ..agents.plugins import find
from ..agents.quantity import Array, Mask, Money
from ..model.levers import Lever, chosen, levers_of
from ..model.planning import layout
from ..model.schema import Scenario
from ..model.schema.orchestration import MENUS, Orchestration
from ..model.supply_chain import SupplyChain

OTHER_SEED = 7919  # added to the seed of a comparison, so that the search has random numbers of its own
MOST_RUNS = 2048  # worlds side by side
Told = Callable[[int, float], None]


@dataclass(frozen=True)
class Effort:
    """How hard to search: replications of each candidate, rounds at most, and the share of the cost that ends it.

    In the end what the search went through is compared on ``fresh`` replications.
    """

    replications: int = 8
    rounds: int = 8
    enough: float = 0.0005
    singles: int = 24
    fresh: int = 32


@dataclass(frozen=True)
class Best:
    """The best setting: values of the levers that are not as in the scenario, settings tried, and the cost a period of
    both, on replications that the search has not seen.
    """

    settings: dict[str, float]
    cost: float
    before: float
    trials: int


class Simulator:
    """The mean cost a period of settings of the levers, ``[packages, levers]``, all with the same random numbers."""

    def __init__(self, scenario: Scenario, levers: Sequence[Lever], seed: int, replications: int) -> None:
        self.scenario = scenario
        self.levers = levers
        self.seed = seed
        self.replications = replications
        self.trials = 0

    def __call__(self, values: Array) -> Money:
        """The costs ``[packages]``."""
        most = max(MOST_RUNS // self.replications, 1)
        self.trials = self.trials + len(values)
        return np.concatenate([self._some(values[first : first + most]) for first in range(0, len(values), most)])

    def _some(self, values: Array) -> Money:
        spread = np.repeat(values, self.replications, axis=0)
        settings = {lever.name: spread[:, place].copy() for place, lever in enumerate(self.levers)}
        spec = (self.scenario.orchestration or Orchestration()).changed(arm="central", settings=settings)
        world = SupplyChain(
            self.scenario.replaced(orchestration=spec),
            np.tile(np.arange(self.replications), len(values)),
            seed=self.seed,
        )
        costs = world.run().accounts.cost() / world.measured_periods
        world.dispose()
        return np.asarray(costs.reshape(len(values), self.replications).mean(axis=1))


def best_setting(
    scenario: Scenario, seed: int | None = None, effort: Effort | None = None, told: Told | None = None
) -> Best:
    """Search for the setting of the structural levers with the least cost of the network.

    1. The search starts where the scenario stands, or where agents that plan alone by their models (``opt``) have come
       to in one of the replications, if that is cheaper: a search by small steps can be caught far from it.
    2. All single moves, then packages of the best of them, as in a negotiation (`Search`), are simulated.
    3. The best one is kept, and the search goes on from there until it brings less than ``effort.enough`` of the cost.
    4. All starts and what was kept are simulated with random numbers that the search has not seen, and the cheapest of
       them is taken: what suits a few draws alone does not pass.

    ``seed`` is that of the comparison; the search draws from another one. ``told(round, cost)`` hears of each round.
    """
    effort = effort or Effort()
    full = scenario.resolved()
    spec = full.orchestration or Orchestration()
    named = chosen(levers_of(full), spec.levers, full.name)
    levers = [lever for lever in named if not (lever.responsive or lever.traded)]
    own = full.seed if seed is None else seed
    simulate = Simulator(full, levers, own + OTHER_SEED, effort.replications)
    passed = _went_through(simulate, effort, told)
    judge = Simulator(full, levers, own + 2 * OTHER_SEED, effort.fresh)
    costs = judge(passed)
    place = int(costs.argmin())
    moved = zip(levers, passed[place], passed[0], strict=True)
    settings = {lever.name: float(value) for lever, value, old in moved if value != old}
    return Best(settings, float(costs[place]), float(costs[0]), simulate.trials + judge.trials)


def _went_through(simulate: Simulator, effort: Effort, told: Told | None) -> Array:
    """The settings that a search goes through, ``[settings, levers]``: where the levers stand, where agents come to,
    and the best one of each round.
    """
    start = np.array([float(np.mean(lever.start)) for lever in simulate.levers])
    starts = np.concatenate([start[None], _where_agents_come_to(simulate)])
    costs = simulate(starts)
    before, cost, current = float(costs[0]), float(costs.min()), starts[int(costs.argmin())]
    plan, kept = _Plan(simulate.scenario, simulate.levers), []
    for number in range(effort.rounds):
        target, found = _round(plan, simulate, current, cost, effort, number)
        if told is not None:
            told(number, min(found, cost))
        if found >= cost - effort.enough * abs(before):
            break
        current, cost = target, found
        kept.append(current)
    return np.stack([*starts, *kept])


def _where_agents_come_to(simulate: Simulator) -> Array:
    """Where the levers stand at the end when agents plan alone by their models, ``[replications, levers]``."""
    scenario, wanted = simulate.scenario, [lever.name for lever in simulate.levers]
    spec = (scenario.orchestration or Orchestration()).changed(arm="opt", settings={})
    world = SupplyChain(scenario.replaced(orchestration=spec), np.arange(simulate.replications), seed=simulate.seed)
    world.run()
    assert world.levers is not None
    values = world.levers.values[[world.levers.names.index(name) for name in wanted]]
    world.dispose()
    return np.asarray(values.T)


class _Plan:
    """What the menus look at, taken from a world that is never stepped."""

    def __init__(self, scenario: Scenario, levers: Sequence[Lever]) -> None:
        world = SupplyChain(scenario.replaced(orchestration=None))
        self.layout = layout(world)
        self.streams = world.streams
        self.levers = levers
        world.dispose()

    def scene(self, current: Array, number: int) -> Scene:
        """The levers in a round."""
        stream, asked = self.streams.stream(f"central/{number}"), iter(range(10**9))
        names = [lever.name for lever in self.levers]
        return Scene(
            names=names,
            grids=[lever.grid for lever in self.levers],
            agents=[lever.agent for lever in self.levers],
            owners=[0] * len(names),
            current=current[:, None],
            open=np.ones((len(names), 1), dtype=bool),
            links=self.layout.links,
            groups=self.layout.groups,
            draw=lambda count: np.stack([stream.uniforms(next(asked))[0] for _ in range(count)]),
        )


def _round(
    plan: _Plan, simulate: Simulator, current: Array, cost: float, effort: Effort, number: int
) -> tuple[Array, float]:
    """One search from a setting: the best one found, and its cost."""

    def first_look(packages: Sequence[Package]) -> Money:
        targets = np.stack([package.target(current[:, None])[:, 0] for package in packages])
        return (simulate(targets) - cost)[None, :, None]

    def try_out(targets: Array) -> Trial:
        change = (simulate(targets[..., 0]) - cost)[None, :, None]
        none = np.zeros((1, *change.shape[1:]))
        return Trial(change, none[:0], np.full((1, 1), cost), change, none[0])

    def worth(claims: Money, metrics: Array, movers: Mask) -> Money:
        return np.asarray(-claims[0])

    menus: list[Any] = [find("negotiation.menus", name)() for name in MENUS]
    scene = plan.scene(current, number)
    found = Search(menus, effort.singles, rounds=3)(scene, first_look, try_out, worth)
    gain = worth(found.trial.claims, found.trial.metrics, movers_of(scene, found.shortlist.targets, 1))
    place = gain.argmax(axis=0)
    return taken(found.shortlist.targets, place)[:, 0], cost - float(gain[place[0], 0])
