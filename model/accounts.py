"""Money: every cost is a declared quantity times a rate, with a payer and, if it is a payment, a payee.

The books keep totals of quantities, so a cost line costs nothing while the world runs; its money is computed when
somebody asks. When a rate changes on the way (an intervention), the line is settled at the old rate first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..agents.numeric import add_all, total
from ..agents.order_rules import TINY
from ..agents.parameters import Number
from ..agents.quantity import Array, Money, quantities_of


@dataclass(eq=False)
class CostLine:
    """One line of the accounts: ``rate`` money for each unit of a tallied quantity.

    ``agent`` is where it arises, ``payer`` the owner who bears it, ``payee`` the owner who gets it (``None``: it leaves
    the network, as rent or a penalty does).
    """

    name: str
    agent: str
    payer: str
    rate: Number
    source: Any  # whose books keep the quantity
    quantity: str
    counts: bool = False  # the rate is paid for each period in which the quantity is positive
    payee: str | None = None
    settled: Array | float = 0.0
    marked: Array | float = field(default=0.0)

    @property
    def kind(self) -> str:
        """Which tally of the quantity it needs."""
        kinds = quantities_of(type(self.source))[self.quantity].tally
        return "count" if self.counts else next(kind for kind in kinds if kind != "count")

    def units(self) -> Array:
        """What has been charged for so far, ``[products, runs]``."""
        noted: Array = self.source.count(self.quantity) if self.counts else self.source.total(self.quantity)
        return noted

    def money(self) -> Money:
        """The money of this line since the warm-up, ``[runs]``."""
        return self.settled + _over_products((self.units() - self.marked) * self.rate, self.source.runs)

    def money_now(self) -> Money:
        """The money of this line in the current period, ``[runs]``."""
        now = getattr(self.source, self.quantity)
        return _over_products((now > TINY) * self.rate if self.counts else now * self.rate, self.source.runs)

    def change_rate(self, rate: Number) -> None:
        """Charge what has happened at the old rate and go on with the new one."""
        self.settled = self.money()
        self.marked = self.units()
        self.rate = rate

    def reset(self) -> None:
        """Forget what was charged so far, as at the end of the warm-up."""
        self.settled = self.marked = 0.0


class Accounts:
    """All cost lines of a world."""

    def __init__(self, lines: Iterable[CostLine], runs: int) -> None:
        self.lines = list(lines)
        self.runs = runs

    def cost(self, agent: str | None = None, name: str | None = None) -> Money:
        """Costs that leave the network, ``[runs]``: of one agent, of one kind of line, or all of them."""
        chosen = [
            line
            for line in self.lines
            if line.payee is None and agent in (None, line.agent) and name in (None, line.name)
        ]
        return self._sum(line.money() for line in chosen)

    def balance(self, owner: str) -> Money:
        """What an owner has paid, less what it was paid, ``[runs]``: its own score, the less the better."""
        return np.asarray(self.balances([owner])[0])

    def balances(self, owners: Sequence[str]) -> Money:
        """The balance of each owner, ``[owners, runs]``, with every line looked up once."""
        paid: dict[str, list[Money]] = {owner: [] for owner in owners}
        got: dict[str, list[Money]] = {owner: [] for owner in owners}
        for line in self.lines:
            if line.payer in paid or line.payee in got:
                money = line.money()
                if line.payer in paid:
                    paid[line.payer].append(money)
                if line.payee in got:
                    got[line.payee].append(money)
        return np.stack([self._sum(paid[owner]) - self._sum(got[owner]) for owner in owners])

    def names(self) -> list[str]:
        """The kinds of lines, in the order of their first appearance."""
        return list(dict.fromkeys(line.name for line in self.lines))

    def owners(self) -> list[str]:
        """Everybody who pays or is paid."""
        parties = (party for line in self.lines for party in (line.payer, line.payee) if party is not None)
        return list(dict.fromkeys(parties))

    def payments(self, name: str) -> Money:
        """The payments of one kind of line, ``[runs]``."""
        return self._sum(line.money() for line in self.lines if line.payee is not None and line.name == name)

    def reset(self) -> None:
        """Forget what was charged so far, as at the end of the warm-up."""
        for line in self.lines:
            line.reset()

    def _sum(self, amounts: Iterable[Money]) -> Money:
        return add_all([np.zeros(self.runs), *amounts])


def _over_products(amounts: Array, runs: int) -> Money:
    """The sum over products of amounts that broadcast to ``[products, runs]``."""
    return total(np.broadcast_to(amounts, (len(amounts) if np.ndim(amounts) else 1, runs)))
