"""What the orchestrator is told: shared numbers, late, blurred, or not at all."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from ..inversion import with_noise
from ..parameters import Number, parameter
from ..quantity import Array, Mask


@dataclass
class Reports:
    """Passes numbers on as their owners share them, ``[reporters, runs]``.

    1. Every period the true numbers are noted.
    2. What is reported are those of ``delay`` periods ago; before that, the first that were noted.
    3. Noise multiplies them by 1 + noise x a standard normal draw.
    4. What its owner does not share is missing (not a number).

    The delay is whole; it may differ between reporters, runs and periods, up to ``longest``.
    """

    longest: int = parameter("longest delay", unit="periods", default=0, minimum=0, whole=True)
    noise: Number = parameter("standard deviation of the relative error", default=0.0, minimum=0)
    _past: deque[Array] = field(init=False, repr=False, default_factory=deque)

    def note(self, values: Array) -> None:
        """Keep the true numbers of a period; the newest come first."""
        self._past.appendleft(values)
        while len(self._past) > self.longest + 1:
            self._past.pop()

    def __call__(self, delay: Number, shared: Mask, u: Array) -> Array:
        """What is reported now, with uniform numbers for the noise, all ``[reporters, runs]``."""
        return np.where(shared, self._told(delay) * with_noise(1.0, self.noise, u), np.nan)

    def _told(self, delay: Number) -> Array:
        """The true numbers of ``delay`` periods ago."""
        if isinstance(delay, int):
            return self._past[min(delay, len(self._past) - 1)]
        told = self._past[-1]
        for age in range(len(self._past) - 1, -1, -1):
            told = np.where(np.less_equal(delay, age), self._past[age], told)
        return told
