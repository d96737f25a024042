"""What agents have seen lately: means and variances of the quantities around them, and what everything cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ...agents.factory import Factory
from ...agents.numeric import add_all
from ...agents.order_rules import TINY
from ...agents.quantity import Array, Money, Units
from ...agents.supplier import Supplier
from ...agents.tally import blocks_of, fade

WEIGHT = 0.05  # of the newest period
BLOCK = 10  # periods between two looks at the accounts, which keep totals
Place = tuple[str, str, str]  # the class and the name of a holder, and the name of one of its quantities


class Seen:
    """Moving averages of several quantities, one above the other, ``[rows, runs]``.

    w(n) = w / (1 - (1 - w)^n) is the weight of the n-th period, so that the first ones do not pull towards zero; see
    `ripieno.agents.tally.fade` for what is done with it.
    """

    def __init__(self, sources: Sequence[tuple[Any, str]], spread: bool) -> None:
        self.sources = list(sources)
        self.spread = spread
        self.places: dict[Place, slice] = {}
        self.mean: Array | None = None
        self.variance: Array | None = None
        height, runs, rows_of = 0, 0, {}
        for holder, name in self.sources:
            rows, runs = getattr(holder, name).shape
            rows_of[holder, name] = self.places[place_of(holder, name)] = slice(height, height + rows)
            height = height + rows
        self.blocks = blocks_of(rows_of, runs)

    def note(self, weight: float) -> None:
        """Take in the period, with this weight."""
        if not self.sources:
            return
        if self.mean is None:
            self.mean = np.concatenate([getattr(holder, name) for holder, name in self.sources])
            self.variance = np.zeros_like(self.mean) if self.spread else None
            return
        fade(self.blocks, self.mean, self.variance, weight)


class Beliefs:
    """What each agent believes, from what it has seen: moving averages over about ``1 / weight`` periods.

    `note` is called once a period, at its end. Before the first time there are no beliefs.
    """

    def __init__(self, model: Any, weight: float = WEIGHT) -> None:
        self.model = model
        self.runs: int = model.runs
        self.weight = weight
        self.periods = 0
        self.spreads = Seen(list(_with_spread(model)), spread=True)
        self.means = Seen(list(_only_means(model)), spread=False)
        self.charged = [line for line in model.accounts.lines if line.counts]
        self.rates: list[Array] = []
        self.costs: list[Money] = []
        self._blocks = 0
        self._marks: list[Money] | None = None

    def note(self) -> None:
        """Take in the period that ends now."""
        self.periods = self.periods + 1
        weight = self.weight / (1.0 - (1.0 - self.weight) ** self.periods)
        self.spreads.note(weight)
        self.means.note(weight)
        happened = [(getattr(line.source, line.quantity) > TINY) * 1.0 for line in self.charged]
        before = self.rates or happened
        self.rates = [old + weight * (now - old) for old, now in zip(before, happened, strict=True)]
        if self.periods % BLOCK == 0 or self.model.period == self.model.scenario.warm_up:
            self._note_costs()

    def _note_costs(self) -> None:
        """Look at the accounts; what has come since the last look is the cost of a block of periods."""
        if self.model.period == self.model.scenario.warm_up:  # where the accounts begin anew
            self._marks = None
            return
        money = [line.money() for line in self.model.accounts.lines]
        if self._marks is not None:
            self._blocks = self._blocks + 1
            part = 1.0 - (1.0 - self.weight) ** BLOCK
            weight = part / (1.0 - (1.0 - part) ** self._blocks)
            block = [(now - then) / BLOCK for now, then in zip(money, self._marks, strict=True)]
            before = self.costs or block
            self.costs = [old + weight * (new - old) for old, new in zip(before, block, strict=True)]
        self._marks = money

    # -- what is believed ---------------------------------------------------------------------------------------

    def mean(self, holder: Any, name: str) -> Array:
        """The mean of a quantity of a holder, in its rows."""
        place = place_of(holder, name)
        seen = self.spreads if place in self.spreads.places else self.means
        assert seen.mean is not None, "beliefs are asked for after the first period"
        return seen.mean[seen.places[place]].copy()  # the averages themselves change with every period

    def variance(self, holder: Any, name: str) -> Array:
        """Its variance."""
        assert self.spreads.variance is not None, "beliefs are asked for after the first period"
        return self.spreads.variance[self.spreads.places[place_of(holder, name)]].copy()

    def knows(self, holder: Any, name: str) -> bool:
        """Whether a quantity is looked at."""
        place = place_of(holder, name)
        return place in self.spreads.places or place in self.means.places

    def rate(self, line: Any) -> Array:
        """The share of periods in which a line that counts periods was charged, in the rows of its quantity."""
        return self.rates[self.charged.index(line)]

    def lead_time(self, site: Any) -> Units:
        """Periods from an order to its receipt by Little's law, ``[products, runs]``: on order after ordering over
        mean orders; 0 of a product that is not ordered.
        """
        ordered = self.mean(site, "ordered")
        some = ordered > TINY
        return np.where(some, self.mean(site, "on_order") / np.where(some, ordered, 1.0) + 1.0, 0.0)

    def cost(self, owner: str | None = None, agent: str | None = None, name: str | None = None) -> Money:
        """What an owner pays a period less what it is paid, or what arises at an agent, or the lines of one kind.

        Without an owner payments cancel out; without anything it is the cost of the network. Zero before the first
        block of periods is over.
        """
        terms = [np.zeros(self.runs)]
        for line, money in zip(self.model.accounts.lines, self.costs or (), strict=bool(self.costs)):
            if agent in (None, line.agent) and name in (None, line.name):
                terms.extend(_for_owner(line, money, owner))
        return add_all(terms)


def place_of(holder: Any, name: str) -> Place:
    """Under which key a quantity of a holder is noted."""
    return type(holder).__name__, holder.name, name


def _for_owner(line: Any, money: Money, owner: str | None) -> Iterator[Money]:
    if owner is None:
        if line.payee is None:
            yield money
        return
    if line.payer == owner:
        yield money
    if line.payee == owner:
        yield -money


def _with_spread(model: Any) -> Iterator[tuple[Any, str]]:
    """Quantities of which the variance matters: orders in and out, net stock, trucks that leave."""
    for site in model.sites.values():
        yield site, "incoming"
        if site.policy is not None:
            yield site, "ordered"
            yield site, "closing_stock"
        if isinstance(site, Factory) and site.inputs:
            yield site, "input_stock"
    for market in model.markets.values():
        yield market, "demanded"
    for trucks in model.trucks:
        yield trucks, "departed"


def _only_means(model: Any) -> Iterator[tuple[Any, str]]:
    """Quantities of which the mean is enough: what is owed, on order, waiting for trucks and at docks."""
    for site in model.sites.values():
        yield from _means_of_site(site)
    for lane in model.lanes.values():
        if lane.trucks is not None:
            yield lane, "set_aside"
    for dock in model.docks.values():
        yield dock, "waiting"


def _means_of_site(site: Any) -> Iterator[tuple[Any, str]]:
    yield site, "unserved"
    if site.policy is not None:
        yield site, "on_order"
    if isinstance(site, Factory | Supplier):
        yield site, "to_make"
    if site.picking is not None:
        yield site.picking, "waves"
    if getattr(site, "workshop", None) is not None:
        yield site.workshop, "setups"
