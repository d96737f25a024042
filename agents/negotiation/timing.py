"""When things are decided and take effect, in periods.

The time from a change in the world to the answer to it is detection + wait for the next cycle + response + putting it
into practice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from ..parameters import Number, parameter
from ..quantity import Array, Mask


@cache
def _log1p() -> Callable[[Array], Array]:
    from scipy.special import log1p  # one number at a time: the same bits in every batch, and imported late

    return log1p  # type: ignore[no-any-return]


@dataclass
class Delay:
    """A delay that is fixed, or exponential with the same mean.

    1. A fixed delay is its mean.
    2. A random one is -mean ln(1 - u) for a uniform number u (inversion).
    """

    mean: Number = parameter("mean delay", unit="periods", default=0.0, minimum=0)
    random: bool = parameter("drawn from an exponential distribution, not fixed", default=False)

    def __call__(self, u: Array) -> Array:
        """The delays for uniform numbers, of the same shape; a fixed delay takes none from them."""
        return -self.mean * _log1p()(-u) if self.random else np.zeros(u.shape) + self.mean


def is_due(period: Number, cadence: Number, phase: Number) -> Mask:
    """Where a cycle falls into a period: every ``cadence`` periods, the first in period ``phase``."""
    return np.asarray((period - phase) % cadence == 0)


def next_cycle(time: Array, cadence: Number, phase: Number) -> Array:
    """The period of the first cycle that is not before a time."""
    return time + (phase - time) % cadence


def age(period: Number, cadence: Number, phase: Number, latency: Number) -> Array:
    """How old the data are on which the decision in force in a period rests.

    A decision is made in a cycle, on data of that period, and takes effect ``latency`` periods later; so ages run from
    the latency to latency + cadence - 1, over and over.
    """
    return np.asarray(latency + (period - phase - latency) % cadence)


@dataclass(frozen=True)
class Timetable:
    """The times ``[runs]`` of one decision: the change, its detection, the cycle, the vote's end, the effect."""

    changed: Array
    detected: Array
    tabled: Array
    decided: Array
    effective: Array

    @property
    def periods(self) -> Array:
        """From the change to the effect."""
        return self.effective - self.changed


@dataclass
class DecisionTime:
    """How long the orchestrator takes to answer a change.

    1. The change is detected after a delay.
    2. It is taken up in the next cycle: every ``cadence`` periods from ``phase`` on.
    3. The vote takes as long as the answers that its rule waits for.
    4. What is decided takes effect after another delay, in whole periods.
    """

    cadence: Number = parameter("periods from one cycle to the next", unit="periods", default=1.0, minimum=1)
    phase: Number = parameter("period of the first cycle", unit="periods", default=0.0, minimum=0)
    detection: Delay = parameter("from a change to its detection", default=Delay)
    implementation: Delay = parameter("from the decision to its effect", default=Delay)

    def __call__(self, changed: Array, response: Array, u: Array) -> Timetable:
        """The times of decisions on changes at ``changed`` ``[runs]``, with responses ``[runs]`` of the voters.

        ``u`` ``[2, runs]`` are uniform numbers for the two delays, used or not.
        """
        detected = changed + self.detection(u[0])
        tabled = next_cycle(detected, self.cadence, self.phase)
        decided = tabled + response
        return Timetable(changed, detected, tabled, decided, np.ceil(decided + self.implementation(u[1])))
