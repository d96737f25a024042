"""The books of an agent or a lane: a tally for every quantity whose declaration asks for one."""

from __future__ import annotations

from collections.abc import Callable, Container
from operator import attrgetter
from typing import Any

import numpy as np

from .quantity import Array, Quantity, Tally, quantities_of
from .tally import Count, Notes, Spread, Total

MOST_ROWS = 16  # periods collected, by reference, before the tallies take them in: that saves calls to NumPy ...
MOST_BYTES = 1 << 17  # ... but what is collected of a quantity should still be in the processor's cache
KINDS: dict[Tally, Callable[[], Notes]] = {"total": Total, "spread": Spread, "count": Count}

Key = tuple[str, Tally]


class Books:
    """Mixed into whatever declares quantities."""

    _tallies: dict[Key, Notes]
    _rows: list[tuple[Array, ...]]  # what was noted since the last full block, one entry a period
    _read: Callable[[Any], tuple[Array, ...]] | None

    def open_books(self, unused: Container[Key] = (), zero: Container[str] = ()) -> None:
        """Start the tallies, empty.

        Those that are ``unused`` in this world, by name and kind, are not kept; nor are those of quantities that stay
        ``zero`` in it, but whoever asks for one gets a zero.
        """
        self._zero = zero
        keys = [
            (name, kind)
            for name, declared in quantities_of(type(self)).items()
            for kind in declared.tally
            if (name, kind) not in unused and name not in zero
        ]
        self._tallies = {key: KINDS[key[1]]() for key in keys}
        self._names = list(dict.fromkeys(name for name, _ in keys))
        self._read = _reader(self._names)
        self._rows = []
        self._enough = 1

    def close_warm_up(self) -> None:
        """Forget what was noted so far."""
        self._tallies = {key: KINDS[key[1]]() for key in self._tallies}
        self._rows = []

    def account(self) -> None:
        """Note the quantities of the period."""
        if self._read is None:
            return
        self._rows.append(self._read(self))
        if len(self._rows) >= self._enough:
            self._take_in()

    def noted(self) -> list[tuple[str, Quantity]]:
        """The quantities that have a total or a spread, with their declarations."""
        declared = quantities_of(type(self))
        return [(name, declared[name]) for name, kind in self._tallies if kind != "count"]

    def total(self, name: str) -> Array:
        """The sum of a quantity over the periods since the warm-up."""
        return _or_zero(self._tally(name, "total", "spread").total)

    def mean(self, name: str) -> Array:
        """The mean of a quantity over the periods since the warm-up."""
        return self._tally(name, "total", "spread").mean  # type: ignore[no-any-return]

    def variance(self, name: str) -> Array:
        """The population variance of a quantity over the periods since the warm-up."""
        return self._tally(name, "spread").variance  # type: ignore[no-any-return]

    def count(self, name: str) -> Array:
        """The number of periods since the warm-up in which a quantity was positive."""
        return _or_zero(self._tally(name, "count").total)

    def _take_in(self) -> None:
        columns = self._columns()
        self._tallies = {key: tally.plus(columns[key[0]]) for key, tally in self._tallies.items()}
        widest = max(row.nbytes for row in self._rows[0])
        self._enough = min(max(MOST_BYTES // max(widest, 1), 1), MOST_ROWS)
        self._rows = []

    def _columns(self) -> dict[str, tuple[Array, ...]]:
        """The rows collected, by quantity."""
        return dict(zip(self._names, zip(*self._rows, strict=True), strict=True))

    def _tally(self, name: str, *kinds: Tally) -> Any:
        """The tally of a quantity up to now; asking does not change the sums that are kept."""
        if name in self._zero:
            return KINDS[kinds[-1]]()
        for kind in kinds:
            kept = self._tallies.get((name, kind))
            if kept is not None:
                return kept.plus(self._columns()[name]) if self._rows else kept
        raise LookupError(f"{type(self).__name__} keeps no {' or '.join(kinds)} of {name!r}")


def _or_zero(total: Array | None) -> Array:
    return np.zeros(()) if total is None else total


def _reader(names: list[str]) -> Callable[[Any], tuple[Array, ...]] | None:
    """What reads these attributes as a tuple, and as fast as Python can; `None` where there are none."""
    if not names:
        return None
    if len(names) > 1:
        return attrgetter(*names)
    read_one = attrgetter(names[0])
    return lambda holder: (read_one(holder),)
