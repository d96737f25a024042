"""The desks at which levers are decided on: what is known there, how it is judged, when it is decided and kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..parameters import Number
from ..quantity import Array, Mask, Money
from .claims import Claims
from .packages import Package
from .protocols.base import Decision, Protocol
from .search import FirstLook, Search
from .timing import Delay
from .trial import Trial


@dataclass(frozen=True)
class Stage:
    """What happens from a period on: whether agents plan alone, and by which protocol owners negotiate."""

    starts: int
    alone: bool = False
    protocol: Protocol | None = None


@dataclass(frozen=True)
class Timing:
    """When things happen, in periods: cycles, answers, effects, terms and trials."""

    first: int
    cadence: int
    response: Delay = field(default_factory=Delay)
    implementation: Delay = field(default_factory=Delay)
    term: Number = np.inf
    trial: int = 40
    alone_every: int = 60


@dataclass(frozen=True)
class Enforcement:
    """How agreements are kept: within which corridor, how well, and whether a bad one is taken back.

    With ``all_levers`` an agreement lays down where all levers of its desk stand, those that it leaves alone too.
    ``settling`` batches of costs after a change are not watched.
    """

    corridor: Number = 0.0
    discipline: Number = 1.0
    rollback: bool = True
    all_levers: bool = False
    settling: int = 0


@dataclass(frozen=True)
class Minds:
    """How packages are judged: a first look by closed-form models, trials by back-cast, and claims made of them.

    ``try_out(targets)`` gives a `Trial` whose claims are the true changes; ``alone(agent, open)`` where an agent wants
    its levers by its own model, ``[levers, runs]``; ``attend()`` is called before every cycle, whether anything can be
    decided in it or not.
    """

    search: Search
    own_search: Search
    claims: Claims
    first_look: FirstLook
    try_out: Callable[[Array], Trial]
    alone: Callable[[str, Mask], Array]
    attend: Callable[[], None]

    def look(self, packages: Sequence[Package]) -> Money:
        """Claims at a first look."""
        change = self.first_look(packages)
        return self.claims(change, np.ones(change.shape, dtype=bool))


class Desk:
    """Where one class of levers is decided on: structural ones, or those that answer to the state of the day.

    ``mine`` ``[levers]`` says which levers these are. What is ``watched`` is on trial for a while, in which nothing
    else is decided at this desk. Where there is a ``market``, it decides: a function of the levers as they stand that
    gives a decision and its names.
    """

    def __init__(
        self, mine: NDArray[np.bool_], timing: Timing, minds: Minds, runs: int, *, watched: bool = False,
        market: Callable[[Array], tuple[Decision, list[str]]] | None = None,
    ) -> None:  # fmt: skip
        self.mine = mine
        self.timing = timing
        self.minds = minds
        self.watched = watched
        self.market = market
        self.busy_until: Array = np.full(runs, -np.inf)
        self.trial_of: Array = np.full(runs, -1.0)


@dataclass(frozen=True)
class Layout:
    """What everybody knows of the network: who has which levers, deals with whom, and shares what with whom."""

    links: Sequence[tuple[str, str]]
    groups: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Adopted:
    """A decision in some ``runs``: from when to when it holds, what it moves, and who is paid what a period."""

    cycle: int
    desk: Desk
    decision: Decision
    starts: Array
    ends: Array
    runs: Mask

    def alive(self, period: int) -> bool:
        """Whether it is still in force anywhere, or on trial."""
        return bool((self.runs & ((self.ends > period) | (self.desk.trial_of == self.cycle))).any())

    def held(self, period: int) -> Mask:
        """Where it is in force."""
        return np.asarray(self.runs & (self.starts <= period) & (period < self.ends))
