"""Shelf life: the oldest units are served first, and those that have become too old are thrown away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .books import Books
from .numeric import add_all, positive
from .quantity import Units, quantity
from .sliding_sum import SlidingSum


class Ages:
    """What of a stock may stay over night, by what has come in.

    As the oldest units go first, those that are left are always the latest that came in. So with a life of L periods
    what came in during the last L - 1 of them may stay, and a sum of receipts is all that has to be known of the ages.
    """

    def __init__(self, lives: Sequence[int | None], nothing: Units) -> None:
        self.left = nothing
        self.fresh: list[tuple[NDArray[np.bool_], SlidingSum | None]] = [
            (np.array([other == life for other in lives])[:, None], SlidingSum(life - 1, nothing) if life > 1 else None)
            for life in dict.fromkeys(lives)
            if life is not None
        ]

    def kept(self, stock: Units, gone: Units) -> Units:
        """What is kept of a ``stock`` of which ``gone`` was taken since the last time."""
        came = positive(stock + gone - self.left)
        for of_this_life, fresh in self.fresh:
            if fresh is None:
                stock = np.where(of_this_life, 0.0, stock)
            else:
                fresh.push(came)
                stock = np.where(of_this_life, np.minimum(stock, fresh.value), stock)
        self.left = stock
        return stock


class ShelfLife(Books):
    """The ages of what a site has on its shelf, and in its store of parts.

    1. What comes in during a period is new, and so is the stock of the start; goods age on the shelf only.
    2. The oldest units are picked and used first.
    3. After serving, units that have been there for ``shelf_life`` periods, the one of their arrival included, are
       thrown away: with a shelf life of 1 everything that was not wanted on the day it came.

    Reference: Nahmias (1982), Perishable Inventory Theory: A Review, Operations Research 30(4):680-708 (fixed
    lifetime, first in first out).
    """

    expired: Units = quantity("thrown away this period, too old to be sold", unit="units", role="leaves", tally="total")
    expired_parts: Units = quantity(
        "parts thrown away this period, too old to be used", unit="units", role="leaves", tally="total", over="inputs"
    )

    def __init__(self, site: Any, lives: Mapping[str, int | None]) -> None:
        self.name = site.name
        self.site = site
        self.runs: int = site.runs
        self.products: tuple[str, ...] = site.products
        self.inputs: tuple[str, ...] = getattr(site, "inputs", ())
        self.expired = self.picked = site.zeros
        self.expired_parts: Units = np.zeros((len(self.inputs), self.runs))
        self.shelf = Ages([lives.get(product) for product in self.products], self.expired)
        self.store = Ages([lives.get(part) for part in self.inputs], self.expired_parts)

    def advance(self) -> None:
        """Begin a period: nothing was picked yet."""
        self.picked = self.site.zeros

    def note_picked(self, picked: Sequence[Units]) -> None:
        """Note what leaves the shelf for customers."""
        self.picked = self.picked + add_all(picked)

    def throw_away(self) -> None:
        """Take off what is too old, after serving."""
        site = self.site
        kept = self.shelf.kept(site.on_hand, self.picked)
        self.expired = site.on_hand - kept
        site.on_hand = kept
        if self.inputs:
            usable = self.store.kept(site.input_stock, site.consumed)
            self.expired_parts = site.input_stock - usable
            site.input_stock = usable
