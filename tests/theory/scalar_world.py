"""A second simulator, written from the definitions alone: one run, plain floats, one loop after another.

It reads the same plain data as a scenario file, in which every key that matters is given, and shares no code with the
engine. What is told apart here are the parts of a world; `scalar_sequences` says what happens when.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

Goods = dict[str, float]
TINY = 1e-9


def nothing() -> Goods:
    return defaultdict(float)


class Queue:
    """What arrives in 0, 1, 2, ... periods."""

    def __init__(self) -> None:
        self.slots: list[Goods] = [nothing()]

    def put(self, product: str, amount: float, delay: int) -> None:
        while len(self.slots) <= delay:
            self.slots.append(nothing())
        self.slots[delay][product] += amount

    def due(self) -> Goods:
        found, self.slots[0] = self.slots[0], nothing()
        return found

    def advance(self) -> None:
        late = self.slots.pop(0)
        if not self.slots:
            self.slots.append(nothing())
        for product, amount in late.items():
            self.slots[0][product] += amount

    def total(self, product: str) -> float:
        return sum(slot[product] for slot in self.slots)


class ScalarLane:
    """Orders, debt and goods between a site and a customer, by product."""

    def __init__(self, spec: dict[str, Any], market: bool) -> None:
        self.spec = spec
        self.market = market
        self.products: list[str] = spec["products"]
        self.post, self.road = Queue(), Queue()
        self.owed, self.aside, self.gate, self.on_order = nothing(), nothing(), nothing(), nothing()
        self.booked, self.ordered, self.shipped, self.received = nothing(), nothing(), nothing(), nothing()
        self.lost, self.unmet, self.at_dock = nothing(), nothing(), nothing()
        self.invoices: Any = None  # where the price depends on the order
        for product in self.products:
            self._start(product)

    def _start(self, product: str) -> None:
        spec = self.spec
        self.owed[product] = spec.get("initial_backlog", 0.0)
        for queue, key, time in (
            (self.road, "initial_in_transit", spec.get("longest", spec["travel_time"])),
            (self.post, "initial_orders", spec.get("order_delay", 0)),
        ):
            given = spec.get(key, 0.0)
            for slot, amount in enumerate(given if isinstance(given, list) else [given] * time):
                queue.put(product, amount, slot)
        if not self.market:
            self.on_order[product] = self.road.total(product) + self.post.total(product) + self.owed[product]

    def travel(self, period: int) -> int:
        time = self.spec["travel_time"]
        return int(self.spec["drawn"][period]) if isinstance(time, dict) else int(time)

    def place(self, product: str, amount: float, period: int, stopped: bool) -> None:
        """The customer orders; without order delay the order is booked at once."""
        amount = 0.0 if stopped else ordered_by(self.spec.get("orders", {}), amount, period, calendar=False)
        self.ordered[product] = amount
        if not self.market:
            self.on_order[product] += amount
        if self.market or self.spec.get("order_delay", 0) == 0:
            self.book(product, amount)
        else:
            self.post.put(product, amount, self.spec["order_delay"])

    def book(self, product: str, amount: float) -> None:
        self.booked[product] = amount
        self.owed[product] += amount

    def book_due(self) -> None:
        if not self.market and self.spec.get("order_delay", 0) > 0:
            due = self.post.due()
            for product in self.products:
                self.book(product, due[product])

    def wish(self, product: str) -> float:
        """What it could take: what it is owed, within its capacity; all or nothing where it takes no part."""
        most: float = self.spec.get("capacity", math.inf)
        owed = self.owed[product]
        if self.spec.get("partial", True):
            return min(owed, most)
        return owed if owed <= most else 0.0

    def set_aside(self, product: str, amount: float) -> None:
        self.owed[product] -= amount
        self.aside[product] += amount
        self.unmet[product] = min(self.booked[product], self.owed[product])
        if self.spec.get("unmet", "backlog") == "lost":
            self.lost[product] = self.owed[product]
            self.owed[product] = 0.0
            if not self.market:
                self.on_order[product] -= self.lost[product]

    def dispatch(self, period: int, stopped: bool) -> None:
        for product in self.products:
            self.shipped[product] = 0.0 if stopped else self.aside[product]
            self.aside[product] -= self.shipped[product]
            if self.market and self.spec["travel_time"] == 0:
                self.received[product] = self.shipped[product]
            else:
                self.road.put(product, self.shipped[product], self.travel(period))

    def receive(self, stopped: bool) -> Goods:
        """What has arrived comes in, or waits at the gate."""
        if self.market and self.spec["travel_time"] == 0:
            return nothing()
        arrived = self.road.due()
        for product in self.products:
            self.gate[product] += arrived[product]
            self.received[product] = 0.0 if stopped else self.gate[product]
            self.gate[product] -= self.received[product]
            if not self.market:
                self.on_order[product] -= self.received[product]
        return self.received

    def advance(self, frozen: bool) -> None:
        """Time passes for what is on the way, unless it is frozen, and in the post."""
        if not frozen:
            self.road.advance()
        self.post.advance()

    def in_transit(self, product: str) -> float:
        return self.road.total(product)

    def quantities(self, product: str) -> dict[str, float]:
        """What is compared."""
        names = ("ordered", "booked", "owed", "unmet", "lost", "shipped", "received")
        found = {name: getattr(self, name)[product] for name in names}
        found |= {"set_aside": self.aside[product], "waiting": self.gate[product]}
        found["in_transit"] = self.in_transit(product)
        return found if self.market else found | {"on_order": self.on_order[product]}


class ScalarSite:
    """Stock, production and orders of a site."""

    def __init__(self, kind: str, spec: dict[str, Any]) -> None:
        self.kind = kind
        self.spec = spec
        self.products: list[str] = spec["products"]
        self.bill: dict[str, dict[str, float]] = spec.get("bill", {})
        self.parts = list(dict.fromkeys(part for needs in self.bill.values() for part in needs))
        self.wanted = self.parts if kind == "factory" else self.products
        self.stock, self.store, self.to_make = nothing(), nothing(), nothing()
        self.ordered, self.incoming, self.started, self.made = nothing(), nothing(), nothing(), nothing()
        self.finished, self.unserved, self.work = nothing(), nothing(), Queue()
        self.setups, self.scrapped, self.set_up = nothing(), nothing(), ""
        self.customers: list[ScalarLane] = []
        self.suppliers: list[ScalarLane] = []
        for product in self.products:
            self.stock[product] = spec.get("initial_stock", 0.0)
            for slot in range(spec.get("lead_time", 0)):
                self.work.put(product, spec.get("initial_work", 0.0), slot)
            self.to_make[product] = spec.get("initial_orders", 0.0)
        for part in self.parts:
            self.store[part] = spec.get("initial_inputs", 0.0)

    def quantities(self) -> dict[str, Goods]:
        """What is compared."""
        found = {"on_hand": self.stock, "ordered": self.ordered, "incoming": self.incoming, "unserved": self.unserved}
        if self.kind == "factory":
            found |= {"started": self.started, "finished": self.finished, "to_make": self.to_make}
        return found | ({"made": self.made} if self.kind == "supplier" else {})

    def owed(self, product: str) -> float:
        return sum(lane.owed[product] for lane in self.customers)

    def buys(self, product: str) -> float:
        """What has been ordered from suppliers and has not come in."""
        return sum(lane.on_order[product] for lane in self.suppliers)

    def on_order(self, product: str) -> float:
        if self.kind == "warehouse":
            return self.buys(product)
        return self.to_make[product] + self.work.total(product)

    def position(self, product: str) -> float:
        return self.stock[product] - self.owed(product) + self.on_order(product)


def ordered_by(rules: dict[str, Any], wish: float, period: int, calendar: bool = True) -> float:
    """What order rules make of a wish: script and forced orders, minimum, multiple, cap, calendar."""
    if period < len(rules.get("script", [])):
        return float(rules["script"][period])
    for forced in rules.get("forced", []):
        if period < forced["until"]:
            return float(forced["quantity"])
    every = rules.get("review_period", 1)
    if calendar and (period - rules.get("phase", 0)) % every:
        return 0.0
    amount = max(wish, 0.0)
    multiple: float = rules.get("multiple", 0.0)
    if amount > TINY:
        amount = max(amount, rules.get("minimum", 0.0))
    if multiple:
        amount = math.ceil(amount / multiple - TINY) * multiple
    cap: float = rules.get("cap", math.inf)
    if multiple and cap < math.inf:
        cap = math.floor(cap / multiple + TINY) * multiple
    return min(amount, cap)
