"""The books of an agent or a lane: a tally for every quantity whose declaration asks for one."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import numpy as np

from .quantity import Array, Quantity, Tally, quantities_of
from .tally import Page

Key = tuple[str, Tally]


class Books:
    """Mixed into whatever declares quantities."""

    page: Page

    def open_books(self, unused: Container[Key] = (), zero: Container[str] = (), page: Page | None = None) -> None:
        """Start the tallies, empty.

        Those that are ``unused`` in this world, by name and kind, are not kept; nor are those of quantities that stay
        ``zero`` in it, but whoever asks for one gets a zero. With the ``page`` of somebody else the quantities are
        noted together with that one's.
        """
        self._zero = zero
        self.page = Page() if page is None else page
        for name, declared in quantities_of(type(self)).items():
            for kind in declared.tally:
                if (name, kind) not in unused and name not in zero:
                    self.page.enter(self, name, kind)

    def close_warm_up(self) -> None:
        """Forget what was noted so far."""
        self.page.reset()

    def account(self) -> None:
        """Note the quantities of the period, those of everybody on the same page too."""
        self.page.note()

    def noted(self) -> list[tuple[str, Quantity]]:
        """The quantities that have a total or a spread, with their declarations."""
        kinds: tuple[Tally, ...] = ("total", "spread")
        return [
            (name, declared)
            for name, declared in quantities_of(type(self)).items()
            if any(self.page.keeps(self, name, kind) for kind in kinds)
        ]

    def total(self, name: str) -> Array:
        """The sum of a quantity over the periods since the warm-up."""
        kind = self._kind(name, "total", "spread")
        return np.zeros(()) if kind is None else self._stack(kind).total((self, name))

    def mean(self, name: str) -> Array:
        """The mean of a quantity over the periods since the warm-up."""
        kind = self._kind(name, "total", "spread")
        return np.zeros(()) if kind is None else self._stack(kind).mean((self, name))

    def variance(self, name: str) -> Array:
        """The population variance of a quantity over the periods since the warm-up."""
        kind = self._kind(name, "spread")
        return np.zeros(()) if kind is None else self._stack(kind).variance((self, name))

    def count(self, name: str) -> Array:
        """The number of periods since the warm-up in which a quantity was positive."""
        kind = self._kind(name, "count")
        return np.zeros(()) if kind is None else self._stack(kind).total((self, name))

    def _stack(self, kind: Tally) -> Any:
        return self.page.stack(kind)

    def _kind(self, name: str, *kinds: Tally) -> Tally | None:
        """The first of the kinds of tally that is kept of a quantity; `None` where it stays zero."""
        if name in self._zero:
            return None
        for kind in kinds:
            if self.page.keeps(self, name, kind):
                return kind
        raise LookupError(f"{type(self).__name__} keeps no {' or '.join(kinds)} of {name!r}")
