"""Random travel times in whole periods, drawn by inversion: one uniform number a period and lane."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .quantity import Array


class Stream(Protocol):
    """A source of uniform random numbers."""

    def uniforms(self, period: int) -> Array:
        """The numbers of a period, ``[draws, runs]``, strictly between 0 and 1."""


class RandomTravel:
    """What departs in a period travels for a number of periods drawn for that period, lane and run.

    Later departures may overtake earlier ones. ``probabilities`` are those of the times in ``support``, ``[times]`` or
    ``[times, runs]``.
    """

    def __init__(self, support: Sequence[int], probabilities: Sequence[float] | Array, stream: Stream) -> None:
        order = np.argsort(support, kind="stable")
        self.support = tuple(int(support[i]) for i in order)
        self._values = np.array(self.support)
        self._ends = np.add.accumulate(np.asarray(probabilities, dtype=np.float64)[order], axis=0)[:-1]
        self._stream = stream

    def longer(self, periods: int) -> RandomTravel:
        """The same travel on the same draws, always so many periods longer."""
        made = copy(self)
        made.support = tuple(time + periods for time in self.support)
        made._values = self._values + periods
        return made

    def __call__(self, period: int, draw: int = 0) -> NDArray[Any]:
        """The times of a period, ``[runs]``, by one of its draws."""
        uniforms = self._stream.uniforms(period)[draw]
        if self._ends.ndim == 1:
            place: NDArray[np.intp] = np.searchsorted(self._ends, uniforms, side="right")
        else:  # the probabilities differ between the runs
            place = np.count_nonzero(self._ends <= uniforms, axis=0)
        times: NDArray[Any] = self._values[place]
        return times
