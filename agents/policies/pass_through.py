"""Pass-through: order what was ordered."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..quantity import Units
from .base import Policy, SiteView


@dataclass
class PassThrough(Policy):
    """Orders exactly what came in.

    1. waiting = what came in this period, and in earlier ones in which the site's calendar let it order nothing.
    2. quantity = waiting, when the site may order.

    Reference: Sterman (1989), Modeling Managerial Behavior, Management Science 35(3):321-339 (a chain that only
    passes orders on has no bullwhip, and keeps no stock either).
    """

    _waiting: Units = field(init=False, repr=False, compare=False)

    def start(self, site: SiteView) -> None:
        """Nothing waits to be ordered."""
        self._waiting = site.zeros

    def __call__(self, site: SiteView) -> Units:
        """The quantity wanted this period."""
        waiting = self._waiting + site.incoming
        self._waiting = site.zeros if site.due is True else np.where(site.due, 0.0, waiting)
        return waiting
