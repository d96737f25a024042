"""The levers that are moved, one function each: worlds, predictions and what the engine's cost is."""

from __future__ import annotations

from collections.abc import Callable
from math import exp

import numpy as np
from ripieno.agents.objectives import dispatch, docks, lots, newsvendor, production, review, smoothing, waves
from ripieno.agents.objectives.flow import Flow, LeadTime, Rates

from .worlds import Comparison, Table, compare, cost_of, hauled, shop

RATES = Rates(1.0, 9.0)
NORMAL = {"type": "normal", "mean": 100.0, "sd": 20.0}
FLOW = Flow(100.0, 400.0)
Lever = Callable[[int, int], Comparison]  # periods, runs


def pout(
    gain: float, *, target: float = 50.0, demand: Table = NORMAL, returns: bool = True, **forecast: float
) -> Table:
    kind = {"type": "constant", "mean": 100.0}
    if "alpha" in forecast:
        kind = {"type": "exponential-smoothing", "initial": 100.0, **forecast}
    if "window" in forecast:
        kind = {"type": "moving-average", "initial": 100.0, **forecast}
    policy = {"type": "proportional-order-up-to", "lead_time": 2, "inventory_gain": gain, "target_net_stock": target,
              "forecast": kind}  # fmt: skip
    return shop(policy, demand, orders={"returns": returns}, initial_stock=300.0 + target)


GAINS = (0.1, 0.2, 0.35, 0.5, 0.75, 1.0)


def gain(periods: int, runs: int) -> Comparison:
    """Smoothing around a known mean."""
    worlds = [pout(b) | {"periods": periods + 100} for b in GAINS]
    said = [smoothing.own_cost(smoothing.Rule(b, 2.0), FLOW, 50.0, RATES) for b in GAINS]
    return compare(worlds, cost_of("Shop"), said, runs)


def gain_following(periods: int, runs: int) -> Comparison:
    """Smoothing with a forecast that follows demand, which is autoregressive; orders cannot be negative."""
    demand = {"type": "autoregressive", "mean": 100.0, "rho": 0.5, "sd": 17.32}
    worlds = [pout(b, demand=demand, alpha=0.2, returns=False) | {"periods": periods + 100} for b in GAINS]
    flow = Flow(100.0, 400.0, 0.5)
    said = [smoothing.own_cost(smoothing.Rule(b, 2.0, alpha=0.2), flow, 50.0, RATES) for b in GAINS]
    return compare(worlds, cost_of("Shop"), said, runs)


def gain_moving_average(periods: int, runs: int) -> Comparison:
    """Smoothing with a moving average."""
    worlds = [pout(b, window=5) | {"periods": periods + 100} for b in GAINS]
    said = [smoothing.own_cost(smoothing.Rule(b, 2.0, window=5), FLOW, 50.0, RATES) for b in GAINS]
    return compare(worlds, cost_of("Shop"), said, runs)


def factor(periods: int, runs: int) -> Comparison:
    """Safety factor of an order-up-to level, with a random travel time that lets orders overtake each other."""
    values = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5)
    cover = newsvendor.overtaking(LeadTime(4.0, 2.0 / 3.0))
    deviation = np.sqrt(newsvendor.lead_time_demand(FLOW, cover).variance)
    travel = {"type": "uniform-periods", "low": 2, "high": 4}
    worlds = [
        shop({"type": "base-stock", "level": 400.0 + z * float(deviation)}, NORMAL, periods=periods,
             lane={"travel_time": travel})
        for z in values
    ]  # fmt: skip
    said = [newsvendor.factor_cost(z, FLOW, cover, RATES) for z in values]
    return compare(worlds, cost_of("Shop"), said, runs)


def review_period(periods: int, runs: int) -> Comparison:
    """Review period with its best level each, a cost of each order."""
    values = (1, 2, 3, 5, 7)
    levels = [float(review.best_level(FLOW, 3.0, R, RATES)) for R in values]
    worlds = [
        shop({"type": "base-stock", "level": level}, NORMAL, periods=periods,
             orders={"review_period": R, "cost": 300.0})
        for R, level in zip(values, levels, strict=True)
    ]  # fmt: skip
    said = [
        review.stock_cost(level, FLOW, 3.0, R, RATES) + review.ordering_cost(300.0, FLOW, R)
        for R, level in zip(values, levels, strict=True)
    ]
    return compare(worlds, cost_of("Shop"), said, runs)


def lot(periods: int, runs: int) -> Comparison:
    """Lot of an (r,nQ) policy under Poisson demand."""
    values, flow = (5.0, 20.0, 50.0, 80.0, 120.0), Flow(10.0, 10.0, nothing=exp(-10), unit=1.0)
    demand = {"type": "poisson", "mean": 10.0}
    worlds = [
        shop({"type": "r-nQ", "reorder_point": 30.0, "lot": Q}, demand, periods=periods, orders={"cost": 100.0})
        for Q in values
    ]
    said = [lots.stock_cost(lots.Lot(30.0, Q), flow, 3.0, RATES) + 100.0 * lots.orders(Q, flow) for Q in values]
    return compare(worlds, cost_of("Shop"), said, runs)


def price_break(periods: int, runs: int) -> Comparison:
    """Order multiple of an order-up-to level under price breaks."""
    values, base, breaks = (100.0, 200.0, 300.0, 450.0, 600.0), 10.0, [(250.0, 9.0), (500.0, 8.8)]
    supplier = {"price_breaks": [{"quantity": q, "price": p} for q, p in breaks]}
    worlds = [
        shop({"type": "base-stock", "level": 330.0}, NORMAL, periods=periods, supplier=supplier,
             lane={"price": base}, orders={"cost": 50.0, "multiple": Q})
        for Q in values
    ]  # fmt: skip
    said = [
        lots.stock_cost(lots.Lot(330.0, Q), FLOW, 3.0, RATES) + 50.0 * lots.orders(Q, FLOW)
        + 100.0 * lots.price(Q, base, breaks)
        for Q in values
    ]  # fmt: skip
    return compare(worlds, lambda result: np.asarray(result.agent("Shop", "score")), said, runs)


TRUCK = 120.0
LOADS = {"type": "negative-binomial", "mean": 20.0, "variance": 80.0}
LOAD = Flow(20.0, 80.0, unit=1.0)


def threshold(periods: int, runs: int) -> Comparison:
    """Dispatch threshold: departures, which are the carrier's, and what waits at the plant."""
    values = (0.2, 0.4, 0.6, 0.8, 1.0)
    worlds = [hauled(LOADS, TRUCK, {"threshold": share}, periods=periods) for share in values]
    said = [dispatch.by_load(LOAD, TRUCK, share).cost(60.0, 0.5) for share in values]
    return compare(worlds, cost_of("Plant", "Haulier"), said, runs)


def departures(periods: int, runs: int) -> Comparison:
    """Dispatch threshold, the carrier's own cost alone."""
    values = (0.2, 0.4, 0.6, 0.8, 1.0)
    worlds = [hauled(LOADS, TRUCK, {"threshold": share}, periods=periods) for share in values]
    said = [dispatch.by_load(LOAD, TRUCK, share).cost(60.0) for share in values]
    return compare(worlds, cost_of("Haulier"), said, runs)


def longest_wait(periods: int, runs: int) -> Comparison:
    """Longest wait, beside a threshold of 0.8."""
    values = (1, 2, 3, 4, 6, 9)
    worlds = [hauled(LOADS, TRUCK, {"threshold": 0.8, "longest_wait": T}, periods=periods) for T in values]
    nothing = (1 / 4) ** (20 / 3)  # of a negative binomial with mean 20 and variance 80
    flow = Flow(20.0, 80.0, nothing=nothing, unit=1.0)
    said = [dispatch.by_load_or_age(flow, TRUCK, 0.8, T).cost(60.0, 0.5) for T in values]
    return compare(worlds, cost_of("Plant", "Haulier"), said, runs)


def timetable(periods: int, runs: int) -> Comparison:
    """Periods from one departure to the next."""
    values = (1, 2, 4, 6, 8, 10)
    worlds = [hauled(LOADS, TRUCK, {"every": R}, periods=periods) for R in values]
    said = [dispatch.by_timetable(LOAD, TRUCK, R).cost(60.0, 0.5) for R in values]
    return compare(worlds, cost_of("Plant", "Haulier"), said, runs)


def _dock(demand: Table, truck: float, doors: Table, periods: int, detention: float = 1.0) -> Table:
    world = hauled(demand, truck, {}, periods=periods, site={"docks": {"inbound": doors}})
    world["suppliers"][0].pop("holding_cost")
    world["carriers"][0] |= {"costs": {}, "detention_cost": detention}
    return world


def doors(periods: int, runs: int) -> Comparison:
    """Doors with an unloading time of two periods, for trucks in bunches of two; a door costs 0.6."""
    values = (4, 5, 6, 8)
    demand = {"type": "poisson", "mean": 0.88}
    worlds = [_dock(demand, 0.5, {"doors": c, "time": 2}, periods) for c in values]
    flow = Flow(1.76, 3.52)
    said = [docks.queue(flow, docks.Dock(c, LeadTime(2.0), periods)) + 0.6 * c for c in values]
    found = compare(worlds, lambda result: np.asarray(result.agent("Shop", "dock_queue")), said, runs)
    return Comparison(found.simulated + 0.6 * np.array(values)[:, None], found.predicted)


def overload(periods: int, runs: int) -> Comparison:
    """Trucks a period at four slots, from empty, up to a load of 1.1 and beyond any long run."""
    values = (3.2, 3.6, 3.9, 4.1, 4.4)
    worlds = [_dock({"type": "poisson", "mean": a}, 1.0, {"slots": 4}, periods) | {"warm_up": 0} for a in values]
    said = [docks.queue(Flow(a, a), docks.Dock(4, LeadTime(1.0), periods)) for a in values]
    worlds = [world | {"periods": periods} for world in worlds]
    return compare(worlds, lambda result: np.asarray(result.agent("Shop", "dock_queue")), said, runs)


PICKED = {"type": "poisson", "mean": 20.0}


def _picking(waves_of: Table, periods: int, capacity: float | None = None) -> Table:
    policy = {"type": "base-stock", "level": 400.0}
    world = shop(policy, PICKED, periods=periods, initial_stock=400.0, waves={"setup_cost": 200.0} | waves_of)
    if capacity is not None:
        world["warehouses"][0]["picking"] = {"capacity": capacity}
    return world


def _stock_aside(level: float, flow: Flow) -> float:
    """What a stock that never runs out costs beside the waves."""
    return float(level - 3.0 * np.asarray(flow.mean))


def wave(periods: int, runs: int) -> Comparison:
    """Periods from one wave to the next, up to where the pickers can just do it."""
    values, flow = (1, 2, 3, 4, 5), Flow(20.0, 20.0, nothing=exp(-20), unit=1.0)
    worlds = [_picking({"every": E}, periods, 110.0) for E in values]
    said = [waves.cost_by_calendar(flow, E, 200.0, RATES, 110.0, periods) + _stock_aside(400.0, flow) for E in values]
    return compare(worlds, cost_of("Shop"), said, runs)


def wave_size(periods: int, runs: int) -> Comparison:
    """Smallest wave."""
    values, flow = (1.0, 25.0, 50.0, 80.0, 120.0), Flow(20.0, 20.0, unit=1.0)
    worlds = [_picking({"smallest": q}, periods) for q in values]
    said = [waves.cost_by_size(flow, q, 200.0, RATES) + _stock_aside(400.0, flow) for q in values]
    return compare(worlds, cost_of("Shop"), said, runs)


def campaign(periods: int, runs: int) -> Comparison:
    """Cycle of a campaign of two products, with the level that is best for it."""
    values = (2, 4, 6, 10)
    one = Flow(20.0, 25.0)
    levels = [float(review.best_level(one, 2.0, T // 2 + 1, RATES)) for T in values]
    worlds = [_factory(T, level, periods) for T, level in zip(values, levels, strict=True)]
    said = [
        production.campaign_cost([production.Product(one, level, RATES, 60.0)] * 2, T, 1.0)
        for T, level in zip(values, levels, strict=True)
    ]
    return compare(worlds, lambda r: np.asarray(r.agent("Works", "cost")), said, runs)


def _factory(cycle: int, level: float, periods: int) -> Table:
    names = ["A", "B"]
    works = {
        "name": "Works", "bill": {name: {} for name in names}, "lead_time": 1, "holding_cost": 1.0,
        "backlog_cost": 9.0, "setup_cost": 60.0, "campaign": {"cycle": cycle}, "initial_stock": level,
        "policy": {"type": "base-stock", "level": level},
    }  # fmt: skip
    demand = {name: {"type": "normal", "mean": 20.0, "sd": 5.0} for name in names}
    return {
        "name": "campaign", "periods": periods + 100, "warm_up": 100, "products": [{"name": n} for n in names],
        "factories": [works], "markets": [{"name": "Town", "sites": ["Works"], "demand": demand}],
    }  # fmt: skip


LEVERS: dict[str, Lever] = {
    f.__name__: f
    for f in (
        gain, gain_following, gain_moving_average, factor, review_period, lot, price_break, threshold, departures,
        longest_wait, timetable, doors, overload, wave, wave_size, campaign,
    )
}  # fmt: skip
