"""What a package changes: a sweep up the network, the transport, and a sweep down, where anything changes at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from ...agents.order_rules import TINY
from ...agents.parameters import plainly
from ...agents.quantity import Mask, Units
from . import replies
from .base import Late, World, longest
from .charges import Bill
from .moves import Stands
from .points import Point, on_lane
from .transport import Transport, either

ORDERING = ("policy.", "buy.", "orders.")


class Sweep(Transport):
    """The changes of one package.

    1. Up: whoever is moved orders otherwise, and all that are upstream of it see other orders.
    2. Trucks of lanes with other orders, or of a carrier that is moved; docks with other trucks.
    3. Down: stocks that see other orders or are supplied otherwise. What they then owe makes their customers later; of
       those that are upstream of whoever is moved only the next ones hand that on.

    In runs in which nothing changes for somebody its cost does not change by a single bit.
    """

    def everywhere(self) -> Bill:
        """The changes for everybody."""
        self.up()
        self.transport()
        self.down()
        return self.bill

    def alone(self, agent: str) -> Bill:
        """The changes at one agent, with all that it sees of others as it is."""
        for point in reversed(self.world.points):
            if point.agent == agent:
                self._order(point)
        for lane in self.world.hauled:
            if lane.trucks.carrier.name == agent:
                self._haul(lane)
        self._waits([carrier for carrier in self.world.carriers if carrier.name == agent])
        for point in self.world.points:
            if point.agent == agent:
                self._stock(point)
        return self.bill

    # -- up -----------------------------------------------------------------------------------------------------

    def up(self) -> None:
        """Orders, from the markets upstream."""
        for point in reversed(self.world.points):
            self._order(point)

    def _order(self, point: Point) -> None:
        mask = self._changed_from_below(point)
        if any(key.startswith(ORDERING) for key in self.moves.keys(point.agent)):
            mine = self.masks[point.agent]
            mask = mine if mask is None else mask | mine
        if mask is None:
            return
        old, new = self.base.stands[point], self.base.stand(point, self.moves, self.stands, self.on_lane)
        if new is old:
            return
        self.touched[point], self.stands[point] = mask, new
        if new.out is not old.out:
            for lane in point.lanes:
                self.on_lane[lane.name] = on_lane(lane, new.out)

    def _changed_from_below(self, point: Point) -> Mask | None:
        """Where the orders change that come in."""
        ends = [point.feeds] if point.feeds else [self.world.behind.get(lane.name) for lane in point.customers]
        return either([self.touched[end] for end in ends if end is not None and self._orders_otherwise(end)])

    def _orders_otherwise(self, point: Point) -> bool:
        return point in self.stands and self.stands[point].out is not self.base.stands[point].out

    # -- down ---------------------------------------------------------------------------------------------------

    def down(self) -> None:
        """Stocks, from upstream to the markets."""
        near: dict[Point, Mask] = {}
        for point in self.world.points:
            near[point] = self._near(point, near)
            passed = self._stock(point)
            if passed is not None:
                self._hand_on(point, *passed, near[point])

    def _near(self, point: Point, known: dict[Point, Mask]) -> Mask:
        """Where the lateness of a stock is handed on: it, or one next to it, is moved."""
        agents = [point.agent, *(lane.destination.name for lane in point.customers)]
        agents += [lane.trucks.carrier.name for lane in point.lanes if lane.trucks is not None]
        masks = [self.masks[name] for name in agents if name in self.masks]
        masks += [known[self.world.by_site[lane.origin.name]] for lane in point.lanes]
        masks += [known[point.store]] if point.store is not None else []
        found = either(masks)
        return self.none if found is None else found

    def _stock(self, point: Point) -> tuple[Mask, Late, Late] | None:
        """The stock of a point under the package, charged; what it owes before and after."""
        self._make(point)
        later = self.later.get(point, ())
        waves = self._waves_moved(point.agent) if point.part == "policy" else None
        masks = [self.touched[point]] if point in self.stands else []
        mask = either([*masks, *(entry[0] for entry in later), *([] if waves is None else [waves])])
        if mask is None:
            return None
        if not point.keeps_stock:
            return self._without_stock(point, mask)
        before, after = self._levels(point, later)
        self._count_orders(point, mask)
        if waves is None:
            return mask, before, after
        held = self._wave_stock(point, mask)
        return mask, before, Late(after.mean + held, after.variance + np.square(held) / 3.0)

    def _levels(self, point: Point, later: Any) -> tuple[Late, Late]:
        base, stand = self.base, self.stands.get(point) or self.base.stands[point]
        level = base.levels[point]
        stock, spread = level.stock, level.spread
        late, more = self._lateness(point, later)
        if point in self.stands:
            if not stand.strays_as(base.stands[point]):
                spread = replies.net_stock_variance(stand.rule, stand.view, stand.incoming, point.window)
            late = late - (replies.position(stand.rule, stand.view, level.scale) - level.place)
            stock = replace(stock, reach=base.reach(point, stand))
        ratio = np.maximum(spread + level.late + more, TINY) / np.maximum(level.spread + level.late, TINY)
        stock = replace(stock, mean=stock.mean - late, deviation=stock.deviation * np.sqrt(ratio))
        after = base.owed(stock.backlog(), level.model, level.fit)
        self._charge_stock(point, stock.mean - level.stock.mean, after.mean - level.short.mean)
        return level.short, after

    def _charge_stock(self, point: Point, mean: Units, short: Units) -> None:
        lines, everywhere = self.world.lines, ~self.none
        if point.part == "buy":
            self.bill.charge(lines.of(point.site, "input_stock"), mean + short, everywhere)
            return
        self.bill.charge(lines.of(point.site, "on_hand"), mean + short, everywhere)
        lost = [lane for lane in point.customers if lane.lost_sales]
        if len(lost) < len(point.customers):
            self.bill.charge(lines.of(point.site, "unserved"), short, everywhere)
        for lane in lost:
            self.bill.charge(lines.of(lane, "lost"), short * self.base.share[lane.name], everywhere)

    def _lateness(self, point: Point, later: Any) -> tuple[Units, Units]:
        """By how much more is late than before, and the variance of that, in the rows of the stock."""
        zero = np.zeros_like(self.base.stands[point].view.mean)
        late, more = zero, zero
        for _, before, after, lane in later:
            mean, variance = after.mean - before.mean, after.variance - before.variance
            if lane is not None:
                mean, variance = lane.rows.to_ours(mean), lane.rows.to_ours(variance)
            late, more = late + mean, more + variance
        return late, more

    def _hand_on(self, point: Point, mask: Mask, before: Late, after: Late, near: Mask) -> None:
        """Let the customers of a stock feel what it owes."""
        where = near & mask
        shown = Late(np.where(where, after.mean, before.mean), np.where(where, after.variance, before.variance))
        if point.feeds is not None:
            self._hold_up(point, where, shown)
            return
        new: dict[str, Late] = {}
        self.base.pass_on(point, shown, new)
        for lane in point.customers:
            self._supply(lane, where, self.base.late[lane.name], new[lane.name])

    def _hold_up(self, store: Point, mask: Mask, after: Late) -> None:
        """Parts that are short hold up the products that need them."""
        assert store.feeds is not None
        self.held_parts[store.feeds] = mask, self.base.products_without(store, after.mean)

    # -- what else a site does ----------------------------------------------------------------------------------

    def _make(self, point: Point) -> None:
        """Production that waits for capacity, a full lot or parts; for what it waits longest."""
        lot = "lot" in self.moves.keys(point.agent)
        causes = [self.touched[point]] if self._orders_otherwise(point) else []
        causes += [self.masks[point.agent]] if lot else []
        made = self.base.making.get(point)
        parts = self.base.parts_short.get(point)
        mask = either(causes + ([self.held_parts[point][0]] if point in self.held_parts else []))
        if mask is None or made is None:
            return
        new = self.base.to_make(point, self.moves, self.stands) if causes else made
        before, after = made, new
        if parts is not None:
            before = longest(made, parts)
            after = longest(new, self.held_parts[point][1] if point in self.held_parts else parts)
        self._delay(point, mask, (before, after), None)
        if lot and point.site.workshop is not None:
            live = point.site.workshop.lot
            more = live / np.asarray(self.moves.number(point.agent, "lot", live)) - 1.0
            setups = self.base.beliefs.mean(point.site.workshop, "setups") * more
            self.bill.charge(self.world.lines.of(point.site.workshop, "setups"), setups, mask)

    def _without_stock(self, point: Point, mask: Mask) -> tuple[Mask, Late, Late]:
        """What is owed where nothing is kept is late by as much as what comes in."""
        before = self.base.unstocked[point]
        late, more = self._lateness(point, self.later.get(point, ()))
        return mask, before, Late(before.mean + late, np.maximum(before.variance + more, 0.0))

    def _count_orders(self, point: Point, mask: Mask) -> None:
        """Orders that cost something by their number: one a calendar, unless nothing was wanted; one a lot."""
        if point not in self.stands:
            return
        old, new = self.base.stands[point].rule, self.stands[point].rule
        for line in _order_lines(self.world, point):
            often = self.base.beliefs.rate(line)
            change = np.zeros_like(often)
            if not plainly(new.every, 1):
                each = np.clip(often * old.every, 0.0, 1.0)
                by_calendar = (1.0 - np.power(1.0 - each, new.every / np.asarray(old.every))) / new.every
                change = np.where(np.equal(new.every, old.every), 0.0, by_calendar - often)
            if not plainly(new.lot, 0.0):
                lots = np.where(np.greater(new.lot, 0), np.maximum(old.lot, TINY) / np.maximum(new.lot, TINY), 1.0)
                change = np.minimum(often * lots, 1.0) - often
            self.bill.charge([line], change, mask)

    def _wave_stock(self, point: Point, mask: Mask) -> Units:
        """What waits for the next wave, on the shelf and owed at once, more than before."""
        site = point.site
        old, new = self.base.waves(site, Stands()), self.base.waves(site, self.moves)
        held: Units = self.base.stands[point].view.mean * (0.5 * (new - np.asarray(old)))
        lines = self.world.lines
        self.bill.charge(lines.of(site, "on_hand"), held, mask)
        self.bill.charge(lines.of(site, "unserved"), held, mask)
        waves = self.base.beliefs.mean(site.picking, "waves")
        self.bill.charge(lines.of(site.picking, "waves"), waves * (old / np.asarray(new) - 1.0), mask)
        return held


def _order_lines(world: World, point: Point) -> Iterator[Any]:
    if point.part == "policy":
        yield from world.lines.of(point.site, "ordered", counts=True)
    for lane in point.lanes:
        yield from world.lines.of(lane, "ordered", counts=True)
