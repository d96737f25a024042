"""The decision rules of the second simulator: policies, sharing scarce stock, splitting an order."""

from __future__ import annotations

import math
from typing import Any

from .scalar_world import ScalarLane, ScalarSite

AGES = 6  # ages of orders that first-come tells apart
ROUNDING = 1e-9


def wished(site: ScalarSite, product: str, echelon: float, demand: float) -> float:
    """What a policy wants to order."""
    rule = site.spec["policy"]
    position = site.position(product)
    match rule["type"]:
        case "base-stock":
            return float(rule["level"]) - position
        case "echelon-base-stock":
            seen = demand - site.incoming[product] if rule.get("counts") == "orders" else 0.0
            return float(rule["level"]) - echelon - seen
        case "s-S":
            return float(rule["level"]) - position if position <= rule["reorder_point"] else 0.0
        case "r-Q":
            return float(rule["lot"]) if position <= rule["reorder_point"] else 0.0
        case "r-nQ":
            short, lot = float(rule["reorder_point"]) - position, float(rule["lot"])
            return max(math.floor(short / lot) + 1, 0) * lot
    raise AssertionError(rule["type"])


def shares(rule: str, available: float, lanes: list[ScalarLane], product: str, memory: dict[Any, Any]) -> list[float]:
    """How much of what is available each lane gets."""
    if len(lanes) == 1:
        return [alone(available, lanes[0], product)]
    if rule == "priority":
        return one_after_another(available, lanes, product)
    if rule == "proportional":
        return in_parts(available, lanes, product)
    return oldest_first(available, lanes, product, memory)


def alone(available: float, lane: ScalarLane, product: str) -> float:
    wish = lane.wish(product)
    if lane.spec.get("partial", True):
        return min(available, wish)
    return wish if wish <= available else 0.0


def one_after_another(available: float, lanes: list[ScalarLane], product: str) -> list[float]:
    """By rank, those without one last, equal ones in the order of the file."""
    got = {}
    for lane in sorted(lanes, key=lambda lane: lane.spec.get("priority", math.inf)):
        got[lane] = alone(available, lane, product)
        available -= got[lane]
    return [got[lane] for lane in lanes]


def in_parts(available: float, lanes: list[ScalarLane], product: str) -> list[float]:
    return fairly(available, lanes, [lane.wish(product) for lane in lanes])


def fairly(available: float, lanes: list[ScalarLane], wishes: list[float]) -> list[float]:
    """The same part of every wish; those that take all or nothing are served whole from their parts together."""
    whole = [i for i, lane in enumerate(lanes) if not lane.spec.get("partial", True)]
    others = sum(wish for i, wish in enumerate(wishes) if i not in whole)
    part = min(1.0, available / sum(wishes)) if sum(wishes) > 0 else 1.0
    got = [wish * part for wish in wishes]
    if whole:
        pool = available - part * others
        for i in whole:
            got[i] = wishes[i] if wishes[i] <= pool + ROUNDING else 0.0
            pool -= got[i]
        left = available - sum(got[i] for i in whole)
        rest = min(1.0, left / others) if others > 0 else 0.0
        got = [got[i] if i in whole else wish * rest for i, wish in enumerate(wishes)]
    return got


def oldest_first(available: float, lanes: list[ScalarLane], product: str, memory: dict[Any, Any]) -> list[float]:
    """Age by age; what a lane is owed is what it booked last, and what is five periods old or older is one age.

    A lane that takes all or nothing has its turn, for all that it is owed, when its oldest order has.
    """
    queues = [by_age(lane, product, memory) for lane in lanes]
    got = [0.0] * len(lanes)
    for age in range(AGES):
        shares_now = fairly(available, lanes, [queue[age] for queue in queues])
        got = [amount + more for amount, more in zip(got, shares_now, strict=True)]
        available = max(0.0, available - sum(shares_now))
    return got


def by_age(lane: ScalarLane, product: str, memory: dict[Any, Any]) -> list[float]:
    """What a lane wants by the age of its orders, the oldest first."""
    booked = [lane.booked[product], *memory.get((lane, product), [0.0] * AGES)][: AGES - 1]
    memory[lane, product] = booked
    left = max(lane.owed[product], 0.0)
    ages = []
    for amount in booked:
        ages.append(min(amount, left))
        left -= ages[-1]
    ages = [left, *ages[::-1]]
    room = lane.wish(product)
    if not lane.spec.get("partial", True):
        oldest = next((age for age, amount in enumerate(ages) if amount > 0), 0)
        return [room if age == oldest else 0.0 for age in range(AGES)]
    for age, amount in enumerate(ages):
        ages[age] = min(amount, room)
        room -= ages[age]
    return ages


def split(site: ScalarSite, product: str, quantity: float) -> list[float]:
    """The part of an order that goes to each supplier that carries the product."""
    lanes = [lane for lane in site.suppliers if product in lane.products]
    caps = [lane.spec.get("orders", {}).get("cap", math.inf) for lane in lanes]
    rule = site.spec.get("sourcing", "split")
    if rule == "split" or len(lanes) == 1:
        weights = [lane.spec.get("share", 1.0) for lane in lanes]
        parts = [quantity * weight / sum(weights) for weight in weights]
    elif rule == "capacity-aware":
        parts = fill_up(quantity, caps, [lane.on_order[product] for lane in lanes], lanes)
    else:
        ranks = [lane.spec.get("priority", math.inf) for lane in lanes]
        if rule == "cheapest":
            ranks = [offer(lane, min(quantity, cap)) for lane, cap in zip(lanes, caps, strict=True)]
        order = sorted(range(len(lanes)), key=lambda i: ranks[i])
        parts = [0.0] * len(lanes)
        for place, i in enumerate(order):
            last = place == len(order) - 1
            parts[i] = quantity if last else min(quantity, caps[i])
            quantity -= parts[i]
    found = dict(zip(lanes, parts, strict=True))
    return [found.get(lane, 0.0) for lane in site.suppliers]


def offer(lane: ScalarLane, quantity: float) -> float:
    """The price of a unit in an order of that quantity."""
    price = lane.spec.get("price", 0.0) if lane.invoices is None else lane.invoices.price(quantity)
    return float(price)


def fill_up(quantity: float, caps: list[float], busy: list[float], lanes: list[ScalarLane]) -> list[float]:
    """Work poured over the lanes so that all that get some are done at the same time; bisection on that time."""
    free = [lane.spec.get("share", 1.0) if cap == math.inf else 0.0 for lane, cap in zip(lanes, caps, strict=True)]
    if sum(free) > 0:
        return [quantity * weight / sum(free) for weight in free]
    low, high = 0.0, (quantity + sum(busy)) / min(caps) + 1.0
    for _ in range(200):
        level = (low + high) / 2
        poured = sum(max(0.0, cap * level - held) for cap, held in zip(caps, busy, strict=True))
        low, high = (level, high) if poured < quantity else (low, level)
    return [max(0.0, cap * high - held) for cap, held in zip(caps, busy, strict=True)]
