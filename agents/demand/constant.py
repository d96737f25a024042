"""Demand that never changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..parameters import Number, parameter
from ..quantity import Array
from .base import Demand


@dataclass
class Constant(Demand):
    """The same demand every period.

    1. demand = mean.

    The expected demand is the mean, its deviation is 0.

    Reference: Harris (1913), How Many Parts to Make at Once, Factory, The Magazine of Management 10(2):135-136.
    """

    draws: ClassVar[int] = 0

    mean: Number = parameter("demand a period", unit="units", minimum=0)

    def __call__(self, period: int) -> Array:
        """The demand of a period, ``[runs]``."""
        return self._zeros + self.mean

    def expected(self) -> Number:
        """The demand a period."""
        return self.mean

    def deviation(self) -> Number:
        """Zero."""
        return 0.0
