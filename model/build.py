"""From a resolved scenario to agents and lanes, and to their parameters when interventions change them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..agents.factory import Factory
from ..agents.lane import Lane, MarketLane
from ..agents.market import Market
from ..agents.numeric import add_all
from ..agents.order_rules import OrderRules
from ..agents.parameters import Number
from ..agents.policies.periodic import FixedOrder
from ..agents.quantity import Array, Units
from ..agents.site import Site
from ..agents.supplier import Supplier
from ..agents.travel import RandomTravel
from ..agents.warehouse import Warehouse
from .contracts import price_on_lane
from .handling import Handling
from .hauling import Hauling
from .making import Making
from .outages import Outage, Outages
from .schema import Scenario, build_part, expand
from .schema.times import distribution, longest
from .streams import Streams


class Builder:
    """Makes the agents and lanes of a scenario, once, and sets their parameters, at the start and at interventions."""

    def __init__(self, model: Any, scenario: Scenario, streams: Streams) -> None:
        self.model = model
        self.runs: int = model.runs
        self.scenario = scenario
        self.streams = streams
        self.calendars = streams  # of which random phases are drawn; a shadow has those of its world
        self.sites: dict[str, Site] = {spec.name: self.make_site(spec) for spec in scenario.sites()}
        self.markets = {spec.name: Market(model, spec.name, spec.products or ()) for spec in scenario.markets}
        self.lanes: dict[str, Lane] = {str(spec.name): self.make_lane(spec) for spec in scenario.lanes}
        self.hauling = Hauling(model, scenario, self.lanes)
        self.handling = Handling(scenario, self.sites)
        self.making = Making(scenario, self.sites, streams, orders_first=model.orders_before_shipping)
        self.configure(scenario)
        for site in self.sites.values():
            site.connect()
        for spec in scenario.sites():
            self.start_site(spec)
        for lane_spec in scenario.lanes:
            self.start_lane(lane_spec)
        for factory_spec in scenario.factories:
            self.start_production(factory_spec)
        self.making.start()

    # -- making -------------------------------------------------------------------------------------------------

    def make_site(self, spec: Any) -> Site:
        """The agent for a site, without customers and suppliers yet."""
        kind = self.scenario.kind_of(spec.name)
        if kind == "factory":
            return Factory(self.model, spec.name, spec.bill)
        return {"supplier": Supplier, "warehouse": Warehouse}[kind](self.model, spec.name, spec.products)

    def make_lane(self, spec: Any) -> Lane:
        """The lane, known to both its ends."""
        origin = self.sites[spec.origin]
        lane: Lane
        if spec.destination in self.markets:
            market = self.markets[spec.destination]
            lane = market_lane = MarketLane(spec.name, origin, market, spec.products)
            market.suppliers.append(market_lane)
        else:
            destination = self.sites[spec.destination]
            lane = Lane(spec.name, origin, destination, spec.products)
            destination.suppliers.append(lane)
        origin.customers.append(lane)
        return lane

    # -- parameters ---------------------------------------------------------------------------------------------

    def configure(self, scenario: Scenario) -> None:
        """Set all parameters from ``scenario``, which may differ from the first one in its numbers."""
        for spec in scenario.sites():
            self.sites[spec.name].configure(**self.settings_of(spec, scenario))
        for lane_spec in scenario.lanes:
            self.configure_lane(lane_spec, scenario)
        for market_spec in scenario.markets:
            self.configure_market(market_spec)
        self.hauling.configure(scenario)
        self.handling.configure(scenario, self.streams)
        self.making.configure(scenario)
        self.share_demand()
        for site in self.sites.values():
            delayed = all(lane.order_delay > 0 for lane in site.customers if not isinstance(lane, MarketLane))
            site.orders_right_after_serving = self.model.orders_right_after_serving and delayed

    def settings_of(self, spec: Any, scenario: Scenario) -> dict[str, Any]:
        """The settings that a site takes, by its kind."""
        products = self.sites[spec.name].products
        settings: dict[str, Any] = {
            "policy": self.policy_of(spec, products),
            "allocation": build_part(spec.allocation, products),
            "sourcing": build_part(spec.sourcing, products),
            "orders": self.order_rules(spec.orders, products, spec.name),
        }
        kind = scenario.kind_of(spec.name)
        if kind == "warehouse":
            settings |= {"storage": spec.storage, "clip_to_storage": spec.orders.clip_to_storage}
        else:
            settings |= {"capacity": expand(spec.capacity, products, np.inf), "lead_time": spec.lead_time}
        if kind == "supplier":
            settings["keeps_stock"] = nonzero(spec.initial_stock)
        if kind == "factory":
            settings["usage"] = expand(spec.usage, products)
            inputs = self.sites[spec.name].wanted
            settings["buy"] = None if spec.buy is None else build_part(spec.buy, inputs)
        return settings

    def policy_of(self, spec: Any, products: Sequence[str]) -> Any:
        """The policy of a site; ``None`` for a supplier that makes to order."""
        if spec.policy is not None:
            return build_part(spec.policy, products)
        scripted = self.scenario.kind_of(spec.name) == "warehouse"  # all its orders are, or it would be refused
        return FixedOrder(quantity=0.0) if scripted else None

    def order_rules(self, spec: Any, products: Sequence[str], site: str = "") -> OrderRules:
        """The rules of a site, or of a lane, which has no calendar."""
        calendar: dict[str, Any] = {"returns": True}  # an order that comes to a lane has been clipped by the site
        if site:
            phase = self.phase_of(spec, site)
            calendar = {"returns": spec.returns, "review_period": spec.review_period, "phase": phase}
        return OrderRules(
            minimum=unless_zero(expand(spec.minimum, products, 0.0)),
            multiple=unless_zero(expand(spec.multiple, products, 0.0)),
            cap=expand(spec.cap, products, np.inf),
            forced=[(forced.until, expand(forced.quantity, products, 0.0)) for forced in spec.forced],
            script=tuple(spec.script or ()),
            **calendar,
        )

    def phase_of(self, spec: Any, site: str) -> Any:
        """The first period of a calendar; a random one is drawn for each run."""
        if not isinstance(spec.phase, str):
            return spec.phase
        u = self.calendars.stream(f"phase/{site}").uniforms(0)[0]
        return np.floor(u * spec.review_period)

    def configure_lane(self, spec: Any, scenario: Scenario) -> None:
        """Set the parameters of a lane, in the rows of its origin's products."""
        lane = self.lanes[spec.name]
        lane.travel_time = spec.travel_time if isinstance(spec.travel_time, int) else longest(spec.travel_time)
        lane.order_delay = spec.order_delay
        if not isinstance(spec.travel_time, int):
            support, probabilities = distribution(spec.travel_time)
            lane.random_travel = RandomTravel(support, probabilities, self.streams.stream(f"travel/{spec.name}"))
        terms = {"share": spec.share, "price": price_on_lane(scenario, spec, lane.products)}
        if spec.orders.cap is not None:
            terms["order_cap"] = expand(spec.orders.cap, lane.products, np.inf)
        lane.configure(
            orders=for_carried(lane, self.order_rules(spec.orders, lane.products)),
            limit=expand(spec.capacity, lane.products, np.inf),
            lost_sales=spec.unmet == "lost",
            partial=spec.partial,
            priority=spec.priority,
            terms=terms,
        )

    def configure_market(self, spec: Any) -> None:
        """Set the demand of a market; processes in use keep their memory."""
        market = self.markets[spec.name]
        fresh = [build_part(spec.demand[product], (product,)) for product in market.products]
        if not market.processes:
            for product, process in zip(market.products, fresh, strict=True):
                process.start(self.streams.stream(f"demand/{spec.name}/{product}", max(process.draws, 1)), self.runs)
        market.configure(processes=fresh, factor=expand(spec.demand_factor, market.products), split=spec.split)

    def share_demand(self) -> None:
        """Tell every lane which part of its destination's needs it covers, by the weights of a split."""
        for agent in [*self.sites.values(), *self.markets.values()]:
            weights = [carried_share(lane) for lane in agent.suppliers]
            if not weights:
                continue
            whole = add_all(weights)
            for lane, weight in zip(agent.suppliers, weights, strict=True):
                alone = np.array_equal(weight, np.broadcast_to(whole, weight.shape)) and len(weights) == 1
                lane.share_of_demand = 1.0 if alone else weight / np.where(np.equal(whole, 0.0), 1.0, whole)

    # -- the state at the start ---------------------------------------------------------------------------------

    def start_site(self, spec: Any) -> None:
        """Put the stock of the start on the shelves."""
        site = self.sites[spec.name]
        site.on_hand = self.filled(spec.initial_stock, site.products)
        if isinstance(site, Factory):
            work = self.filled(spec.initial_work, site.products)
            for delay in range(spec.lead_time):
                site.work.send(work, delay)
                site.in_work = site.in_work + work
            site.input_stock = self.filled(spec.initial_inputs, site.inputs)

    def start_lane(self, spec: Any) -> None:
        """Put goods and orders on the way, and what is owed into the origin's debts."""
        lane = self.lanes[spec.name]
        in_transit = self.slots(spec.initial_in_transit, lane.travel_time, lane)
        if lane.trucks is not None:
            lane.trucks.start(in_transit)
        lane.start(
            in_transit=in_transit,
            orders=self.slots(spec.initial_orders, lane.order_delay, lane),
            backlog=self.filled_lane(spec.initial_backlog, lane),
        )

    def start_production(self, spec: Any) -> None:
        """Give a factory the production orders for which the parts of the start are there or on their way.

        Where the factory buys exactly for its orders, parts that are on their way were ordered for something: without
        those orders the parts would be taken for the next ones.
        """
        factory = self.sites[spec.name]
        assert isinstance(factory, Factory)
        if spec.initial_orders is not None:
            factory.to_make = self.filled(spec.initial_orders, factory.products)
        elif spec.buy is None and factory.inputs:
            factory.to_make = factory.covered_by_parts()

    def slots(self, value: Any, length: int, lane: Lane) -> list[Units]:
        """The content of a lane's pipeline: the same in each slot, or a list by slot."""
        by_slot = value if isinstance(value, list) else [value] * length
        if not any(nonzero(slot) for slot in by_slot):
            return []
        return [self.filled_lane(slot, lane) for slot in by_slot]

    def filled_lane(self, value: Any, lane: Lane) -> Units:
        """A number, table or array in the rows of a lane's origin, zero for products that it does not carry."""
        return lane.rows.to_theirs(lane.rows.to_ours(self.filled(value, lane.products)))

    def filled(self, value: Any, products: Sequence[str]) -> Units:
        """A number, table or array as ``[products, runs]``."""
        amounts: Units = np.zeros((len(products), self.runs)) + expand(value, products, 0.0)
        return amounts

    def outages(self) -> Outages:
        """The outages of the scenario with their targets, the times without a supplier among them."""
        made = [self.make_outage(spec) for spec in self.scenario.outages]
        return Outages([*made, *self.making.absences.values()])

    def make_outage(self, spec: Any) -> Outage:
        """One outage; a site's concerns the lanes into it, except for its own ordering and production."""
        targets: list[Any]
        if spec.lane is not None:
            targets = [self.lanes[spec.lane]]
        elif spec.kind in ("ordering", "production"):
            targets = [self.sites[spec.site]]
        else:
            targets = list(self.sites[spec.site].suppliers)
        outage = Outage(spec.kind, targets, self.runs)
        if spec.states is not None:
            outage.states = [state > 0 for state in spec.states]
        elif spec.start is not None:
            outage.window = (spec.start, spec.length, spec.every)
        else:
            outage.spells = (spec.mean_up, spec.mean_down)
            outage.stream = self.streams.stream(f"outage/{spec.name}")
        return outage


def nonzero(value: Any) -> bool:
    """Whether a number, table or array holds anything but zeros."""
    if isinstance(value, dict):
        return any(nonzero(item) for item in value.values())
    if isinstance(value, list):
        return any(nonzero(item) for item in value)
    return value is not None and bool(np.any(np.asarray(value) != 0))


def unless_zero(value: Number) -> Number | None:
    """``None`` for a rule that is zero everywhere and therefore not used."""
    return value if nonzero(value) else None


def carried_share(lane: Lane) -> Array:
    """The weight of a lane for each product that its destination wants, zero for those that it does not carry."""
    carried = np.isin(np.arange(lane.rows.shape[1]), lane.rows.ours)[:, None]
    return np.where(carried, lane.share, 0.0)


def for_carried(lane: Lane, rules: OrderRules) -> OrderRules:
    """The order rules of a lane, which fix no order for a product of its origin that it does not carry."""
    if len(lane.rows.theirs) < len(lane.products):
        carried = np.isin(np.arange(len(lane.products)), lane.rows.theirs)[:, None]
        rules.forced = [(until, np.where(carried, quantity, 0.0)) for until, quantity in rules.forced]
        rules.script = [np.where(carried, quantity, 0.0) for quantity in rules.script]  # type: ignore[misc]
    return rules
