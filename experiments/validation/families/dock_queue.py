"""Docks as queues: trucks at doors, in discrete time and, as far as a grid of periods tells it, in continuous time.

Each outside demand becomes an order of a truckload, as the hub passes orders on at once, so trucks reach its dock as
demand arises: one at a time, in bunches, or by appointment. A truck that finds a free door waits 0 periods.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ....model.schema import Scenario, parse
from ..estimates import Estimate, Sample, ratio_of
from ..facts import facts
from ..targets import Effort, Target, statistical
from ..worlds import MARKET, SOURCE, measure

HUB, CARRIER = "Hub", "Haulier"
FINE = 20  # periods of an hour in the targets of exponential unloading times
STEPS = 2  # periods of an unloading time in the targets of continuous time
WARM_UP = 1_500  # several times what the longest queue here takes to forget its start
SHORT_WARM_UP = 500  # the same for slots
RUNS = 2_048
LEFT_OUT = 0  # periods of what is too long for a quick measurement


def targets(effort: Effort) -> Iterator[Target]:
    """All of them."""
    yield from one_door(effort)
    yield from slots(effort)
    yield from arrivals(effort)
    yield from random_times(effort)
    yield from continuous_time(effort)
    yield from exponential_times(effort)


def dock(name: str, demand: Mapping[str, Any], doors: Mapping[str, Any], periods: int, **more: Any) -> Scenario:
    """A hub behind a dock; ``more`` keys are ``warm_up``, the load of a ``truck`` and the number of ``markets``."""
    warm_up, truck, markets = more.get("warm_up", WARM_UP), more.get("truck", 1.0), more.get("markets", 1)
    return parse(
        {
            "name": f"dock queue {name}",
            "periods": periods + warm_up,
            "warm_up": warm_up,
            "suppliers": [{"name": SOURCE}],
            "warehouses": [{"name": HUB, "policy": "pass-through", "docks": {"inbound": dict(doors)}}],
            "markets": [{"name": f"{MARKET}{i + 1}", "sites": [HUB], "demand": dict(demand)} for i in range(markets)],
            "lanes": [{"from": SOURCE, "to": HUB, "travel_time": 1, "carrier": CARRIER}],
            "carriers": [{"name": CARRIER, "fleet": {"capacity": truck}}],
        },
        source="dock queue",
    )


def one(probability: float) -> dict[str, Any]:
    """The demand of one unit in a period, or of none."""
    return {"type": "intermittent", "probability": probability, "mean": 1.0, "sd": 0.0}


def measured(scenario: Scenario, runs: int = RUNS) -> Sample:
    """The runs of a scenario."""
    return measure([scenario], runs)[0]


def wait(sample: Sample, unit: float = 1.0) -> Estimate:
    """The mean wait of a truck, each run counting by its trucks; ``unit`` is the length of a period."""
    trucks = sample.agent(CARRIER, "departures")
    return ratio_of(sample.agent(HUB, "dock_wait") * trucks * unit, trucks)


def queue(sample: Sample) -> Estimate:
    """The mean number of trucks that wait at the end of a period, for the number that is expected to arrive."""
    trucks = sample.agent(CARRIER, "departures")
    found = ratio_of(sample.agent(HUB, "dock_queue"), trucks)
    mean = float(trucks.mean())
    return Estimate(found.value * mean, found.error * mean)


def one_door(effort: Effort) -> Iterator[Target]:
    """Single trucks at one door, with an unloading time of several periods."""
    case = facts("dock_queue")
    sizes = {4: (5_500, 820), 3: (12_500, LEFT_OUT), 10: (17_500, LEFT_OUT)}
    for row in case.expected["geo_d_1"]:
        D, p = row["D"], row["p"]
        periods = effort.pick(*sizes[D])
        if periods == LEFT_OUT:
            continue
        sample = measured(dock(f"D={D}", one(p), {"doors": 1, "time": D}, periods))
        yield statistical(f"dock_queue/one door D={D} p={p}/wait", case.source, row["Wq"], wait(sample))
        yield statistical(f"dock_queue/one door D={D} p={p}/queue", case.source, row["Lq"], queue(sample))


def slots(effort: Effort) -> Iterator[Target]:
    """Up to c of the trucks that are there go to the doors in a period."""
    case = facts("dock_queue")
    sizes = {0.8: (2_200, 350), 4.5: (1_900, 210), 9.5: (2_600, 370), 9.0: (1_300, 150)}
    for row in case.expected["slotted"]:
        lam, c = row["lam"], row["c"]
        demand, periods = {"type": "poisson", "mean": lam}, effort.pick(*sizes[lam])
        sample = measured(dock(f"slots {lam} {c}", demand, {"slots": c}, periods, warm_up=SHORT_WARM_UP))
        yield statistical(f"dock_queue/slots c={c} trucks={lam}/queue", case.source, row["E_left_over"], queue(sample))
        yield statistical(
            f"dock_queue/slots c={c} trucks={lam}/wait", case.source, row["mean_wait_slots"], wait(sample)
        )


def arrivals(effort: Effort) -> Iterator[Target]:
    """The queue before the same slots, when as many trucks come at random, in bunches of four, and evened out."""
    case = facts("dock_queue")
    mean, slots = case.parameters["mean_arrivals"], case.parameters["slots"]
    poisson = {"type": "poisson", "mean": float(mean)}
    bunches = {"type": "poisson", "mean": mean / 4}
    periods, short = effort.pick(900, 140), {"warm_up": SHORT_WARM_UP // 2}
    scenarios = {
        "poisson": dock("poisson", poisson, {"slots": slots}, periods, **short),
        "bunches of four": dock("bunches", bunches, {"slots": slots}, periods, truck=0.25, **short),
        "binomial": dock("binomial", one(0.5), {"slots": slots}, periods, markets=2 * mean, **short),
    }
    for name, scenario in scenarios.items():
        sample = measured(scenario)
        yield statistical(f"dock_queue/arrivals {name}", case.source, case.expected["arrivals"][name], queue(sample))


def random_times(effort: Effort) -> Iterator[Target]:
    """Unloading times that are drawn for each truck; trucks come at random or by appointment."""
    case = facts("dock_queue")
    given = case.parameters
    doors = {"doors": 1, "time": {"type": "choice", "values": given["unloading_times"]}}
    appointments = {"type": "trace", "values": [1.0] + [0.0] * (given["every"] - 1), "after_end": "repeat"}
    trucks = (
        ("random unloading times", one(given["p"]), (5_800, LEFT_OUT)),
        ("appointments", appointments, (3_000, 350)),
    )
    for name, demand, size in trucks:
        if effort.pick(*size) == LEFT_OUT:
            continue
        sample = measured(dock(name, demand, doors, effort.pick(*size)))
        yield statistical(f"dock_queue/{name}", case.source, case.expected[name], wait(sample))


def continuous_time(effort: Effort) -> Iterator[Target]:
    """Trucks that come at any time, at doors of a fixed unloading time.

    Periods are half an unloading time. That changes neither the mean queue nor, by Little's law, the mean wait:
    what is at the dock an unloading time later are those who wait now and those who come in between.
    """
    case = facts("dock_queue_MDc")
    sizes = {0.8: (3_800, 520), 0.9: (12_500, LEFT_OUT), 1.6: (2_400, 320), 2.7: (5_000, 800)}
    for row in case.expected["rows"]:
        lam, c = row["lam"], row["c"]
        periods = effort.pick(*sizes.get(lam, (3_300, 450)))
        if periods == LEFT_OUT:
            continue
        demand = {"type": "poisson", "mean": lam / STEPS}
        short = {} if lam == 0.9 else {"warm_up": SHORT_WARM_UP}
        sample = measured(dock(f"M/D/{c} {lam}", demand, {"doors": c, "time": STEPS}, periods, **short))
        name = f"dock_queue/continuous c={c} trucks={lam}"
        yield statistical(f"{name}/wait", case.source, row["Wq"], wait(sample, 1 / STEPS))
        yield statistical(f"{name}/queue", case.source, row["Lq"], queue(sample))
        given = case.expected["appointments"]
        if c == 1 and lam == given["lam"] / given["mu"]:
            hours = wait(sample, 1 / STEPS / given["mu"])
            expected = given["Wq_random_deterministic_service"]
            yield statistical("dock_queue/random trucks, fixed unloading time", case.source, expected, hours)


def exponential_times(effort: Effort) -> Iterator[Target]:
    """One door with exponential unloading times; trucks come at random (M/M/1) or by appointment (D/M/1).

    A period is a twentieth of an hour, in which a truck comes, and an unloading ends, with the same probability
    whatever happened before. The wait on that grid is known exactly, and what it is off by is taken off.
    """
    case = facts("dock_queue_MDc")
    given = case.expected["appointments"]
    comes, ends = given["lam"] / FINE, given["mu"] / FINE
    every = round(1 / comes)
    appointments = {"type": "trace", "values": [1.0] + [0.0] * (every - 1), "after_end": "repeat"}
    doors = {"doors": 1, "time": {"type": "geometric", "mean": 1 / ends, "longest": round(20 / ends)}}
    trucks = (
        ("random", one(comes), comes * (1 - ends) / (ends * (ends - comes)), (12_000, LEFT_OUT)),
        ("appointments", appointments, by_appointment(ends, every), (5_000, 700)),
    )
    for name, demand, grid, size in trucks:
        if effort.pick(*size) == LEFT_OUT:
            continue
        found = wait(measured(dock(f"exponential {name}", demand, doors, effort.pick(*size))), 1 / FINE)
        expected = given[f"Wq_{name}"]
        on_grid = replace(found, value=found.value + expected - grid / FINE)
        yield statistical(f"dock_queue/exponential unloading, {name} trucks", case.source, expected, on_grid)


def by_appointment(ends: float, every: int) -> float:
    """The mean wait in periods of trucks that come ``every`` so many periods, when unloading ends with a probability.

    The number of trucks that one finds before it is geometric with the root s of s = (1 - ends + ends s) ** every.
    """
    s = 0.5
    for _ in range(200):
        s = (1 - ends + ends * s) ** every
    return s / (1 - s) / ends
