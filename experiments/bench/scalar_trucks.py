"""Trucks, lanes, docks and carriers of W2 in plain Python: one truck is one object, numbers are floats."""

from __future__ import annotations

import math
from collections import Counter, deque
from dataclasses import dataclass
from typing import Any

import mesa

ROUNDING = 1e-9  # of a truck: a load this much above whole trucks is whole trucks


@dataclass
class Truck:
    """A truck of a carrier, and what it carries."""

    carrier: Carrier
    lane: Lane | None = None
    goods: float = 0.0
    joined: int = 0  # the period in which it reached the dock
    back: int = 0  # the period in which it is free again


class Lane:
    """Orders, debts and goods between a site and a site that it supplies, served by a carrier."""

    def __init__(self, origin: Any, destination: Any, carrier: Carrier, in_transit: float, share: float = 1.0) -> None:
        self.origin = origin
        self.destination = destination
        self.carrier = carrier
        self.share = share
        self.owed = self.booked = self.unmet = self.staged = self.in_transit = self.at_dock = self.on_order = 0.0
        self.departed = self.queueing = 0
        self.recent: deque[float] = deque(maxlen=carrier.longest_wait)
        self.road: deque[list[Truck]] = deque()
        self.unmet_sum = self.staged_sum = self.in_transit_sum = self.at_dock_sum = 0.0
        self.departed_sum = self.queueing_sum = 0
        self.moved_sum = self.freight_sum = self.haulage_sum = 0.0
        origin.customers.append(self)
        destination.suppliers.append(self)
        carrier.lanes.append(self)
        for _ in range(carrier.travel_time):
            self.road.append(carrier.loaded(self, in_transit, math.ceil(in_transit / carrier.capacity)))
            self.in_transit += in_transit
            self.on_order += in_transit

    def place(self, quantity: float) -> None:
        """Order; the origin owes it at once."""
        self.on_order += quantity
        self.booked = quantity
        self.owed += quantity

    def pick(self, picked: float) -> None:
        """Set goods aside for the next truck."""
        self.owed -= picked
        self.unmet = min(self.booked, self.owed)
        self.staged += picked
        self.recent.append(picked)

    def trucks_wanted(self) -> int:
        """Full trucks, and one more when its load reaches the threshold or the oldest of it has waited long enough."""
        capacity = self.carrier.capacity
        full = math.floor(self.staged / capacity + ROUNDING)
        rest = self.staged - full * capacity
        least = ROUNDING * capacity
        if rest <= least:
            return full
        old = self.staged - sum(self.recent)
        enough = rest >= self.carrier.threshold * capacity - least
        return full + 1 if enough or old > full * capacity + least else full

    def send(self, count: int) -> None:
        """Let so many trucks leave; the oldest goods go first."""
        load = min(count * self.carrier.capacity, self.staged)
        trucks = self.carrier.loaded(self, load, count) if count else []
        self.staged -= load
        self.in_transit += load
        self.road.append(trucks)
        self.departed = count
        self.departed_sum += count
        self.moved_sum += load
        for truck in trucks:
            self.freight_sum += self.carrier.departure_price + self.carrier.load_price * truck.goods
            self.haulage_sum += self.carrier.departure_cost

    def arrive(self, period: int) -> None:
        """Trucks reach the dock of the destination."""
        for truck in self.road.popleft():
            truck.joined = period
            self.in_transit -= truck.goods
            self.at_dock += truck.goods
            self.queueing += 1
            self.destination.dock.queue.append(truck)

    def account(self) -> None:
        """Keep the sums from which the results are worked out."""
        self.unmet_sum += self.unmet
        self.staged_sum += self.staged
        self.in_transit_sum += self.in_transit
        self.at_dock_sum += self.at_dock
        self.queueing_sum += self.queueing


class Dock:
    """Unloads a number of trucks a period, first come, first served."""

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self.queue: deque[Truck] = deque()
        self.served = 0
        self.waiting_sum = self.served_sum = self.waited_sum = 0
        self.waits: Counter[int] = Counter()

    def unload(self, site: Any, period: int) -> None:
        """Unload the first trucks, put their goods where they belong and let the trucks go."""
        self.served = min(self.slots, len(self.queue))
        for _ in range(self.served):
            truck = self.queue.popleft()
            lane = truck.lane
            assert lane is not None
            wait = period - truck.joined
            self.waits[wait] += 1
            self.waited_sum += wait
            lane.queueing -= 1
            lane.at_dock -= truck.goods
            lane.on_order -= truck.goods
            site.take_in(lane, truck.goods)
            truck.carrier.come_back(truck, period)

    def account(self) -> None:
        """Keep the sums from which the results are worked out."""
        self.waiting_sum += len(self.queue)
        self.served_sum += self.served


class Carrier(mesa.Agent):  # type: ignore[misc]
    """A fleet of equal trucks on lanes of equal travel time; the way back takes as long."""

    def __init__(self, model: Any, name: str, trucks: int, capacity: float, travel_time: int) -> None:
        super().__init__(model)
        self.name = name
        self.owned = trucks
        self.capacity = capacity
        self.travel_time = travel_time
        self.lanes: list[Lane] = []
        self.free = [Truck(self) for _ in range(trucks)]
        self.coming: deque[Truck] = deque()
        self.away_sum = 0

    def set_rules(self, threshold: float, longest_wait: int) -> None:
        """Say when a truck leaves that is not full: at a share of its load, or when the oldest has waited so long."""
        self.threshold = threshold
        self.longest_wait = longest_wait

    def set_prices(self, departure: float, load: float, cost: float, detention: float) -> None:
        """Set the prices of a departure, of a unit of load and of a period at a dock, and the cost of a departure."""
        self.departure_price = departure
        self.load_price = load
        self.departure_cost = cost
        self.detention_price = detention

    def loaded(self, lane: Lane, load: float, count: int) -> list[Truck]:
        """So many free trucks with the load, all full but for the last one."""
        trucks = []
        for _ in range(count):
            truck = self.free.pop()
            truck.lane = lane
            truck.goods = min(load, self.capacity)
            load -= truck.goods
            trucks.append(truck)
        return trucks

    def come_back(self, truck: Truck, period: int) -> None:
        """An unloaded truck drives back."""
        truck.back = period + self.travel_time
        self.coming.append(truck)

    def welcome(self) -> None:
        """Trucks that are back are free."""
        while self.coming and self.coming[0].back <= self.model.period:
            self.free.append(self.coming.popleft())

    def send(self) -> None:
        """Send trucks to the lanes, which take turns to come first; too few are shared in proportion to the wishes."""
        first = self.model.period % len(self.lanes)
        lanes = [*self.lanes[first:], *self.lanes[:first]]
        wishes = [lane.trucks_wanted() for lane in lanes]
        part = min(len(self.free) / max(sum(wishes), 1), 1.0)
        so_far = given = 0
        for lane, wish in zip(lanes, wishes, strict=True):
            so_far += wish
            upto = math.floor(so_far * part + ROUNDING)
            lane.send(upto - given)
            given = upto

    def account(self) -> None:
        """Keep the sums from which the results are worked out, those of the lanes too."""
        self.away_sum += self.owned - len(self.free)
        for lane in self.lanes:
            lane.account()
