"""Where stock is kept: the shelves of sites and the stores of parts, with who orders from whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ...agents.factory import Factory
from ...agents.lane import Lane, MarketLane
from ...agents.numeric import add_all
from ...agents.order_rules import TINY
from ...agents.parameters import Number
from ...agents.quantity import Array, Units
from .rules import Rule, rule_of, timed
from .streams import Orders


@dataclass(eq=False)
class Point:
    """A stock: the shelf of a site, or a factory's store of parts (``part`` "buy").

    ``lanes`` bring goods here; to a shelf that its own site fills none do, but ``store`` may hold the parts.
    ``customers`` are the lanes from here; a store has the shelf ``feeds`` instead.
    """

    site: Any
    part: str = "policy"
    lanes: list[Lane] = field(default_factory=list)
    customers: list[Lane] = field(default_factory=list)
    feeds: Point | None = None
    store: Point | None = None
    window: float = 1.0  # periods of demand that what is ordered today has to wait for

    @property
    def agent(self) -> str:
        """Whose it is."""
        return str(self.site.name)

    @property
    def policy(self) -> Any:
        """By which it is ordered; ``None``: nothing is."""
        return self.site.buy_policy if self.part == "buy" else self.site.policy

    @property
    def makes(self) -> bool:
        """Whether the site itself fills it."""
        return self.part == "policy" and not self.lanes

    @property
    def keeps_stock(self) -> bool:
        """Whether net stock is anything to speak of: making to order has none."""
        return self.policy is not None

    def rule(self, moves: Any, runs: int) -> Rule:
        """The ordering rule as it stands, with moves of levers."""

        def read(name: str, live: Number) -> Number:
            return moves.number(self.agent, f"{self.part}.{name}", live)  # type: ignore[no-any-return]

        rule = rule_of(self.policy, read)
        if self.policy is None:
            return rule
        orders = self.site.orders
        live = orders.review_period
        every = moves.number(self.agent, "orders.review_period", live)
        phase = moves.number(self.agent, "orders.phase", orders.phase)
        if not np.any(np.greater(np.maximum(every, live), 1)):  # nobody has a calendar: arrays would come to the same
            return rule
        wide = np.zeros(runs)
        if self.part == "buy":
            return replace(rule, every=wide + every, phase=wide + phase, course=0.0)
        return timed(rule, wide + every, wide + phase, wide + every - live)

    def net_stock(self, beliefs: Any) -> tuple[Units, Units]:
        """Mean and variance of net stock, ``[products, runs]``."""
        if self.part == "policy":
            return beliefs.mean(self.site, "closing_stock"), beliefs.variance(self.site, "closing_stock")
        # What is ordered today is started tomorrow, when tomorrow's receipts are there too: it does not wait yet.
        late = np.maximum(beliefs.mean(self.site, "to_make") - beliefs.mean(self.site, "ordered"), 0.0)
        waiting = self.site.parts_for(late)
        return beliefs.mean(self.site, "input_stock") - waiting, beliefs.variance(self.site, "input_stock")


def parts(factory: Factory, amount: Units, power: int) -> Units:
    """The parts for an amount of products; with ``power`` 2 their variance, for variances of independent products."""
    rows: list[list[Array]] = [[] for _ in factory.inputs]
    for row, part, units in factory.needs:
        rows[part].append(amount[row] * units**power)
    return np.stack([add_all(terms) for terms in rows])


def for_parts(factory: Factory, orders: Orders) -> Orders:
    """Production orders as orders of parts, as if they came evenly: the store orders by the calendar of the shelf."""
    even = orders.evenly()
    return Orders(
        parts(factory, even.mean, 1), parts(factory, even.lasting, 2), parts(factory, even.excess, 2), even.decay,
        lumps=parts(factory, even.lumps + np.zeros_like(even.mean), 2),
    )  # fmt: skip


def on_lane(lane: Lane, orders: Orders) -> Orders:
    """The part of a site's orders that goes to one lane, in the rows of its origin; by its share of the demand."""
    to_theirs: Callable[[Units], Units] = lane.rows.to_theirs
    share = lane.share_of_demand
    square = np.square(share)
    if lane.rows.same and isinstance(share, float):
        return orders.scaled(share)
    return Orders(
        to_theirs(orders.mean * share), to_theirs(orders.lasting * square), to_theirs(orders.excess * square),
        orders.decay, orders.every, orders.phase, to_theirs(orders.lumps * square),
    )  # fmt: skip


def demand_on(lane: MarketLane, beliefs: Any) -> Orders:
    """Outside demand on a lane, as independent from period to period."""
    market, site = lane.destination, lane.origin
    if len(site.customers) == 1:
        mean, variance = beliefs.mean(site, "incoming"), beliefs.variance(site, "incoming")
    else:
        share = lane.share_of_demand
        mean = lane.rows.to_theirs(beliefs.mean(market, "demanded") * share)
        variance = lane.rows.to_theirs(beliefs.variance(market, "demanded") * np.square(share))
    none = np.zeros_like(mean)
    return Orders(mean, variance, none, lumps=none)


def points_of(model: Any) -> list[Point]:
    """All stocks, each after those that it orders from."""
    found: list[Point] = []
    for level in model.network.levels[:-1]:
        for site in level:
            shelf = Point(site, customers=list(site.customers))
            if isinstance(site, Factory):
                if site.inputs:
                    store = Point(site, "buy", lanes=list(site.suppliers), feeds=shelf)
                    store.window = _window(model, store.lanes)
                    shelf.store = store
                    found.append(store)
                shelf.window = site.lead_time + 1.0
            elif site.suppliers:
                shelf.lanes = list(site.suppliers)
                shelf.window = _window(model, shelf.lanes)
            else:
                shelf.window = getattr(site, "lead_time", 0) + 1.0
            found.append(shelf)
    return found


def _window(model: Any, lanes: list[Lane]) -> float:
    """Mean of the periods from an order to the end of the first period in which what follows it can be sold."""
    times = []
    for lane in lanes:
        travel: float = lane.travel_time
        if lane.random_travel is not None:
            travel = sum(lane.random_travel.support) / len(lane.random_travel.support)
        if model.books_when_ordering:
            times.append(travel + lane.order_delay + 1.0)
        else:
            times.append(travel + max(lane.order_delay, 0 if model.orders_before_shipping else 1))
    return max(sum(times) / len(times), 1.0)


def some(x: Array) -> Array:
    """An amount, or one where there is none, to divide by."""
    return np.where(np.abs(x) > TINY, x, 1.0)
