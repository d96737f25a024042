"""No side payments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ...quantity import Array, Mask, Money
from .base import Deal, Settlement, Transfer, equal_weights


@dataclass
class NoTransfer(Transfer):
    """Lets everybody keep what the package does to them, and bills the overhead in equal parts.

    1. Each party pays the same part of the overhead, less what a sponsor adds.
    2. Nothing else is paid, so a payoff is minus the claim and minus that part.

    Reference: Goyal (1976), An Integrated Inventory Model for a Single Supplier-Single Customer Problem, International
    Journal of Production Research 15(1):107-111, where the joint lot leaves the customer worse off unless it is paid.
    """

    name_in_scenario: ClassVar[str] = "none"
    compensates: ClassVar[bool] = False

    def weights(self, deal: Deal) -> Array:
        """The shares of the overhead."""
        return equal_weights(deal.parties)

    def affordable(self, deal: Deal, added: Money) -> Mask:
        """Everywhere: losers are not paid, so there is nothing to afford."""
        return np.ones(deal.money.shape, dtype=bool)

    def __call__(self, deal: Deal, added: Money) -> Settlement:
        """The parts of the overhead, and what the package does to each."""
        fees = self.weights(deal) * (added - deal.overhead)
        return Settlement(fees, fees - deal.stakes, -np.where(deal.parties.any(axis=0), added, 0.0))
