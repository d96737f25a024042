"""What a package is worth to the network, and whether that is enough.

Two sums decide about a package. The *money* M = -sum of claims - overhead is what there is to share out. The *gain*
S = M - value x change counts, beside the money, the shared metrics that are in nobody's claim (service to the final
customer, say). The gain decides whether a package is wanted, the money whether it can pay for itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..numeric import add_all
from ..parameters import Number, parameter
from ..quantity import Array, Mask, Money

NOTHING = -np.inf  # the gain of a package that may not be chosen


def over_owners(x: Array) -> Array:
    """The sum over the first axis from first to last, whatever the shape and the memory layout."""
    return add_all(list(x))


def money(claims: Money, overhead: Number) -> Money:
    """M ``[..., runs]``: what the claims ``[owners, ..., runs]`` leave to share out once the overhead is paid."""
    return -over_owners(claims) - overhead


def network_gain(claims: Money, overhead: Number, changes: Array | None = None, values: Number = 0.0) -> Money:
    """S ``[..., runs]``: the money less the worsening of metrics that nobody claims for.

    ``changes`` ``[metrics, ..., runs]`` are positive where a metric rises, ``values`` is the cost of one unit of each
    and broadcasts to the changes. Without changes the gain is the money.
    """
    shared = money(claims, overhead)
    return shared if changes is None else shared - over_owners(values * changes)


@dataclass
class Bar:
    """How much is enough: an amount, or a share of a present cost, whichever is more.

    As the materiality threshold it is what the gain of a package has to exceed; as organisational inertia it is what an
    owner's payoff has to reach before the owner says yes.
    """

    amount: Number = parameter("least amount", unit="money", default=0.0, minimum=0)
    share: Number = parameter("least share of the present cost", default=0.0, minimum=0)

    def height(self, present: Money) -> Money:
        """The bar for a present cost; of the same shape."""
        return np.maximum(self.amount, self.share * np.abs(present))

    def exceeded(self, gain: Money, present: Money) -> Mask:
        """Where a gain is more than the bar."""
        return gain > self.height(present)

    def reached(self, gain: Money, present: Money) -> Mask:
        """Where a gain is not less than the bar."""
        return gain >= self.height(present)


def sponsored(wanted: Mask, shared: Money, budget: Number) -> Money:
    """What a sponsor puts in ``[runs]`` so that a wanted package can pay for itself.

    A package with S > 0 > M serves the network but leaves its parties with less than nothing. The sponsor makes up
    -M where that is within its budget, and pays nothing anywhere else. A budget of 0 means that there is no sponsor.
    """
    return np.where(wanted & (shared < 0.0) & (-shared <= budget), -shared, 0.0)


class Choice(NamedTuple):
    """One package of a list for each run: its place ``[runs]`` and whether there is any ``[runs]``."""

    place: NDArray[np.intp]
    found: Mask


def best(gain: Money, allowed: Mask) -> Choice:
    """The allowed package with the largest gain, both ``[packages, runs]``; the first of equal ones."""
    eligible = np.where(allowed, gain, NOTHING)
    return Choice(np.argmax(eligible, axis=0), np.asarray(allowed.any(axis=0)))
