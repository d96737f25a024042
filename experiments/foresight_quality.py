"""How well agents foresee what levers do: predicted against simulated change of cost, over random interventions.

Every intervention is a block of runs in one world; the blocks share their random numbers. Levers move in one period,
and costs are compared after some time to settle. Predictions are those of the closed-form models, and those of trials
in which outside demand of the past comes again (back-cast).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..agents.negotiation.packages import Package
from ..agents.parameters import Number
from ..agents.quantity import Array, Money
from ..model.foresight.beliefs import Beliefs
from ..model.foresight.network_model import Foresight
from ..model.levers import Levers, levers_of
from ..model.schema import Scenario, with_values
from ..model.shadow import Shadow, copies_of
from ..model.streams import Streams
from ..model.supply_chain import SupplyChain

MATERIAL = 0.005  # of the cost of the network: what a change has to exceed for its sign to count
BLOCK_RUNS = 1200  # runs that are simulated at a time


@dataclass(frozen=True)
class Effort:
    """How much is simulated: ``runs`` replications; periods to learn, to settle after the move, and to measure.

    ``history`` is the number of past periods that trials replay; 0: no trials.
    """

    interventions: int = 100
    runs: int = 24
    learn: int = 120
    settle: int = 40
    measure: int = 200
    history: int = 120
    seed: int = 1


@dataclass(frozen=True)
class Quality:
    """What came out of one network.

    Changes of cost a period ``[owners, interventions]``, means over the runs: ``predicted`` by the closed form,
    ``tried`` by back-cast, ``simulated`` in fact. ``kinds`` is the kind of each owner's agent, ``cost`` the cost a
    period of the network without intervention, and ``error`` ``[owners + 1, interventions]`` the standard errors of the
    simulated changes, the network's last.
    """

    name: str
    packages: tuple[str, ...]
    kinds: tuple[str, ...]
    predicted: Money
    tried: Money
    simulated: Money
    cost: float
    error: Money

    def of(self, kind: str, tried: bool = False) -> tuple[Array, Array]:
        """Predicted (or ``tried``) and simulated changes of all owners of a kind, or of the ``network``."""
        foreseen = self.tried if tried else self.predicted
        if kind == "network":
            return foreseen.sum(axis=0), self.simulated.sum(axis=0)
        rows = [row for row, other in enumerate(self.kinds) if other == kind]
        return foreseen[rows].ravel(), self.simulated[rows].ravel()


@dataclass(frozen=True)
class Agreement:
    """How far foreseen and simulated changes agree: correlation, that of ranks, and the share of right signs among the
    ``counted`` ones.
    """

    correlation: float
    ranks: float
    right_sign: float
    counted: int


def agreement(foreseen: Array, simulated: Array, least: Number) -> Agreement:
    """Correlations of all changes, and signs of those that are larger than ``least``; missing where there are none."""
    moved = np.abs(simulated) > least
    right = np.sign(foreseen[moved]) == np.sign(simulated[moved])
    return Agreement(
        _correlation(foreseen, simulated),
        _correlation(_ranks(foreseen), _ranks(simulated)),
        float(right.mean()) if moved.any() else float("nan"),
        int(moved.sum()),
    )


def for_network(found: Quality, tried: bool = False) -> Agreement:
    """The agreement for the network; signs count where cost moves by more than half a per cent, and beyond three
    standard errors of the simulation, without which it is not known to move.
    """
    foreseen, simulated = found.of("network", tried)
    return agreement(foreseen, simulated, np.maximum(MATERIAL * found.cost, 3.0 * found.error[-1]))


def _correlation(a: Array, b: Array) -> float:
    if len(a) < 2 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return float("nan")
    return float(np.corrcoef(a, b)[0, 1])


def _ranks(values: Array) -> Array:
    from scipy.stats import rankdata

    return np.asarray(rankdata(values), dtype=np.float64)


def interventions(levers: Levers, count: int, seed: int) -> list[Package]:
    """Random packages: two in three move one lever, the others two to four, each to another value of its grid."""
    stream = Streams(seed, np.zeros(1, dtype=np.int64)).stream("interventions", draws=9)
    return [_intervention(levers, stream.uniforms(number)[:, 0], number % 3 == 0) for number in range(count)]


def _intervention(levers: Levers, u: Array, several: bool) -> Package:
    """One package, from nine uniform numbers: how many levers, which, and which value of each."""
    number = len(levers.items)
    others = [
        [value for value in lever.grid if value != now]
        for lever, now in zip(levers.items, levers.values[:, 0], strict=True)
    ]
    free = [place for place, values in enumerate(others) if values]
    size = 2 + int(3 * u[0]) if several else 1
    places = dict.fromkeys(free[int(len(free) * x)] for x in u[1 : 1 + size]) if free else {}
    moved = np.zeros((number, 1), dtype=bool)
    values = np.zeros((number, 1))
    for place, x in zip(places, u[5:], strict=False):
        moved[place] = True
        values[place] = others[place][int(len(others[place]) * x)]
    names = [f"{levers.names[place]}={float(values[place, 0]):g}" for place in places]
    return Package(" ".join(names), moved, values)


def world(scenario: Scenario, replications: NDArray[np.int64]) -> SupplyChain:
    """A world without warm-up, with all its levers."""
    chain = SupplyChain(with_values(scenario, {"warm_up": 0}), replications)
    chain.levers = Levers(chain, levers_of(chain.scenario))
    return chain


@dataclass(frozen=True)
class Learned:
    """A world that has learned for some time, in the moment ``plan``: the models of its agents, and past demand."""

    foresight: Foresight
    past: list[dict[str, Array]]

    @property
    def chain(self) -> SupplyChain:
        """The world."""
        return self.foresight.model  # type: ignore[no-any-return]


def learned(scenario: Scenario, effort: Effort) -> Learned:
    """The world after some time in which nothing was moved."""
    chain = world(scenario, np.arange(effort.runs))
    assert chain.levers is not None
    beliefs = Beliefs(chain)
    past = []
    for _ in range(effort.learn):
        chain.step()
        beliefs.note()
        past.append({name: market.demanded for name, market in chain.markets.items()})
    chain.begin_period()
    later = chain.sequence[chain.sequence.index("plan") + 1 :]
    for moment, acts in chain.agenda:
        if moment not in later:
            for act in acts:
                act()
    return Learned(Foresight(chain, chain.levers, beliefs), past)


def tried(world: Learned, packages: Sequence[Package], effort: Effort) -> Money:
    """Trials: the change of cost a period of every owner under each package, ``[owners, packages, runs]``."""
    chain, history = world.chain, world.past[-effort.history :]
    copies = max(BLOCK_RUNS // effort.runs, 2)
    shadow = Shadow(chain, copies_of(chain, copies))
    now = world.foresight.levers.values
    start = chain.period + int(chain.sequence.index("plan") > chain.sequence.index("demand"))
    parts = []
    for first in range(0, len(packages), copies - 1):
        some = [package.target(now) for package in packages[first : first + copies - 1]]
        shadow.take_up(np.concatenate([now, *some, *[now] * (copies - 1 - len(some))], axis=1))
        shadow.replay({name: [day[name] for day in history] for name in chain.markets}, start)
        shadow.live(effort.history)
        costs = shadow.by_copy(_balances(shadow.chain)) / effort.history
        parts.append((costs[:, 1:] - costs[:, :1])[:, : len(some)])
    shadow.chain.dispose()
    return np.concatenate(parts, axis=1)


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
    """Predict, try out and simulate random interventions in one network."""
    known = learned(scenario, effort)
    foresight = known.foresight
    packages = interventions(foresight.levers, effort.interventions, effort.seed)
    predicted = foresight.changes(packages)
    trials = tried(known, packages, effort) if effort.history else np.full_like(predicted, np.nan)
    changes, cost = _simulated_changes(scenario, packages, effort)
    together = np.concatenate([changes, changes.sum(axis=0, keepdims=True)])
    error = together.std(axis=2, ddof=1) / np.sqrt(effort.runs)
    kinds = tuple(kind_of(foresight.model, owner) for owner in foresight.owners)
    names = tuple(package.name for package in packages)
    foreseen, tested, happened = (money.mean(axis=2) for money in (predicted, trials, changes))
    return Quality(scenario.name, names, kinds, foreseen, tested, happened, cost, error)


def _simulated_changes(scenario: Scenario, packages: Sequence[Package], effort: Effort) -> tuple[Money, float]:
    """What packages change in fact, ``[owners, packages, runs]``, and the cost a period of the network without them."""
    nothing = Package("nothing", np.zeros_like(packages[0].moved), np.zeros_like(packages[0].values))
    size = max(BLOCK_RUNS // effort.runs - 1, 1)
    parts, cost = [], 0.0
    for first in range(0, len(packages), size):
        costs = simulated(scenario, [nothing, *packages[first : first + size]], effort)
        parts.append(costs[:, 1:] - costs[:, :1])
        cost = float(costs[:, 0].sum(axis=0).mean())
    return np.concatenate(parts, axis=1), cost


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
