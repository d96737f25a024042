"""Who is watched in a world, by what its scenario asks for."""

from __future__ import annotations

from typing import Any

from ...agents.lane import Lane, MarketLane
from ..moments import serving_lag
from ..schema.shocks import first_shock
from .lead_times import LeadTimes
from .nervousness import Nervousness
from .promise import Promise
from .recovery import Recovery


class Watch:
    """The promises of a world, and the measures that its scenario asks for by name."""

    def __init__(self, world: Any) -> None:
        scenario, lanes = world.scenario, world.lanes
        self.promises: dict[str, Promise] = {}
        for spec in scenario.lanes:
            if spec.promise is not None:
                self.promises[spec.name] = Promise(lanes[spec.name], spec.promise, lag_of(lanes[spec.name], world))
        self.lead_times: dict[str, LeadTimes] = {}
        if "lead-times" in scenario.measures:
            self.lead_times = {name: LeadTimes(lane, lag_of(lane, world)) for name, lane in lanes.items()}
        self.nervousness: dict[str, Nervousness] = {}
        if "nervousness" in scenario.measures:
            ordering = {name: site for name, site in world.sites.items() if site.policy is not None}
            self.nervousness = {name: Nervousness(site) for name, site in ordering.items()}
        self.recovery: Recovery | None = None
        if "recovery" in scenario.measures:
            shock = first_shock(scenario)
            assert shock is not None
            to_markets = [lane for lane in lanes.values() if isinstance(lane, MarketLane)]
            self.recovery = Recovery(to_markets, shock, world.runs)

    def everybody(self) -> list[Any]:
        """All that has to be told of the end of each period."""
        found: list[Any] = [*self.promises.values(), *self.lead_times.values(), *self.nervousness.values()]
        return found if self.recovery is None else [*found, self.recovery]


def lag_of(lane: Lane, world: Any) -> int:
    """Periods from the placing of an order on a lane to the first serving after it is booked."""
    return serving_lag(world.sequence, lane.order_delay, isinstance(lane, MarketLane))
