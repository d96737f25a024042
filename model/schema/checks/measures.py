"""What is to be measured can be: promises that can be kept, and a shock to recover from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...moments import SEQUENCES, serving_lag
from ..problems import Problem
from ..shocks import first_shock
from ..times import shortest

if TYPE_CHECKING:
    from ..frame import Frame
    from ..lanes import Lane
    from ..world import World


def check_measures(scenario: World, frame: Frame) -> Iterator[Problem]:
    """Promises and measures fit the rest of the scenario."""
    returning = {site.name for site in scenario.sites() if site.orders.returns}
    markets = {market.name for market in scenario.markets}
    for lane in scenario.lanes:
        if lane.promise is not None:
            yield from _promise(scenario, lane, lane.destination in markets)
    asked = [lane for lane in scenario.lanes if lane.promise is not None or "lead-times" in scenario.measures]
    for lane in asked:
        if lane.destination in returning:
            place = ("lanes", lane.name or "", "promise") if lane.promise is not None else ("measures",)
            what = f"does not go with the returns of {lane.destination}"
            yield Problem(place, what, "remove it, or its orders = {returns = true}")
    if "recovery" in scenario.measures:
        yield from _shock(scenario)


def _promise(scenario: World, lane: Lane, to_market: bool) -> Iterator[Problem]:
    sequence = SEQUENCES.get(str(scenario.sequence)) or tuple(scenario.sequence)
    least = shortest(lane.travel_time) + serving_lag(sequence, lane.order_delay, to_market)
    if lane.promise is not None and lane.promise < least:
        where = ("markets", lane.destination, "promise") if to_market else ("lanes", lane.name or "", "promise")
        cure = f"give at least {least}: the shortest time from order to receipt on {lane.name}"
        yield Problem(where, "can never be kept", cure, lane.promise)


def _shock(scenario: World) -> Iterator[Problem]:
    shock = first_shock(scenario)
    if shock is None:
        cure = "add an intervention, or an outage with start or states, or remove recovery"
        yield Problem(("measures",), "names recovery, but there is no dated shock", cure, scenario.measures)
    elif shock <= scenario.warm_up:
        cure = f"let the first intervention or outage come after warm_up = {scenario.warm_up}, or shorten the warm-up"
        what = f"names recovery, but before the first shock (period {shock}) nothing is measured"
        yield Problem(("measures",), what, cure)
