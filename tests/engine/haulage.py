"""Random worlds with trucks: carriers for some of the lanes of any world, docks and receiving windows."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import strategies as st
from ripieno.model.schema import Scenario, parse

from .worlds import PERIODS, Table, WorldMaker


def truck_worlds(*, periods: int = PERIODS) -> st.SearchStrategy[Scenario]:
    """Scenarios in which something goes by truck."""
    return st.randoms(use_true_random=False).map(lambda draw: parse(with_trucks(draw, periods)))


def truck_world_number(number: int, *, periods: int = PERIODS) -> Scenario:
    """One of these worlds, always the same for a number."""
    return parse(with_trucks(Random(number), periods))


def with_trucks(draw: Random, periods: int) -> Table:
    """A world without returns, with one or two carriers."""
    maker = WorldMaker(draw, periods, returns=False)
    table = maker.world()
    names = [lane["name"] for lane in table["lanes"]]
    names += [f"{link['site']}->{market['name']}" for market in table["markets"] for link in market["sites"]]
    chosen = draw.sample(names, draw.randint(1, len(names)))
    cut = draw.randint(1, len(chosen))
    parts = [part for part in (chosen[:cut], chosen[cut:]) if part]
    table["carriers"] = [carrier(draw, f"C{i}", maker.mean) | {"lanes": part} for i, part in enumerate(parts)]
    for market in table["markets"]:
        for process in market["demand"].values():
            process.pop("minimum", None)
    for product in table["products"]:
        product["weight"] = draw.choice((1.0, 0.5, 4.0))
    add_docks(draw, table, chosen)
    if draw.random() < 0.4:
        change = {f"carriers.C0.{key}": value for key, value in changes(draw, table["carriers"][0], maker.mean).items()}
        table["interventions"] = [*table["interventions"], {"at": draw.randint(3, 9), "set": change}]
    return table


def add_docks(draw: Random, table: Table, served: list[str]) -> None:
    """Docks at some of the ends of the lanes that are ``served`` by trucks, and receiving windows."""
    ends = {lane["to"] for lane in table["lanes"] if lane["name"] in served}
    starts = {name.split("->")[0] for name in served}
    for which in ("factories", "warehouses"):
        for site in table[which]:
            docks = {"inbound": dock(draw)} if site["name"] in ends and draw.random() < 0.7 else {}
            docks |= {"outbound": dock(draw)} if site["name"] in starts and draw.random() < 0.3 else {}
            if docks:
                site["docks"] = docks
            if "inbound" in docks and which == "warehouses" and draw.random() < 0.3:
                calendar = {"pattern": [1, 0, 1, 1], "phase": draw.randint(0, 3)}
                site["receiving_window"] = {"calendar": calendar, "early_cost": 1.25}


def carrier(draw: Random, name: str, mean: float) -> Table:
    """A carrier of any kind for lanes that carry about ``mean`` a period; some have far too few trucks."""
    load = mean * draw.choice((0.3, 1.0, 3.0))
    fleet: Table = {"capacity": load, "load_by": draw.choice(("units", "units", "weight"))}
    if draw.random() < 0.6:
        fleet |= {"trucks": float(draw.choice((1, 3, 10))), "period_cost": draw.choice((0.0, 2.0))}
    if draw.random() < 0.4:
        fleet["return_time"] = draw.randint(0, 3)
    rule: Table = {"threshold": draw.choice((0.0, 0.4, 1.0))}
    if draw.random() < 0.5:
        rule["longest_wait"] = draw.randint(0, 4)
    prices = [{"departure": 3.0}, {"unit": 0.5, "minimum": 2.0}, {"brackets": [{"from_load": load / 2, "price": 0.25}]}]
    found: Table = {
        "name": name,
        "owner": draw.choice((name, "Holding")),
        "fleet": fleet,
        "dispatch": draw.choice((rule, rule, {"every": draw.randint(1, 4), "phase": draw.randint(0, 2)})),
        "tariff": draw.choice(prices),
        "costs": draw.choice(({}, {"departure": 1.0})),
        "detention_cost": draw.choice((0.0, 1.5)),
    }
    return found | draw.choice(({}, {}, {"calendar": {"pattern": [1, 1, 0], "phase": draw.randint(0, 2)}}))


def dock(draw: Random) -> Table:
    """A dock, often too small."""
    drawn = ({"type": "choice", "values": [1, 3]}, {"type": "geometric", "mean": 2.0, "longest": 6})
    times: Any = (1, 1, 2, 4, *drawn, {"type": "uniform-periods", "low": 1, "high": 4})
    doors = {"doors": draw.choice((1, 2, 5)), "time": draw.choice(times)}
    return draw.choice((doors, doors, {"slots": draw.choice((1, 4))}))


def changes(draw: Random, spec: Table, mean: float) -> dict[str, float]:
    """Numbers of a carrier that may have other values from some period on."""
    found = {"fleet.capacity": mean * draw.choice((0.4, 2.0)), "detention_cost": 3.0}
    if "trucks" in spec["fleet"]:
        found["fleet.trucks"] = float(draw.choice((1, 2, 20)))
    if "threshold" in spec["dispatch"]:
        found["dispatch.threshold"] = draw.choice((0.2, 0.9))
    return dict(draw.sample(sorted(found.items()), draw.randint(1, len(found))))
