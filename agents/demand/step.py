"""Demand that changes once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..parameters import Number, parameter
from ..quantity import Array
from .base import Demand


@dataclass
class Step(Demand):
    """One demand until a given period and another one from then on.

    1. demand = ``before`` in periods 0 ... ``at`` - 1, ``after`` from period ``at`` on.

    In the long run the expected demand is ``after``, its deviation is 0.

    Reference: Sterman (1989), Modeling Managerial Behavior, Management Science 35(3):321-339 (4, then 8 cases).
    """

    draws: ClassVar[int] = 0

    before: Number = parameter("demand a period before the step", unit="units", minimum=0)
    after: Number = parameter("demand a period from the step on", unit="units", minimum=0)
    at: Number = parameter("first period with the new demand", unit="periods", minimum=0)

    def __call__(self, period: int) -> Array:
        """The demand of a period, ``[runs]``."""
        return self._zeros + np.where(np.less_equal(self.at, period), self.after, self.before)

    def expected(self) -> Number:
        """The demand after the step."""
        return self.after

    def deviation(self) -> Number:
        """Zero."""
        return 0.0
