"""The pages of the books: sums over the periods of several quantities that are noted together.

The quantities of a page stand one above the other, ``[rows, runs]``, so that a period costs a handful of calls to
NumPy however many there are. Sums run strictly from the first period to the last: it makes no difference whether
periods are added one by one or several together. They are arrays of the page's own and are written in place; rows that
were kept for later would crowd everything else out of the processor's cache.

Here a ufunc's third argument is where the result goes, which NumPy understands faster than by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

import numpy as np

from .numeric import sum_rows
from .order_rules import TINY
from .quantity import Array, Tally

Source = tuple[Any, str]  # a holder and the name of one of its quantities
Rows = tuple[list[Source], slice]  # quantities one above the other, and the rows that they have
# Quantities that are worked on together: the holder, the name, the shift and the place for the deviation of each, then
# their sums, squares and deviations.
Block = tuple[list[tuple[Any, str, Array, Array]], Array, Array, Array]
SMALL = 512  # bytes of a quantity up to which a call to NumPy costs more than its work ...
KEPT_ROWS = 32  # ... so that many periods are added together, or fewer where a page is large
MOST_KEPT = 2**22  # bytes
TOGETHER = 65_536  # bytes of quantities that the processor's cache has room for at once
LONG = 16_384  # bytes of a row from which rows fight for the same places in the cache
MOST_IN_A_BYTE = 255
LEAST = np.array(TINY)  # NumPy compares with an array of one number faster than with a number


class Stack:
    """Quantities one above the other, of which something is summed over the periods."""

    def __init__(self) -> None:
        self.places: dict[Source, slice] = {}
        self.height = 0

    def enter(self, holder: Any, name: str) -> None:
        """Give a quantity its rows; before the first period."""
        rows = len(getattr(holder, name))
        self.places[holder, name] = slice(self.height, self.height + rows)
        self.height = self.height + rows

    def open(self, runs: int) -> None:
        """Start with empty sums, once all quantities are entered."""
        names: dict[Any, list[str]] = {}
        for holder, name in self.places:
            names.setdefault(holder, []).append(name)
        self._readers = [(holder, _reader(found)) for holder, found in names.items()]
        self.shape = (self.height, runs)
        size = 8 * self.height * runs
        self.at_once = size > SMALL * len(self.places)
        # A factory without parts has quantities of no rows.
        self.kept = max(min(KEPT_ROWS, MOST_KEPT // max(size, 1)), 1)
        self.reset()

    def reset(self) -> None:
        """Forget what was noted so far."""
        self.periods = 0
        self.collected = 0  # periods that are noted and not yet added
        self.parts: list[Array] = []

    def note(self) -> None:
        """Note the quantities of the period: at once where they are large."""
        raise NotImplementedError

    def collect(self) -> None:
        """Keep the quantities of the period until enough of them have come together."""
        for holder, read in self._readers:
            self.parts.extend(read(holder))
        self.collected = self.collected + 1
        if self.collected == self.kept:
            self.settle()

    def settle(self) -> None:
        """Add what was collected."""
        if self.collected == 0:
            return
        self.periods = self.periods + self.collected
        self.add_all(np.concatenate(self.parts).reshape(self.collected, *self.shape))
        self.collected, self.parts = 0, []

    def empty(self) -> Array:
        """Zeros for all rows."""
        return np.zeros(self.shape) if 8 * self.shape[1] <= LONG else _spaced(*self.shape)

    def add_all(self, rows: Array) -> None:
        """Add several periods, ``[periods, rows, runs]``."""
        raise NotImplementedError


class Totals(Stack):
    """Sums of quantities."""

    def reset(self) -> None:
        """Forget what was noted so far."""
        super().reset()
        self.sums = self.empty()
        self.each = [(holder, name, self.sums[place]) for (holder, name), place in self.places.items()]

    def note(self) -> None:
        """Note the quantities of the period."""
        if not self.at_once:
            self.collect()
            return
        self.periods = self.periods + 1
        add = np.add
        for holder, name, total in self.each:
            add(total, getattr(holder, name), total)

    def add_all(self, rows: Array) -> None:
        """Add several periods."""
        self.sums = sum_rows(np.concatenate((self.sums[None], rows)))

    def total(self, source: Source) -> Array:
        """The sum of one quantity."""
        self.settle()
        return self.sums[self.places[source]].copy()

    def mean(self, source: Source) -> Array:
        """Its mean."""
        return self.total(source) / max(self.periods, 1)


class Spreads(Stack):
    """Means and population variances of quantities.

    Sums of deviations from the first value: a constant has a variance of exactly zero, and a large mean costs no
    digits (Chan, Golub & LeVeque 1983, The American Statistician 37(3), shifted data).
    """

    def reset(self) -> None:
        """Forget what was noted so far."""
        super().reset()
        self.shift, self.sums, self.squares = self.empty(), self.empty(), self.empty()
        self.blocks = list(self._blocks()) if self.at_once else []

    def _blocks(self) -> Iterator[Block]:
        """What is worked on at a time: as many quantities as the cache has room for, in one place for all of them."""
        blocks = blocks_of(self.places, self.shape[1])
        room = np.zeros((max(span.stop - span.start for _, span in blocks), self.shape[1]))
        for sources, span in blocks:
            work = room[: span.stop - span.start]
            places = [self.places[source] for source in sources]
            each = [
                (holder, name, self.shift[rows], work[rows.start - span.start : rows.stop - span.start])
                for (holder, name), rows in zip(sources, places, strict=True)
            ]
            yield each, self.sums[span], self.squares[span], work

    def note(self) -> None:
        """Note the quantities of the period."""
        if not self.at_once:
            self.collect()
            return
        if self.periods == 0:
            for (holder, name), place in self.places.items():
                self.shift[place] = getattr(holder, name)
        self.periods = self.periods + 1
        subtract = np.subtract
        for each, sums, squares, off in self.blocks:
            for holder, name, shift, rows in each:
                subtract(getattr(holder, name), shift, rows)
            np.add(sums, off, sums)
            np.multiply(off, off, off)
            np.add(squares, off, squares)

    def add_all(self, rows: Array) -> None:
        """Add several periods."""
        if self.periods == len(rows):
            self.shift = rows[0]
        work = np.concatenate((self.sums[None], rows))
        added = work[1:]
        added -= self.shift
        self.sums = sum_rows(work)
        added *= added
        work[0] = self.squares
        self.squares = sum_rows(work)

    def mean(self, source: Source) -> Array:
        """The mean of one quantity."""
        self.settle()
        place = self.places[source]
        return self.shift[place] + self.sums[place] / max(self.periods, 1)

    def total(self, source: Source) -> Array:
        """Its sum."""
        return self.mean(source) * self.periods

    def variance(self, source: Source) -> Array:
        """Its population variance (divided by the number of periods)."""
        self.settle()
        place, periods = self.places[source], max(self.periods, 1)
        mean = self.sums[place] / periods
        return np.maximum(self.squares[place] / periods - mean * mean, 0.0)


class Counts(Stack):
    """Numbers of periods in which quantities were positive, by more than rounding."""

    def reset(self) -> None:
        """Forget what was noted so far."""
        super().reset()
        self.before = np.zeros(self.shape)
        self.lately = np.zeros(self.shape, dtype=np.uint8)  # of some periods at most: bytes add up fastest
        self.room = MOST_IN_A_BYTE
        flags = np.zeros(self.shape, dtype=np.bool_)
        self.bytes = flags.view(np.uint8)
        self.each = [(holder, name, flags[place]) for (holder, name), place in self.places.items()]

    def note(self) -> None:
        """Note the quantities of the period."""
        if not self.at_once:
            self.collect()
            return
        self.periods = self.periods + 1
        self.make_room(1)
        for holder, name, flags in self.each:
            np.greater(getattr(holder, name), LEAST, flags)
        np.add(self.lately, self.bytes, self.lately)

    def add_all(self, rows: Array) -> None:
        """Add several periods."""
        self.make_room(len(rows))
        self.lately = self.lately + np.add.reduce((rows > TINY).view(np.uint8), axis=0, dtype=np.uint8)

    def make_room(self, periods: int) -> None:
        """Have room for so many more periods in the bytes."""
        if self.room < periods:
            self.before = self.before + self.lately
            self.lately = np.zeros_like(self.lately)
            self.room = MOST_IN_A_BYTE
        self.room = self.room - periods

    def total(self, source: Source) -> Array:
        """The number of such periods of one quantity."""
        self.settle()
        return (self.before + self.lately)[self.places[source]]


KINDS: dict[Tally, Callable[[], Stack]] = {"total": Totals, "spread": Spreads, "count": Counts}


class Page:
    """What is noted together: quantities of one holder, or of several, in a stack for each kind of tally."""

    def __init__(self) -> None:
        self.stacks: dict[Tally, Stack] = {}
        self.in_use: list[Stack] = []  # once the first period is noted

    def enter(self, holder: Any, name: str, kind: Tally) -> None:
        """Keep a tally of a quantity; before the first period."""
        self.stacks.setdefault(kind, KINDS[kind]()).enter(holder, name)
        self.in_use = []

    def keeps(self, holder: Any, name: str, kind: Tally) -> bool:
        """Whether a tally is kept."""
        return kind in self.stacks and (holder, name) in self.stacks[kind].places

    def opened(self) -> list[Stack]:
        """The stacks, which start with empty sums when they are asked for the first time."""
        if not self.in_use:
            for stack in self.stacks.values():
                holder, name = next(iter(stack.places))
                stack.open(getattr(holder, name).shape[-1])
            self.in_use = list(self.stacks.values())
        return self.in_use

    def reset(self) -> None:
        """Forget what was noted so far; where that is nothing, as when another holder has asked already, do nothing."""
        for stack in self.in_use:
            if stack.periods or stack.collected:
                stack.reset()

    def stack(self, kind: Tally) -> Any:
        """The sums of one kind."""
        self.opened()
        return self.stacks[kind]


def _spaced(rows: int, runs: int) -> Array:
    """Zeros whose rows do not begin a power of two apart, which would have them fight for the same cache lines."""
    return np.zeros((rows, runs + 24))[:, :runs]


def _reader(names: list[str]) -> Callable[[Any], tuple[Array, ...]]:
    """What reads these attributes as a tuple, and as fast as Python can."""
    if len(names) == 1:
        only = attrgetter(names[0])
        return lambda holder: (only(holder),)
    return attrgetter(*names)


def fade(
    blocks: Sequence[tuple[Sequence[Source], slice]], means: Array, variances: Array | None, weight: float
) -> None:
    """Take quantities into moving averages ``[rows, runs]``, the newest with this weight w; block by block, in place.

    mean = mean + w (x - mean); variance = (1 - w) (variance + w (x - mean before)^2), where variances are kept.

    Reference: West (1979), Updating Mean and Variance Estimates: An Improved Method, Communications of the ACM
    22(9):532-535.
    """
    for sources, rows in blocks:
        off, mean = np.concatenate([getattr(holder, name) for holder, name in sources]), means[rows]
        np.subtract(off, mean, off)
        step = off * weight
        np.add(mean, step, mean)
        if variances is not None:
            variance = variances[rows]
            np.multiply(off, step, off)
            np.add(variance, off, variance)
            np.multiply(variance, 1.0 - weight, variance)


def blocks_of(places: Mapping[Source, slice], runs: int) -> list[Rows]:
    """Quantities in a row, in blocks for which the processor's cache has room."""
    found: list[Rows] = []
    for source, rows in places.items():
        if found and 8 * runs * (rows.stop - found[-1][1].start) <= TOGETHER:
            found[-1] = [*found[-1][0], source], slice(found[-1][1].start, rows.stop)
        else:
            found.append(([source], rows))
    return found
