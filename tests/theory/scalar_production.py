"""Setups, lots, campaigns, overtime and prices by quantity in the second simulator, from their definitions alone."""

from __future__ import annotations

import math
from typing import Any

from .scalar_world import TINY, Goods, ScalarLane, ScalarSite, nothing

ONE_BY_ONE = ("lot", "setup_cost", "setup_time")


def in_turn(site: ScalarSite, period: int) -> list[str]:
    """The products that may be started in a period."""
    campaign = site.spec.get("campaign")
    if campaign is None:
        return site.products
    order = campaign.get("order") or site.products
    cycle = campaign.get("cycle") or len(order)
    place = (period - campaign.get("phase", 0)) % cycle
    return [name for number, name in enumerate(order) if number * cycle <= place * len(order) < (number + 1) * cycle]


def most(site: ScalarSite) -> float:
    """Capacity with overtime."""
    regular: float = site.spec.get("capacity", math.inf)
    return regular + float(site.spec.get("overtime", {}).get("capacity", 0.0))


def one_after_another(site: ScalarSite, wanted: Goods) -> Goods:
    """Starts of products in turn, from the one that is set up on: lots and setups."""
    spec, names = site.spec, site.products
    first = names.index(site.set_up) if site.set_up else 0
    started, store, left = nothing(), dict(site.store), most(site)
    for name in names[first:] + names[:first]:
        changes = site.set_up != name
        lost = spec.get("setup_time", 0.0) * spec["capacity"] if changes and "setup_time" in spec else 0.0
        shared = (left - lost) / spec.get("usage", 1.0)
        room = most(site) - site.made[name] if site.kind == "supplier" else shared
        needs = site.bill.get(name, {})
        amount = min([wanted[name], room, *(store[part] / units for part, units in needs.items())])
        if spec.get("lot"):
            amount = math.floor(amount / spec["lot"] + TINY) * spec["lot"]
        if amount > TINY:
            started[name] = amount
            left -= amount * spec.get("usage", 1.0) + lost
            for part, units in needs.items():
                store[part] -= amount * units
            site.setups[name] += changes
            site.set_up = name
    return started


def overtime(site: ScalarSite) -> float:
    """Capacity used beyond the regular one."""
    regular = site.spec.get("capacity", math.inf)
    used = sum(site.started[name] for name in site.products) * site.spec.get("usage", 1.0)
    if "setup_time" in site.spec:
        used += sum(site.setups.values()) * site.spec["setup_time"] * regular
    return float(max(0.0, used - regular))


def within_shared_capacity(site: ScalarSite, wanted: Goods, reserving: list[tuple[float, list[ScalarLane]]]) -> Goods:
    """All products alike, but first what is owed to those who have reserved, within their shares."""
    usage, capacity = site.spec.get("usage", 1.0), most(site)
    if capacity == math.inf:
        return wanted
    left, amounts, room = dict(wanted), nothing(), capacity
    for share, lanes in reserving:
        first = {name: min(left[name], sum(lane.owed[name] for lane in lanes)) for name in site.products}
        part = _part(share * capacity, usage * sum(first.values()))
        for name in site.products:
            amounts[name] += first[name] * part
            left[name] -= first[name] * part
            room -= first[name] * part * usage
    part = _part(room, usage * sum(left.values()))
    return {name: amounts[name] + left[name] * part for name in site.products}


def _part(have: float, needed: float) -> float:
    return min(1.0, max(have, 0.0) / needed) if needed > 0 else 1.0


def honoured(got: list[float], wishes: list[float], due: list[float], available: float) -> list[float]:
    """What the rule gives, raised to what is due: from what is left over, then from what others have beyond theirs."""
    least = [min(wish, much) for wish, much in zip(wishes, due, strict=True)]
    lacking = sum(max(0.0, one - has) for one, has in zip(least, got, strict=True))
    beyond = sum(max(0.0, has - one) for one, has in zip(least, got, strict=True))
    if lacking == 0:
        return got
    taken = max(0.0, lacking - (available - sum(got)))
    return [one + max(0.0, has - one) * (1.0 - taken / beyond) if beyond else one
            for one, has in zip(least, got, strict=True)]  # fmt: skip


def inspect(site: ScalarSite, name: str, amount: float, period: int) -> float:
    """The good part of what is finished."""
    if "good" not in site.spec:
        return amount
    good: float = amount * site.spec["good"][name][period]
    site.scrapped[name] += amount - good
    return good


class Invoices:
    """What the orders that wait on a lane are worth, and what is paid as they are shipped."""

    def __init__(self, lane: ScalarLane, breaks: list[dict[str, Any]]) -> None:
        self.lane, self.breaks = lane, breaks
        self.units, self.worth, self.paid = nothing(), nothing(), nothing()
        for name in lane.products:
            self.units[name] = lane.owed[name] + lane.post.total(name)
            self.worth[name] = self.units[name] * lane.spec.get("price", 0.0)

    def note(self, orders_first: bool) -> None:
        for name in self.lane.products:
            if orders_first:
                self._ordered(name)
            self._shipped(name)
            if not orders_first:
                self._ordered(name)

    def _ordered(self, name: str) -> None:
        amount = self.lane.ordered[name]
        self.units[name] += amount
        self.worth[name] += amount * self.price(amount)

    def price(self, amount: float) -> float:
        """The price of a unit in an order."""
        found: float = self.lane.spec.get("price", 0.0)
        for entry in self.breaks:
            if amount > entry["quantity"] - TINY:
                found = entry["price"]
        return found

    def _shipped(self, name: str) -> None:
        price = self.worth[name] / self.units[name] if self.units[name] > TINY else self.lane.spec.get("price", 0.0)
        self.paid[name] = price * self.lane.shipped[name]
        self.units[name] -= self.lane.shipped[name] + self.lane.lost[name]
        self.worth[name] -= price * (self.lane.shipped[name] + self.lane.lost[name])
