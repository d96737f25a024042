"""A site: a place that holds stock, serves its customers from it and orders more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mesa
import numpy as np

from .books import Books
from .lane import Lane, MarketLane
from .numeric import add_all, positive, total
from .order_rules import OrderRules
from .parameters import Number, take_over
from .quantity import Mask, Units, quantities_of, quantity


class Actor(Books, mesa.Agent):  # type: ignore[misc]
    """Anybody who acts in the moments of a period and whose quantities are recorded."""

    def __init__(self, model: Any, name: str) -> None:
        super().__init__(model)
        self.name = name
        self.runs: int = model.runs

    @property
    def period(self) -> int:
        """The current period, 0 for the first."""
        return self.model.period  # type: ignore[no-any-return]


class Site(Actor):
    """What all sites share: stock, customers to serve, suppliers to order from.

    Subclasses say what arrives where (`receive`), how goods come into being (`produce`) and whose needs an order
    meets (`order`). All quantities are ``[products, runs]`` in the rows of ``products`` unless declared otherwise.
    """

    on_hand: Units = quantity("stock ready to be picked", unit="units", role="held", tally="total")
    unserved: Units = quantity("owed to customers after serving them", unit="units", tally=("total", "count"))
    closing_stock: Units = quantity("net stock after serving: on hand less unserved", unit="units", tally="spread")
    incoming: Units = quantity("orders and demand booked this period", unit="units", tally=("total", "spread"))
    ordered: Units = quantity("ordered this period, over all suppliers", unit="units", tally=("spread", "count"))
    backlog: Units = quantity("owed to customers when deciding on the order", unit="units")
    net_stock: Units = quantity("on hand less backlog when deciding on the order", unit="units")
    on_order: Units = quantity("ordered and not yet received when deciding on the order", unit="units")
    inventory_position: Units = quantity("net stock plus what is on order", unit="units")
    point_of_sale: Units = quantity("outside demand downstream, latest period", unit="units", tally="spread")
    echelon_position: Units = quantity("inventory position of the site and all downstream of it", unit="units")

    def __init__(self, model: Any, name: str, products: Sequence[str]) -> None:
        super().__init__(model, name)
        self.products = tuple(products)
        self.zeros: Units = np.zeros((len(self.products), self.runs))
        self.suppliers: list[Lane] = []
        self.customers: list[Lane] = []
        self.market_lanes: list[Lane] = []
        self.site_lanes: list[Lane] = []
        self.only_customer: Lane | None = None
        self.only_supplier: Lane | None = None
        self.outbound: Any = None  # where trucks are loaded; None: at once
        self.picking: Any = None  # what limits picking; None: nothing
        self.reservations: Any = None  # of its capacity; None: nobody has any
        self.shelf_life: Any = None  # the ages of the stock; None: nothing here gets too old
        self.send_back: list[Any] = []  # contracts by which unsold goods go back to their seller
        self.storage: Number | None = None  # the room for units of all products to which orders are clipped
        self.sees_point_of_sale = False
        self.sees_echelon = False
        self.orders_right_after_serving = False
        # Stopped by an outage this period, one flag a run; None where none can strike.
        self.no_ordering: Mask | None = None
        self.no_production: Mask | None = None
        for name_of in quantities_of(Site):
            setattr(self, name_of, self.zeros)

    def configure(self, *, policy: Any, allocation: Any, sourcing: Any, orders: OrderRules | None = None) -> None:
        """Set the rules by which the site orders and serves; parts in use keep their memory."""
        self.policy = self.renewed("policy", policy)
        self.allocation = self.renewed("allocation", allocation)
        self.sourcing = self.renewed("sourcing", sourcing)
        self.orders = orders or OrderRules()

    def renewed(self, name: str, fresh: Any) -> Any:
        """The part in use with the parameters of a fresh one, or the fresh one at the start."""
        part = getattr(self, name, None)
        if part is None:
            return fresh
        take_over(part, fresh)
        return part

    @property
    def wanted(self) -> tuple[str, ...]:
        """The products that this site takes in."""
        return self.products

    def connect(self) -> None:
        """Look at the lanes once all are there, and let the rules allocate their memory."""
        self.market_lanes = [lane for lane in self.customers if isinstance(lane, MarketLane)]
        self.site_lanes = [lane for lane in self.customers if not isinstance(lane, MarketLane)]
        self.served_lanes = [lane for lane in self.market_lanes if self.model.serves_from_shelf and lane.trucks is None]
        self.dispatched_lanes = [lane for lane in self.customers if lane not in self.served_lanes]
        self.only_customer = self.customers[0] if len(self.customers) == 1 else None
        self.only_supplier = self.suppliers[0] if len(self.suppliers) == 1 else None
        for part in (self.allocation, self.sourcing, self.policy):
            if part is not None:
                part.start(self)

    @property
    def idle(self) -> set[str]:
        """The moments in which nothing can ever happen here."""
        idle = {
            "receive": not self.suppliers,
            "demand": not self.site_lanes or self.model.books_when_ordering,
            "account": not self.keeps_page,
        }
        return {moment for moment, always in idle.items() if always}

    # -- the moments --------------------------------------------------------------------------------------------

    def receive(self) -> None:
        """Take in what has arrived; what came on trucks goes to the dock first, where there is one."""
        for lane in self.suppliers:
            goods = lane.receive()
            if goods is not None:
                self.take_in(goods)

    def demand(self) -> None:
        """Book the orders that arrive this period."""
        if not self.model.books_when_ordering:
            for lane in self.site_lanes:
                lane.book_due()

    def pick(self) -> None:
        """Set stock aside for whom it is owed; markets too, unless the sequence serves them from the shelf."""
        self.set_aside_for(self.site_lanes if self.model.serves_from_shelf else self.customers)
        if not self.model.serves_from_shelf:
            self.close_shelf()

    def dispatch(self) -> None:
        """Send off what has been set aside; markets that are handed goods from the shelf have a moment of their own."""
        if self.outbound is not None:
            self.outbound.load_trucks()
        for lane in self.dispatched_lanes:
            lane.dispatch(self.model.period)

    def serve(self) -> None:
        """Serve the markets from the shelf after the receipts of the period, at once but for what trucks take later."""
        self.set_aside_for(self.market_lanes)
        for lane in self.served_lanes:
            lane.dispatch(self.model.period)
        self.close_shelf()

    def set_aside_for(self, lanes: Sequence[Lane]) -> None:
        """Share the stock on hand between lanes by the allocation rule."""
        if not lanes:
            return
        available = positive(self.on_hand) if self.model.returns else self.on_hand
        picked = self.allocation(available, lanes)
        if self.reservations is not None:
            picked = self.reservations.honour(picked, available, lanes)
        if self.picking is not None:
            picked = self.picking.cut(picked, lanes)
        if len(lanes) == 1:
            lanes[0].pick(picked[0])
            self.on_hand = self.on_hand - picked[0]
        else:
            for lane, amount in zip(lanes, picked, strict=True):
                lane.pick(amount)
            left = self.on_hand - add_all(picked)
            self.on_hand = left if self.model.returns else positive(left)  # the sum may be a bit more than there was
        if self.shelf_life is not None:
            self.shelf_life.note_picked(picked)

    def close_shelf(self) -> None:
        """Note what is left on the shelf and what is still owed."""
        for returns in self.send_back:
            returns.act()
        if self.shelf_life is not None:
            self.shelf_life.throw_away()
        only = self.only_customer
        self.unserved = self.owed() if only is None else only.owed
        self.closing_stock = self.on_hand if self.unserved is self.zeros else self.on_hand - self.unserved

    def order(self) -> None:
        """Look at the position, let the policy wish, and place the order with the suppliers."""
        self.look()
        self.place(self.allowed(self.policy(self)))

    def look(self) -> None:
        """Note the position on which the order is decided."""
        self.see_orders()
        if self.orders_right_after_serving:
            self.backlog, self.net_stock = self.unserved, self.closing_stock
        else:
            self.backlog = self.owed()
            self.net_stock = self.on_hand - self.backlog
        self.on_order = self.on_order_now()
        self.inventory_position = self.net_stock + self.on_order
        if self.sees_point_of_sale:
            self.point_of_sale = self.outside_demand()
        if self.sees_echelon:
            self.echelon_position = self.echelon_position_now()

    def see_orders(self) -> None:
        """Book the orders that come with the sweep, and note all that were booked this period."""
        if self.model.books_when_ordering:
            self.book_due()
        only = self.only_customer
        self.incoming = add_all([lane.booked for lane in self.customers]) if only is None else only.booked

    # -- what the moments are made of ---------------------------------------------------------------------------

    @property
    def due(self) -> Any:
        """Whether the calendar lets the site order this period: a bool, or one for each run."""
        return self.orders.due(self.model.period)

    def allowed(self, wish: Units) -> Units:
        """What of a wish may be ordered today."""
        plain = self.orders.plain  # the first rule alone
        allowed = np.maximum(wish, self.zeros) if plain else self.orders(wish, self.model.period)
        if self.no_ordering is not None:
            allowed = np.where(self.no_ordering, 0.0, allowed)
        return allowed if self.storage is None else self.within_storage(allowed, self.storage)

    def within_storage(self, wanted: Units, storage: Number) -> Units:
        """What of an order will find room, over all products together."""
        room = np.maximum(storage - total(self.on_hand + self.on_order), 0.0)
        units = total(wanted)
        return np.where(units <= room, wanted, wanted * (room / np.where(units > room, units, 1.0)))

    def place(self, quantity: Units) -> None:
        """Split an order over the suppliers and place it."""
        self.ordered = quantity
        self.buy(quantity)

    def buy(self, quantity: Units) -> None:
        """Order ``quantity`` of what the site takes in from its suppliers, by the sourcing rule."""
        only = self.only_supplier
        if only is not None:
            only.place(quantity if only.rows.same else only.rows.to_theirs(quantity), self.model.period)
            return
        for lane, share in zip(self.suppliers, self.sourcing(quantity, self.suppliers), strict=True):
            lane.place(lane.rows.to_theirs(share), self.model.period)

    def stock_of_wanted(self) -> Units:
        """Stock less what is owed, in the rows of what the site takes in."""
        return self.net_stock

    def take_in(self, goods: Units) -> None:
        """Put what has arrived, in the rows of what the site takes in, where it belongs."""
        raise NotImplementedError(f"{type(self).__name__} takes nothing in")

    def book_due(self) -> None:
        """Book the orders of other sites that arrive this period."""
        for lane in self.site_lanes:
            lane.book_due()

    def owed(self) -> Units:
        """What is owed to all customers now."""
        only = self.only_customer
        return add_all([lane.owed for lane in self.customers]) if only is None else only.owed

    def on_order_now(self) -> Units:
        """What has been ordered of every product and has not been received."""
        only = self.only_supplier
        if only is not None and only.rows.same:
            return only.on_order
        return add_all([lane.rows.to_ours(lane.on_order) for lane in self.suppliers])

    def outside_demand(self) -> Units:
        """The latest demand of all markets downstream, each customer's part counted by this site's share in it."""
        return add_all([lane.outside_demand() for lane in self.customers])

    def outside_demand_for_wanted(self) -> Units:
        """The outside demand downstream in the rows of what the site takes in."""
        return self.point_of_sale

    def echelon_position_now(self) -> Units:
        """Clark & Scarf's echelon inventory position: the own position and that of everything downstream."""
        return add_all([self.inventory_position, *[lane.echelon_downstream() for lane in self.site_lanes]])

    def echelon_of_wanted(self) -> Units:
        """The echelon position, this period's order included, in the rows of what the site takes in."""
        return self.echelon_position + add_all([lane.rows.to_ours(lane.ordered) for lane in self.suppliers])
