"""Shared capacity by price: slots of a dock, trucks or production hours that owners may trade.

The orchestrator posts a price, every owner says how much it would use at that price, and the price rises while they
want more than there is. Nobody is charged for the whole: each owner is endowed with a ration and trades the rest.

Source: Everett (1963), Generalized Lagrange Multiplier Method for Solving Problems of Optimum Allocation of Resources,
Operations Research 11(3):399-417 (prices); Montgomery (1972), Markets in Licenses and Efficient Pollution Control
Programs, Journal of Economic Theory 5(3):395-418 (endowments).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from ..parameters import Number, parameter
from ..quantity import Array, Mask, Money, Units
from .gain import over_owners

SMALLEST = 1e-300

Respond: TypeAlias = Callable[[Array], Units]
"""What each owner would use, ``[owners, runs]``, at a price ``[runs]``; less or the same when the price is higher."""


@dataclass(frozen=True)
class Cleared:
    """The outcome of a market, ``[owners, runs]`` and ``[runs]``.

    ``payments`` are what each owner pays for its use beyond its endowment, negative when it sells; they add up to
    nothing. ``settled`` says where the price was found, ``rounds`` how many prices were posted until then.
    """

    price: Array
    use: Units
    endowment: Units
    payments: Money
    settled: Mask
    rounds: Array


@dataclass(frozen=True)
class _Search:
    """Where the search for the price stands: ``low`` is too cheap, ``high`` is not (infinite while unknown)."""

    price: Array
    step: Array
    low: Array
    high: Array
    use_low: Units
    use_high: Units
    use: Units
    last_price: Array
    last_excess: Array
    settled: Mask
    rounds: Array


def ration(wishes: Units, available: Units) -> Units:
    """The same part of every wish ``[owners, runs]``, so that they add up to what is ``available`` ``[runs]``."""
    return wishes * (available / np.maximum(over_owners(wishes), SMALLEST))


@dataclass
class SlotMarket:
    """Finds the price at which a capacity is just used, and settles the trade of slots at that price.

    1. Every owner says what it would use for nothing. Where that fits, the price is 0 and nobody pays.
    2. Dual ascent: price = max(0, price + step x excess), with the excess of the use over the capacity. The step is
       re-estimated from the last two prices, as the inverse of how strongly the use has fallen, and doubled when it
       has not.
    3. A price outside the bracket of those known to be too low and high enough is replaced by its middle, and so is
       every third price.
    4. A run whose excess is within the tolerance stays at its price.
    5. Where the use jumps across the capacity at some price, owners are indifferent there, and the use is the mixture
       of both sides of the jump that fills the capacity. Where no price is high enough, the use is cut in proportion.
    6. Endowments are the proportional ration of what is used; payment = price x (use - endowment).
    """

    step: Number = parameter("rise of the price for one unit of excess in the first round", default=0.01, above=0)
    rounds: int = parameter("prices posted at most", default=60, minimum=1, whole=True)
    tolerance: Number = parameter("excess that is let pass, as a share of the capacity", default=1e-10, minimum=0)

    def __call__(self, respond: Respond, capacity: Units, asked: Mask) -> Cleared:
        """The market for a capacity ``[runs]`` among the owners that are ``asked`` ``[owners, runs]``."""

        def use_at(price: Array) -> Units:
            return np.where(asked, np.maximum(respond(price), 0.0), 0.0)

        wishes = use_at(np.zeros(capacity.shape))
        search = self._start(wishes, capacity)
        for number in range(1, self.rounds + 1):
            search = _posted(search, use_at(search.price), capacity, self.tolerance)
            search = _next_price(search, halve=number % 3 == 0)
        use = _within(_use(search, capacity), capacity)
        price = np.where(search.settled | np.isinf(search.high), search.price, search.high)
        endowment = ration(wishes, over_owners(use))
        return Cleared(price, use, endowment, price * (use - endowment), search.settled, search.rounds)

    def _start(self, wishes: Units, capacity: Units) -> _Search:
        """After the first round, in which slots were for nothing; the second price is ready."""
        nothing = np.zeros(capacity.shape)
        excess = over_owners(wishes) - capacity
        fits = excess <= 0.0
        step = nothing + self.step
        unknown = np.full(capacity.shape, np.inf)
        second = np.where(fits, 0.0, step * excess)
        return _Search(second, step, nothing, unknown, wishes, wishes, wishes, nothing, excess, fits, nothing + 1.0)


def _posted(s: _Search, use: Units, capacity: Units, tolerance: Number) -> _Search:
    """The search after the answers to its price; settled runs stay as they are."""
    excess = over_owners(use) - capacity
    going = ~s.settled
    over, under = going & (excess > 0.0), going & (excess <= 0.0)
    fall = s.last_excess - excess
    responsive = (s.price - s.last_price) * fall > 0.0
    step = np.where(responsive, (s.price - s.last_price) / np.where(responsive, fall, 1.0), 2.0 * s.step)
    return replace(
        s,
        use=np.where(going, use, s.use),
        low=np.where(over, s.price, s.low),
        use_low=np.where(over, use, s.use_low),
        high=np.where(under, s.price, s.high),
        use_high=np.where(under, use, s.use_high),
        step=np.where(going, step, s.step),
        last_price=np.where(going, s.price, s.last_price),
        last_excess=np.where(going, excess, s.last_excess),
        settled=s.settled | (np.abs(excess) <= tolerance * capacity),
        rounds=s.rounds + going,
    )


def _next_price(s: _Search, halve: bool) -> _Search:
    """The search with the next price to post, in the runs that go on."""
    bracketed = np.isfinite(s.high)
    middle = 0.5 * (s.low + np.where(bracketed, s.high, 0.0))
    ascent = np.maximum(s.last_price + s.step * s.last_excess, 0.0)
    outside = (ascent <= s.low) | (ascent >= s.high)
    price = np.where(bracketed & (outside | halve), middle, ascent)
    return replace(s, price=np.where(s.settled, s.price, price))


def _use(s: _Search, capacity: Units) -> Units:
    """What is used in the end: the mixture of both sides of a jump where the price did not settle."""
    below, above = over_owners(s.use_low), over_owners(s.use_high)
    part = (capacity - above) / np.where(below > above, below - above, 1.0)
    mixed = s.use_high + np.clip(part, 0.0, 1.0) * (s.use_low - s.use_high)
    return np.where(s.settled, s.use, np.where(np.isinf(s.high), s.use_low, mixed))


def _within(use: Units, capacity: Units) -> Units:
    """The use, cut in proportion where it is above the capacity."""
    return use * np.minimum(1.0, capacity / np.maximum(over_owners(use), SMALLEST))
