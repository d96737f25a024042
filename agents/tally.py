"""The pages of the books: sums over the periods of several quantities that are noted together.

The quantities of a page stand one above the other, ``[rows, runs]``, so that a period costs a handful of calls to
NumPy however many there are. Sums run strictly from the first period to the last: it makes no difference whether
periods are added one by one or several together. They are arrays of the page's own and are written in place; rows that
were kept for later would crowd everything else out of the processor's cache.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

import numpy as np

from .numeric import sum_rows
from .order_rules import TINY
from .quantity import Array, Tally

Source = tuple[Any, str]  # a holder and the name of one of its quantities
SMALL = 2048  # bytes of a period up to which a call to NumPy costs more than its work ...
KEPT_ROWS = 32  # ... so that many periods are added together
MOST_IN_A_BYTE = 255


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
        self.zeros = _spaced(self.height, runs)
        self.most_rows = 1 if self.zeros.nbytes > SMALL else KEPT_ROWS
        self.reset()

    def reset(self) -> None:
        """Forget what was noted so far."""
        self.periods = 0
        self.collected = 0  # periods that are noted and not yet added
        self.parts: list[Array] = []

    def note(self) -> None:
        """Note the quantities of the period."""
        for holder, read in self._readers:
            self.parts.extend(read(holder))
        self.collected = self.collected + 1
        if self.collected == self.most_rows:
            self.settle()

    def settle(self) -> None:
        """Add what was collected."""
        if self.collected == 0:
            return
        self.periods = self.periods + self.collected
        if self.collected == 1:
            self.add(self.parts)
        else:
            self.add_all(np.concatenate(self.parts).reshape(self.collected, *self.zeros.shape))
        self.collected, self.parts = 0, []

    def views(self, sums: Array) -> list[Array]:
        """The rows of each quantity, as views into the sums of all."""
        return [sums[place] for place in self.places.values()]

    def add(self, parts: Sequence[Array]) -> None:
        """Add one period, quantity by quantity: large arrays are in the cache once only if none is put together."""
        raise NotImplementedError

    def add_all(self, rows: Array) -> None:
        """Add several periods."""
        raise NotImplementedError


class Totals(Stack):
    """Sums of quantities."""

    def reset(self) -> None:
        """Forget what was noted so far."""
        super().reset()
        self.start_from(_spaced(*self.zeros.shape))

    def start_from(self, sums: Array) -> None:
        """Go on from these sums."""
        self.sums = sums
        self.each = self.views(sums)

    def add(self, parts: Sequence[Array]) -> None:
        """Add one period."""
        for total, part in zip(self.each, parts, strict=True):
            np.add(total, part, out=total)

    def add_all(self, rows: Array) -> None:
        """Add several periods."""
        self.start_from(sum_rows(np.concatenate((self.sums[None], rows))))

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
        self.shift: Array | None = None
        self.start_from(_spaced(*self.zeros.shape), _spaced(*self.zeros.shape))

    def start_from(self, sums: Array, squares: Array) -> None:
        """Go on from these sums of deviations and of their squares."""
        self.sums, self.squares = sums, squares
        shifts = self.views(self.zeros if self.shift is None else self.shift)
        self.each = list(zip(shifts, self.views(sums), self.views(squares), strict=True))

    def add(self, parts: Sequence[Array]) -> None:
        """Add one period."""
        if self.shift is None:
            self.shift = _spaced(*self.zeros.shape) + np.concatenate(parts)
            self.start_from(self.sums, self.squares)
        for (shift, total, squares), part in zip(self.each, parts, strict=True):
            off = part - shift
            np.add(total, off, out=total)
            np.multiply(off, off, out=off)
            np.add(squares, off, out=squares)

    def add_all(self, rows: Array) -> None:
        """Add several periods."""
        if self.shift is None:
            self.shift = rows[0]
        work = np.concatenate((self.sums[None], rows))
        added = work[1:]
        added -= self.shift
        sums = sum_rows(work)
        added *= added
        work[0] = self.squares
        self.start_from(sums, sum_rows(work))

    def mean(self, source: Source) -> Array:
        """The mean of one quantity."""
        self.settle()
        shift = self.zeros if self.shift is None else self.shift
        place = self.places[source]
        return shift[place] + self.sums[place] / max(self.periods, 1)

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
        self.before = self.zeros
        self.lately = np.zeros(self.zeros.shape, dtype=np.uint8)  # of some periods at most: bytes add up fastest
        self.room = MOST_IN_A_BYTE

    def add(self, parts: Sequence[Array]) -> None:
        """Add one period."""
        self.add_all((parts[0] if len(parts) == 1 else np.concatenate(parts))[None])

    def add_all(self, rows: Array) -> None:
        """Add several periods."""
        if self.room < len(rows):
            self.before = self.before + self.lately
            self.lately = np.zeros_like(self.lately)
            self.room = MOST_IN_A_BYTE
        flags = (rows > TINY).view(np.uint8)
        self.lately = self.lately + (flags[0] if len(rows) == 1 else np.add.reduce(flags, axis=0, dtype=np.uint8))
        self.room = self.room - len(rows)

    def total(self, source: Source) -> Array:
        """The number of such periods of one quantity."""
        self.settle()
        return (self.before + self.lately)[self.places[source]]


KINDS: dict[Tally, Callable[[], Stack]] = {"total": Totals, "spread": Spreads, "count": Counts}


class Page:
    """What is noted together: quantities of one holder, or of several, in a stack for each kind of tally."""

    def __init__(self) -> None:
        self.stacks: dict[Tally, Stack] = {}
        self._open: list[Stack] = []

    def enter(self, holder: Any, name: str, kind: Tally) -> None:
        """Keep a tally of a quantity; before the first period."""
        self.stacks.setdefault(kind, KINDS[kind]()).enter(holder, name)
        self._open = []

    def keeps(self, holder: Any, name: str, kind: Tally) -> bool:
        """Whether a tally is kept."""
        return kind in self.stacks and (holder, name) in self.stacks[kind].places

    def note(self) -> None:
        """Note the quantities of the period."""
        if not self._open:
            self.open()
        for stack in self._open:
            stack.note()

    def open(self) -> None:
        """Start the sums."""
        for stack in self.stacks.values():
            holder, name = next(iter(stack.places))
            stack.open(getattr(holder, name).shape[-1])
        self._open = list(self.stacks.values())

    def reset(self) -> None:
        """Forget what was noted so far."""
        for stack in self._open:
            stack.reset()

    def stack(self, kind: Tally) -> Any:
        """The sums of one kind."""
        if not self._open:
            self.open()
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
