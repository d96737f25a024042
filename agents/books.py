"""The books of an agent or a lane: a tally for every quantity whose declaration asks for one."""

from __future__ import annotations

from collections.abc import Callable, Container
from operator import attrgetter
from typing import Any

import numpy as np

from .quantity import Array, Quantity, Tally, quantities_of
from .tally import Count, Notes, Spread, Total

MOST_ROWS = 16  # periods of small arrays that the tallies take in together, which saves calls to NumPy
SMALL = 4096  # bytes: up to here a call to NumPy costs more than its work
TINY = 64  # bytes: of such arrays, four times as many periods take no room worth counting
KINDS: dict[Tally, Callable[[Array], Notes]] = {"total": Total, "spread": Spread, "count": Count}

Key = tuple[str, Tally]


class Books:
    """Mixed into whatever declares quantities."""

    _tallies: dict[Key, Notes]
    _rows: list[tuple[Array, ...]]  # what was noted and not yet taken in, one entry a period

    def open_books(self, unused: Container[Key] = (), zero: Container[str] = ()) -> None:
        """Start the tallies, empty.

        Those that are ``unused`` in this world, by name and kind, are not kept; nor are those of quantities that stay
        ``zero`` in it, but whoever asks for one gets a zero.
        """
        self._zero = zero
        self._kept: list[Key] = [
            (name, kind)
            for name, declared in quantities_of(type(self)).items()
            for kind in declared.tally
            if (name, kind) not in unused and name not in zero
        ]
        self._names = list(dict.fromkeys(name for name, _ in self._kept))
        self._read = _reader(self._names)
        largest = max((getattr(self, name).nbytes for name in self._names), default=0)
        self._at_once = largest > SMALL
        self._most_rows = MOST_ROWS if largest > TINY else 4 * MOST_ROWS
        self.close_warm_up()

    def close_warm_up(self) -> None:
        """Forget what was noted so far."""
        self._tallies = {(name, kind): KINDS[kind](getattr(self, name)) for name, kind in self._kept}
        self._plan = [(self._names.index(name), tally) for (name, _), tally in self._tallies.items()]
        self._rows = []

    def account(self) -> None:
        """Note the quantities of the period."""
        if not self._plan:
            return
        row = self._read(self)
        if self._at_once:
            for place, tally in self._plan:
                tally.note(row[place])
            return
        self._rows.append(row)
        if len(self._rows) == self._most_rows:
            self._take_in()

    def noted(self) -> list[tuple[str, Quantity]]:
        """The quantities that have a total or a spread, with their declarations."""
        declared = quantities_of(type(self))
        return [(name, declared[name]) for name, kind in self._tallies if kind != "count"]

    def total(self, name: str) -> Array:
        """The sum of a quantity over the periods since the warm-up."""
        return self._tally(name, "total", "spread").total  # type: ignore[no-any-return]

    def mean(self, name: str) -> Array:
        """The mean of a quantity over the periods since the warm-up."""
        return self._tally(name, "total", "spread").mean  # type: ignore[no-any-return]

    def variance(self, name: str) -> Array:
        """The population variance of a quantity over the periods since the warm-up."""
        return self._tally(name, "spread").variance  # type: ignore[no-any-return]

    def count(self, name: str) -> Array:
        """The number of periods since the warm-up in which a quantity was positive."""
        return self._tally(name, "count").total  # type: ignore[no-any-return]

    def _take_in(self) -> None:
        for place, tally in self._plan:
            tally.note_all([row[place] for row in self._rows])
        self._rows = []

    def _tally(self, name: str, *kinds: Tally) -> Any:
        """The tally of a quantity up to now."""
        if name in self._zero:
            return KINDS[kinds[-1]](np.zeros(()))
        if self._rows:
            self._take_in()
        for kind in kinds:
            if (name, kind) in self._tallies:
                return self._tallies[name, kind]
        raise LookupError(f"{type(self).__name__} keeps no {' or '.join(kinds)} of {name!r}")


def _reader(names: list[str]) -> Callable[[Any], tuple[Array, ...]]:
    """What reads these attributes as a tuple, and as fast as Python can."""
    if len(names) == 1:
        only = attrgetter(*names)
        return lambda holder: (only(holder),)
    return attrgetter(*names) if names else lambda holder: ()
