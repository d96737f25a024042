"""What an agent says a package would cost it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..parameters import Number, parameter
from ..quantity import Mask, Money


@dataclass
class Claims:
    """Reports a change of cost, made to look worse by a margin.

    1. What is left of the padding is m = padding (1 - transparency).
    2. The claim is d + m |d| for a change d of the own cost: a gain is reported smaller, a loss larger.
    3. Who is not asked claims nothing.

    With a padding of 0, or with full transparency, claims are truthful. Both parameters are numbers or arrays that
    broadcast to ``[owners, runs]``.
    """

    padding: Number = parameter("share by which a gain is understated and a loss overstated", default=0.0, minimum=0)
    transparency: Number = parameter(
        "share of the padding that shared books take away", default=0.0, minimum=0, maximum=1
    )

    def __call__(self, change: Money, asked: Mask) -> Money:
        """The claims ``[owners, runs]`` for changes of cost ``[owners, runs]``: positive where a package costs."""
        left = self.padding * (1.0 - self.transparency)
        return np.where(asked, change + left * np.abs(change), 0.0)
