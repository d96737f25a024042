"""The network as it stands, in the eyes of the models: the point from which changes are reckoned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...agents.lane import Lane, MarketLane
from ...agents.numeric import add_all, total
from ...agents.objectives.calibration import deviation_ratio, level
from ...agents.order_rules import TINY
from ...agents.parameters import Number
from ...agents.quantity import Array, Units
from . import links, making, replies
from .charges import Lines
from .lagging import Lagging
from .links import fitted
from .moves import Stands
from .points import Point, demand_on, for_parts, on_lane, parts, points_of, some
from .standing import Stand, stand
from .stock import NetStock
from .streams import Joined, Orders

SMALL = 0.05  # the least part of the observed variance of net stock that is not the calendar's


@dataclass(frozen=True)
class Late:
    """Units that are later than travel alone makes them, mean and variance, ``[products, runs]``."""

    mean: Units
    variance: Units


@dataclass(frozen=True)
class Level:
    """The stock at a point: observed mean and deviation, what the model makes of them, and how it is fitted.

    ``spread`` is the model's variance of net stock without lateness, ``late`` that of what is late, ``place`` the part
    of mean net stock that levers move, ``short`` what is owed and ``model`` what the model says of that before it is
    fitted, ``scale`` observed over modelled deviation of orders that come in, ``fit`` observed over modelled backlog.
    """

    stock: NetStock
    spread: Units
    late: Units
    place: Units
    short: Late
    model: Units
    scale: Array
    fit: Array


def longest(made: Late, parts: Units) -> Late:
    """What production waits for longest: capacity and lots, or parts, which wait as if exponential."""
    return Late(np.maximum(made.mean, parts), np.maximum(made.variance, np.square(parts)))


def fleet(carrier: Any, moves: Any) -> Array:
    """The trucks of a carrier, ``[runs]``."""
    return np.floor(moves.number(carrier.name, "fleet.trucks", carrier.owned[0]))  # type: ignore[no-any-return]


class Base:
    """Everything about the network as it stands; worked out from beliefs, market by market upstream and back."""

    def __init__(self, world: World, beliefs: Any, lagging: Lagging) -> None:
        self.world = world
        self.beliefs = beliefs
        self.runs: int = world.runs
        self.demand = {lane.name: demand_on(lane, beliefs) for lane in world.market_lanes}
        self.stands: dict[Point, Stand] = {}
        self.on_lane: dict[str, Orders] = {}
        for point in reversed(world.points):
            self.stands[point] = self.stand(point, Stands(), {}, {})
            for lane in point.lanes:
                self.on_lane[lane.name] = on_lane(lane, self.stands[point].out)
        self.lags = lagging.catch_up(self, beliefs.periods)
        self.trips = {lane.name: self._trips(lane) for lane in world.hauled}
        self.fits_of_docks: dict[str, tuple[Array, Array]] = {}
        self.queues = {dock.name: self.queue(dock, {}) for dock in world.docks}
        self.held: dict[str, Array] = {}
        for carrier in world.carriers:
            self.held = self.held | self.held_up(carrier, Stands(), {}, {})
        self.fits = {lane.name: self._fit_of_waiting(lane) for lane in world.hauled}
        self.making = {point: self.to_make(point, Stands(), self.stands) for point in world.makers}
        self.waits = {lane.name: self.wait(lane, {}, {}, {}) for lane in world.hauled}
        self.at_dock = {
            lane.name: self.share_of_queue(lane, dock, self.queues[dock.name][0], {})
            for dock in world.docks
            for lane in dock.lanes
        }
        self.share = {lane.name: self._share(point, lane) for point in world.points for lane in point.customers}
        self.parts_short: dict[Point, Units] = {}
        self.late: dict[str, Late] = {}
        self.levels: dict[Point, Level] = {}
        self.unstocked: dict[Point, Late] = {}
        for point in world.points:
            self._level(point)

    # -- up the network -----------------------------------------------------------------------------------------

    def stand(self, point: Point, moves: Any, changed: dict[Point, Stand], streams: dict[str, Orders]) -> Stand:
        """How a point orders, with moves of levers, other stands of its store's shelf and other orders on its lanes.

        What comes to the same as without all that is the very object that is known from there.
        """
        rule = point.rule(moves, self.runs)
        if point.feeds is not None and point.site.capacity is not None:
            rule = replace(rule, most=self._pace(point.site, self.stands[point.feeds].view.mean))
        return stand(rule, self.incoming(point, changed, streams), point.window, self.stands.get(point))

    @staticmethod
    def _pace(factory: Any, mean: Units) -> Array:
        """How many times its mean production a factory can make a period."""
        return np.asarray(factory.capacity / np.maximum(total(mean * factory.usage), TINY))

    def incoming(self, point: Point, changed: dict[Point, Stand], streams: dict[str, Orders]) -> Joined:
        """The orders of all customers."""
        known = self.stands.get(point)
        if point.feeds is not None:
            old = self.stands[point.feeds].out
            made = changed[point.feeds].out if point.feeds in changed else old
            return known.incoming if known and made is old else Joined([for_parts(point.site, made)])
        if known and not any(lane.name in streams for lane in point.customers):
            return known.incoming
        return Joined([self.orders_on(lane, streams) for lane in point.customers])

    def orders_on(self, lane: Lane, streams: dict[str, Orders]) -> Orders:
        """The orders on a lane, changed or not."""
        return streams.get(lane.name) or self.on_lane.get(lane.name) or self.demand[lane.name]

    def to_make(self, point: Point, moves: Any, stands: Any) -> Late:
        """What a site has to make and waits for capacity or lots."""
        return Late(*making.to_make(point, self.made(point, stands), moves))

    def reach(self, point: Point, stand: Stand) -> Units:
        """Half of what net stock moves through between two orders, and within a lot."""
        return np.asarray(replies.reach(stand.rule, stand.view.mean) * making.course(point, stand.view.mean))

    def made(self, point: Point, stands: Any) -> Orders:
        """What a site has to make: what it orders from itself, or is asked for when it makes to order."""
        stand = stands.get(point) or self.stands[point]
        return stand.out

    # -- transport ----------------------------------------------------------------------------------------------

    def _trips(self, lane: Lane) -> tuple[links.Hauled, Array, Array]:
        """The trucks of a lane, the departures by the model, and the fit of those to what was observed."""
        model = self.haul(lane, Stands(), self.on_lane)
        fit = level(self.beliefs.mean(lane.trucks, "departed")[0], model.departures)
        return model.scaled(fit, model.departures), model.departures, fit

    def _fit_of_waiting(self, lane: Lane) -> Array:
        """The fit of the load that waits for trucks to what was observed."""
        trucks: Any = lane.trucks
        waiting = total(self.beliefs.mean(lane, "set_aside") * trucks.weights) / trucks.capacity
        return level(waiting, self.trips[lane.name][0].waiting + self.held.get(lane.name, 0.0))

    def held_up(
        self, carrier: Any, moves: Any, trips: dict[str, links.Hauled], queues: dict[str, tuple[Array, Array]]
    ) -> dict[str, Array]:
        """What waits on the lanes of a carrier because its fleet is out, not fitted."""
        lanes = [self.trip(trucks.lane, trips) for trucks in carrier.lanes]
        waiting = []
        for trucks, lane in zip(carrier.lanes, lanes, strict=True):
            if trucks.dock is None:
                waiting.append((np.zeros(self.runs), np.zeros(self.runs)))
                continue
            queue, least = queues.get(trucks.dock.name) or self.queues[trucks.dock.name]
            rates = [self.trip(other, trips).departures for other in trucks.dock.lanes]
            share = lane.departures / np.maximum(add_all(rates), TINY)
            waiting.append((queue * share, least * share))
        names = [trucks.lane.name for trucks in carrier.lanes]
        return dict(zip(names, links.held_up(fleet(carrier, moves), carrier, lanes, waiting), strict=True))

    def trip(self, lane: Lane, trips: dict[str, links.Hauled]) -> links.Hauled:
        """The trucks of a lane, changed or not."""
        return trips.get(lane.name) or self.trips[lane.name][0]

    def haul(self, lane: Lane, moves: Any, streams: dict[str, Orders]) -> links.Hauled:
        """What the carrier's rule makes of the orders of a lane, not fitted yet."""
        orders = self.orders_on(lane, streams)
        return links.hauled(lane.trucks, orders, moves, self.waves(lane.origin, moves))

    def waves(self, site: Any, moves: Any) -> Number:
        """Periods between two waves of picking."""
        live: Number = 1 if site.picking is None else site.picking.every
        return moves.number(site.name, "waves.every", live)  # type: ignore[no-any-return]

    def wait(
        self, lane: Lane, trips: dict[str, links.Hauled], held: dict[str, Array], streams: dict[str, Orders]
    ) -> Late:
        """What waits for trucks on a lane.

        A wait for a load is from nothing to twice its mean, all alike; that for a truck as if exponential.
        """
        orders = self.orders_on(lane, streams)
        fit = self.fits[lane.name]
        by_rule = links.in_units(
            orders, lane.trucks, fitted(self.trip(lane, trips).waiting, self.trips[lane.name][0].waiting, fit)
        )
        if lane.name not in self.held:
            return Late(by_rule, np.square(by_rule) / 3.0)
        out = held[lane.name] if lane.name in held else self.held[lane.name]
        for_truck = links.in_units(orders, lane.trucks, out * np.minimum(fit, 1.0))
        return Late(by_rule + for_truck, np.square(by_rule) / 3.0 + np.square(for_truck))

    def queue(self, dock: Any, trips: dict[str, links.Hauled]) -> tuple[Array, Array]:
        """The trucks that wait at a dock, fitted to what was observed, and those that would if all were full."""
        arriving = [self.trip(lane, trips) for lane in dock.lanes]
        seen = self.beliefs.mean(dock, "waiting")[0]
        model = links.queue_at(dock, arriving, seen)
        if dock.name not in self.fits_of_docks:
            self.fits_of_docks[dock.name] = model, level(seen, model)
        least = links.queue_at(dock, [replace(lane, departures=lane.load) for lane in arriving], seen)
        return fitted(model, *self.fits_of_docks[dock.name]), least

    def share_of_queue(self, lane: Lane, dock: Any, queue: Array, trips: dict[str, links.Hauled]) -> Late:
        """What of a lane's goods waits in the queue of a dock."""
        arriving = [self.trip(other, trips) for other in dock.lanes]
        mine = self.trip(lane, trips)
        trucks = queue * mine.departures / np.maximum(add_all([other.departures for other in arriving]), TINY)
        load = trucks * mine.load / np.maximum(mine.departures, TINY)
        units = links.in_units(self.on_lane[lane.name], lane.trucks, load)
        return Late(units, np.square(units) + units * np.sqrt(np.maximum(units, 0.0)))

    def _share(self, point: Point, lane: Lane) -> Units:
        """The part of a customer in what is wanted from a point."""
        orders = self.orders_on(lane, {})
        return np.asarray(orders.mean / some(self.stands[point].view.mean))

    # -- down the network ---------------------------------------------------------------------------------------

    def _level(self, point: Point) -> None:
        """Where the stock of a point stands, and what its customers wait for."""
        if not point.keeps_stock:
            self.unstocked[point] = self._without_stock(point)
            self.pass_on(point, self.unstocked[point], self.late)
            return
        stand = self.stands[point]
        spread = replies.net_stock_variance(stand.rule, stand.view, stand.incoming, point.window)
        stock = self._seen_stock(point)
        fit = self._fit_of_backlog(point, stock, stock.backlog()[0])
        if point in self.lags:
            shift, ratio = self.lags[point]
            stock = NetStock(stock.mean + shift, stock.deviation * np.sqrt(ratio), stock.reach)
        short, scale = stock.backlog(), self.scale(point)
        owed = self.owed(short, short[0], fit)
        place = replies.position(stand.rule, stand.view, scale)
        self.levels[point] = Level(stock, spread, self._lateness(point).variance, place, owed, short[0], scale, fit)
        self.pass_on(point, owed, self.late)

    def _seen_stock(self, point: Point) -> NetStock:
        """Net stock as it was seen; the course over the calendar is not among its deviation."""
        stand = self.stands[point]
        mean, variance = point.net_stock(self.beliefs)
        course = self.reach(point, stand)
        noise = np.maximum(variance - np.square(course) / 3.0, SMALL * variance)
        return NetStock(mean, np.sqrt(noise), course)

    def _without_stock(self, point: Point) -> Late:
        """What is owed where nothing is kept: what has to be made, or what is late itself."""
        none = np.zeros_like(self.stands[point].view.mean)
        return self.making.get(point, Late(none, none)) if point.makes else self._lateness(point)

    def _lateness(self, point: Point) -> Late:
        """What is late on all lanes to a point, in its rows."""
        mean = variance = np.zeros_like(self.stands[point].view.mean)
        for lane in point.lanes:
            for known in (self.late, self.waits, self.at_dock):
                if lane.name in known:
                    mean = mean + lane.rows.to_ours(known[lane.name].mean)
                    variance = variance + lane.rows.to_ours(known[lane.name].variance)
        return Late(mean, variance)

    def owed(self, model: tuple[Units, Units], old: Units, fit: Array) -> Late:
        """What is owed, fitted; its variance in proportion."""
        mean = fitted(model[0], old, fit)
        return Late(mean, model[1] * (mean / np.maximum(model[0], TINY)))

    def _fit_of_backlog(self, point: Point, stock: NetStock, short: Units) -> Array:
        """Observed over modelled backlog; of parts nobody sees which orders wait for them, and which for capacity.

        As many hundredths of a deviation count for both, so that a backlog which is hardly ever there says little.
        """
        if point.part == "buy":
            return np.ones_like(short)
        little = 0.01 * stock.deviation + TINY
        return level(self.beliefs.mean(point.site, "unserved") + little, short + little)

    def scale(self, point: Point) -> Array:
        """Observed over modelled deviation of the orders that come in."""
        return deviation_ratio(np.sqrt(self._variance_in(point)), np.sqrt(self.stands[point].view.once))

    def _variance_in(self, point: Point) -> Units:
        if point.part == "policy":
            return self.beliefs.variance(point.site, "incoming")  # type: ignore[no-any-return]
        return parts(point.site, self.beliefs.variance(point.site, "ordered"), 2)

    def pass_on(self, point: Point, short: Late, into: dict[str, Late]) -> None:
        """Share what is owed between the customers, by their mean orders."""
        if point.feeds is not None:
            self.parts_short[point.feeds] = self.products_without(point, short.mean)
        for lane in point.customers:
            share = self.share[lane.name]
            into[lane.name] = Late(short.mean * share, short.variance * (share * share))

    def products_without(self, store: Point, short: Units) -> Units:
        """The products that wait when so many parts are short; a part is shared by the products' needs of it."""
        assert store.feeds is not None
        mean = self.stands[store.feeds].view.mean
        needs = self.stands[store].view.mean
        rows = [np.zeros(self.runs) for _ in mean]
        for row, part, _units in store.site.needs:
            rows[row] = np.maximum(rows[row], short[part] * mean[row] / some(needs[part]))
        return np.stack(rows)


class World:
    """What does not change: stocks, lanes with trucks, docks, and who stands behind which lane."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.runs: int = model.runs
        self.points = points_of(model)
        self.by_site = {point.agent: point for point in self.points if point.part == "policy"}
        self.behind: dict[str, Point] = {lane.name: point for point in self.points for lane in point.lanes}
        self.market_lanes = [lane for lane in model.lanes.values() if isinstance(lane, MarketLane)]
        self.hauled = [lane for lane in model.lanes.values() if lane.trucks is not None]
        self.docks = [dock for dock in model.docks.values() if dock.lanes and dock.lanes[0].trucks.dock is dock]
        self.carriers = [carrier for carrier in model.carriers.values() if carrier.fleet is not None and carrier.lanes]
        self.makers = [point for point in self.points if point.makes]
        self.lines = Lines(model.accounts)
