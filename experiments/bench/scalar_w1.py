"""W1 in plain Mesa: scalar agents, one world, as a Mesa user writes them. The reference for the speed of the engine.

A serial chain of four stages; order-up-to with a five-period moving average; one period of order delay and two of
travel; backlogs; normal demand clipped at zero; cost and variance accounting. The order of events is the engine's
``serve-then-order``, so that both give the same numbers for the same demand.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import mesa

STAGES = 4
TRAVEL_TIME = 2
ORDER_DELAY = 1
WINDOW = 5
COVER = TRAVEL_TIME + ORDER_DELAY
SAFETY = 20.0
MEAN = 20.0
DEVIATION = 4.0
INITIAL_STOCK = 80.0
HOLDING_COST = 1.0
BACKLOG_COST = 5.0


def added(sums: tuple[float, float], value: float) -> tuple[float, float]:
    """Sum and sum of squares with one more value."""
    return sums[0] + value, sums[1] + value * value


def variance(sums: tuple[float, float], count: int) -> float:
    """Population variance."""
    mean = sums[0] / count
    return sums[1] / count - mean * mean


class Stage(mesa.Agent):  # type: ignore[misc]
    """One stage: receives, books, ships, orders and keeps its accounts with Python floats."""

    def __init__(self, model: Chain, supplier: Stage | None) -> None:
        super().__init__(model)
        self.supplier = supplier
        self.on_hand = INITIAL_STOCK
        self.owed = 0.0
        self.on_order = 0.0
        self.incoming = 0.0
        self.orders_in_post = deque([0.0] * ORDER_DELAY)
        self.in_transit = deque([0.0] * TRAVEL_TIME)
        self.seen: deque[float] = deque([MEAN] * WINDOW, maxlen=WINDOW)
        self.ordered = 0.0
        self.cost = 0.0
        self.periods = 0
        self.demand_sums = (0.0, 0.0)
        self.order_sums = (0.0, 0.0)
        self.stock_sums = (0.0, 0.0)

    def receive(self) -> None:
        """Put on the shelf what was shipped two periods ago."""
        arrived = self.in_transit.popleft()
        self.on_hand += arrived
        self.on_order -= arrived

    def book(self, demand: float) -> None:
        """Owe what is asked for."""
        self.incoming = demand
        self.owed += demand

    def ship(self) -> float:
        """Serve as much of what is owed as there is."""
        shipped = min(self.on_hand, self.owed)
        self.on_hand -= shipped
        self.owed -= shipped
        return shipped

    def order(self) -> None:
        """Order up to the forecast demand of the periods to cover, plus the safety stock."""
        self.seen.append(self.incoming)
        level = COVER * sum(self.seen) / WINDOW + SAFETY
        quantity = max(level - (self.on_hand - self.owed + self.on_order), 0.0)
        self.on_order += quantity
        self.orders_in_post.append(quantity)
        self.ordered = quantity

    def account(self) -> None:
        """Charge what is on the shelf and what is owed; note demand, orders and net stock."""
        self.cost += HOLDING_COST * self.on_hand + BACKLOG_COST * self.owed
        self.periods += 1
        self.demand_sums = added(self.demand_sums, self.incoming)
        self.order_sums = added(self.order_sums, self.ordered)
        self.stock_sums = added(self.stock_sums, self.on_hand - self.owed)

    @property
    def bullwhip(self) -> float:
        """Variance of the orders placed over the variance of the orders that came in."""
        return variance(self.order_sums, self.periods) / variance(self.demand_sums, self.periods)

    @property
    def amplification(self) -> float:
        """Variance of the net stock over the variance of the orders that came in."""
        return variance(self.stock_sums, self.periods) / variance(self.demand_sums, self.periods)


class Chain(mesa.Model):  # type: ignore[misc]
    """The chain; stage 0 serves the market, the last one orders from a source that always delivers.

    ``demand`` gives the demand of every period; without it, it is drawn as Mesa users draw, from ``self.random``.
    """

    def __init__(self, seed: int = 0, demand: Sequence[float] | None = None) -> None:
        super().__init__(rng=seed)
        self.demand = None if demand is None else iter(demand)
        upstream: Stage | None = None
        for _ in range(STAGES):
            upstream = Stage(self, upstream)
        self.stages = list(reversed(list(self.agents)))

    def step(self) -> None:
        """One period."""
        self.agents.do("receive")
        self.book()
        self.ship()
        self.agents.do("order")
        self.agents.do("account")

    def book(self) -> None:
        """Demand arises at the first stage, and the orders in the post reach the others."""
        retailer = self.stages[0]
        retailer.book(self.draw() if self.demand is None else next(self.demand))
        for stage in self.stages[:-1]:
            stage.supplier.book(stage.orders_in_post.popleft())

    def ship(self) -> None:
        """Every stage serves its customer; the source gives the last one what it ordered."""
        self.stages[0].ship()
        for stage in self.stages[:-1]:
            stage.in_transit.append(stage.supplier.ship())
        last = self.stages[-1]
        last.in_transit.append(last.orders_in_post.popleft())

    def draw(self) -> float:
        """Normal demand, clipped at zero."""
        demand: float = self.random.gauss(MEAN, DEVIATION)
        return max(demand, 0.0)


def run(periods: int, seed: int = 0, demand: Sequence[float] | None = None) -> Chain:
    """Simulate the chain and return it."""
    chain = Chain(seed, demand)
    for _ in range(periods):
        chain.step()
    return chain
