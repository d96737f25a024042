"""What a protocol is, and what it decides."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...parameters import Number
from ...quantity import Array, Mask, Money
from ..escalation import Escalation
from ..gain import Bar
from ..ledger import Proposal
from ..menus.base import Scene
from ..transfers.base import Transfer
from ..trial import Found


@dataclass(frozen=True)
class Rules:
    """The rules of the table: what is enough, who is paid, who decides, and what an agreement costs a period.

    ``values`` ``[metrics, 1, runs]`` is the cost of one unit of each shared metric that nobody's claim contains.
    ``switching_cost`` is what moving one lever costs its owner once; it has to pay off in so many periods.
    Gains count less ``caution`` standard errors.
    """

    threshold: Bar
    inertia: Bar
    transfer: Transfer
    decide: Escalation
    overhead: Number = 0.0
    sponsor_budget: Number = 0.0
    values: Any = 0.0
    switching_cost: Number = 0.0
    pays_off_in: Number = 1825.0
    caution: Number = 0.0

    @property
    def move_cost(self) -> Number:
        """What a move costs, a period."""
        return self.switching_cost / self.pays_off_in


@dataclass(frozen=True)
class Table:
    """Who sits at the table, and when they answer: ``answered(voters)`` gives ``[owners, runs]`` for voters of that
    shape; ``draws`` are uniform numbers ``[draws, runs]`` for rules that draw lots.
    """

    owners: Sequence[str]
    answered: Callable[[Mask], Array]
    draws: Callable[[int], Array]


@dataclass(frozen=True)
class Decision:
    """What a cycle comes to, in every run.

    ``target`` ``[levers, runs]`` is where the levers go where something is ``adopted`` ``[runs]``; ``wait`` is how long
    the answers take. What is ``binding`` is locked, watched and paid for. ``proposal`` and ``status`` are for the
    ledger.
    """

    target: Array
    adopted: Mask
    wait: Array
    transfers: Money
    binding: bool
    proposal: Proposal
    status: NDArray[np.intp]


@dataclass
class Protocol(ABC):
    """Turns the trials of packages into a decision."""

    @abstractmethod
    def worth(self, claims: Money, metrics: Array, movers: Mask, rules: Rules) -> Money:
        """The gain by which packages are compared ``[packages, runs]``; see `search.Worth`."""

    @abstractmethod
    def decide(self, scene: Scene, found: Found, rules: Rules, table: Table) -> Decision:
        """What is adopted."""

    @property
    def searches_alone(self) -> bool:
        """Whether every owner looks for moves of its own only."""
        return False

    def check(self) -> str | None:
        """Say what is wrong when the parameters cannot go together."""
        return None
