"""Echelons: all sites of one level, whose orders and demand are added up before their variance is taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..agents.books import Books
from ..agents.numeric import Rows, add_all
from ..agents.quantity import Array, Units, quantity


class Echelon(Books):
    """One level of the network, or all markets together, as the metrics see it.

    With a single member nothing is added up: its own books are read.
    """

    ordered: Units = quantity("ordered this period by all sites of the level", unit="units", tally="spread")
    incoming: Units = quantity("orders and demand that came in to the level", unit="units", tally="spread")

    def __init__(self, name: str, members: Sequence[Any], products: Sequence[str]) -> None:
        self.name = name
        self.members = list(members)
        self.runs: int = members[0].runs
        self.products = tuple(products)
        self._places = [Rows(member.products, self.products) for member in members]
        self.ordered = self.incoming = np.zeros((len(self.products), self.runs))
        self.demands = not hasattr(members[0], "ordered")  # markets order nothing: they demand
        self.open_books()

    @property
    def adds_up(self) -> bool:
        """Whether there is anything to add up."""
        return len(self.members) > 1

    def account(self) -> None:
        """Add up the level and note it."""
        self.incoming = self._sum("demanded" if self.demands else "incoming")
        if not self.demands:
            self.ordered = self._sum("ordered")
        super().account()

    def order_variance(self) -> Array:
        """Variance of the level's orders over time, ``[products, runs]``."""
        who: Books = self if self.adds_up else self.members[0]
        return who.variance("ordered")

    def demand_variance(self) -> Array:
        """Variance of what the level is asked for, ``[products, runs]``."""
        who: Books = self if self.adds_up else self.members[0]
        return who.variance("demanded" if self.demands and who is not self else "incoming")

    def _sum(self, name: str) -> Units:
        return add_all([rows.to_ours(getattr(m, name)) for rows, m in zip(self._places, self.members, strict=True)])


def echelons_of(scenario: Any, sites: dict[str, Any], products: Sequence[str]) -> list[Echelon]:
    """The echelons of the sites that order, downstream ones first when they are numbered as usual."""
    levels: dict[str, list[Any]] = {}
    for spec in scenario.sites():
        if sites[spec.name].policy is not None:
            levels.setdefault(str(spec.echelon), []).append(sites[spec.name])
    return [Echelon(name, members, products) for name, members in sorted(levels.items(), key=_by_number)]


def _by_number(level: tuple[str, list[Any]]) -> tuple[bool, float, str]:
    name = level[0]
    return (not name.isdigit(), float(name) if name.isdigit() else 0.0, name)
