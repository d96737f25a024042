"""How well agents foresee what levers do: predicted against simulated change of cost, over random interventions.

Every intervention is a block of runs in one world; the blocks share their random numbers. Levers move in one period, and
costs are compared after some time to settle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..agents.negotiation.packages import Package
from ..agents.quantity import Array, Money
from ..model.foresight.beliefs import Beliefs
from ..model.foresight.network_model import Foresight
from ..model.levers import Levers, levers_of
from ..model.schema import Scenario, with_values
from ..model.supply_chain import SupplyChain

BLOCK_RUNS = 1200  # runs that are simulated at a time


@dataclass(frozen=True)
class Effort:
    """How much is simulated: ``runs`` replications; periods to learn, to settle after the move, and to measure."""

    interventions: int = 100
    runs: int = 24
    learn: int = 120
    settle: int = 40
    measure: int = 200
    seed: int = 1


@dataclass(frozen=True)
class Quality:
    """What came out of one network.

    ``predicted`` and ``simulated`` ``[owners, interventions]`` are changes of cost a period, means over the runs;
    ``kinds`` is the kind of each owner's agent, ``cost`` the cost a period of the network without intervention, and
    ``error`` ``[owners + 1, interventions]`` the standard errors of the simulated changes, the network's last.
    """

    name: str
    packages: tuple[str, ...]
    kinds: tuple[str, ...]
    predicted: Money
    simulated: Money
    cost: float
    error: Money

    def of(self, kind: str) -> tuple[Array, Array]:
        """Predicted and simulated changes of all owners of a kind, or of the ``network``."""
        if kind == "network":
            return self.predicted.sum(axis=0), self.simulated.sum(axis=0)
        rows = [row for row, other in enumerate(self.kinds) if other == kind]
        return self.predicted[rows].ravel(), self.simulated[rows].ravel()

    def only(self, wanted: NDArray[np.bool_]) -> Quality:
        """Some of the interventions."""
        names = tuple(name for name, keep in zip(self.packages, wanted, strict=True) if keep)
        return replace(
            self, packages=names, predicted=self.predicted[:, wanted], simulated=self.simulated[:, wanted],
            error=self.error[:, wanted],
        )  # fmt: skip


@dataclass(frozen=True)
class Agreement:
    """How far predicted and simulated changes agree: correlation, and the share of right signs among ``counted``."""

    correlation: float
    right_sign: float
    counted: int


def agreement(predicted: Array, simulated: Array, least: float) -> Agreement:
    """Correlation of all changes, and signs of those that are at least so large."""
    moved = np.abs(simulated) > least
    known = len(simulated) > 1 and predicted.std() > 0 and simulated.std() > 0
    correlation = float(np.corrcoef(predicted, simulated)[0, 1]) if known else float("nan")
    right = np.sign(predicted[moved]) == np.sign(simulated[moved])
    return Agreement(correlation, float(right.mean()) if moved.any() else float("nan"), int(moved.sum()))


def interventions(levers: Levers, count: int, seed: int) -> list[Package]:
    """Random packages: two in three move one lever, the others two to four, each to another value of its grid."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(count):
        size = 1 if number % 3 else int(rng.integers(2, 5))
        places = rng.choice(len(levers.items), size=min(size, len(levers.items)), replace=False)
        moved = np.zeros((len(levers.items), 1), dtype=bool)
        values = np.zeros((len(levers.items), 1))
        for place in places:
            others = [value for value in levers.items[place].grid if value != levers.values[place, 0]]
            moved[place] = True
            values[place] = rng.choice(others)
        names = [f"{levers.names[place]}={float(values[place, 0]):g}" for place in places]
        found.append(Package(" ".join(names), moved, values))
    return found


def world(scenario: Scenario, replications: NDArray[np.int64]) -> SupplyChain:
    """A world without warm-up, with all its levers."""
    chain = SupplyChain(with_values(scenario, {"warm_up": 0}), replications)
    chain.levers = Levers(chain, levers_of(chain.scenario))
    return chain


def foresight_of(scenario: Scenario, effort: Effort) -> Foresight:
    """The models of all agents after some time in which nothing was moved."""
    chain = world(scenario, np.arange(effort.runs))
    assert chain.levers is not None
    beliefs = Beliefs(chain)
    for _ in range(effort.learn):
        chain.step()
        beliefs.note()
    return Foresight(chain, chain.levers, beliefs)


def simulated(scenario: Scenario, packages: Sequence[Package], effort: Effort) -> Money:
    """Cost a period of every owner under each package, ``[owners, packages, runs]``, in one world for all."""
    chain = world(scenario, np.tile(np.arange(effort.runs), len(packages)))
    assert chain.levers is not None
    chain.run(effort.learn)
    now = chain.levers.values[:, : effort.runs]
    chain.levers.set(np.concatenate([package.target(now) for package in packages], axis=1))
    chain.run(effort.settle)
    before = _balances(chain)
    chain.run(effort.measure)
    found = (_balances(chain) - before) / effort.measure
    chain.dispose()
    return found.reshape(len(found), len(packages), effort.runs)


def quality(scenario: Scenario, effort: Effort) -> Quality:
    """Predict and simulate random interventions in one network."""
    foresight = foresight_of(scenario, effort)
    packages = interventions(foresight.levers, effort.interventions, effort.seed)
    predicted = foresight.changes(packages)
    nothing = Package("nothing", np.zeros_like(packages[0].moved), np.zeros_like(packages[0].values))
    size = max(BLOCK_RUNS // effort.runs - 1, 1)
    parts = []
    for first in range(0, len(packages), size):
        costs = simulated(scenario, [nothing, *packages[first : first + size]], effort)
        parts.append(costs[:, 1:] - costs[:, :1])
    changes = np.concatenate(parts, axis=1)
    together = np.concatenate([changes, changes.sum(axis=0, keepdims=True)])
    error = together.std(axis=2, ddof=1) / np.sqrt(effort.runs)
    kinds = tuple(kind_of(foresight.model, owner) for owner in foresight.owners)
    names = tuple(package.name for package in packages)
    cost = float(costs[:, 0].sum(axis=0).mean())
    return Quality(scenario.name, names, kinds, predicted.mean(axis=2), changes.mean(axis=2), cost, error)


def kind_of(chain: Any, owner: str) -> str:
    """What an owner's first agent is: supplier, factory, warehouse, shop (a warehouse with a market), carrier."""
    for name, site in chain.sites.items():
        if chain.owner_of(name) == owner:
            kind = type(site).__name__.lower()
            return "shop" if kind == "warehouse" and site.market_lanes else kind
    for spec in chain.scenario.carriers:
        if (spec.owner or spec.name) == owner:
            return "carrier"
    return "market"


def _balances(chain: SupplyChain) -> Money:
    return np.stack([chain.accounts.balance(owner) for owner in chain.accounts.owners()])
