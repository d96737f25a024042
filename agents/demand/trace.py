"""Demand that has been recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..parameters import Number, parameter
from ..quantity import Array
from .base import Demand


@dataclass
class Trace(Demand):
    """Recorded demand, one value a period, the same in every run.

    1. demand = the value of the period.
    2. After the last value the values start again, or the last one stays, or there is no more demand, as
       ``after_end`` says.

    In the long run the expected demand is the mean of the values where they start again, else the value that stays.
    In a scenario a ``file`` (CSV, one row a period) and its ``column`` may stand for the values.

    Reference: Law (2015), Simulation Modeling and Analysis, 5th ed., section 6.1 (trace-driven simulation).
    """

    draws: ClassVar[int] = 0

    values: Sequence[float] = parameter("demand of periods 0, 1, ...", unit="units", minimum=0, per_product=False)
    after_end: str = parameter(
        "what follows the last value: the first again, the last for ever, or nothing",
        default="repeat",
        choices=("repeat", "hold", "zero"),
    )
    file: str | None = parameter("CSV file with the values, read when the scenario is loaded", default=None)
    column: str | None = parameter("column of the file; may be left out if there is only one", default=None)

    def __call__(self, period: int) -> Array:
        """The demand of a period, ``[runs]``."""
        return self._zeros + self._value(period)

    def _value(self, period: int) -> float:
        if period < len(self.values):
            return self.values[period]
        if self.after_end == "repeat":
            return self.values[period % len(self.values)]
        return self.values[-1] if self.after_end == "hold" else 0.0

    def expected(self) -> Number:
        """The mean in the long run: of all values if they start again."""
        return float(np.mean(self._lasting()))

    def deviation(self) -> Number:
        """The standard deviation over time in the long run."""
        return float(np.std(self._lasting()))

    def _lasting(self) -> Sequence[float]:
        if self.after_end == "repeat":
            return self.values
        return self.values[-1:] if self.after_end == "hold" else [0.0]

    def check(self) -> str | None:
        """There has to be a value, and one a period."""
        if len(self.values) == 0:
            return "values is empty"
        return "values has lists in it" if np.ndim(self.values) != 1 else None
