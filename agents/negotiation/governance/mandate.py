"""The orchestrator decides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...quantity import Array, Mask
from .base import Ballot, Governance


@dataclass
class Mandate(Governance):
    """Adopts whatever is put forward.

    1. Every package passes, whatever the votes.
    2. Nobody's answer is waited for.

    Reference: Simon (1951), A Formal Theory of the Employment Relationship, Econometrica 19(3):293-305 (authority).
    """

    def passes(self, ballot: Ballot) -> Mask:
        """Everywhere."""
        return np.ones(ballot.voters.shape[1:], dtype=bool)

    def wait(self, ballot: Ballot) -> Array:
        """Nothing."""
        return np.zeros(ballot.voters.shape[1:])
