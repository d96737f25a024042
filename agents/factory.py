"""A factory turns parts into products, by a bill of materials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .numeric import add_all, total
from .parameters import Number
from .pipeline import Pipeline
from .production import Needs, Workshop, fitted, row_of, unless
from .quantity import Array, Units, quantity
from .site import Site

Bill = Mapping[str, Mapping[str, float]]  # product: {part: units of the part in one unit of the product}


class Factory(Site):
    """Orders its own production by a policy, buys the parts for it, and makes what parts and capacity allow.

    The default buys exactly for the production orders; ``buy`` gives the parts a policy of their own.
    """

    started: Units = quantity("production started this period", unit="units", role="enters", tally="total")
    finished: Units = quantity("production finished this period", unit="units", tally="spread")
    in_work: Units = quantity("under production", unit="units", role="held", tally="total")
    to_make: Units = quantity("production ordered and not yet started", unit="units", tally="total")
    input_stock: Units = quantity("parts ready to be used", unit="units", role="held", tally="total", over="inputs")
    consumed: Units = quantity("parts used this period", unit="units", role="leaves", tally="total", over="inputs")

    def __init__(self, model: Any, name: str, bill: Bill) -> None:
        super().__init__(model, name, tuple(bill))
        self.inputs = tuple(dict.fromkeys(part for parts in bill.values() for part in parts))
        self.needs = [
            (row, self.inputs.index(part), float(units))
            for row, parts in enumerate(bill.values())
            for part, units in parts.items()
        ]
        self.no_inputs: Units = np.zeros((len(self.inputs), self.runs))
        self.no_load: Array = np.zeros(self.runs)
        self.started = self.finished = self.in_work = self.to_make = self.zeros
        self.input_stock = self.consumed = self.no_inputs
        self.work = Pipeline(self.zeros)
        self.workshop: Workshop | None = None  # for setups, lots, campaigns and overtime; None: without all of them

    def configure(
        self, *, capacity: Number | None = None, usage: Number = 1.0, lead_time: int = 0, buy: Any = None, **rules: Any
    ) -> None:
        """Set the rules; ``capacity`` a period is shared by the products, one unit of which takes ``usage`` of it."""
        super().configure(**rules)
        self.capacity = capacity
        self.usage = usage
        self.lead_time = lead_time
        self.buy_policy = self.renewed("buy_policy", buy)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The parts."""
        return self.inputs

    def connect(self) -> None:
        """As for every site; a policy for the parts looks at the store of parts."""
        super().connect()
        self.store = PartsStore(self)
        if self.buy_policy is not None:
            self.buy_policy.start(self.store)

    def advance(self) -> None:
        """Bring the work one period nearer to its end."""
        self.work.advance()

    def take_in(self, goods: Units) -> None:
        """Put the parts that have arrived into the store."""
        self.input_stock = self.input_stock + goods

    def produce(self) -> None:
        """Start what is ordered, as far as parts and capacity allow; put on the shelf what is finished."""
        if self.workshop is None:
            self.started = self.within_parts(self.within_capacity(self.to_make, self.capacity))
        else:
            self.started = self.started_in(self.workshop)
        self.consumed = self.parts_for(self.started)
        self.input_stock = self.input_stock - self.consumed
        self.to_make = self.to_make - self.started
        self.work.send(self.started, self.lead_time)
        self.finished = self.work.take_due()
        self.in_work = self.in_work + self.started - self.finished
        self.on_hand = self.on_hand + self.finished

    def started_in(self, workshop: Workshop) -> Units:
        """Start what the workshop can, and note the overtime in it."""
        wanted = workshop.in_turn(self.to_make)
        limit = workshop.overtime_limit
        most = self.capacity if self.capacity is None or limit is None else self.capacity + limit
        if workshop.one_by_one:
            left = [self.no_load + (np.inf if most is None else most), *self.input_stock]
            regular = 0.0 if self.capacity is None else self.capacity
            started = workshop.start(unless(self.no_production, wanted), left, self.takes(), regular)
        else:
            started = self.within_parts(self.within_capacity(wanted, most))
        if limit is not None and self.capacity is not None:
            workshop.note_overtime(total(started * self.usage), self.capacity)
        return started

    def takes(self) -> Needs:
        """What each product takes of the capacity, number 0, and of the parts, from 1 on."""
        needs = [[(0, row_of(self.usage, row))] for row in range(len(self.products))]
        for row, part, units in self.needs:
            needs[row].append((part + 1, units))
        return needs

    def within_capacity(self, wanted: Units, capacity: Number | None) -> Units:
        """Scale ``wanted`` down to the capacity, all products alike, but for those who have reserved some of it."""
        if capacity is not None:
            fit = fitted if self.reservations is None else self.reservations.fitted
            wanted = fit(wanted, self.usage, capacity)
        return unless(self.no_production, wanted)

    def within_parts(self, wanted: Units) -> Units:
        """Cut ``wanted`` to the parts in the store; a part that several products need is shared by their needs."""
        needed = self.parts_for(wanted)
        rows = list(wanted)
        for row, part, units in self.needs:
            have = np.maximum(self.input_stock[part], 0.0)  # rounding may leave a little less than nothing
            if sum(other == part for _, other, _ in self.needs) == 1:
                most = have / units
            else:
                enough = needed[part] <= have
                most = np.where(enough, wanted[row], wanted[row] * (have / np.where(enough, 1.0, needed[part])))
            rows[row] = np.minimum(rows[row], most)
        return np.stack(rows)

    def covered_by_parts(self) -> Units:
        """The production for which parts are on order: of each product the least over its parts of those on order and
        in store, over the units needed; 0 when none is on order, or when another product needs the same part.
        """
        on_order = self.parts_on_order()
        held = on_order + self.input_stock
        rows = []
        for row in range(len(self.products)):
            mine = [(part, units) for product, part, units in self.needs if product == row]
            shared = any(product != row and part in dict(mine) for product, part, _ in self.needs)
            if not mine or shared:
                rows.append(self.zeros[row])
                continue
            coming = add_all([on_order[part] for part, _ in mine]) > 0
            covered = held[mine[0][0]] / mine[0][1]
            for part, units in mine[1:]:
                covered = np.minimum(covered, held[part] / units)
            rows.append(np.where(coming, covered, 0.0))
        return np.stack(rows)

    def parts_for(self, amount: Units) -> Units:
        """The parts in ``amount`` of the products, ``[inputs, runs]``."""
        if not self.inputs:
            return self.no_inputs
        needed: list[list[Units]] = [[] for _ in self.inputs]
        for row, part, units in self.needs:
            needed[part].append(amount[row] * units)
        return np.stack([add_all(terms) for terms in needed])

    def place(self, quantity: Units) -> None:
        """Order from the own production, and the parts for it."""
        self.ordered = quantity
        self.to_make = self.to_make + quantity
        if not self.inputs:
            return
        wish = self.store.shortage() if self.buy_policy is None else self.store.wish(quantity)
        wish = np.maximum(wish, 0.0)
        self.buy(wish if self.no_ordering is None else np.where(self.no_ordering, 0.0, wish))

    def on_order_now(self) -> Units:
        """What is ordered from the own production and not finished."""
        return self.to_make + self.in_work

    def stock_of_wanted(self) -> Units:
        """Parts in store less those that production orders wait for."""
        return self.store.net_stock

    def parts_on_order(self) -> Units:
        """Parts ordered and not received."""
        return super().on_order_now()

    def outside_demand_for_wanted(self) -> Units:
        """The outside demand in parts."""
        return self.parts_for(self.point_of_sale)

    def echelon_of_wanted(self) -> Units:
        """The echelon position in parts: those ordered or in store, and those in what is under way to the markets."""
        beyond_store = self.echelon_position + self.ordered - self.to_make
        return self.parts_on_order() + self.input_stock + self.parts_for(beyond_store)


class PartsStore:
    """The store of parts as a policy sees a site: production orders are its demand."""

    def __init__(self, factory: Factory) -> None:
        self.factory = factory
        self.products = factory.inputs
        self.runs = factory.runs
        self.zeros = factory.no_inputs
        self.incoming = self.point_of_sale = self.zeros

    @property
    def period(self) -> int:
        """The current period."""
        return self.factory.period

    @property
    def due(self) -> Any:
        """Whether the calendar lets the factory order this period."""
        return self.factory.due

    def wish(self, production: Units) -> Units:
        """What the policy for the parts wants to order after new production orders."""
        self.incoming = self.factory.parts_for(production)
        self.point_of_sale = self.factory.outside_demand_for_wanted()
        return self.factory.buy_policy(self)  # type: ignore[no-any-return]

    def shortage(self) -> Units:
        """The parts that the production orders need beyond those in store and on order."""
        return self.backlog - self.on_hand - self.on_order

    @property
    def on_hand(self) -> Units:
        """Parts in store."""
        return self.factory.input_stock

    @property
    def backlog(self) -> Units:
        """Parts that production orders wait for."""
        return self.factory.parts_for(self.factory.to_make)

    @property
    def net_stock(self) -> Units:
        """Parts in store less those that production orders wait for."""
        return self.on_hand - self.backlog

    @property
    def on_order(self) -> Units:
        """Parts ordered and not received."""
        return self.factory.parts_on_order()

    @property
    def inventory_position(self) -> Units:
        """Net stock plus on order; a store of parts has no echelon of its own."""
        return self.net_stock + self.on_order

    echelon_position = inventory_position
