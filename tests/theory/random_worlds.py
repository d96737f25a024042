"""Random scenarios as plain data, with every key that the second simulator reads."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

Spec = dict[str, Any]
PERIODS = 30


class Draw:
    """Random numbers for a world: quantities in quarters of a unit, which floats add up exactly."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.step = self.random.choice([1.0, 0.25])

    def amount(self, low: float, high: float) -> float:
        return self.step * self.random.randint(int(low / self.step), int(high / self.step))

    def often(self, share: float) -> bool:
        return self.random.random() < share

    def one(self, *values: Any) -> Any:
        return self.random.choice(values)


def world(seed: int, sequence: str) -> Spec:
    """A world of one of several shapes, with settings drawn at random."""
    draw = Draw(seed)
    shape: Callable[[Draw], Spec] = draw.one(distribution, distribution, assembly, assortment)
    found: Spec = {"name": f"random-{seed}", "periods": PERIODS, "sequence": sequence, **shape(draw)}
    found["outages"] = [outage(draw, found) for _ in range(draw.one(0, 1, 2, 3))]
    if draw.often(0.5):
        found["interventions"] = [intervention(draw, found)]
    for maker in found["suppliers"]:
        supply_rules(draw, found, maker)
    for factory in found.get("factories", []):
        shop_rules(draw, factory)
        reservations(draw, found, factory)
    return found


def distribution(draw: Draw) -> Spec:
    """One or two suppliers, a depot that may serve a market, two or three shops."""
    one_source = draw.often(0.5)
    suppliers = [supplier(draw, f"S{k}", ["a"]) for k in range(1 if one_source else 2)]
    shops = [f"R{k}" for k in range(draw.one(1, 2, 3))]
    rules = policies(draw, echelon=one_source and draw.often(0.5))
    depot = warehouse(draw, "D", ["a"], rules(40.0 * len(shops)))
    depot["sourcing"] = draw.one("split", "priority", "cheapest", "capacity-aware")
    ends = [warehouse(draw, shop, ["a"], rules(20.0)) for shop in shops]
    lanes = [lane(draw, source["name"], "D", ["a"]) for source in suppliers]
    lanes += [lane(draw, "D", shop, ["a"]) for shop in shops]
    served = [*shops, *(["D"] if draw.often(0.4) else [])]
    markets = [market(draw, f"M{site}", ["a"]) for site in served]
    lanes += [to_market(draw, site, f"M{site}", ["a"]) for site in served]
    if draw.often(0.3) and len(shops) > 1:
        lanes.append(to_market(draw, shops[1], f"M{shops[0]}", ["a"]))  # one market, two sites
    return compose(["a"], suppliers=suppliers, warehouses=[depot, *ends], lanes=lanes, markets=markets)


def assembly(draw: Draw) -> Spec:
    """Two or three parts become one or two products, which a shop and a market of the factory's own want."""
    parts = ["p", "q", "r"][: draw.one(2, 3)]
    products = ["x", "y"][: draw.one(1, 1, 2)]
    bill = {x: {part: draw.one(1.0, 2.0, 0.5) for part in parts if draw.often(0.8) or part == "p"} for x in products}
    used = [part for part in parts if any(part in needs for needs in bill.values())]
    factory: Spec = site(draw, "F", products, policies(draw)(30.0))
    factory |= {
        "bill": bill,
        "lead_time": draw.one(0, 0, 1, 2),
        "usage": draw.one(1.0, 2.0),
        "input_holding_cost": draw.amount(0, 2),
        "unit_cost": draw.amount(0, 3),
        "initial_orders": draw.amount(0, 6),
        "initial_inputs": draw.amount(0, 20),
    }
    if draw.often(0.5):
        factory["capacity"] = draw.amount(12, 30)
    if factory["lead_time"] and draw.often(0.5):
        factory["initial_work"] = draw.amount(0, 5)
    suppliers = [supplier(draw, f"S{part}", [part]) for part in used]
    lanes = [lane(draw, f"S{part}", "F", [part]) for part in used]
    shop = warehouse(draw, "R", products, policies(draw)(20.0))
    lanes += [lane(draw, "F", "R", products), to_market(draw, "R", "M", products)]
    markets = [market(draw, "M", products)]
    if draw.often(0.5):
        markets.append(market(draw, "N", products[:1]))
        lanes.append(to_market(draw, "F", "N", products[:1]))
    goods = [*products, *used]
    return compose(goods, suppliers=suppliers, factories=[factory], warehouses=[shop], lanes=lanes, markets=markets)


def assortment(draw: Draw) -> Spec:
    """Two products; the shop gets one of them from the depot only, the other from the depot and a maker to stock."""
    maker = supplier(draw, "T", ["b"]) | {"policy": policies(draw)(30.0), "lead_time": draw.one(0, 1, 3)}
    suppliers = [supplier(draw, "S", ["a", "b"]), maker]
    depot = warehouse(draw, "D", ["a", "b"], policies(draw)(40.0))
    shop = warehouse(draw, "R", ["a", "b"], policies(draw)(25.0))
    shop["sourcing"] = draw.one("split", "priority", "cheapest", "capacity-aware")
    lanes = [lane(draw, "S", "D", ["a", "b"]), lane(draw, "D", "R", ["a", "b"]), lane(draw, "T", "R", ["b"])]
    lanes += [to_market(draw, "R", "M", ["a", "b"]), to_market(draw, "D", "N", ["a"])]
    markets = [market(draw, "M", ["a", "b"]), market(draw, "N", ["a"])]
    return compose(["a", "b"], suppliers=suppliers, warehouses=[depot, shop], lanes=lanes, markets=markets)


def compose(products: Sequence[str], **lists: list[Spec]) -> Spec:
    return {"products": [{"name": name} for name in products], **lists}


def policies(draw: Draw, echelon: bool = False) -> Callable[[float], Spec]:
    """A maker of policies for sites of a given size."""

    def policy(size: float) -> Spec:
        level = draw.amount(size / 2, size * 1.5)
        if echelon:
            return {"type": "echelon-base-stock", "level": level, "counts": draw.one("demand", "orders")}
        kind = draw.one("base-stock", "base-stock", "s-S", "r-Q", "r-nQ")
        if kind == "base-stock":
            return {"type": kind, "level": level}
        point = level + 0.0101  # no position falls on it, so that no comparison hangs on the last bit
        if kind == "s-S":
            return {"type": kind, "reorder_point": point, "level": level + draw.amount(1, size / 2)}
        return {"type": kind, "reorder_point": point, "lot": draw.amount(size / 4, size / 2)}

    return policy


def site(draw: Draw, name: str, products: list[str], policy: Spec | None) -> Spec:
    found: Spec = {
        "name": name,
        "products": products,
        "holding_cost": draw.amount(0, 3),
        "backlog_cost": draw.amount(0, 9),
        "lost_cost": draw.amount(0, 9),
        "initial_stock": draw.amount(0, 40),
        "allocation": draw.one("priority", "priority", "proportional", "first-come"),
    }
    if policy is not None:
        found |= {"policy": policy, "orders": order_rules(draw, site=True)}
    return found


def supplier(draw: Draw, name: str, products: list[str]) -> Spec:
    found = site(draw, name, products, None) | {"unit_cost": draw.amount(0, 3)}
    found["initial_stock"] = draw.one(0.0, 0.0, draw.amount(0, 30))
    return found | ({"capacity": draw.amount(8, 30)} if draw.often(0.4) else {})


def making_rules(draw: Draw, spec: Spec) -> None:
    """Lots, setups and campaigns."""
    if draw.often(0.3):
        spec["lot"] = draw.one(2.0, 5.0, 7.5)
    if draw.often(0.3):
        spec["setup_cost"] = draw.amount(1, 9)
    if draw.often(0.3):
        order = draw.random.sample(spec["products"], len(spec["products"]))
        spec["campaign"] = {"order": order, "cycle": len(order) + draw.one(0, 1, 3), "phase": draw.one(0, 1, 5)}


def supply_rules(draw: Draw, world: Spec, spec: Spec) -> None:
    """What may be special about a supplier."""
    if draw.often(0.5):
        return
    making_rules(draw, spec)
    if draw.often(0.3):
        spec["availability"] = {"mean_up": 4.0, "mean_down": draw.one(1.0, 2.0)}
    if draw.often(0.3):
        spec["yield_rate"] = draw.one({"mean": 0.75, "deviation": 0.0}, {"mean": 0.5, "deviation": 0.25})
    if draw.often(0.4):
        markets = [market["name"] for market in world["markets"]]
        lanes = [lane for lane in world["lanes"] if lane["from"] == spec["name"] and lane["to"] not in markets]
        spec["price_breaks"] = [{"quantity": 5.0, "price": 4.0}, {"quantity": 15.0, "price": 2.0}]
        for lane in lanes:
            lane["price"] = 4.0 + draw.amount(1, 5)


def shop_rules(draw: Draw, spec: Spec) -> None:
    """What may be special about a factory."""
    if draw.often(0.4):
        return
    making_rules(draw, spec)
    if "capacity" in spec:
        if draw.often(0.5):
            spec["setup_time"] = 0.125
        if draw.often(0.5):
            spec["overtime"] = {"capacity": draw.amount(2, 9), "unit_cost": draw.amount(1, 5)}
        if "lot" in spec:
            spec["lot"] = 5.0  # fits after a setup, at any usage


def reservations(draw: Draw, world: Spec, spec: Spec) -> None:
    """Capacity of a factory that is sold to some of its customers."""
    if draw.often(0.3) or any(rule in spec for rule in ("lot", "setup_cost", "setup_time")):
        return
    lanes = [lane for lane in world["lanes"] if lane["from"] == spec["name"]]
    owners = draw.random.sample(sorted({lane["to"] for lane in lanes}), 1 if len(lanes) == 1 or draw.often(0.5) else 2)
    spec["reserved"] = [{"owner": owner, "share": draw.one(0.25, 0.5), "fee": draw.amount(0, 3)} for owner in owners]
    for lane in lanes:
        lane["partial"] = True


def warehouse(draw: Draw, name: str, products: list[str], policy: Spec) -> Spec:
    return site(draw, name, products, policy)


def order_rules(draw: Draw, site: bool) -> Spec:
    rules: Spec = {}
    if draw.often(0.2):
        rules["minimum"] = draw.amount(3, 9)
    if draw.often(0.2):
        rules["multiple"] = draw.amount(2, 8)
    if draw.often(0.3):
        rules["cap"] = draw.amount(10, 30)
    if draw.often(0.2):
        rules["cost"] = draw.amount(1, 9)
    if site and draw.often(0.1):
        rules["forced"] = [{"until": 4, "quantity": draw.amount(0, 9)}]
    if site and draw.often(0.2):
        rules |= {"review_period": draw.one(2, 3), "phase": draw.one(0, 1)}
    return rules


def between(draw: Draw, start: str, end: str, products: list[str]) -> Spec:
    """What lanes to sites and to markets have in common."""
    found: Spec = {"name": f"{start}->{end}", "from": start, "to": end, "products": products}
    found["unmet"] = draw.one("backlog", "backlog", "lost")
    found["partial"] = not draw.often(0.15)
    if draw.often(0.2):
        found["capacity"] = draw.amount(8, 30)
    if draw.often(0.3):
        found["priority"] = draw.one(1, 2, 3)
    if draw.often(0.3):
        found["initial_backlog"] = draw.amount(0, 8)
    return found


def lane(draw: Draw, start: str, end: str, products: list[str]) -> Spec:
    found = between(draw, start, end, products)
    found["travel_time"] = draw.one(0, 1, 1, 2, 3, {"type": "choice", "values": [1, 2, 4]})
    found["order_delay"] = draw.one(0, 0, 1, 2)
    found |= {"transit_cost": draw.amount(0, 2), "price": draw.amount(0, 9), "share": draw.one(1.0, 1.0, 3.0)}
    found["transit_payer"] = draw.one("from", "to")
    found["orders"] = order_rules(draw, site=False)
    if isinstance(found["travel_time"], dict) or found["travel_time"] > 0:
        slots = 1 if isinstance(found["travel_time"], dict) else found["travel_time"]
        found["initial_in_transit"] = draw.one(0.0, [draw.amount(0, 8) for _ in range(slots)])
    if found["order_delay"]:
        found["initial_orders"] = draw.one(0.0, draw.amount(0, 8))
    return found


def to_market(draw: Draw, start: str, end: str, products: list[str]) -> Spec:
    found = between(draw, start, end, products)
    return found | {"travel_time": draw.one(0, 0, 0, 2), "share": draw.one(1.0, 3.0)}


def market(draw: Draw, name: str, products: list[str]) -> Spec:
    values = [draw.amount(0, 16) for _ in range(PERIODS)]
    found: Spec = {"name": name, "products": products, "demand": {"type": "trace", "values": values}}
    return found | {"price": draw.amount(0, 20), "demand_factor": draw.one(1.0, 1.0, 0.5)}


def outage(draw: Draw, world: Spec) -> Spec:
    kind = draw.one("ordering", "shipping", "transit", "receiving", "production")
    makers = [spec["name"] for many in ("suppliers", "factories") for spec in world.get(many, [])]
    buyers = [spec["name"] for many in ("factories", "warehouses") for spec in world.get(many, [])]
    names = {market["name"] for market in world["markets"]}
    links = [spec["name"] for spec in world["lanes"] if spec["to"] not in names or kind in ("shipping", "transit")]
    if kind == "production":
        found: Spec = {"site": draw.one(*makers)}
    else:
        found = {"site": draw.one(*buyers)} if draw.often(0.5) else {"lane": draw.one(*links)}
    if draw.often(0.5):
        return found | {"kind": kind, "states": [1, *(draw.one(0, 0, 0, 1, 1) for _ in range(draw.one(6, 10, 29)))]}
    return found | {"kind": kind, "start": draw.one(0, 3, 5), "length": draw.one(1, 2, 4), "every": draw.one(4, 9)}


def intervention(draw: Draw, world: Spec) -> Spec:
    """A dated change of a number that every world has."""
    depot = world["warehouses"][0]
    field = "level" if "level" in depot["policy"] else "reorder_point"
    change: Spec = {f"warehouses.{depot['name']}.holding_cost": 5.0}
    if depot["policy"]["type"] != "s-S":
        change[f"warehouses.{depot['name']}.policy.{field}"] = draw.amount(20, 60)
    if draw.often(0.5):
        change[f"markets.{world['markets'][0]['name']}.demand_factor"] = 2.0
    return {"at": 8, "set": change} | ({"until": 15} if draw.often(0.5) else {})
