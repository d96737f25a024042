"""The books of an agent or a lane: a tally for every quantity whose declaration asks for one."""

from __future__ import annotations

from collections.abc import Container, Mapping

import numpy as np

from .quantity import Array, Quantity, Tally, quantities_of
from .tally import Page, Source

Key = tuple[str, Tally]


class Books:
    """Mixed into whatever declares quantities."""

    page: Page
    keeps_page = True  # by itself; else somebody else notes what is on it

    def open_books(
        self,
        unused: Container[Key] = (),
        zero: Container[str] = (),
        page: Page | None = None,
        elsewhere: Mapping[str, Source] | None = None,
    ) -> None:
        """Start the tallies, empty.

        Those that are ``unused`` in this world, by name and kind, are not kept; nor are those of quantities that stay
        ``zero`` in it, but whoever asks for one gets a zero. With the ``page`` of somebody else the quantities are
        noted together with that one's, when that one does. What is the same array as somebody else's quantity in every
        period may be noted ``elsewhere``: at that holder, under that name.
        """
        self._zero = zero
        self._elsewhere = elsewhere or {}
        self.keeps_page = page is None
        self.page = Page() if page is None else page
        for name, declared in quantities_of(type(self)).items():
            for kind in declared.tally:
                if (name, kind) not in unused and name not in zero and name not in self._elsewhere:
                    self.page.enter(self, name, kind)

    def close_warm_up(self) -> None:
        """Forget what was noted so far."""
        self.page.reset()

    def account(self) -> None:
        """Note the quantities of the period, those of everybody on the same page too; who keeps the page does."""
        for stack in self.page.in_use or self.page.opened() if self.keeps_page else ():
            stack.note()

    def noted(self) -> list[tuple[str, Quantity]]:
        """The quantities that have a total or a spread, with their declarations."""
        kinds: tuple[Tally, ...] = ("total", "spread")
        return [
            (name, declared)
            for name, declared in quantities_of(type(self)).items()
            if name in self._elsewhere or any(self.page.keeps(self, name, kind) for kind in kinds)
        ]

    def total(self, name: str) -> Array:
        """The sum of a quantity over the periods since the warm-up."""
        return self._read("total", name, "total", "spread")

    def mean(self, name: str) -> Array:
        """The mean of a quantity over the periods since the warm-up."""
        return self._read("mean", name, "total", "spread")

    def variance(self, name: str) -> Array:
        """The population variance of a quantity over the periods since the warm-up."""
        return self._read("variance", name, "spread")

    def count(self, name: str) -> Array:
        """The number of periods since the warm-up in which a quantity was positive."""
        return self._read("total", name, "count")

    def _read(self, what: str, name: str, *kinds: Tally) -> Array:
        """What the first of the kinds of tally says that is kept of a quantity; zero where it stays zero."""
        if name in self._zero:
            return np.zeros(())
        holder, name_there = self._elsewhere.get(name, (self, name))
        for kind in kinds:
            if holder.page.keeps(holder, name_there, kind):
                return getattr(holder.page.stack(kind), what)((holder, name_there))  # type: ignore[no-any-return]
        raise LookupError(f"{type(self).__name__} keeps no {' or '.join(kinds)} of {name!r}")
