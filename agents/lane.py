"""A lane: the orders, the goods and the debt between a site and one of its customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .books import Books
from .numeric import Rows
from .order_rules import OrderRules
from .parameters import Number
from .pipeline import Pipeline
from .price_list import PriceList
from .quantity import Mask, Units, quantity
from .trucks import Trucks


class TravelTime(Protocol):
    """A random travel time in whole periods."""

    support: tuple[int, ...]

    def __call__(self, period: int) -> NDArray[Any]:
        """The travel time of what departs in ``period``, for each run ``[runs]``."""


class Lane(Books):
    """A transport link from a site (the origin) to another site or a market (the destination).

    All its quantities are in the rows of the origin's products. A lane books what its destination orders, owes it
    until it is picked, and carries it to the destination's gate. It has no will of its own: its two ends act on it.
    """

    ordered: Units = quantity("ordered by the destination this period", unit="units", tally=("total", "count"))
    booked: Units = quantity("orders that reached the origin, latest period", unit="units")
    owed: Units = quantity("booked and not yet picked", unit="units")
    unmet: Units = quantity("latest orders not served from stock at once", unit="units", tally="total")
    lost: Units = quantity("orders dropped because they were not served", unit="units", tally="total")
    loading: Units = quantity("on trucks at the origin's dock", unit="units", role="held", tally="total")
    set_aside: Units = quantity("picked, waiting for departure", unit="units", role="held", tally="total")
    shipped: Units = quantity("departed this period", unit="units", tally="total")
    in_transit: Units = quantity("on the way", unit="units", role="held", tally="total")
    at_dock: Units = quantity("on trucks at the destination's dock", unit="units", role="held", tally="total")
    waiting: Units = quantity("arrived, waiting at the destination's gate", unit="units", role="held", tally="total")
    received: Units = quantity("taken in by the destination this period", unit="units", tally="total")
    on_order: Units = quantity("ordered by the destination and not yet received", unit="units")

    def __init__(self, name: str, origin: Any, destination: Any, carried: Sequence[str] | None = None) -> None:
        self.name = name
        self.origin = origin
        self.destination = destination
        self.products: tuple[str, ...] = origin.products
        self.runs: int = origin.runs
        self.zeros: Units = origin.zeros
        self.rows = Rows(self.products, destination.wanted, carried)
        self.travel_time = 1
        self.random_travel: TravelTime | None = None
        self.order_delay = 0
        self.share_of_demand: Number = 1.0
        self.orders_under_way = Pipeline(self.zeros)
        self.transit = Pipeline(self.zeros)
        for quantity_name in ("ordered", "booked", "owed", "unmet", "lost", "set_aside", "shipped"):
            setattr(self, quantity_name, self.zeros)
        self.in_transit = self.loading = self.at_dock = self.waiting = self.received = self.on_order = self.zeros
        # Stopped by an outage this period, one flag a run; None where no outage can strike.
        self.no_ordering: Mask | None = None
        self.no_shipping: Mask | None = None
        self.no_transit: Mask | None = None
        self.no_receiving: Mask | None = None
        self.trucks: Trucks | None = None  # of the carrier that serves the lane; None: goods leave as they are picked
        self.price_list: PriceList | None = None  # where the price depends on the order
        self.configure()

    def configure(
        self,
        *,
        orders: OrderRules | None = None,
        limit: Number | None = None,
        lost_sales: bool = False,
        partial: bool = True,
        priority: int | None = None,
        terms: dict[str, Number] | None = None,
    ) -> None:
        """Set the parameters; ``terms`` are what sourcing rules look at (share, price, order cap)."""
        self.orders = orders or OrderRules()
        self.limit = limit
        self.lost_sales = lost_sales
        self.partial = partial
        self.priority = priority
        terms = terms or {}
        self.share = terms.get("share", 1.0)
        self.price = terms.get("price", 0.0)
        self.order_cap = terms.get("order_cap")

    def start(self, *, in_transit: Sequence[Units], orders: Sequence[Units], backlog: Units) -> None:
        """The state at the start: goods that arrive in 0, 1, ... periods, orders likewise, and what is owed."""
        for delay, amount in enumerate(in_transit):
            self.transit.send(amount, delay)
            self.in_transit = self.in_transit + amount
        for delay, amount in enumerate(orders):
            self.orders_under_way.send(amount, delay)
        self.owed = self.owed + backlog
        self.on_order = self.on_order + self.in_transit + self.orders_under_way.content() + backlog

    @property
    def leaves_at_once(self) -> bool:
        """Whether what is picked always departs in the same period."""
        return self.no_shipping is None and self.trucks is None

    # -- the destination's side ---------------------------------------------------------------------------------

    def place(self, wanted: Units, period: int) -> None:
        """Order ``wanted`` ``[products, runs]``; it is booked now or when the order has arrived."""
        placed = self.orders(wanted, period) if self.orders.in_use else wanted
        if self.no_ordering is not None:
            placed = np.where(self.no_ordering, 0.0, placed)
        self.ordered = placed
        self.on_order = self.on_order + placed
        if self.order_delay == 0:
            self.book(placed)
        else:
            self.orders_under_way.send(placed, self.order_delay)

    def receive(self) -> Units | None:
        """Take in what has arrived, in the rows of the destination; nothing where trucks go to its dock first."""
        arrived = self.transit.take_due()
        self.in_transit = self.in_transit - arrived
        if self.trucks is not None and self.trucks.queue_up(arrived):
            return None
        return self.take_in(arrived)

    def unload(self, goods: Units) -> Units:
        """Take in what was unloaded at the destination's dock, both in the rows of the destination."""
        unloaded = self.rows.to_theirs(goods)
        self.at_dock = self.at_dock - unloaded
        return self.take_in(unloaded)

    def take_in(self, arrived: Units) -> Units:
        """Hand over what has arrived, in the rows of the destination, unless its receipts are stopped."""
        if self.no_receiving is not None:
            at_gate = self.waiting + arrived
            arrived = np.where(self.no_receiving, 0.0, at_gate)
            self.waiting = at_gate - arrived
        self.received = arrived
        self.on_order = self.on_order - arrived
        return arrived if self.rows.same else self.rows.to_ours(arrived)

    def due_within(self, periods: int) -> Units:
        """What is on the way and due in so many periods or less, in the rows of the origin."""
        return self.transit.content(periods + 1)

    # -- the origin's side --------------------------------------------------------------------------------------

    def book_due(self) -> None:
        """Book the orders that arrive this period."""
        if self.order_delay > 0:
            self.booked = self.orders_under_way.take_due()
            self.owed = self.owed + self.booked

    def book(self, orders: Units) -> None:
        """Owe the destination ``orders`` more."""
        self.booked = orders
        self.owed = self.owed + orders

    def pick(self, picked: Units) -> None:
        """Set ``picked`` aside for the destination; the rest stays owed, or is dropped."""
        self.owed = self.zeros if picked is self.owed else self.owed - picked
        self.unmet = np.minimum(self.booked, self.owed)
        at_once = self.no_shipping is None and self.trucks is None
        self.set_aside = picked if at_once else self.set_aside + picked
        if self.lost_sales:
            self.drop()

    def drop(self) -> None:
        """Forget what could not be served."""
        self.lost = self.owed
        self.on_order = self.on_order - self.lost
        self.owed = self.zeros

    def dispatch(self, period: int) -> None:
        """Send off what has been set aside."""
        if self.trucks is not None:
            self.shipped = self.trucks.loaded
            if self.trucks.outbound is not None:
                self.loading = self.loading - self.shipped
        elif self.no_shipping is None:
            self.shipped, self.set_aside = self.set_aside, self.zeros
        else:
            self.shipped = np.where(self.no_shipping, 0.0, self.set_aside)
            self.set_aside = self.set_aside - self.shipped
        self.depart(period)

    def depart(self, period: int) -> None:
        """Put what is shipped on its way."""
        self.in_transit = self.in_transit + self.shipped
        if self.random_travel is None:
            if self.trucks is None:
                self.transit.send(self.shipped, self.travel_time)
            else:
                self.trucks.depart(self.shipped, self.travel_time)
            return
        times, support = self.random_travel(period), self.random_travel.support
        self.transit.send_each(self.shipped, times, support)
        if self.trucks is not None:
            self.trucks.depart_each(times, support)

    def outside_demand(self) -> Units:
        """The outside demand downstream of the destination that this lane has to cover."""
        wanted = self.destination.outside_demand_for_wanted()
        alone = isinstance(self.share_of_demand, float)
        return self.rows.to_theirs(wanted if alone else wanted * self.share_of_demand)

    def echelon_downstream(self) -> Units:
        """What the destination's echelon position adds to the origin's.

        What the origin owes is in the destination's position and not in its own, so it cancels; orders still in the
        post are nowhere yet and are taken out.
        """
        position = self.rows.to_theirs(self.destination.echelon_of_wanted())
        return position if self.order_delay == 0 else position - self.orders_under_way.content()

    def advance(self) -> None:
        """Bring goods and orders one period nearer."""
        if self.no_transit is None:
            self.transit.advance()
        else:
            self.transit.advance_unless(self.no_transit)
        if self.trucks is not None:
            self.trucks.advance(self.no_transit)
        if self.order_delay > 0:
            self.orders_under_way.advance()


class MarketLane(Lane):
    """A lane to a market: its orders are outside demand, and without travel time goods are handed over at once."""

    @property
    def immediate(self) -> bool:
        """Whether the market gets its goods in the moment they are dispatched."""
        return self.travel_time == 0 and self.random_travel is None and self.trucks is None

    @property
    def moves(self) -> bool:
        """Whether anything is ever on the way; orders of a market never are."""
        return not self.immediate

    def place(self, wanted: Units, period: int) -> None:
        """Book outside demand as it is; a market keeps no account of what it is owed."""
        self.ordered = self.booked = wanted
        self.owed = self.owed + wanted

    def outside_demand(self) -> Units:
        """The demand of the market on this lane."""
        return self.booked

    def drop(self) -> None:
        """Lose the demand that could not be served."""
        self.lost = self.owed
        self.owed = self.zeros

    def receive(self) -> Units:
        """Take in what has arrived; it leaves the simulated world."""
        self.received = self.transit.take_due()
        self.in_transit = self.in_transit - self.received
        if self.trucks is not None:
            self.trucks.queue_up(self.received)
        return self.rows.to_ours(self.received)

    def depart(self, period: int) -> None:
        """Hand over at once, or put on the way."""
        if self.immediate:
            self.received = self.shipped
        else:
            super().depart(period)
