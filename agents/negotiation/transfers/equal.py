"""Equal shares."""

from __future__ import annotations

from dataclasses import dataclass

from ...quantity import Array
from .base import Deal, Transfer, equal_weights


@dataclass
class Equal(Transfer):
    """Gives every party the same payoff.

    1. Each of n parties has the share 1/n.
    2. Its transfer is its claim and that share of the money.

    Reference: Nash (1950), The Bargaining Problem, Econometrica 18(2):155-162, with money that can be passed on and
    going on as before as the alternative.
    """

    def weights(self, deal: Deal) -> Array:
        """One nth for each of the parties."""
        return equal_weights(deal.parties)
