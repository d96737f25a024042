"""What a transfer rule is, and what it makes of a package."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ...parameters import Number
from ...quantity import Array, Mask, Money
from ..gain import money

SMALLEST = 1e-300  # sums up to here are taken as nothing, so that no share is divided by zero


@dataclass(frozen=True)
class Deal:
    """A package as the orchestrator knows it: claims, and nothing that the owners keep to themselves.

    ``claims`` ``[owners, runs]`` are positive where the package costs its owner money. ``parties`` ``[owners, runs]``
    says who shares in it: the claims of others are left out. ``movers`` ``[owners, runs]`` says whose levers it
    changes. ``overhead`` is what it costs to arrange, a number or ``[runs]``; ``uniforms`` ``[draws, runs]`` are for
    rules that draw lots (`Transfer.draws` says how many).
    """

    claims: Money
    parties: Mask
    movers: Mask
    overhead: Number = 0.0
    uniforms: Array | None = None

    @property
    def stakes(self) -> Money:
        """The claims of the parties, zero for all others."""
        return np.where(self.parties, self.claims, 0.0)

    @property
    def money(self) -> Money:
        """M ``[runs]``: what there is to share out."""
        return money(self.stakes, self.overhead)


@dataclass(frozen=True)
class Settlement:
    """Who gets what: ``transfers`` and ``payoffs`` are ``[owners, runs]``, ``sponsor`` is ``[runs]``.

    A transfer is money received, negative if paid; the sponsor has a line of its own. Transfers and sponsor together
    are minus the overhead. A payoff is the transfer less the claim: what the owner gains if its claim is true.
    """

    transfers: Money
    payoffs: Money
    sponsor: Money


@dataclass
class Transfer(ABC):
    """Says how the money of a package is shared: each party gets its claim and a share w of what is left.

    A member gives the shares; here t = claim + w (M + what a sponsor adds). The claims cancel in the sum, so that the
    transfers add up to minus the overhead, and every payoff is w (M + what a sponsor adds). Without a party there is
    nobody to pay, and all is zero.
    """

    compensates: ClassVar[bool] = True
    """Whether losers are paid, so that nobody is left with less than nothing when the money is not negative."""

    @abstractmethod
    def weights(self, deal: Deal) -> Array:
        """The shares ``[owners, runs]``: not negative, zero for those who are no party, together 1."""

    def draws(self, owners: int) -> int:
        """How many uniform numbers the rule needs for a package, whatever is in it."""
        return 0

    def check(self) -> str | None:
        """Say what is wrong when the parameters cannot go together."""
        return None

    def affordable(self, deal: Deal, added: Money) -> Mask:
        """Where the package leaves no party with less than nothing, a sponsor's money counted ``[runs]``."""
        return deal.money + added >= 0.0

    def __call__(self, deal: Deal, added: Money) -> Settlement:
        """The transfers of a package to which a sponsor adds some money ``[runs]``."""
        payoffs = self.weights(deal) * (deal.money + added)
        return Settlement(deal.stakes + payoffs, payoffs, -np.where(deal.parties.any(axis=0), added, 0.0))


def equal_weights(parties: Mask) -> Array:
    """The same share for every party ``[owners, runs]``."""
    return np.where(parties, 1.0 / np.maximum(np.count_nonzero(parties, axis=0), 1), 0.0)
