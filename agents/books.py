"""The books of an agent or a lane: a tally for every quantity whose declaration asks for one."""

from __future__ import annotations

from collections.abc import Container

from .quantity import Array, Quantity, Tally, quantities_of
from .tally import Count, Spread, Total

KINDS: dict[Tally, type[Total] | type[Spread]] = {"total": Total, "spread": Spread, "count": Count}


class Books:
    """Mixed into whatever declares quantities."""

    _books: list[tuple[str, Tally, Total | Spread]]

    def open_books(self, unused: Container[tuple[str, Tally]] = ()) -> None:
        """Start the tallies, empty; those that are ``unused`` in this world, by name and kind, are not kept."""
        self._books = [
            (name, kind, KINDS[kind]())
            for name, declared in quantities_of(type(self)).items()
            for kind in declared.tally
            if (name, kind) not in unused
        ]

    def close_warm_up(self) -> None:
        """Forget what was noted so far."""
        for _, _, tally in self._books:
            tally.reset()

    def account(self) -> None:
        """Note the quantities of the period."""
        for name, _, tally in self._books:
            tally.add(getattr(self, name))

    def noted(self) -> list[tuple[str, Quantity]]:
        """The quantities that have a total or a spread, with their declarations."""
        declared = quantities_of(type(self))
        return [(name, declared[name]) for name, kind, _ in self._books if kind != "count"]

    def total(self, name: str) -> Array:
        """The sum of a quantity over the periods since the warm-up."""
        return self._tally(name, ("total", "spread")).total

    def mean(self, name: str) -> Array:
        """The mean of a quantity over the periods since the warm-up."""
        return self._tally(name, ("total", "spread")).mean

    def variance(self, name: str) -> Array:
        """The population variance of a quantity over the periods since the warm-up."""
        tally = self._tally(name, ("spread",))
        assert isinstance(tally, Spread)
        return tally.variance

    def count(self, name: str) -> Array:
        """The number of periods since the warm-up in which a quantity was positive."""
        return self._tally(name, ("count",)).total

    def _tally(self, name: str, kinds: tuple[Tally, ...]) -> Total | Spread:
        for noted, kind, tally in self._books:
            if noted == name and kind in kinds:
                return tally
        raise LookupError(f"{type(self).__name__} keeps no {' or '.join(kinds)} of {name!r}")
