"""How goods are made: setups, lots, campaigns, overtime and bad units, for factories and suppliers alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .books import Books
from .numeric import total
from .order_rules import TINY
from .parameters import Number
from .quantity import Array, Mask, Units, quantity

Needs = Sequence[Sequence[tuple[int, Number]]]
"""For each product the resources that it takes, by number, and how much of each goes into one unit."""

SPREAD_OF_UNIFORM = 12.0**0.5  # its width over its standard deviation


class Stream(Protocol):
    """A source of uniform random numbers."""

    def uniforms(self, period: int) -> Array:
        """The numbers of a period, ``[draws, runs]``, strictly between 0 and 1."""


@dataclass(frozen=True)
class Campaign:
    """Products take turns: a product is started in its turn only.

    A cycle begins in ``phase`` and every ``cycle`` periods from then on (and before). In the period with number i of
    its cycle, from 0 on, the turn is that of product number floor(i n / cycle) of the n in ``order``: turns are as
    long as each other, to one period.
    """

    order: tuple[int, ...]  # rows of products
    cycle: Number  # a whole number, or one for each run [runs]
    phase: Number = 0  # likewise

    def row(self, period: int) -> int | NDArray[np.intp]:
        """The row of the product in its turn, for all runs together or for each ``[runs]``."""
        turn = (period - self.phase) % self.cycle * len(self.order) // self.cycle
        return np.take(self.order, turn.astype(int)) if isinstance(turn, np.ndarray) else self.order[int(turn)]


@dataclass(frozen=True)
class YieldRate:
    """The share of good units, drawn for each period and product: uniform, with a mean and a standard deviation.

    share = mean + deviation sqrt(12) (u - 1/2), from 0 to 1. Stochastically proportional yield in the words of Yano &
    Lee (1995), Lot Sizing with Random Yields: A Review, Operations Research 43(2):311-334.
    """

    mean: Number
    deviation: Number
    streams: Sequence[Stream]  # one a product

    def __call__(self, period: int) -> Units:
        """The shares of a period, ``[products, runs]``."""
        u = np.stack([stream.uniforms(period)[0] for stream in self.streams])
        return np.clip(self.mean + self.deviation * (SPREAD_OF_UNIFORM * (u - 0.5)), 0.0, 1.0)


class Workshop(Books):
    """Where a site makes its products, when it has more to it than a capacity.

    Lots and setups. Products are started one after another: first the one that is set up, then those after it in the
    order of the file, then those before it. Of each,

    1. as much is started as is wanted and as capacity and parts that are left allow; a product that is not set up
       takes ``setup_time`` of the regular capacity first;
    2. that is rounded down to whole lots, so that production waits until a lot is wanted;
    3. if anything is started, the product is set up from now on: that is a setup, unless it was. At the start none is.

    In a campaign only the product in its turn is started. Capacity beyond the regular one is overtime. What is
    finished is inspected, and the bad part of it leaves the world.
    """

    setups: Units = quantity("changes to a product this period", unit="setups", tally="total")
    overtime: Array = quantity("capacity used beyond the regular one", unit="units", tally="total", over="rows")
    inspected: Units = quantity("finished this period, good or bad, where some are bad", unit="units", tally="total")
    scrapped: Units = quantity("finished this period and bad", unit="units", role="leaves", tally="total")

    rows = ("capacity",)

    def __init__(self, site: Any) -> None:
        self.site = site
        self.name: str = site.name
        self.products: tuple[str, ...] = site.products
        self.runs: int = site.runs
        self.zeros: Units = site.zeros
        self.none: Array = np.zeros((1, self.runs))
        self.current: Array = np.full(self.runs, -1.0)  # the row that is set up
        self.advance()

    def configure(
        self,
        *,
        lot: Number | None = None,
        setup_time: Number | None = None,
        sets_up: bool = False,
        campaign: Campaign | None = None,
        overtime: Number | None = None,
        yield_rate: YieldRate | None = None,
    ) -> None:
        """Set the rules, each ``None`` where it is not used; ``sets_up``: setups cost something."""
        self.lot = lot
        self.setup_time = setup_time
        self.one_by_one = sets_up or lot is not None or setup_time is not None
        self.campaign = campaign
        self.overtime_limit = overtime
        self.yield_rate = yield_rate

    def advance(self) -> None:
        """Begin a period: nothing set up, used or inspected yet."""
        self.setups = self.inspected = self.scrapped = self.zeros
        self.overtime = self.none

    # -- starting -----------------------------------------------------------------------------------------------

    def in_turn(self, wanted: Units) -> Units:
        """What is wanted of the products whose turn it is."""
        if self.campaign is None:
            return wanted
        mine = np.arange(len(wanted))[:, None] == self.campaign.row(self.site.period)
        return np.where(mine, wanted, 0.0)

    def start(self, wanted: Units, left: Sequence[Array], needs: Needs, regular: Number = 0.0) -> Units:
        """Start products one after another, as said above; returns what is started.

        ``left`` is what there is of each resource, ``[runs]``; setup time is taken from the first, in parts of the
        ``regular`` capacity. What is wanted of a product that is not in its turn has to be zero.
        """
        left = list(left)
        started = list(self.zeros)
        setups = list(self.setups)
        for row, mine in self.sequence():
            change = self.current != row
            lost = self.setup_loss(row, change, regular)
            most = wanted[row]
            for number, units in needs[row]:
                have = left[number] if number or lost is None else left[number] - lost
                most = np.minimum(most, _lasts_for(have, units))
            amount = self.whole_lots(row, most)
            starts = mine & (amount > TINY)
            amount = np.where(starts, amount, 0.0)
            for number, units in needs[row]:
                left[number] = left[number] - amount * units
            if lost is not None:
                left[0] = left[0] - np.where(starts, lost, 0.0)
            self.current = np.where(starts, row, self.current)
            started[row] = started[row] + amount
            setups[row] = setups[row] + (starts & change)
        self.setups = np.stack(setups)
        return np.stack(started)

    def sequence(self) -> Iterator[tuple[int, Mask]]:
        """The products in the order of their starts; each row with the runs ``[runs]`` in which it comes now."""
        everywhere = np.ones(self.runs, dtype=bool)
        if self.campaign is not None:
            turn = self.campaign.row(self.site.period)
            if isinstance(turn, int):
                yield turn, everywhere
            else:
                yield from ((row, turn == row) for row in range(len(self.products)))
        elif len(self.products) == 1:
            yield 0, everywhere
        else:
            first = self.current
            for row in range(len(self.products)):
                yield row, row >= first
            for row in range(len(self.products) - 1):
                yield row, row < first

    def setup_loss(self, row: int, change: Mask, regular: Number) -> Array | None:
        """The capacity that a product takes before its first unit, ``[runs]``."""
        if self.setup_time is None:
            return None
        return np.where(change, row_of(self.setup_time, row) * regular, 0.0)

    def whole_lots(self, row: int, amount: Array) -> Array:
        """An amount rounded down to whole lots of a product."""
        if self.lot is None:
            return amount
        lot = np.asarray(row_of(self.lot, row))
        lots = np.floor(amount / np.where(lot > 0, lot, 1.0) + TINY)
        return np.where(lot > 0, lots * lot, amount)

    def note_overtime(self, used: Array, regular: Number) -> None:
        """Note what of the capacity ``used`` ``[runs]`` in this period, setups aside, is overtime."""
        lost = self.none[0]
        if self.setup_time is not None:
            lost = total(self.setups * self.setup_time) * regular
        self.overtime = np.maximum(used + lost - regular, 0.0)[None]

    # -- finishing ----------------------------------------------------------------------------------------------

    def good(self, finished: Units) -> Units:
        """The good part of what is finished; the rest leaves the world."""
        if self.yield_rate is None:
            return finished
        good: Units = finished * self.yield_rate(self.site.period)
        self.inspected = self.inspected + finished
        self.scrapped = self.scrapped + (finished - good)
        return good


def fitted(wanted: Units, usage: Number, capacity: Number) -> Units:
    """``wanted`` scaled down to a capacity of which a unit of each product takes ``usage``, all products alike."""
    load = total(wanted * usage)
    fits = load <= capacity
    return np.where(fits, wanted, wanted * (capacity / np.where(fits, 1.0, load)))


def unless(stopped: Mask | None, wanted: Units) -> Units:
    """What is wanted in runs that are not stopped, zero in the others."""
    return wanted if stopped is None else np.where(stopped, 0.0, wanted)


def row_of(value: Number, row: int) -> Number:
    """The value for one product of a number that broadcasts to ``[products, runs]``."""
    if isinstance(value, np.ndarray) and value.ndim == 2:
        found: Array = value[row if len(value) > 1 else 0]
        return found
    return value


def _lasts_for(have: Array, units: Number) -> Array:
    """How many products can be made of what there is of a resource of which each takes ``units``."""
    takes = np.asarray(units, dtype=np.float64)
    enough = np.maximum(have, 0.0) / np.where(takes > 0, takes, 1.0)
    return np.where(takes > 0, enough, np.inf)
