"""Prices that depend on the size of an order, and what is paid by them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .books import Books
from .order_rules import TINY
from .parameters import Number
from .quantity import Money, Units, quantity

Break = tuple[Number, Number]  # smallest order, price of a unit


class PriceList(Books):
    """The price of a unit on a lane by the quantity of the order: the whole order has the price that it reaches.

    1. An order of q units of a product costs q times the price of the last break with a quantity of at most q; below
       the first break, the price of the lane.
    2. Goods are paid for when they are shipped, at the mean price of the orders that wait for shipment; orders that
       are dropped are never paid for. What waits at the start has the price of the lane.

    Source of the all-units discount: Hadley & Whitin (1963), Analysis of Inventory Systems, section 2-11.
    """

    purchased: Money = quantity("value of what is shipped, at the prices of its orders", unit="money", tally="total")

    def __init__(self, lane: Any, orders_first: bool) -> None:
        """``orders_first``: in the sequence of a period orders come before shipments."""
        self.lane = lane
        self.site = lane.origin
        self.name: str = lane.name
        self.products: tuple[str, ...] = lane.products
        self.runs: int = lane.runs
        self.orders_first = orders_first
        self.purchased = self.units = self.value = lane.zeros
        self.breaks: Sequence[Break] = ()

    def advance(self) -> None:
        """Begin a period: nothing paid for yet."""
        self.purchased = self.lane.zeros

    def start(self) -> None:
        """Take up the orders that wait at the start."""
        self.units = self.lane.owed + self.lane.orders_under_way.content()
        self.value = self.units * self.lane.price

    def unit_price(self, quantity: Units) -> Money:
        """The price of a unit in orders of these quantities, in the rows of the origin's products."""
        price: Number = self.lane.price
        for smallest, lower in self.breaks:
            price = np.where(quantity > smallest - TINY, lower, price)
        return price + np.zeros(quantity.shape)

    def account(self) -> None:
        """Value the orders and the shipments of the period, and note them."""
        if self.orders_first:
            self.add_orders()
            self.settle()
        else:
            self.settle()
            self.add_orders()
        super().account()

    def add_orders(self) -> None:
        """Let the orders of the period wait for shipment."""
        ordered = self.lane.ordered
        self.units = self.units + ordered
        self.value = self.value + ordered * self.unit_price(ordered)

    def settle(self) -> None:
        """Take out what was shipped, which is paid for, and what was dropped."""
        waits = self.units > TINY
        price = np.where(waits, self.value / np.where(waits, self.units, 1.0), self.lane.price)
        gone = self.lane.shipped + self.lane.lost
        self.purchased = self.lane.shipped * price
        self.units = self.units - gone
        self.value = self.value - gone * price
