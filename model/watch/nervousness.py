"""Nervousness: how much the orders of a site change from one period to the next."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...agents.books import Books
from ...agents.quantity import Units, quantity


class Nervousness(Books):
    """The changes of a site's orders."""

    change: Units = quantity("size of the change of the order since the last period", unit="units", tally="total")

    def __init__(self, site: Any) -> None:
        self.site = site
        self.runs: int = site.runs
        self.products = site.products
        self.change = site.zeros
        self.before: Units | None = None
        self.open_books()

    def account(self) -> None:
        """Compare the order of the period with the one before; the first one is compared with nothing."""
        ordered = self.site.ordered
        if self.before is not None:
            self.change = np.abs(ordered - self.before)
        self.before = ordered
        super().account()
