"""W1 in plain Mesa: scalar agents, one world, as a Mesa user writes them. The reference for the speed of the engine.

A serial chain of four stages; order-up-to with a five-period moving average; one period of order delay and two of
travel; backlogs; normal demand clipped at zero; cost and variance accounting. The order of events is the engine's
``serve-then-order`` and the books are those that the engine keeps of this chain, so that both do the same work and give
the same numbers for the same demand.
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
ROUNDING = 1e-9  # units: less than this is owed to nobody


def variance(total: float, squares: float, count: int) -> float:
    """Population variance from a sum and a sum of squares."""
    mean = total / count
    return squares / count - mean * mean


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
        self.moving = 0.0
        self.ordered = 0.0
        self.unmet = 0.0
        self.periods = 0
        self.stock_sum = self.owed_sum = self.short_periods = self.moving_sum = self.unmet_sum = 0.0
        self.demand_sum = self.demand_squares = 0.0
        self.order_sum = self.order_squares = 0.0
        self.net_sum = self.net_squares = 0.0

    def receive(self) -> None:
        """Put on the shelf what was shipped two periods ago."""
        arrived = self.in_transit.popleft()
        self.moving -= arrived
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
        self.unmet = min(self.incoming, self.owed)
        return shipped

    def send_to(self, shipped: float) -> None:
        """Have goods on the way to this stage."""
        self.in_transit.append(shipped)
        self.moving += shipped

    def order(self) -> None:
        """Order up to the forecast demand of the periods to cover, plus the safety stock."""
        self.seen.append(self.incoming)
        level = COVER * sum(self.seen) / WINDOW + SAFETY
        quantity = max(level - (self.on_hand - self.owed + self.on_order), 0.0)
        self.on_order += quantity
        self.orders_in_post.append(quantity)
        self.ordered = quantity

    def account(self) -> None:
        """Keep the sums from which the results are worked out."""
        self.periods += 1
        self.stock_sum += self.on_hand
        self.owed_sum += self.owed
        if self.owed > ROUNDING:
            self.short_periods += 1
        self.moving_sum += self.moving
        self.unmet_sum += self.unmet
        self.demand_sum += self.incoming
        self.demand_squares += self.incoming * self.incoming
        self.order_sum += self.ordered
        self.order_squares += self.ordered * self.ordered
        net_stock = self.on_hand - self.owed
        self.net_sum += net_stock
        self.net_squares += net_stock * net_stock

    @property
    def cost(self) -> float:
        """Holding and backlog costs since the start."""
        return HOLDING_COST * self.stock_sum + BACKLOG_COST * self.owed_sum

    @property
    def demand_variance(self) -> float:
        """Variance of the orders that came in."""
        return variance(self.demand_sum, self.demand_squares, self.periods)

    @property
    def order_variance(self) -> float:
        """Variance of the orders placed."""
        return variance(self.order_sum, self.order_squares, self.periods)

    @property
    def bullwhip(self) -> float:
        """Variance of the orders placed over the variance of the orders that came in."""
        return self.order_variance / self.demand_variance

    @property
    def amplification(self) -> float:
        """Variance of the net stock over the variance of the orders that came in."""
        return variance(self.net_sum, self.net_squares, self.periods) / self.demand_variance

    @property
    def fill_rate(self) -> float:
        """Share of the orders that came in served from stock when they were first due."""
        return 1.0 - self.unmet_sum / self.demand_sum


class Chain(mesa.Model):  # type: ignore[misc]
    """The chain; stage 0 serves the market, the last one orders from a source that always delivers.

    ``demand`` gives the demand of every period; without it, it is drawn as Mesa users draw, from ``self.random``.
    """

    def __init__(self, seed: int = 0, demand: Sequence[float] | None = None) -> None:
        super().__init__(rng=seed)
        self.delivered = 0.0
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
        self.delivered += self.stages[0].ship()
        for stage in self.stages[:-1]:
            stage.send_to(stage.supplier.ship())
        last = self.stages[-1]
        last.send_to(last.orders_in_post.popleft())

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
