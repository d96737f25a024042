"""Random worlds with trucks in which some lanes from one place share them, and some may be reserved."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st
from ripieno.model.schema import Scenario, ScenarioError, parse

from .haulage import with_trucks
from .worlds import PERIODS, Table


def pooled_worlds(*, periods: int = PERIODS) -> st.SearchStrategy[Scenario]:
    """Scenarios with a pool."""
    return st.integers(0, 10**9).map(lambda number: pooled_world(Random(number), periods))


def pooled_world(draw: Random, periods: int = PERIODS) -> Scenario:
    """The first world that has lanes to pool and is sound with them pooled."""
    while True:
        table = with_trucks(draw, periods)
        if pool(draw, table):
            try:
                return parse(table)
            except ScenarioError:
                continue  # such as an outage on one of two lanes of a stop


def pool(draw: Random, table: Table) -> bool:
    """Let the lanes from one place share trucks, on a route with times that rise; whether there are such lanes."""
    several = [lanes for _, lanes in sorted(lanes_from(table).items()) if len(lanes) > 1]
    if not several:
        return False
    lanes = draw.choice(several)
    places = sorted({end for _, end, _ in lanes})
    time = draw.randint(0, 2)
    names = []
    for place in draw.sample(places, len(places)):
        for name, _, held in (lane for lane in lanes if lane[1] == place):
            held["travel_time"] = time
            if time == 0:
                held.pop("initial_in_transit", None)
            names.append(name)
        time += draw.randint(1, 2)
    for carrier in table["carriers"]:
        carrier["lanes"] = [name for name in carrier["lanes"] if name not in names]
    first = table["carriers"][0]
    first |= {"lanes": [*first["lanes"], *names], "pools": [{"lanes": names, "route": len(places) > 1}]}
    if "trucks" in first["fleet"] and set(first["lanes"]) != set(names) and draw.random() < 0.7:
        kept = draw.choice((names, [name for name in first["lanes"] if name not in names]))
        first["fleet"] = first["fleet"] | {"reserved": draw.choice((0.3, 0.5, 1.0)), "reserved_for": kept}
    table["carriers"] = [carrier for carrier in table["carriers"] if carrier["lanes"]]
    return True


def lanes_from(table: Table) -> dict[str, list[tuple[str, str, Table]]]:
    """By origin the lanes from it: name, destination, and the table that holds the travel time."""
    found: dict[str, list[tuple[str, str, Table]]] = {}
    for lane in table["lanes"]:
        found.setdefault(lane["from"], []).append((lane["name"], lane["to"], lane))
    for market in table["markets"]:
        for link in market["sites"]:
            entry = (f"{link['site']}->{market['name']}", market["name"], link)
            found.setdefault(link["site"], []).append(entry)
    return found
