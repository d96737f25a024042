"""Shares by what is at stake."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...quantity import Array
from ..gain import over_owners
from .base import SMALLEST, Deal, Transfer, equal_weights


@dataclass
class Proportional(Transfer):
    """Shares the money by what the package moves for each party, up or down.

    1. The stake of a party is the size of its claim, a gain or a loss.
    2. Its share is its part of all stakes; the shares are equal where nobody has a stake.
    3. Its transfer is its claim and that share of the money.

    Reference: Moulin (2003), Fair Division and Collective Welfare, MIT Press, chapter 2 (the proportional rule).
    """

    def weights(self, deal: Deal) -> Array:
        """Each stake over the sum of all."""
        stakes = np.abs(deal.stakes)
        every = over_owners(stakes)
        return np.where(every > SMALLEST, stakes / np.maximum(every, SMALLEST), equal_weights(deal.parties))
