"""Random worlds: ordinary scenarios of every kind that the schema knows, valid by construction.

A world is a few products, some of them made from others, and a directed network of suppliers, factories, warehouses
and markets, in which every lane has something to carry, everything wanted can be had and nobody serves nobody. All
else is drawn freely, overloads and absurd stocks included.
"""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import strategies as st
from ripieno.model.schema import Scenario, parse

from . import parts
from .agreements import agree

MAGNITUDES = (1e-6, 1e-3, 1.0, 1.0, 1.0, 1.0, 1e3, 1e9)
SEQUENCES = ("serve-then-order", "order-then-serve", "order-first")
PERIODS = 20

Table = dict[str, Any]


def worlds(*, periods: int = PERIODS, returns: bool = True) -> st.SearchStrategy[Scenario]:
    """Scenarios; with ``returns`` some of them let goods go back to where they came from."""
    draws = st.randoms(use_true_random=False)
    return draws.map(lambda draw: parse(WorldMaker(draw, periods, returns).world()))


def world_number(number: int, *, periods: int = PERIODS, returns: bool = True) -> Scenario:
    """One of these worlds, always the same for a number."""
    return parse(WorldMaker(Random(number), periods, returns).world())


class WorldMaker:
    """Draws one world, from the suppliers down to the markets."""

    def __init__(self, draw: Random, periods: int, returns: bool) -> None:
        self.draw = draw
        self.periods = periods
        self.returns = returns and draw.random() < 0.1
        self.mean = 10.0 * draw.choice(MAGNITUDES)
        self.raw = [f"r{i}" for i in range(draw.randint(1, 3))]
        self.made: list[str] = []
        self.offers: dict[str, list[str]] = {}
        self.serving: set[str] = set()
        self.tables: dict[str, list[Table]] = {
            which: [] for which in ("suppliers", "factories", "warehouses", "markets", "lanes", "outages")
        }

    def world(self) -> Table:
        """The scenario as a file would hold it."""
        for i in range(self.draw.randint(1, 2)):
            self.add_supplier(f"S{i}", self.raw if i == 0 else self.some(self.raw))
        for i in range(self.draw.choice((0, 0, 1, 2))):
            self.add_factory(f"F{i}")
        for i in range(self.draw.randint(1, 4)):
            self.add_warehouse(f"W{i}")
        for i in range(self.draw.randint(1, 3)):
            self.add_market(f"M{i}", self.draw.sample(sorted(self.offers), self.draw.choice((1, 1, 2))))
        for site in sorted(set(self.offers) - self.serving):
            self.add_market(f"Rest {site}", [site])
        self.add_outages()
        values = {name: {"value": round(self.draw.uniform(0, 9), 2)} for name in [*self.raw, *self.made]}
        table = {
            "name": "random",
            "periods": self.periods,
            "warm_up": self.draw.choice((0, 0, 5, 17)),
            "seed": self.draw.randint(0, 999),
            "sequence": self.draw.choice(SEQUENCES),
            "products": [{"name": name, **more} for name, more in values.items()],
            **self.tables,
            "interventions": self.interventions(),
        }
        self.add_production()  # last, so that what is drawn before stays as it was
        agree(self.draw, table)
        return table

    # -- sites --------------------------------------------------------------------------------------------------

    def add_supplier(self, name: str, products: list[str]) -> None:
        table = self.costs(name) | {"products": products, "unit_cost": self.price()}
        self.maybe(table, "capacity", self.mean * self.draw.choice((0.5, 2.0, 20.0)))
        if self.draw.random() < 0.3:
            table |= {"policy": parts.policy(self.draw, self.mean), "lead_time": self.draw.randint(0, 3)}
        else:
            del table["orders"]  # without a policy it orders nothing
        self.tables["suppliers"].append(table)
        self.offers[name] = products

    def add_factory(self, name: str) -> None:
        """A factory of one or two new products, made of what the sites before it offer, or of nothing."""
        offered = sorted({product for offer in self.offers.values() for product in offer})
        bill = {}
        for _ in range(self.draw.randint(1, 2)):
            product = f"p{len(self.made)}"
            self.made.append(product)
            chosen = [] if self.draw.random() < 0.1 else self.some(offered)[:3]
            bill[product] = {part: self.draw.choice((0.3, 1.0, 2.0)) for part in chosen}
        needed = dict.fromkeys(part for table in bill.values() for part in table)
        for part in needed:
            self.add_lane(self.draw.choice([site for site, offer in self.offers.items() if part in offer]), name, part)
        table = self.costs(name) | {
            "bill": bill,
            "lead_time": self.draw.randint(0, 3),
            "unit_cost": self.price(),
            "input_holding_cost": self.price(),
            "initial_inputs": self.amount(),
        }
        self.maybe(table, "capacity", self.mean * self.draw.choice((0.5, 2.0, 20.0)))
        self.maybe(table, "usage", {next(iter(bill)): 2.0})
        self.maybe(table, "policy", parts.policy(self.draw, self.mean))
        self.maybe(table, "initial_orders", self.amount())
        if table["lead_time"]:
            self.maybe(table, "initial_work", self.amount())
        if needed:
            self.maybe(table, "buy", parts.policy(self.draw, 2 * self.mean))
        self.tables["factories"].append(table)
        self.offers[name] = list(bill)

    def add_warehouse(self, name: str) -> None:
        origins = self.draw.sample(sorted(self.offers), min(len(self.offers), self.draw.choice((1, 1, 2, 3))))
        if self.draw.random() < 0.1:
            origins = [*origins, origins[0]]
        arriving: list[str] = []
        for origin in origins:
            arriving += self.add_lane(origin, name)
        table = self.costs(name) | {"policy": parts.policy(self.draw, self.mean)}
        if self.draw.random() < 0.15:
            table |= {"storage": self.mean * 12, "initial_stock": self.mean * self.draw.choice((0.0, 1.0))}
            table["orders"] = table["orders"] | {"clip_to_storage": True}
        self.tables["warehouses"].append(table)
        self.offers[name] = list(dict.fromkeys(arriving))

    def costs(self, name: str) -> Table:
        """The keys that all sites share."""
        orders = parts.order_rules(self.draw, self.mean, of_site=True)
        if self.returns and "minimum" not in orders:
            orders["returns"] = True
        return {
            "name": name,
            "owner": self.draw.choice((name, "Holding")),
            "holding_cost": self.price(),
            "backlog_cost": self.price(),
            "lost_cost": self.price(),
            "initial_stock": self.amount(),
            "allocation": parts.allocation(self.draw),
            "sourcing": parts.sourcing(self.draw),
            "orders": orders,
        }

    # -- production ----------------------------------------------------------------------------------------------

    def add_production(self) -> None:
        """How suppliers and factories make and sell their goods."""
        for supplier in self.tables["suppliers"]:
            self.add_supply_rules(supplier)
        for factory in self.tables["factories"]:
            self.add_shop_rules(factory)
        for factory in self.tables["factories"]:
            self.reserve(factory)

    def add_making_rules(self, table: Table, products: list[str], room: float) -> None:
        """Lots that fit into ``room``, setups and campaigns."""
        self.maybe(table, "lot", room * self.draw.choice((0.1, 0.3)))
        self.maybe(table, "setup_cost", self.price())
        if self.draw.random() < 0.2:
            order = self.draw.sample(products, len(products))
            cycle = len(products) + self.draw.randint(0, 3)
            table["campaign"] = {"order": order, "cycle": cycle, "phase": self.draw.randint(0, 5)}

    def add_supply_rules(self, table: Table) -> None:
        """What may be special about a supplier: how it makes things, when, how well, and at which prices."""
        if self.draw.random() < 0.4:
            return
        self.add_making_rules(table, table["products"], min(table.get("capacity", self.mean), 4 * self.mean))
        self.maybe(table, "availability", {"mean_up": 4.0, "mean_down": self.draw.choice((1.0, 2.5))})
        self.maybe(table, "yield_rate", self.draw.choice(({"mean": 0.9}, {"mean": 0.7, "deviation": 0.15})))
        lanes = [lane for lane in self.tables["lanes"] if lane["from"] == table["name"]]
        if lanes and not self.returns and self.draw.random() < 0.4:
            table["price_breaks"] = [
                {"quantity": self.mean * 0.5, "price": 3.0},
                {"quantity": self.mean * 3.0, "price": dict.fromkeys(table["products"], 1.5)},
            ]
            for lane in lanes:
                lane["price"] = 4.0

    def add_shop_rules(self, table: Table) -> None:
        """What may be special about a factory."""
        if self.draw.random() < 0.3:
            return
        capacity = table.get("capacity")
        self.add_making_rules(table, list(table["bill"]), self.mean if capacity is None else capacity)
        if capacity is not None and self.draw.random() < 0.5:
            table["setup_time"] = self.draw.choice((0.05, 0.3))
        if capacity is not None and self.draw.random() < 0.7:
            table["overtime"] = {"capacity": capacity * 0.4, "unit_cost": self.price()}

    def reserve(self, table: Table) -> None:
        """Sell some of the capacity of a factory to the owner of a customer."""
        if self.draw.random() < 0.5 or any(rule in table for rule in ("lot", "setup_time", "setup_cost")):
            return
        lanes = [lane for lane in self.tables["lanes"] if lane["from"] == table["name"]]
        makers = {site["name"]: site["owner"] for which in ("factories", "warehouses") for site in self.tables[which]}
        served = [
            market for market in self.tables["markets"] for link in market["sites"] if link["site"] == table["name"]
        ]
        owners = [makers[lane["to"]] for lane in lanes] + [market["name"] for market in served]
        others = sorted(set(owners) - {table["owner"]})
        if not others:
            return
        share = self.draw.choice((0.2, 0.5, 1.0)) / min(len(others), 2)
        table["reserved"] = [{"owner": owner, "share": share, "fee": self.price()} for owner in others[:2]]
        for entry in [*lanes, *served]:
            entry["partial"] = True

    # -- lanes and markets ---------------------------------------------------------------------------------------

    def add_lane(self, origin: str, destination: str, part: str = "") -> list[str]:
        """A lane, which carries a part at least; returns all that it carries as far as it is known here."""
        offer = self.offers[origin]
        carried = [part] if part else self.some(offer)
        time = parts.travel_time(self.draw)
        table = {
            "name": f"{origin}->{destination}/{len(self.tables['lanes'])}",
            "from": origin,
            "to": destination,
            "products": carried,
            "travel_time": time,
            "order_delay": self.draw.choice((0, 0, 1, 2)),
            "transit_cost": self.price(),
            "transit_payer": self.draw.choice(("from", "to")),
            "price": self.price(),
            "share": self.draw.choice((1.0, 1.0, 2.5)) + len(self.tables["lanes"]) / 64,  # no lane is like another
            "unmet": self.draw.choice(("backlog", "backlog", "lost")),
            "partial": self.draw.random() < 0.85,
            "orders": parts.order_rules(self.draw, self.mean, of_site=False),
        }
        self.maybe(table, "capacity", self.mean * self.draw.choice((0.3, 1.5)))
        self.maybe(table, "priority", self.draw.randint(1, 3))
        if not isinstance(time, int) or time:
            self.maybe(table, "initial_in_transit", self.amount())
        if table["order_delay"]:
            self.maybe(table, "initial_orders", self.amount())
        self.maybe(table, "initial_backlog", self.amount())
        self.tables["lanes"].append(table)
        self.serving.add(origin)
        return carried

    def add_market(self, name: str, sites: list[str]) -> None:
        self.serving |= set(sites)
        wanted = self.some(list(dict.fromkeys(product for site in sites for product in self.offers[site])))
        sites = [site for site in sites if set(self.offers[site]) & set(wanted)]
        links = [
            {"site": site, "share": self.draw.choice((1.0, 0.3)), "travel_time": self.draw.choice((0, 0, 0, 2))}
            for site in sites
        ]
        self.tables["markets"].append(
            {
                "name": name,
                "demand": {product: parts.demand(self.draw, self.mean) for product in wanted},
                "sites": links,
                "unmet": self.draw.choice(("backlog", "lost")),
                "partial": self.draw.random() < 0.8,
                "split": self.draw.choice(("share", "priority")),
                "price": self.price(),
                "initial_backlog": self.amount(),
                "demand_factor": self.draw.choice((1.0, 1.0, 0.5, 3.0)),
            }
        )
        self.serving -= {site for site in self.offers if not self._serves(site)}

    def _serves(self, site: str) -> bool:
        links = [link["site"] for market in self.tables["markets"] for link in market["sites"]]
        return site in links or any(lane["from"] == site for lane in self.tables["lanes"])

    # -- what happens to them ------------------------------------------------------------------------------------

    def add_outages(self) -> None:
        lanes = [lane["name"] for lane in self.tables["lanes"]]
        links = [f"{link['site']}->{market['name']}" for market in self.tables["markets"] for link in market["sites"]]
        makers = [table["name"] for which in ("suppliers", "factories") for table in self.tables[which]]
        buyers = [table["name"] for which in ("factories", "warehouses") for table in self.tables[which]]
        for i in range(self.draw.choice((0, 0, 1, 2, 4))):
            place = self.draw.choice(
                (
                    {"site": self.draw.choice(makers), "kind": "production"},
                    {"site": self.draw.choice(buyers), "kind": self.kind()},
                    {"lane": self.draw.choice(lanes), "kind": self.kind()},
                    {"lane": self.draw.choice(links), "kind": self.draw.choice(("shipping", "transit"))},
                )
            )
            self.tables["outages"].append({"name": f"outage {i}"} | place | parts.when(self.draw))

    def kind(self) -> str:
        return self.draw.choice(("ordering", "shipping", "transit", "receiving"))

    def interventions(self) -> list[Table]:
        """Some dated changes of numbers that every world has."""
        market, lane = self.draw.choice(self.tables["markets"]), self.tables["lanes"][0]
        keys = {
            f"markets.{market['name']}.demand_factor": 2.5,
            f"markets.{market['name']}.price": self.price(),
            f"lanes.{lane['name']}.transit_cost": self.price(),
            f"warehouses.{self.tables['warehouses'][0]['name']}.holding_cost": self.price(),
            f"warehouses.{self.tables['warehouses'][0]['name']}.backlog_cost": 0.0,
        }
        return [
            {"at": self.draw.randint(1, 9), "set": {key: keys[key]}, **self.draw.choice(({}, {"until": 12}))}
            for key in self.draw.sample(sorted(keys), self.draw.choice((0, 0, 1, 2)))
        ]

    # -- numbers -------------------------------------------------------------------------------------------------

    def some(self, items: list[str]) -> list[str]:
        """A part of a list, at least one item, in its order."""
        chosen = self.draw.sample(items, self.draw.randint(1, len(items)))
        return [item for item in items if item in chosen]

    def amount(self) -> float:
        """Units, none at times and many at others."""
        return self.mean * self.draw.choice((0.0, 0.0, 1.3, 6.0, 40.0))

    def price(self) -> float:
        return self.draw.choice((0.0, 0.25, 1.0, 3.0))

    def maybe(self, table: Table, key: str, value: Any) -> None:
        """Set a key in one world out of three."""
        if self.draw.random() < 0.35:
            table[key] = value
