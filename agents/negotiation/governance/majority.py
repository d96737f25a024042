"""More than a share of the votes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...parameters import Number, parameter
from ...quantity import Array, Mask
from .base import Ballot, Governance, nth_answer


@dataclass
class Majority(Governance):
    """Adopts a package for which more than a share of those asked vote.

    1. The votes needed are the smallest whole number above share x voters.
    2. A package passes with at least so many.
    3. The decision falls when so many have answered, whatever they say; or, with ``until_settled``, when the answers
       that are in decide it: that many yes, or so many no that the rest cannot make it up.

    The first reading of step 3 is that of the usual formula for response times, and the faster one when opinions are
    divided.

    Reference: Black (1948), On the Rationale of Group Decision-making, Journal of Political Economy 56(1):23-34.
    """

    share: Number = parameter("share of the voters that has to be exceeded", default=0.5, minimum=0, maximum=0.999)
    until_settled: bool = parameter("wait until the answers that are in decide the vote", default=False)

    def needed(self, ballot: Ballot) -> NDArray[np.intp]:
        """Votes needed ``[runs]``."""
        return np.floor(self.share * ballot.size + 1e-12).astype(np.intp) + 1  # a share of 2/3 of 3 voters is 2

    def passes(self, ballot: Ballot) -> Mask:
        """Where enough are in favour."""
        return np.asarray(np.count_nonzero(ballot.in_favour, axis=0) >= self.needed(ballot))

    def wait(self, ballot: Ballot) -> Array:
        """Until enough have answered; without a voter there is nothing to wait for."""
        needed = np.minimum(self.needed(ballot), ballot.size)
        if not self.until_settled:
            return nth_answer(ballot.answered, ballot.voters, needed)
        carried = nth_answer(ballot.answered, ballot.in_favour, needed)
        against = np.where(ballot.size == 0, 0, ballot.size - needed + 1)
        return np.minimum(carried, nth_answer(ballot.answered, ballot.voters & ~ballot.yes, against))
