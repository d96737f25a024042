"""From changed quantities to changed cost: the lines of the accounts, with their payers and payees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...agents.numeric import total
from ...agents.quantity import Array, Mask, Money


class Lines:
    """The cost lines of a world by what they charge for."""

    def __init__(self, accounts: Any) -> None:
        self.owners: list[str] = accounts.owners()
        self._found: dict[tuple[int, str, bool], list[Any]] = {}
        for line in accounts.lines:
            self._found.setdefault((id(line.source), line.quantity, line.counts), []).append(line)

    def of(self, holder: Any, quantity: str, counts: bool = False) -> list[Any]:
        """The lines that charge for a quantity of a holder, or for the periods in which it is positive."""
        return self._found.get((id(holder), quantity, counts), [])


class Bill:
    """Changes of cost a period, of each owner ``[runs]``; what an owner is paid counts as less cost."""

    def __init__(self, owners: Sequence[str], runs: int) -> None:
        self.owners = owners
        self.runs = runs
        self.changes: dict[str, Money] = {}

    def charge(self, lines: Sequence[Any], change: Array, where: Mask) -> None:
        """Charge lines for a quantity that changes by so much ``[rows, runs]``, in the runs ``where``."""
        for line in lines:
            money = np.where(where, total(change * line.rate), 0.0)
            self._add(line.payer, money)
            if line.payee is not None:
                self._add(line.payee, -money)

    def _add(self, owner: str, money: Money) -> None:
        known = self.changes.get(owner)
        self.changes[owner] = money if known is None else known + money

    def of(self, owner: str) -> Money:
        """The change of one owner's cost."""
        found = self.changes.get(owner)
        return np.zeros(self.runs) if found is None else found

    def table(self) -> Money:
        """Of all owners, ``[owners, runs]``."""
        none = np.zeros((0, self.runs))
        return np.concatenate([none, *(self.of(owner)[None] for owner in self.owners)])
