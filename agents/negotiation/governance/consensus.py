"""Everybody has to agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...quantity import Array, Mask
from .base import Ballot, Governance


@dataclass
class Consensus(Governance):
    """Adopts a package when all who are asked vote for it.

    1. A package passes if somebody is asked and nobody is against.
    2. The decision falls with the last answer.

    Reference: Buchanan & Tullock (1962), The Calculus of Consent, University of Michigan Press, chapter 7 (unanimity).
    """

    def passes(self, ballot: Ballot) -> Mask:
        """Where all are in favour."""
        return np.asarray((ballot.yes | ~ballot.voters).all(axis=0) & ballot.voters.any(axis=0))

    def wait(self, ballot: Ballot) -> Array:
        """Until the last has answered."""
        return np.asarray(np.where(ballot.voters, ballot.answered, 0.0).max(axis=0))
