"""The second simulator at work: what happens when, in each of the three sequences of events."""

from __future__ import annotations

from collections import defaultdict
from copy import deepcopy
from typing import Any

from .scalar_costs import money
from .scalar_production import (
    ONE_BY_ONE,
    Invoices,
    honoured,
    in_turn,
    inspect,
    most,
    one_after_another,
    within_shared_capacity,
)
from .scalar_rules import shares, split, wished
from .scalar_world import ScalarLane, ScalarSite, ordered_by

KINDS = {"suppliers": "supplier", "factories": "factory", "warehouses": "warehouse"}


class ScalarWorld:
    """One run of a scenario; `record` holds what is compared: (agent, partner, product, quantity) -> by period."""

    def __init__(self, world: dict[str, Any]) -> None:
        self.world = deepcopy(world)
        self.sites = {
            spec["name"]: ScalarSite(kind, spec) for many, kind in KINDS.items() for spec in self.world.get(many, [])
        }
        self.markets = {spec["name"]: spec for spec in self.world["markets"]}
        self.lanes = [self.lane_of(spec, spec["to"] in self.markets) for spec in self.world["lanes"]]
        for lane in self.lanes:
            self.sites[lane.spec["from"]].customers.append(lane)
            if not lane.market:
                self.sites[lane.spec["to"]].suppliers.append(lane)
                breaks = self.sites[lane.spec["from"]].spec.get("price_breaks")
                lane.invoices = Invoices(lane, breaks) if breaks else None
        self.upstream_first = self._sorted()
        self.memory: dict[Any, Any] = {}
        self.record: dict[tuple[str, str, str, str], list[float]] = defaultdict(list)
        self.money: dict[tuple[str, str], list[float]] = defaultdict(list)
        self.period = 0

    def lane_of(self, spec: dict[str, Any], market: bool) -> ScalarLane:
        return ScalarLane(spec, market)

    def _sorted(self) -> list[ScalarSite]:
        done: list[str] = []
        while len(done) < len(self.sites):
            for name, site in self.sites.items():
                if name not in done and all(lane.spec["from"] in done for lane in site.suppliers):
                    done.append(name)
        return [self.sites[name] for name in done]

    def run(self) -> ScalarWorld:
        step = {"serve-then-order": self.serve_then_order, "order-then-serve": self.order_then_serve}
        for period in range(self.world["periods"]):
            self.period = period
            self._begin()
            step.get(self.world["sequence"], self.order_first)()
            self._note()
        return self

    # -- sequences ------------------------------------------------------------------------------------------------

    def serve_then_order(self) -> None:
        self._demand(book=True)
        for site in self.upstream_first:
            self._receive(site)
            self._produce(site)
            self._serve(site, site.customers)
        self._markets_receive()
        for site in self.upstream_first[::-1]:
            self._order(site)

    def order_then_serve(self) -> None:
        self._demand(book=False)
        for site in self.upstream_first[::-1]:
            self._book(site)
            self._order(site)
        for site in self.upstream_first:
            self._receive(site)
            self._produce(site)
            self._serve(site, site.customers)
        self._markets_receive()

    def order_first(self) -> None:
        for site in self.upstream_first[::-1]:
            self._book(site)
            self._order(site)
        for site in self.upstream_first:
            self._serve(site, [lane for lane in site.customers if not lane.market])
        for site in self.upstream_first:
            self._receive(site)
            self._produce(site)
        self._markets_receive()
        self._demand(book=False)
        for site in self.upstream_first:
            self._serve(site, [lane for lane in site.customers if lane.market])

    # -- what they are made of ------------------------------------------------------------------------------------

    def out(self, kind: str, lane: ScalarLane | None = None, site: ScalarSite | None = None) -> bool:
        """Whether an outage stops something now: at a lane, at a site, or at all lanes into a site."""
        for outage in self.world.get("outages", []):
            if outage["kind"] == kind and self._down(outage, self.period):
                if lane is not None and outage.get("lane") == lane.spec["name"]:
                    return True
                if lane is not None and outage.get("site") == lane.spec["to"] and kind != "ordering":
                    return True
                if site is not None and outage.get("site") == site.spec["name"]:
                    return True
        return False

    @staticmethod
    def _down(outage: dict[str, Any], period: int) -> bool:
        if "states" in outage:
            return bool(outage["states"][period % len(outage["states"])])
        since = period - outage["start"]
        if since < 0:
            return False
        return bool((since % outage["every"] if "every" in outage else since) < outage["length"])

    def _begin(self) -> None:
        """Time passes: what was frozen in the last period has not moved; then dated changes take effect."""
        if self.period > 0:
            self.period -= 1
            for lane in self.lanes:
                lane.advance(frozen=self.out("transit", lane=lane))
            self.period += 1
            for site in self.sites.values():
                site.made, site.setups, site.scrapped = (defaultdict(float) for _ in range(3))
                site.work.advance()
        for change in self.world.get("interventions", []):
            for key, value in change["set"].items():
                self._intervene(change, key, value)

    def _intervene(self, change: dict[str, Any], key: str, value: float) -> None:
        which, name, *path = key.split(".")
        table: Any = next(entry for entry in self.world[which] if entry["name"] == name)
        for field in path[:-1]:
            table = table[field]
        if self.period == change["at"]:
            change.setdefault("before", {})[key] = table[path[-1]]
            table[path[-1]] = value
        if self.period == change.get("until"):
            table[path[-1]] = change["before"][key]

    def _demand(self, book: bool) -> None:
        for lane in self.lanes:
            if lane.market:
                market = self.markets[lane.spec["to"]]
                shared = [other for other in self.lanes if other.spec["to"] == market["name"]]
                weight = lane.spec.get("share", 1.0) / sum(other.spec.get("share", 1.0) for other in shared)
                for product in lane.products:
                    values = market["demand"]["values"]
                    arises = values[self.period % len(values)] * market.get("demand_factor", 1.0)
                    lane.place(product, arises * weight, self.period, stopped=False)
            elif book:
                lane.book_due()

    def _markets_receive(self) -> None:
        for lane in self.lanes:
            if lane.market:
                lane.receive(stopped=False)

    def _book(self, site: ScalarSite) -> None:
        for lane in site.customers:
            lane.book_due()

    def _receive(self, site: ScalarSite) -> None:
        for lane in site.suppliers:
            for product, amount in lane.receive(self.out("receiving", lane=lane)).items():
                (site.store if site.kind == "factory" else site.stock)[product] += amount

    def _produce(self, site: ScalarSite) -> None:
        """Start what is ordered, within capacity and parts; put on the shelf what is finished."""
        if site.kind == "warehouse" or (site.kind == "supplier" and "policy" not in site.spec):
            return
        wanted = self._may_start(site, site.to_make)
        amounts = dict.fromkeys(site.products, 0.0)
        if any(key in site.spec for key in ONE_BY_ONE):
            site.started = one_after_another(site, wanted)
        else:
            amounts = self._within_capacity(site, wanted)
            needs = {part: sum(amounts[p] * site.bill[p].get(part, 0.0) for p in site.bill) for part in site.parts}
            for p in amounts:
                fits = [min(1.0, site.store[x] / needs[x]) if needs[x] > 0 else 1.0 for x in site.bill.get(p, {})]
                site.started[p] = amounts[p] * min([1.0, *fits])
        for p in amounts:
            for part, units in site.bill.get(p, {}).items():
                site.store[part] -= site.started[p] * units
            site.to_make[p] -= site.started[p]
            site.work.put(p, site.started[p], site.spec.get("lead_time", 0))
        if site.kind == "supplier":
            site.made = site.started
        due = site.work.due()
        for p in amounts:
            site.finished[p] = due[p]
            site.stock[p] += inspect(site, p, due[p], self.period)

    def _may_start(self, site: ScalarSite, wanted: dict[str, float]) -> dict[str, float]:
        """What is wanted of the products whose turn it is, where nothing stands still."""
        absent = site.spec.get("absent", [False])
        if self.out("production", site=site) or absent[self.period % len(absent)]:
            return dict.fromkeys(site.products, 0.0)
        turn = in_turn(site, self.period)
        return {name: wanted[name] if name in turn else 0.0 for name in site.products}

    def _within_capacity(self, site: ScalarSite, amounts: dict[str, float]) -> dict[str, float]:
        """A supplier's capacity is one of each product, a factory's is shared by all alike."""
        if site.kind == "supplier":
            return {p: min(amount, most(site)) for p, amount in amounts.items()}
        return within_shared_capacity(site, amounts, self._reserving(site, site.customers))

    def _serve(self, site: ScalarSite, lanes: list[ScalarLane]) -> None:
        self._pick(site, lanes)
        for lane in lanes:
            lane.dispatch(self.period, self.out("shipping", lane=lane))

    def _pick(self, site: ScalarSite, lanes: list[ScalarLane]) -> None:
        if site.kind == "supplier" and "policy" not in site.spec and lanes:
            self._make_to_order(site, lanes)
        for product in site.products:
            carrying = [lane for lane in lanes if product in lane.products]
            if not carrying:
                continue
            rule = site.spec.get("allocation", "priority")
            got = shares(rule, site.stock[product], carrying, product, self.memory)
            if "reserved" in site.spec:
                got = self._with_reserved(site, product, carrying, got)
            for lane, amount in zip(carrying, got, strict=True):
                lane.set_aside(product, amount)
                site.stock[product] -= amount
        for product in site.products:
            site.unserved[product] = site.owed(product)

    def _reserving(self, site: ScalarSite, lanes: list[ScalarLane]) -> list[tuple[float, list[ScalarLane]]]:
        """The shares of a factory's capacity, each with the lanes to its owner: everybody owns itself here."""
        reserved = site.spec.get("reserved", [])
        return [(entry["share"], [lane for lane in lanes if lane.spec["to"] == entry["owner"]]) for entry in reserved]

    def _with_reserved(self, site: ScalarSite, product: str, lanes: list[ScalarLane], got: list[float]) -> list[float]:
        fresh = min(site.finished[product], site.stock[product])
        due = dict.fromkeys(lanes, 0.0)
        for share, mine in self._reserving(site, lanes):
            asked = sum(lane.wish(product) for lane in mine)
            for lane in mine:
                due[lane] = lane.wish(product) * min(1.0, share * fresh / asked) if asked > 0 else 0.0
        return honoured(got, [lane.wish(product) for lane in lanes], list(due.values()), site.stock[product])

    def _make_to_order(self, site: ScalarSite, lanes: list[ScalarLane]) -> None:
        """A supplier without a policy makes what is owed beyond its stock, at once, up to its capacity."""
        owed = dict.fromkeys(site.products, 0.0)
        for lane in lanes:
            for product in lane.products:
                owed[product] += min(lane.owed[product], lane.spec.get("capacity", float("inf")))
        wanted = {product: max(0.0, owed[product] - site.stock[product]) for product in site.products}
        wanted = self._may_start(site, wanted)
        if any(key in site.spec for key in ONE_BY_ONE):
            made = one_after_another(site, wanted)
        else:
            made = {p: max(0.0, min(amount, most(site) - site.made[p])) for p, amount in wanted.items()}
        for product, amount in made.items():
            site.made[product] += amount
            site.stock[product] += inspect(site, product, amount, self.period)

    def _order(self, site: ScalarSite) -> None:
        for product in site.products:
            site.incoming[product] = sum(lane.booked[product] for lane in site.customers)
        if site.kind == "supplier" and "policy" not in site.spec:
            return
        stopped = self.out("ordering", site=site)
        for product in site.products:
            if "policy" in site.spec:
                wish = wished(site, product, self.echelon(site, product), self.end_demand(site, product))
            else:
                wish = 0.0
            amount = 0.0 if stopped else ordered_by(site.spec.get("orders", {}), wish, self.period)
            site.ordered[product] = amount
            if site.kind == "warehouse":
                self._buy(site, product, amount)
            else:
                site.to_make[product] += amount
        for part in site.parts:
            needed = sum(site.to_make[p] * needs.get(part, 0.0) for p, needs in site.bill.items())
            self._buy(site, part, 0.0 if stopped else max(0.0, needed - site.store[part] - site.buys(part)))

    def _buy(self, site: ScalarSite, product: str, amount: float) -> None:
        for lane, part in zip(site.suppliers, split(site, product, amount), strict=True):
            if product in lane.products:
                lane.place(product, part, self.period, self.out("ordering", lane=lane))

    # -- echelons: what is physically downstream, less what is owed to the markets --------------------------------

    def echelon(self, site: ScalarSite, product: str) -> float:
        position = site.stock[product] + site.on_order(product)
        for lane in site.customers:
            if product not in lane.products:
                continue
            if lane.market:
                position -= lane.owed[product]
            else:
                below = self.sites[lane.spec["to"]]
                under_way = lane.aside[product] + lane.in_transit(product) + lane.at_dock[product] + lane.gate[product]
                position += under_way + self.echelon(below, product) - below.on_order(product)
        return position

    def end_demand(self, site: ScalarSite, product: str) -> float:
        return sum(
            lane.booked[product] if lane.market else self.end_demand(self.sites[lane.spec["to"]], product)
            for lane in site.customers
            if product in lane.products
        )

    # -- what is compared -----------------------------------------------------------------------------------------

    def _note(self) -> None:
        for lane in self.lanes:
            if lane.invoices is not None:
                lane.invoices.note(orders_first=self.world["sequence"] != "serve-then-order")
        for line, amount in money(self.sites, self.lanes, self.markets).items():
            self.money[line].append(amount)
        for site in self.sites.values():
            self._note_site(site)
        for lane in self.lanes:
            for product in lane.products:
                for quantity, amount in lane.quantities(product).items():
                    self.record[lane.spec["from"], lane.spec["to"], product, quantity].append(amount)

    def _note_site(self, site: ScalarSite) -> None:
        name = site.spec["name"]
        for product in site.products:
            for quantity, amounts in site.quantities().items():
                self.record[name, "", product, quantity].append(amounts[product])
        for part in site.parts:
            self.record[name, "", part, "input_stock"].append(site.store[part])
