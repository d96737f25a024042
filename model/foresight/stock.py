"""The stock of a site, near what has been seen of it: mean net stock, its deviation, and what is owed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...agents.objectives.special import below, density
from ...agents.quantity import Array, Units

FLATTEST = 0.02  # least width of the uniform part, in deviations: for less the difference of two losses loses digits
LEAST = 1e-6


@dataclass(frozen=True)
class NetStock:
    """Net stock is normal with a ``deviation``, around a mean that is uniform over ``mean`` - ``reach`` to ``mean`` +
    ``reach``: the course between two orders of a calendar, or a lot. All ``[products, runs]``.
    """

    mean: Units
    deviation: Units
    reach: Units

    def backlog(self) -> tuple[Units, Units]:
        """E[(-N)+] and the variance of it.

        1. With S the deviation, a the reach and L2 the second-order loss:
           E[(-N)+] = S^2 / (2 a) (L2((mean - a) / S) - L2((mean + a) / S)).
        2. With e = E[(-N)+] / S', S'^2 = S^2 + a^2 / 3: E[((-N)+)^2] = S'^2 e (0.55 + 1.05 sqrt(e) + 0.1 e), which is
           within 5 % of the normal one for e up to 1, and within 11 % up to 2.

        Reference: Hadley & Whitin (1963), Analysis of Inventory Systems, Prentice-Hall, section 4-7; 2 is a fit.
        """
        S = np.maximum(self.deviation, LEAST)
        a = np.maximum(self.reach, FLATTEST * S)
        low, high = _losses((self.mean - a) / S), _losses((self.mean + a) / S)
        short = np.maximum(np.square(S) * (low - high) / (2.0 * a), 0.0)
        whole = np.sqrt(np.square(S) + np.square(self.reach) / 3.0)
        e = short / whole
        square = short * whole * (0.55 + 1.05 * np.sqrt(e) + 0.1 * e)
        return short, np.maximum(square - np.square(short), 0.0)


def _losses(z: Array) -> Array:
    """The second-order loss, see `ripieno.agents.objectives.special.second_loss`."""
    near = np.maximum(z, -40.0)
    return 0.5 * ((np.square(near) + 1.0) * below(-near) - near * density(near))
