"""What a rule of decision is, and the ballot that it counts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...quantity import Array, Mask, Money
from ..gain import Bar

NEVER = np.inf


@dataclass(frozen=True)
class Ballot:
    """A vote on one package in every run.

    ``voters`` and ``yes`` are ``[owners, runs]``; the yes of those who are not asked does not count. ``answered``
    ``[owners, runs]`` is how long after the package was put to the vote each answers, in periods.
    """

    owners: Sequence[str]
    voters: Mask
    yes: Mask
    answered: Array

    @property
    def in_favour(self) -> Mask:
        """Who is asked and says yes, ``[owners, runs]``."""
        return self.voters & self.yes

    @property
    def size(self) -> NDArray[np.intp]:
        """How many are asked, ``[runs]``."""
        return np.asarray(np.count_nonzero(self.voters, axis=0))


@dataclass
class Governance(ABC):
    """Says whether a package passes, and how long the answers that this takes keep everybody waiting.

    One more yes never makes a package fail. Where nobody is asked, a rule that needs votes lets nothing pass.
    """

    @abstractmethod
    def passes(self, ballot: Ballot) -> Mask:
        """Where the package is adopted, ``[runs]``."""

    @abstractmethod
    def wait(self, ballot: Ballot) -> Array:
        """Periods from the vote's opening to the decision, ``[runs]``."""

    def check(self) -> str | None:
        """Say what is wrong when the parameters cannot go together."""
        return None


def votes(payoffs: Money, inertia: Bar, present: Money) -> Mask:
    """Who says yes, all ``[owners, runs]``: those whose payoff reaches the bar for their present cost.

    The payoff is what the owner itself expects, which it knows better than its claim says.
    """
    return inertia.reached(payoffs, present)


def in_turn(responses: Array, voters: Mask) -> Array:
    """When each answers, ``[owners, runs]``, if the voters are asked one after another in their order."""
    return np.add.accumulate(np.where(voters, responses, 0.0), axis=0)


def at_once(responses: Array) -> Array:
    """When each answers if all are asked at the same time: after its own response time."""
    return responses


def nth_answer(answered: Array, among: Mask, count: NDArray[np.intp]) -> Array:
    """When the ``count``-th ``[runs]`` answer of some owners is in; 0 for a count of 0, infinity if they are fewer."""
    ordered = np.sort(np.where(among, answered, NEVER), axis=0)
    place = np.clip(count - 1, 0, len(ordered) - 1)
    found = np.take_along_axis(ordered, place[None], axis=0)[0]
    return np.where(count == 0, 0.0, np.where(count > len(ordered), NEVER, found))
