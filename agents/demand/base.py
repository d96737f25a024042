"""What a demand process is, and the end that several of them share: no demand below a minimum."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

import numpy as np

from ..parameters import Number, parameter, plainly
from ..quantity import Array


class Stream(Protocol):
    """A source of uniform random numbers, ``draws`` of them a period for each run."""

    def uniforms(self, period: int) -> Array:
        """The numbers of a period, ``[draws, runs]``, strictly between 0 and 1."""


@dataclass
class Demand(ABC):
    """The demand of one market for one product.

    The owner calls `start` once, then the process once a period, from period 0 on. Parameters are numbers or arrays
    ``[runs]`` and may be replaced between two periods. A process turns ``draws`` uniform numbers a period into demand
    by inversion, whatever the demand is, so a parameter never shifts the numbers of a later period.
    """

    draws: ClassVar[int] = 1

    _stream: Stream = field(init=False, repr=False, compare=False)
    _zeros: Array = field(init=False, repr=False, compare=False)

    def start(self, stream: Stream, runs: int) -> None:
        """Take up the stream of random numbers (not read where ``draws`` is 0) and set the memory to the start."""
        self._stream = stream
        self._zeros = np.zeros(runs)

    @abstractmethod
    def __call__(self, period: int) -> Array:
        """The demand of a period, ``[runs]``, in units."""

    def expected(self) -> Number | None:
        """The mean of the demand of a period in the long run, before clipping and rounding; ``None``: not known."""
        return None

    def deviation(self) -> Number | None:
        """The standard deviation that belongs to `expected`, over time and chance; ``None``: not known."""
        return None

    def check(self) -> str | None:
        """Say what is wrong when the parameters cannot go together."""
        return None


@dataclass(kw_only=True)
class Clipped(Demand):
    """A demand process whose draws may fall below zero and are then cut off."""

    minimum: Number = parameter(
        "smallest demand; a large negative number lets goods come back", unit="units", default=0.0
    )
    whole: bool = parameter("whether demand is rounded to whole units", default=False)

    def cut(self, demand: Array) -> Array:
        """Demand as the market places it: rounded where asked for, and not below the minimum."""
        # Adding zero makes -0, to which -0.3 is rounded, 0: which zero a maximum keeps depends on the place.
        rounded = np.rint(demand) + 0.0 if self.whole else demand
        return np.maximum(rounded, self._zeros if plainly(self.minimum, 0.0) else self.minimum)
