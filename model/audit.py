"""Conservation: for every product, run and period, what entered equals what left plus what is held, somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ..agents.quantity import Array, Role, quantities_of

TOLERANCE = 1e-9  # relative to the goods that are held or have moved


class ConservationError(AssertionError):
    """Goods came from nowhere or vanished; the message names the product, the period and the run."""


class Audit:
    """Checks the balance of goods after every period, from the declared roles of the quantities."""

    def __init__(self, holders: Sequence[Any], products: Sequence[str]) -> None:
        self.holders = list(holders)
        self.products = tuple(products)
        self.held = self._sum("held")

    def check(self, period: int) -> None:
        """Compare the goods held now with those held a period ago.

        Raises `ConservationError` when more than the tolerance is missing or too much.
        """
        held, entered, left = self._sum("held"), self._sum("enters"), self._sum("leaves")
        error = held - (self.held + entered - left)
        scale = np.maximum(np.abs(held) + np.abs(entered) + np.abs(left) + np.abs(self.held), 1.0)
        wrong = ~(np.abs(error) <= TOLERANCE * scale)
        if wrong.any():
            product, run = map(int, np.argwhere(wrong)[0])
            raise ConservationError(
                f"period {period}, run {run}: {error[product, run]:+.9g} units of {self.products[product]!r} "
                f"(held {held[product, run]:.9g}, a period ago {self.held[product, run]:.9g}, "
                f"entered {entered[product, run]:.9g}, left {left[product, run]:.9g})"
            )
        self.held = held

    def _sum(self, role: Role) -> Array:
        rows: dict[str, Array | float] = dict.fromkeys(self.products, 0.0)
        for name, amount in self._entries(role):
            rows[name] = rows[name] + amount
        runs = self.holders[0].runs
        return np.stack([np.broadcast_to(rows[name], (runs,)) for name in self.products])

    def _entries(self, role: Role) -> Iterable[tuple[str, Array]]:
        for holder in self.holders:
            for name, declared in quantities_of(type(holder)).items():
                if declared.role == role:
                    yield from zip(getattr(holder, declared.over), getattr(holder, name), strict=True)
