"""How an instance of another simulator is written as a scenario of this one: stockpyl's networks, OR-Gym's chains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OUTSIDE = "EXT"  # the unlimited supplier, and the outside customer of a node in stockpyl's tables
OUTAGES = {"OP": "ordering", "SP": "shipping", "TP": "transit", "RP": "receiving"}

Instance = Mapping[str, Any]


class StockpylWorld:
    """A network of stockpyl (Snyder 2023) as a scenario.

    - Demand comes first there, and goods move afterwards: the sequence is ``order-then-serve``.
    - Every node makes a product of its own from those of its suppliers. Where no node has several suppliers or needs
      more than one unit, all nodes are warehouses of one product; else every node with suppliers is a factory without
      capacity or lead time.
    - Goods on the way are charged to the shipping node, those from outside to nobody; goods that wait outside a node
      and parts inside it cost the holding rate of the node they come from.
    - "Order just received" comes off an echelon position, where the textbook takes off the demand of the markets.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.nodes: dict[int, Any] = {node["id"]: node for node in instance["nodes"]}
        self.edges: list[list[int]] = instance["edges"]
        self.suppliers = {i: [a for a, b in self.edges if b == i] for i in self.nodes}
        assembles = any(len(suppliers) > 1 for suppliers in self.suppliers.values())
        self.makes = assembles or any(self.units(a, b) != 1 for a, b in self.edges)

    def units(self, part: int, node: int) -> float:
        """Units of a supplier's product in one unit of a node's."""
        return float(self.instance.get("units_per", {}).get(f"{part}->{node}", 1))

    def product(self, node: int) -> str:
        """The product of a node."""
        return f"P{node}" if self.makes or not self.suppliers[node] else self.product(self.suppliers[node][0])

    def scenario(self, name: str) -> dict[str, Any]:
        """The scenario as plain data, as a TOML or JSON file would hold it."""
        sources = [i for i, node in self.nodes.items() if node.get("external_supply")]
        factories = [i for i in self.nodes if self.makes and self.suppliers[i]]
        return {
            "name": name,
            "periods": self.instance["T"],
            "sequence": "order-then-serve",
            "products": [{"name": product} for product in sorted({self.product(i) for i in self.nodes})],
            "suppliers": [{"name": OUTSIDE, "products": sorted({self.product(i) for i in sources})}],
            "warehouses": [self.site(i) for i in self.nodes if i not in factories],
            "factories": [self.site(i) | self.making(i) for i in factories],
            "lanes": [self.from_outside(i) for i in sources] + [self.lane(a, b) for a, b in self.edges],
            "markets": [market(i, values) for i, values in self.instance["demand"].items()],
            "outages": [outage(i, states) for i, states in self.instance.get("disruptions", {}).items()],
        }

    def site(self, i: int) -> dict[str, Any]:
        """What warehouses and factories have in common."""
        node = self.nodes[i]
        site = {
            "name": f"N{i}",
            "products": [self.product(i)],
            "holding_cost": float(node["h"]),
            "backlog_cost": float(node["p"]),
            "initial_stock": float(node["initial_inventory"]),
            "policy": policy(node["policy"]),
        }
        return site | ({"orders": {"cap": float(node["order_capacity"])}} if "order_capacity" in node else {})

    def making(self, i: int) -> dict[str, Any]:
        """What a node with a bill of materials has besides.

        The same number of every part is on the way at the start. Where the bill needs unequal numbers, some parts have
        nothing to go with; stockpyl never takes these into account, and buys exactly the parts of every new order.
        """
        node = self.nodes[i]
        bill = {self.product(a): self.units(a, i) for a in self.suppliers[i]}
        rates = {self.product(a): float(self.nodes[a]["h"]) for a in self.suppliers[i]}
        made: dict[str, Any] = {"bill": {self.product(i): bill}, "input_holding_cost": rates}
        on_order = node.get("initial_shipments", 0) * node["L"] + node.get("initial_orders", 0) * node.get("OL", 0)
        if on_order and len(set(bill.values())) > 1:
            made |= {"buy": "pass-through", "initial_orders": on_order / max(bill.values())}
        return made

    def from_outside(self, i: int) -> dict[str, Any]:
        """The lane of a node that is supplied from outside."""
        return {"from": OUTSIDE, "held_cost": 0.0} | self.into(i)

    def lane(self, a: int, b: int) -> dict[str, Any]:
        """The lane between two nodes."""
        rate = float(self.nodes[a]["h"])
        return {
            "from": f"N{a}", "transit_cost": float(self.nodes[a].get("h_transit", rate)), "held_cost": rate,
        } | self.into(b)  # fmt: skip

    def into(self, i: int) -> dict[str, Any]:
        """What all lanes into a node have in common."""
        node = self.nodes[i]
        return {
            "to": f"N{i}",
            "travel_time": node["L"],
            "order_delay": node.get("OL", 0),
            "initial_in_transit": float(node.get("initial_shipments", 0)),
            "initial_orders": float(node.get("initial_orders", 0)),
        }


def policy(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A replenishment rule of stockpyl."""
    numbers = {name: float(value) for name, value in rule.items() if name != "type"}
    match rule["type"]:
        case "BS":
            return {"type": "base-stock", "level": numbers["S"]}
        case "EBS":
            return {"type": "echelon-base-stock", "level": numbers["S"], "counts": "orders"}
        case "sS":
            return {"type": "s-S", "reorder_point": numbers["s"], "level": numbers["S"]}
        case "rQ":
            return {"type": "r-Q", "reorder_point": numbers["r"], "lot": numbers["Q"]}
        case "STERMAN":
            return {"type": "sterman"} | numbers
    raise ValueError(f"a policy of type {rule['type']!r} has no counterpart here")


def market(node: str, values: list[float]) -> dict[str, Any]:
    """The outside customers of a node."""
    demand = {"type": "trace", "values": [float(value) for value in values]}
    return {"name": f"M{node}", "sites": [f"N{node}"], "demand": demand}


def outage(node: str, disruption: Mapping[str, Any]) -> dict[str, Any]:
    """A disruption with a given list of states."""
    states = [int(state) for state in disruption["states"]]
    return {"site": f"N{node}", "kind": OUTAGES[disruption["type"]], "states": states}


def chain_of_or_gym(instance: Instance, name: str) -> dict[str, Any]:
    """A serial chain of OR-Gym (Hubbs et al. 2020) as a scenario.

    - Orders come first and ship from the opening stock: the sequence is ``order-first``. Orders that a stage places in
      a period are not seen by the others when they order, so they are given as scripts; what ships is up to the
      engine: at most the capacity of the lane, the stock of the supplier and what is owed.
    - Every stage pays its supplier for what is shipped. What is unmet is owed, or lost.
    """
    stages = instance["stages"] - 1
    names = [f"S{k}" for k in range(stages)] + [OUTSIDE]
    unmet, charge = ("backlog", "backlog_cost") if instance["backlog"] else ("lost", "lost_cost")
    penalty = [{charge: float(rate)} for rate in instance["unmet_cost"]]
    warehouses = [
        {
            "name": names[k],
            "initial_stock": float(instance["initial_inventory"][k]),
            "holding_cost": float(instance["holding_cost"][k]),
            "orders": {"script": [float(requested[k]) for requested in instance["requests"]]},
        }
        | penalty[k]
        for k in range(stages)
    ]
    lanes = [
        {
            "from": names[k + 1],
            "to": names[k],
            "travel_time": instance["lead_times"][k],
            "capacity": float(instance["order_capacity"][k]),
            "price": float(instance["unit_cost"][k]),
            "unmet": unmet,
        }
        for k in range(stages)
    ]
    demand = {"type": "trace", "values": [float(value) for value in instance["demand"]]}
    source = {"name": OUTSIDE, "unit_cost": float(instance["unit_cost"][stages])} | penalty[stages]
    customer = {"name": "M", "sites": ["S0"], "unmet": unmet, "price": float(instance["unit_price"][0])}
    return {
        "name": name,
        "periods": instance["T"],
        "sequence": "order-first",
        "suppliers": [source],
        "warehouses": warehouses,
        "lanes": lanes,
        "markets": [customer | {"demand": demand}],
    }
