"""A policy that is played from outside: by a learnt controller, another program or a person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..parameters import Number, parameter
from ..quantity import Units
from .base import Policy, SiteView


@dataclass
class External(Policy):
    """Orders what was decided outside the model, once; without a decision a fixed quantity.

    1. Where `decide` has been called since the last order: quantity = the decision.
    2. Otherwise: quantity = the fixed one.

    The connectors for Gymnasium and PettingZoo put it in the place of a site's policy.

    Reference: Towers et al. (2024), Gymnasium: A Standard Interface for Reinforcement Learning Environments,
    arXiv:2407.17032.
    """

    quantity: Number = parameter("ordered while nobody decides", default=0.0, unit="units")

    @property
    def reads_point_of_sale(self) -> bool:
        """A player may look at everything that a policy could."""
        return True

    @property
    def reads_echelon(self) -> bool:
        """A player may look at everything that a policy could."""
        return True

    def start(self, site: SiteView) -> None:
        """Forget what was decided."""
        self._decided: Units | None = None

    def decide(self, quantity: Units) -> None:
        """Set the next order, ``[products, runs]`` in units; the site's own order rules apply to it as to any other."""
        self._decided = quantity

    def __call__(self, site: SiteView) -> Units:
        """The quantity wanted this period."""
        decided, self._decided = self._decided, None
        if decided is None:
            return self.quantity + site.zeros
        if np.shape(decided) != site.zeros.shape:
            raise ValueError(f"a decision has the shape {site.zeros.shape}, not {np.shape(decided)}")
        return decided
