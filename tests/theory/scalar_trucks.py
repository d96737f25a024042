"""Carriers and docks of the second simulator: one truck after another, each with its own goods."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any

from .scalar_sequences import ScalarWorld
from .scalar_world import TINY, Goods, Queue, ScalarLane, ScalarSite, nothing


@dataclass
class Truck:
    """A truck at a dock: of which lane, since when, with what; and when its door is free again."""

    lane: TruckLane
    arrived: int
    goods: Goods
    until: int = 0


class ScalarCarrier:
    """A fleet; ``away`` counts the trucks that are not at home."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self.spec = spec
        self.away = 0
        self.back = Queue()
        self.lanes: list[TruckLane] = []

    def home(self, trucks: int, time: int) -> None:
        if time == 0:
            self.away -= trucks
        else:
            self.back.put("trucks", trucks, time)

    def advance(self) -> None:
        self.back.advance()
        self.away -= int(self.back.due()["trucks"])

    def at_home(self) -> float:
        trucks: float | None = self.spec["fleet"].get("trucks")
        return math.inf if trucks is None else max(trucks - self.away, 0)


def rationed(wishes: list[int], free: float) -> list[int]:
    """Whole trucks in proportion to the wishes: the sums so far, rounded down."""
    total, so_far, given = sum(wishes), 0, []
    for wish in wishes:
        before = so_far if total <= free else math.floor(so_far * free / total + TINY)
        so_far += wish
        given.append((so_far if total <= free else math.floor(so_far * free / total + TINY)) - before)
    return given


class TruckLane(ScalarLane):
    """A lane on which trucks run; loads wait in the order in which they came."""

    def __init__(self, spec: dict[str, Any], market: bool, carrier: ScalarCarrier, weights: dict[str, float]) -> None:
        super().__init__(spec, market)
        self.carrier, self.weights = carrier, weights
        self.dock: ScalarDock | None = None
        self.came: deque[list[float]] = deque()  # [period, load], the oldest first
        self.left_behind, self.loaded = nothing(), nothing()
        self.wheels = Queue()
        self.departed = self.on_road = self.queueing = 0
        self.moved = self.freight = self.haulage = 0.0
        for slot, goods in enumerate(self.road.slots):
            trucks = math.ceil(self.load(goods) / self.capacity - TINY)
            self.wheels.put("trucks", trucks, slot)
            self.on_road += trucks
            carrier.away += trucks

    @property
    def capacity(self) -> float:
        return float(self.carrier.spec["fleet"]["capacity"])

    def load(self, goods: Goods) -> float:
        return sum(goods[product] * self.weights[product] for product in self.products)

    def way_back(self) -> int:
        time = self.spec["travel_time"]
        longest, shortest = (max(time["values"]), min(time["values"])) if isinstance(time, dict) else (time, time)
        back = self.carrier.spec["fleet"].get("return_time")
        back = longest if back is None else back
        return max(back, 1) if shortest == 0 else int(back)

    def advance(self, frozen: bool) -> None:
        super().advance(frozen)
        if not frozen:
            self.wheels.advance()

    # -- leaving --------------------------------------------------------------------------------------------------

    def trucks_wanted(self, period: int, stopped: bool) -> int:
        """Decide how many trucks should leave."""
        waiting = self.load(self.aside)
        self.came.append([period, waiting - self.load(self.left_behind)])
        return 0 if stopped or not self._open(period) else self._wanted(waiting, period)

    def send(self, trucks: int) -> None:
        """Let so many trucks leave: take the oldest goods, and charge."""
        waiting = self.load(self.aside)
        self.departed = trucks
        self.carrier.away += self.departed
        self.moved = min(self.departed * self.capacity, waiting)
        self._take_oldest(self.moved)
        self._take_goods(waiting)
        self.freight, self.haulage = (self._price(self.carrier.spec.get(key, {})) for key in ("tariff", "costs"))

    def _open(self, period: int) -> bool:
        calendar, rule = self.carrier.spec.get("calendar"), self.carrier.spec.get("dispatch", {})
        if calendar is not None:
            pattern = calendar["pattern"]
            if not pattern[(period + calendar["phase"]) % len(pattern)]:
                return False
        phase = rule.get("phase", 0)
        return "every" not in rule or (period >= phase and (period - phase) % rule["every"] == 0)

    def _wanted(self, waiting: float, period: int) -> int:
        rule, capacity = self.carrier.spec.get("dispatch", {}), self.capacity
        if "every" in rule:
            return math.ceil(waiting / capacity - TINY)
        full = math.floor(waiting / capacity + TINY)
        rest = waiting - full * capacity
        too_old = 0.0
        if "longest_wait" in rule:
            too_old = sum(load for came, load in self.came if period - came >= rule["longest_wait"])
        leaves = rest >= rule.get("threshold", 1.0) * capacity - TINY * capacity
        leaves = leaves or too_old > full * capacity + TINY * capacity
        return full + (leaves and rest > TINY * capacity)

    def _take_oldest(self, load: float) -> None:
        while self.came and load > 0:
            taken = min(load, self.came[0][1])
            self.came[0][1] -= taken
            load -= taken
            if self.came[0][1] > 0:
                break
            self.came.popleft()

    def _take_goods(self, waiting: float) -> None:
        """What was left behind goes first, then what came since, each in its mix."""
        old = self.load(self.left_behind)
        of_old = min(1.0, self.moved / old) if old > 0 else 0.0
        of_new = max(0.0, self.moved - old) / (waiting - old) if waiting - old > 0 else 0.0
        for product in self.products:
            before = self.left_behind[product]
            taken = before * of_old + (self.aside[product] - before) * of_new
            self.loaded[product] = self.aside[product] if self.moved >= waiting else taken
        for product in self.products:
            self.left_behind[product] = self.aside[product] - self.loaded[product]

    def _price(self, tariff: dict[str, Any]) -> float:
        """Truck by truck, full but for the last one."""
        money, left = 0.0, self.moved
        for _ in range(self.departed):
            load = min(self.capacity, left)
            left -= load
            reached = [row["price"] for row in tariff.get("brackets", []) if load >= row["from_load"]]
            price = [tariff.get("unit", 0.0), *reached][-1]
            money += max(tariff.get("departure", 0.0) + price * load, tariff.get("minimum", 0.0))
        return money

    def dispatch(self, period: int, stopped: bool) -> None:
        for product in self.products:
            self.shipped[product] = self.loaded[product]
            self.aside[product] -= self.shipped[product]
            self.road.put(product, self.shipped[product], self.travel(period))
        self.wheels.put("trucks", self.departed, self.travel(period))
        self.on_road += self.departed

    # -- arriving -------------------------------------------------------------------------------------------------

    def arrive(self, stopped: bool, period: int) -> Goods:
        """Trucks go to the dock, or are empty at once; what comes in is returned."""
        goods, trucks = self.road.due(), int(self.wheels.due()["trucks"])
        self.on_road -= trucks
        self.received = nothing()
        if self.dock is None:
            self.carrier.home(trucks, self.way_back())
            return self.take_in(goods, stopped)
        self.queueing += trucks
        for truck in self._split(goods, trucks):
            self.dock.queue.append(Truck(self, period, truck))
        for product in self.products:
            self.at_dock[product] += goods[product]
        return self.take_in(nothing(), stopped)

    def _split(self, goods: Goods, trucks: int) -> list[Goods]:
        """Trucks of a lane that arrive together: full but for the last, in the same mix."""
        whole = self.load(goods)
        found: list[Goods] = []
        left = whole
        for number in range(trucks):
            load = left if number == trucks - 1 else min(self.capacity, left)
            left -= load
            found.append(
                defaultdict(float, {product: goods[product] * load / whole if whole else 0.0 for product in goods})
            )
        return found

    def take_in(self, goods: Goods, stopped: bool) -> Goods:
        came = nothing()
        for product in self.products:
            self.gate[product] += goods[product]
            came[product] = 0.0 if stopped else self.gate[product]
            self.gate[product] -= came[product]
            self.received[product] += came[product]
            if not self.market:
                self.on_order[product] -= came[product]
        return came

    def quantities(self, product: str) -> dict[str, float]:
        return super().quantities(product) | {"at_dock": self.at_dock[product]}


class ScalarDock:
    """Doors, and a line of trucks before them."""

    def __init__(self, site: ScalarSite, lanes: list[TruckLane]) -> None:
        self.site, self.lanes = site, lanes
        self.queue: deque[Truck] = deque()
        self.doors: list[Truck] = []
        self.started = self.waited = 0
        for lane in lanes:
            lane.dock = self

    def open(self, period: int) -> None:
        """Free doors take the first of the line, each for its time."""
        spec = self.site.spec["docks"]["inbound"]
        window = self.site.spec.get("receiving_window")
        self.doors = [truck for truck in self.doors if truck.until > period]
        self.started = self.waited = 0
        if window is not None:
            pattern = window["calendar"]["pattern"]
            if not pattern[(period + window["calendar"].get("phase", 0)) % len(pattern)]:
                return
        while self.queue and len(self.doors) < spec.get("slots", spec.get("doors")):
            truck = self.queue.popleft()
            time = 1 if "slots" in spec else spec.get("time", 1)
            truck.until = period + (spec["drawn"][period][self.started] if isinstance(time, dict) else time)
            self.doors.append(truck)
            self.started += 1
            self.waited += period - truck.arrived
            truck.lane.queueing -= 1

    def empty_now(self, lane: TruckLane, period: int) -> list[Truck]:
        """The trucks of a lane in the last period of their unloading."""
        return [truck for truck in self.doors if truck.lane is lane and truck.until == period + 1]


class TruckWorld(ScalarWorld):
    """The second simulator with carriers and docks."""

    def __init__(self, world: dict[str, Any]) -> None:
        self.carriers = {spec["name"]: ScalarCarrier(spec) for spec in world["carriers"]}
        self.weights = {product["name"]: product for product in world["products"]}
        super().__init__(world)
        for spec in self.world["carriers"]:
            self.carriers[spec["name"]].spec = spec  # the copy, in which interventions happen
        self.docks = [
            ScalarDock(site, [lane for lane in site.suppliers if isinstance(lane, TruckLane)])
            for site in self.sites.values()
            if "docks" in site.spec
        ]

    def lane_of(self, spec: dict[str, Any], market: bool) -> ScalarLane:
        if "carrier" not in spec:
            return super().lane_of(spec, market)
        carrier = self.carriers[spec["carrier"]]
        by = carrier.spec["fleet"].get("load_by", "units")
        weights = {product: 1.0 if by == "units" else self.weights[product][by] for product in spec["products"]}
        lane = TruckLane(spec, market, carrier, weights)
        carrier.lanes.append(lane)
        return lane

    def groups(self) -> list[list[ScalarSite]]:
        """Sites that act together: all, or level by level where something arrives in the period in which it leaves."""
        at_once = [lane for lane in self.lanes if not lane.market or isinstance(lane, TruckLane)]
        if not any(_shortest(lane) == 0 for lane in at_once):
            return [self.upstream_first]
        depth: dict[str, int] = {}
        for site in self.upstream_first:
            depth[site.spec["name"]] = max((depth[lane.spec["from"]] + 1 for lane in site.suppliers), default=0)
        levels: dict[int, list[ScalarSite]] = defaultdict(list)
        for site in self.sites.values():
            levels[depth[site.spec["name"]]].append(site)
        return [levels[level] for level in sorted(levels)]

    def serve_then_order(self) -> None:
        self._demand(book=True)
        self._day()
        for site in self.upstream_first[::-1]:
            self._order(site)

    def order_then_serve(self) -> None:
        self._demand(book=False)
        for site in self.upstream_first[::-1]:
            self._book(site)
            self._order(site)
        self._day()

    def order_first(self) -> None:
        for site in self.upstream_first[::-1]:
            self._book(site)
            self._order(site)
        for site in self.upstream_first:
            self._pick(site, [lane for lane in site.customers if not lane.market])
        self._load(self.upstream_first)
        self._dispatch([lane for lane in self.lanes if not lane.market or isinstance(lane, TruckLane)])
        for step in (self._receive, self._unload, self._produce):
            for site in self.upstream_first:
                step(site)
        self._markets_receive()
        self._demand(book=False)
        for site in self.upstream_first:
            self._pick(site, [lane for lane in site.customers if lane.market])
        self._dispatch([lane for lane in self.lanes if lane.market and not isinstance(lane, TruckLane)])

    def _day(self) -> None:
        groups = self.groups()
        if len(groups) == 1:
            self._markets_receive()
        for sites in groups:
            for step in (self._receive, self._unload, self._produce):
                for site in sites:
                    step(site)
            for site in sites:
                self._pick(site, site.customers)
            self._load(sites)
            self._dispatch([lane for site in sites for lane in site.customers])
        if len(groups) > 1:
            self._markets_receive()

    def _begin(self) -> None:
        super()._begin()
        if self.period > 0:
            for carrier in self.carriers.values():
                carrier.advance()

    def _load(self, sites: list[ScalarSite]) -> None:
        """Every carrier sends its trucks to the lanes from these sites, which take turns to come first."""
        names = [site.spec["name"] for site in sites]
        for carrier in self.carriers.values():
            lanes = [lane for lane in carrier.lanes if lane.spec["from"] in names]
            turn = [lanes[(self.period + place) % len(lanes)] for place in range(len(lanes))]
            wishes = [lane.trucks_wanted(self.period, self.out("shipping", lane=lane)) for lane in turn]
            for lane, trucks in zip(turn, rationed(wishes, carrier.at_home()), strict=True):
                lane.send(trucks)

    def _dispatch(self, lanes: list[ScalarLane]) -> None:
        for lane in lanes:
            lane.dispatch(self.period, self.out("shipping", lane=lane))

    def _receive(self, site: ScalarSite) -> None:
        for lane in site.suppliers:
            stopped = self.out("receiving", lane=lane)
            came = lane.arrive(stopped, self.period) if isinstance(lane, TruckLane) else lane.receive(stopped)
            self._put(site, came)

    def _put(self, site: ScalarSite, goods: Goods) -> None:
        for product, amount in goods.items():
            (site.store if site.kind == "factory" else site.stock)[product] += amount

    def _markets_receive(self) -> None:
        for lane in self.lanes:
            if lane.market and isinstance(lane, TruckLane):
                lane.arrive(False, self.period)
            elif lane.market:
                lane.receive(stopped=False)

    def _unload(self, site: ScalarSite) -> None:
        for dock in (dock for dock in self.docks if dock.site is site):
            dock.open(self.period)
            for lane in dock.lanes:
                trucks = dock.empty_now(lane, self.period)
                lane.carrier.home(len(trucks), lane.way_back())
                for truck in trucks:
                    for product in lane.products:
                        lane.at_dock[product] -= truck.goods[product]
                    self._put(site, lane.take_in(truck.goods, self.out("receiving", lane=lane)))

    def _note(self) -> None:
        super()._note()
        for lane in self.lanes:
            if isinstance(lane, TruckLane):
                for quantity in ("departed", "moved", "on_road", "queueing", "freight", "haulage"):
                    self.record["trucks", lane.spec["name"], "", quantity].append(getattr(lane, quantity))
        for name, carrier in self.carriers.items():
            self.record["carrier", name, "", "away"].append(carrier.away)
        for dock in self.docks:
            now = {"waiting": len(dock.queue), "admitted": dock.started, "waited": dock.waited, "busy": len(dock.doors)}
            for quantity, count in now.items():
                self.record["dock", dock.site.spec["name"], "", quantity].append(count)
        for line, amount in self._truck_money().items():
            self.money[line].append(amount)

    def _truck_money(self) -> dict[tuple[str, str], float]:
        found: dict[tuple[str, str], float] = defaultdict(float)
        for name, carrier in self.carriers.items():
            fleet = carrier.spec["fleet"]
            found[name, "fleet"] += fleet.get("period_cost", 0.0) * fleet.get("trucks", 0)
            for lane in carrier.lanes:
                payer = "to" if lane.spec.get("transit_payer") == "to" else "from"
                found[name, "haulage"] += lane.haulage
                found[lane.spec[payer], "freight"] += lane.freight
                found[lane.spec["to"], "detention"] += carrier.spec.get("detention_cost", 0.0) * lane.queueing
        return found


def _shortest(lane: ScalarLane) -> int:
    time = lane.spec["travel_time"]
    return int(min(time["values"])) if isinstance(time, dict) else int(time)
