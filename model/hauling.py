"""Carriers and their trucks on the lanes: from a resolved scenario to agents, and to their parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..agents.carrier import Carrier
from ..agents.lane import Lane
from ..agents.pools import PooledTrucks, make_pool
from ..agents.tariff import Tariff
from ..agents.trucks import DispatchRule, Trucks
from .schema import Scenario
from .schema.times import longest, shortest


class Hauling:
    """Makes the carriers of a scenario, once, and sets their parameters."""

    def __init__(self, model: Any, scenario: Scenario, lanes: Mapping[str, Lane]) -> None:
        self.scenario = scenario
        self.lanes = lanes
        self.carriers = {spec.name: Carrier(model, spec.name) for spec in scenario.carriers}
        for spec in scenario.lanes:
            if spec.carrier is not None:
                self.put_on_lane(spec)
        for carrier in scenario.carriers:
            for pool in carrier.pools:
                make_pool([lanes[name].trucks for name in pool.lanes])  # type: ignore[misc]

    def put_on_lane(self, spec: Any) -> None:
        """Let a carrier serve a lane; a load is measured as the carrier's fleet is."""
        carrier, lane = self.carriers[spec.carrier], self.lanes[spec.name]
        served_by = next(other for other in self.scenario.carriers if other.name == spec.carrier)
        fleet = served_by.fleet
        pooled = any(spec.name in pool.lanes for pool in served_by.pools)
        measured = {product.name: product for product in self.scenario.products}
        by = fleet.load_by
        weights = [1.0 if by == "units" else getattr(measured[name], by) for name in lane.products]
        lane.trucks = (PooledTrucks if pooled else Trucks)(carrier, lane, weights)
        lane.trucks.reserved = spec.name in fleet.reserved_for
        carrier.lanes.append(lane.trucks)

    def configure(self, scenario: Scenario) -> None:
        """Set all parameters from ``scenario``."""
        for spec in scenario.carriers:
            self.configure_carrier(spec, scenario)

    def configure_carrier(self, spec: Any, scenario: Scenario) -> None:
        """Set the fleet of a carrier and how its trucks run on each lane."""
        carrier = self.carriers[spec.name]
        carrier.configure(fleet=spec.fleet.trucks, reserved=spec.fleet.reserved)
        rule = DispatchRule(
            threshold=spec.dispatch.threshold,
            longest_wait=spec.dispatch.longest_wait,
            every=spec.dispatch.every,
            phase=spec.dispatch.phase,
            calendar=calendar(spec.calendar),
        )
        for trucks in carrier.lanes:
            time = scenario.lane(trucks.name).travel_time
            back = longest(time) if spec.fleet.return_time is None else spec.fleet.return_time
            trucks.configure(
                capacity=spec.fleet.capacity,
                rule=rule,
                tariff=tariff(spec.tariff),
                costs=tariff(spec.costs),
                # A truck leaves once a period at most, so one that arrives in the same period comes back in the next.
                return_time=max(back, 1) if shortest(time) == 0 else back,
            )
        for pool in spec.pools:
            set_legs([self.lanes[name] for name in pool.lanes])


def set_legs(lanes: Sequence[Lane]) -> None:
    """From one stop of a pool to the next it takes the difference of the travel times."""
    for lane in lanes:
        stop = lane.trucks.stop  # type: ignore[union-attr]
        if stop.next is not None:
            stop.leg = stop.next.lead.lane.travel_time - lane.travel_time


def calendar(spec: Any) -> tuple[float, ...]:
    """Working periods as 1 and 0, from period 0 on; they repeat."""
    if spec is None:
        return (1,)
    shift = spec.phase % len(spec.pattern)
    return (*spec.pattern[shift:], *spec.pattern[:shift])


def tariff(spec: Any) -> Tariff:
    """The prices of departures."""
    brackets = tuple((bracket.from_load, bracket.price) for bracket in spec.brackets)
    return Tariff(departure=spec.departure, unit=spec.unit, brackets=brackets, minimum=spec.minimum)
