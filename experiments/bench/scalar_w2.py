"""W2 in plain Mesa: scalar agents, one world, as a Mesa user writes them. The reference for the speed of the engine.

Three suppliers, two factories with a bill of three parts, capacity and lots, three warehouses that split their orders
over both, twelve retailers with a market each; trucks and docks everywhere, proportional rationing, order-up-to with
exponential smoothing. The order of events is the engine's ``serve-then-order`` and the books are those that the engine
keeps of this network, so that both do the same work and give the same numbers for the same demand.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from typing import Any

import mesa

from .scalar_trucks import Carrier, Dock, Lane

PARTS = (1.0, 2.0, 1.0)  # units of each supplier's part in one unit of the product
SHARES = ((0.6, 0.4), (0.5, 0.5), (0.4, 0.6))  # of the factories in the orders of each warehouse
RETAILERS = 12
SITES = 3 + 2 + 3 + RETAILERS
ALPHA = 0.1
MEAN = 20.0
DEVIATION = 6.0
SUPPLIED = 400.0  # a supplier's capacity for one unit of its part in the product
FACTORY_CAPACITY = 150.0
LOT = 20.0
ROUNDING = 1e-9  # units: less than this is owed to nobody, and no reason to start a lot


class Smoothed:
    """Order-up-to with exponential smoothing."""

    def __init__(self, cover: float, safety: float, mean: float) -> None:
        self.cover = cover
        self.safety = safety
        self.mean = mean

    def order(self, seen: float, position: float) -> float:
        """Learn the newest demand and order up to the level."""
        self.mean += ALPHA * (seen - self.mean)
        return max(self.mean * self.cover + self.safety - position, 0.0)


class Site(mesa.Agent):  # type: ignore[misc]
    """What all sites share: trucks come in, customers are served in proportion, books are kept."""

    def __init__(self, model: Network, name: str, on_hand: float = 0.0) -> None:
        super().__init__(model)
        self.name = name
        self.on_hand = on_hand
        self.suppliers: list[Lane] = []
        self.customers: list[Any] = []
        self.dock = Dock(0)
        self.unserved = self.incoming = self.ordered = self.point_of_sale = 0.0
        self.stock_sum = self.owed_sum = self.short_periods = 0.0
        self.net_sum = self.net_squares = self.incoming_sum = self.incoming_squares = 0.0
        self.ordered_sum = self.ordered_squares = self.end_sum = self.end_squares = 0.0

    def receive(self) -> None:
        """Trucks arrive and queue at the dock."""
        for lane in self.suppliers:
            lane.arrive(self.model.period)

    def unload(self) -> None:
        """Unload trucks, as far as the dock goes."""
        self.dock.unload(self, self.model.period)

    def take_in(self, lane: Lane, goods: float) -> None:
        """Put goods on the shelf."""
        self.on_hand += goods

    def pick(self) -> None:
        """Set stock aside for every customer, in proportion to what it is owed where it does not suffice."""
        owed = sum(lane.owed for lane in self.customers)
        available = self.on_hand
        part = 1.0 if owed <= available else available / owed
        for lane in self.customers:
            picked = min(lane.owed * part, self.on_hand)
            self.on_hand -= picked
            lane.pick(picked)
        self.unserved = sum(lane.owed for lane in self.customers)

    def see_orders(self) -> None:
        """Note the orders that came in, and the outside demand behind them."""
        self.incoming = sum(lane.booked for lane in self.customers)
        self.point_of_sale = sum(lane.destination.point_of_sale * lane.share for lane in self.customers)

    def account(self) -> None:
        """Keep the sums from which the results are worked out."""
        self.stock_sum += self.on_hand
        self.owed_sum += self.unserved
        if self.unserved > ROUNDING:
            self.short_periods += 1
        net_stock = self.on_hand - self.unserved
        self.net_sum += net_stock
        self.net_squares += net_stock * net_stock
        self.incoming_sum += self.incoming
        self.incoming_squares += self.incoming * self.incoming
        self.ordered_sum += self.ordered
        self.ordered_squares += self.ordered * self.ordered
        self.end_sum += self.point_of_sale
        self.end_squares += self.point_of_sale * self.point_of_sale
        self.dock.account()


class Supplier(Site):
    """Makes one part to order, up to its capacity."""

    def __init__(self, model: Network, name: str, capacity: float) -> None:
        super().__init__(model, name)
        self.capacity = capacity
        self.made = self.made_sum = 0.0

    def pick(self) -> None:
        """Make what is owed, and share it out."""
        owed = sum(lane.owed for lane in self.customers)
        self.made = min(max(owed - self.on_hand, 0.0), self.capacity)
        self.on_hand += self.made
        super().pick()

    def order(self) -> None:
        """Nothing is ordered here."""
        self.incoming = sum(lane.booked for lane in self.customers)

    def account(self) -> None:
        """A supplier has no orders and no dock to account for."""
        self.owed_sum += self.unserved
        if self.unserved > ROUNDING:
            self.short_periods += 1
        net_stock = self.on_hand - self.unserved
        self.net_sum += net_stock
        self.net_squares += net_stock * net_stock
        self.incoming_sum += self.incoming
        self.made_sum += self.made


class Factory(Site):
    """Makes the product from three parts in lots, and buys parts by a policy of their own."""

    def __init__(self, model: Network, name: str) -> None:
        super().__init__(model, name, on_hand=100.0)
        self.dock = Dock(7)
        self.policy = Smoothed(2.0, 20.0, 120.0)
        self.buying = [Smoothed(4.0, 40.0 * units, 120.0 * units) for units in PARTS]
        self.parts = [220.0 * units for units in PARTS]
        self.work = deque([120.0])
        self.in_work = 120.0
        self.to_make = self.started = self.finished = 0.0
        self.set_up = False
        self.setups = 0
        self.started_sum = self.finished_sum = self.finished_squares = self.in_work_sum = self.to_make_sum = 0.0
        self.parts_sums = [0.0] * len(PARTS)
        self.consumed_sums = [0.0] * len(PARTS)

    def take_in(self, lane: Lane, goods: float) -> None:
        """Put parts into the store."""
        self.parts[self.suppliers.index(lane)] += goods

    def produce(self) -> None:
        """Start whole lots, as far as orders, capacity and parts go; put on the shelf what is finished."""
        most = min(self.to_make, FACTORY_CAPACITY)
        for have, units in zip(self.parts, PARTS, strict=True):
            most = min(most, max(have, 0.0) / units)
        self.started = math.floor(most / LOT + ROUNDING) * LOT
        if self.started > 0 and not self.set_up:
            self.set_up = True
            self.setups += 1
        for number, units in enumerate(PARTS):
            self.parts[number] -= self.started * units
            self.consumed_sums[number] += self.started * units
        self.to_make -= self.started
        self.work.append(self.started)
        self.finished = self.work.popleft()
        self.in_work += self.started - self.finished
        self.on_hand += self.finished

    def order(self) -> None:
        """Order from the own production, and parts from the suppliers."""
        self.see_orders()
        owed = sum(lane.owed for lane in self.customers)
        position = self.on_hand - owed + self.to_make + self.in_work
        self.ordered = self.policy.order(self.incoming, position)
        self.to_make += self.ordered
        for policy, units, have, lane in zip(self.buying, PARTS, self.parts, self.suppliers, strict=True):
            position = have - self.to_make * units + lane.on_order
            lane.place(policy.order(self.ordered * units, position))

    def account(self) -> None:
        """Keep the books of production too."""
        super().account()
        self.started_sum += self.started
        self.finished_sum += self.finished
        self.finished_squares += self.finished * self.finished
        self.in_work_sum += self.in_work
        self.to_make_sum += self.to_make
        for number, have in enumerate(self.parts):
            self.parts_sums[number] += have


class Warehouse(Site):
    """Orders the product from one supplier or several, by fixed shares."""

    def __init__(self, model: Network, name: str, on_hand: float, policy: Smoothed, slots: int) -> None:
        super().__init__(model, name, on_hand)
        self.policy = policy
        self.dock = Dock(slots)

    def order(self) -> None:
        """Order up to the level, split over the suppliers."""
        self.see_orders()
        owed = sum(lane.owed for lane in self.customers)
        on_order = sum(lane.on_order for lane in self.suppliers)
        self.ordered = self.policy.order(self.incoming, self.on_hand - owed + on_order)
        for lane in self.suppliers:
            lane.place(self.ordered * lane.share)


class Market(mesa.Agent):  # type: ignore[misc]
    """Normal demand at one retailer, clipped at zero, served at once from the shelf."""

    share = 1.0

    def __init__(self, model: Network, name: str, retailer: Site, demand: Sequence[float] | None) -> None:
        super().__init__(model)
        self.name = name
        self.given = None if demand is None else iter(demand)
        self.destination = self  # it is its own lane
        self.owed = self.booked = self.unmet = self.delivered = self.point_of_sale = 0.0
        self.demand_sum = self.demand_squares = self.delivered_sum = self.unmet_sum = 0.0
        retailer.customers.append(self)

    def demand(self) -> None:
        """Let the demand of the period arise."""
        drawn = self.random.gauss(MEAN, DEVIATION) if self.given is None else next(self.given)
        self.booked = self.point_of_sale = max(drawn, 0.0)
        self.owed += self.booked

    def pick(self, picked: float) -> None:
        """Take what the retailer has."""
        self.owed -= picked
        self.unmet = min(self.booked, self.owed)
        self.delivered = picked

    def account(self) -> None:
        """Keep the sums from which the results are worked out."""
        self.demand_sum += self.booked
        self.demand_squares += self.booked * self.booked
        self.delivered_sum += self.delivered
        self.unmet_sum += self.unmet


class Level:
    """The orders and the demand of all sites of a level together."""

    def __init__(self, sites: Sequence[Site]) -> None:
        self.sites = sites
        self.ordered_sum = self.ordered_squares = self.incoming_sum = self.incoming_squares = 0.0

    def account(self) -> None:
        """Keep the sums from which the results are worked out."""
        ordered = sum(site.ordered for site in self.sites)
        incoming = sum(site.incoming for site in self.sites)
        self.ordered_sum += ordered
        self.ordered_squares += ordered * ordered
        self.incoming_sum += incoming
        self.incoming_squares += incoming * incoming


class Network(mesa.Model):  # type: ignore[misc]
    """The network. ``demand`` holds the demand of every period for each market; without it, it is drawn."""

    def __init__(self, seed: int = 0, demand: Sequence[Sequence[float]] | None = None) -> None:
        super().__init__(rng=seed)
        self.period = 0
        self.makers = [Supplier(self, f"Supplier{i + 1}", SUPPLIED * units) for i, units in enumerate(PARTS)]
        self.factories = [Factory(self, f"Factory{i + 1}") for i in range(2)]
        self.warehouses = [Warehouse(self, f"Warehouse{i + 1}", 60.0, Smoothed(4.0, -60.0, 80.0), 3) for i in range(3)]
        self.retailers = [
            Warehouse(self, f"Retailer{i + 1}", 30.0, Smoothed(3.0, 10.0, MEAN), 1) for i in range(RETAILERS)
        ]
        self.markets = [
            Market(self, f"Market{i + 1}", retailer, None if demand is None else demand[i])
            for i, retailer in enumerate(self.retailers)
        ]
        self.carriers = self.make_carriers()
        self.make_lanes()
        self.sites = self.agents.select(agent_type=Site)
        self.receivers = [*self.factories, *self.warehouses, *self.retailers]
        self.levels = [Level(self.retailers), Level(self.warehouses), Level(self.factories)]
        self.all_demand_sum = self.all_demand_squares = 0.0

    def make_carriers(self) -> list[Carrier]:
        """One carrier for parts, one for the long haul, and one with vans for each warehouse."""
        parts = Carrier(self, "Parts", 70, 85.0, travel_time=2)
        parts.set_rules(threshold=0.7, longest_wait=2)
        parts.set_prices(departure=60.0, load=0.2, cost=50.0, detention=10.0)
        long_haul = Carrier(self, "Long haul", 44, 34.0, travel_time=2)
        long_haul.set_rules(threshold=0.7, longest_wait=2)
        long_haul.set_prices(departure=40.0, load=0.2, cost=35.0, detention=8.0)
        vans = [Carrier(self, f"Vans{i + 1}", 12, 27.0, travel_time=1) for i in range(3)]
        for carrier in vans:
            carrier.set_rules(threshold=0.7, longest_wait=1)
            carrier.set_prices(departure=15.0, load=0.2, cost=12.0, detention=4.0)
        return [parts, long_haul, *vans]

    def make_lanes(self) -> None:
        """Join the sites, with goods on the way."""
        parts, long_haul, *vans = self.carriers
        for supplier, units in zip(self.makers, PARTS, strict=True):
            for factory in self.factories:
                Lane(supplier, factory, parts, 120.0 * units)
        for warehouse, shares in zip(self.warehouses, SHARES, strict=True):
            for factory, share in zip(self.factories, shares, strict=True):
                Lane(factory, warehouse, long_haul, 80.0 * share, share)
        for number, retailer in enumerate(self.retailers):
            Lane(self.warehouses[number // 4], retailer, vans[number // 4], MEAN)

    def step(self) -> None:
        """One period."""
        for carrier in self.carriers:
            carrier.welcome()
        self.sites.do("receive")
        for site in self.receivers:
            site.unload()
        for factory in self.factories:
            factory.produce()
        for market in self.markets:
            market.demand()
        self.sites.do("pick")
        for carrier in self.carriers:
            carrier.send()
        for site in (*self.retailers, *self.warehouses, *self.factories, *self.makers):
            site.order()
        self.account()
        self.period += 1

    def account(self) -> None:
        """Keep the books of everybody, and of each level together."""
        self.sites.do("account")
        holders: tuple[Any, ...] = (*self.markets, *self.carriers, *self.levels)
        for holder in holders:
            holder.account()
        demand = sum(market.booked for market in self.markets)
        self.all_demand_sum += demand
        self.all_demand_squares += demand * demand


def run(periods: int, seed: int = 0, demand: Sequence[Sequence[float]] | None = None) -> Network:
    """Simulate the network and return it."""
    network = Network(seed, demand)
    for _ in range(periods):
        network.step()
    return network
