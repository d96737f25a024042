"""A majority, and nobody with a veto against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...parameters import parameter
from ...quantity import Array, Mask
from .base import Ballot
from .majority import Majority


@dataclass
class VetoHolders(Majority):
    """Adopts a package with a majority in favour and no veto holder against it.

    1. More than a share of those asked has to be in favour.
    2. Every veto holder that is asked has to be in favour.
    3. The decision falls when the majority has answered and every veto holder that is asked as well.

    Reference: Tsebelis (2002), Veto Players: How Political Institutions Work, Princeton University Press, chapter 1.
    """

    holders: Sequence[str] = parameter("names of the owners that hold a veto", default=())

    def passes(self, ballot: Ballot) -> Mask:
        """Where enough are in favour and no veto holder is against."""
        agreed = (ballot.yes | ~self._asked(ballot)).all(axis=0)
        return np.asarray(super().passes(ballot) & agreed)

    def wait(self, ballot: Ballot) -> Array:
        """Until the majority and all veto holders have answered."""
        last = np.where(self._asked(ballot), ballot.answered, 0.0).max(axis=0)
        return np.asarray(np.maximum(super().wait(ballot), last))

    def _asked(self, ballot: Ballot) -> Mask:
        """The veto holders among the voters, ``[owners, runs]``."""
        strangers = [name for name in self.holders if name not in ballot.owners]
        if strangers:
            raise ValueError(f"veto holder {strangers[0]!r} is not one of the owners: {', '.join(ballot.owners)}")
        holds = np.array([name in self.holders for name in ballot.owners])
        return np.asarray(ballot.voters & holds[:, None])
