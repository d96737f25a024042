"""Shares by the Shapley value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...parameters import parameter
from ...quantity import Array, Mask
from ..coalitions import Game, shapley_exact, shapley_sampled
from ..gain import over_owners
from .base import SMALLEST, Deal, Transfer, equal_weights

MOST_EXACT = 8  # owners, so 256 coalitions


@dataclass
class Shapley(Transfer):
    """Shares the money by what each party adds to the coalitions that could agree on the package without it.

    1. A coalition can bring the package about if it holds all whose levers it changes. It then enjoys the gains of its
       members and owes every loser its claim, and the overhead; it is worth what that leaves, or nothing.
    2. The share of a party is its Shapley value in this game over the sum of all values: exact up to 8 owners, the
       mean over random orders beyond.
    3. The shares are equal where the package leaves nothing.
    4. Its transfer is its claim and that share of the money.

    Nobody's value is negative. A loser whose levers are not needed adds nothing and is paid just its claim.

    Reference: Shapley (1953), A Value for n-Person Games, Contributions to the Theory of Games II, 307-317.
    """

    orders: int = parameter("random orders of joining, with more than 8 owners", default=64, minimum=1, whole=True)

    def draws(self, owners: int) -> int:
        """One number for each owner and order; none when the value is exact."""
        return 0 if owners <= MOST_EXACT else self.orders * owners

    def weights(self, deal: Deal) -> Array:
        """Each Shapley value over the sum of all."""
        values = np.maximum(self._values(deal), 0.0)  # a value that is zero may come out as minus a rounding error
        every = over_owners(values)
        return np.where(every > SMALLEST, values / np.maximum(every, SMALLEST), equal_weights(deal.parties))

    def _values(self, deal: Deal) -> Array:
        owners, runs = deal.claims.shape
        if owners <= MOST_EXACT:
            return shapley_exact(package_game(deal), owners, runs)
        needed = self.draws(owners)
        if deal.uniforms is None or len(deal.uniforms) != needed:
            given = 0 if deal.uniforms is None else len(deal.uniforms)
            raise ValueError(f"the Shapley value of {owners} owners needs {needed} uniform numbers a run, not {given}")
        return shapley_sampled(package_game(deal), deal.uniforms.reshape(self.orders, owners, runs))


def package_game(deal: Deal) -> Game:
    """The worth of a coalition that agrees on a package, as a function of its members ``[owners, runs]``."""
    gains = np.maximum(-deal.stakes, 0.0)
    owed = over_owners(np.maximum(deal.stakes, 0.0)) + deal.overhead
    free = ~(deal.movers & deal.parties)

    def worth(members: Mask) -> Array:
        left = np.maximum(over_owners(np.where(members, gains, 0.0)) - owed, 0.0)
        return np.where((members | free).all(axis=0), left, 0.0)

    return worth
