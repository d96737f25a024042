"""The closed forms by which agents judge their levers, against published numbers: a check of formulas alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ....agents.objectives import dispatch, docks, lots, newsvendor, production, smoothing, special
from ....agents.objectives.flow import Flow, LeadTime, Rates
from ..facts import facts
from ..targets import Effort, Target, closed_form

TRUNCATED = 5e-7  # relative: what the printed digits and a grid of levers leave open
STEP = 1.0 / 2000.0  # of the gains looked at
GAINS = np.arange(100, 2001, dtype=np.float64) * STEP


def targets(effort: Effort) -> Iterator[Target]:
    """All of them; nothing is random, so quick and full are the same."""
    yield from smoothed_chain()
    yield from thresholds()
    yield from queues()
    yield from joint_lots()
    yield from single_lots()
    yield from safety_factors()


def _near(name: str, source: str, expected: float, measured: object) -> Target:
    value = float(np.asarray(measured))
    return closed_form(f"objectives/{name}", source, expected, value, TRUNCATED * max(1.0, abs(expected)))


def smoothed_chain() -> Iterator[Target]:
    """What smoothing costs the retailer, and the gain that is best for it and for its factory too."""
    case = facts("smoothing_chain_cost")
    given, expected = case.parameters, case.expected
    rates, variance = Rates(given["h"], given["backorder"]), given["sigma"] ** 2
    found = smoothing.multipliers(smoothing.Rule(GAINS, given["Lx"] - 1.0))
    retailer = newsvendor.best_cost(np.sqrt(found.net_stock * variance), rates)
    spare = special.quantile(1.0 - given["c_regular"] / given["c_overtime"])
    factory = given["c_overtime"] * special.density(spare) * np.sqrt(found.orders * variance)
    alone, best = int(np.argmin(retailer)), int(np.argmin(retailer + factory))
    half = 0.5 * STEP
    name = "objectives/smoothing"
    yield closed_form(f"{name}/best alone", case.source, expected["beta_retailer_alone"], float(GAINS[alone]), half)
    yield closed_form(f"{name}/best together", case.source, expected["beta_star"], float(GAINS[best]), half)
    yield _near("smoothing/cost alone", case.source, expected["cost_alone"]["retailer"], retailer[alone])
    yield _near("smoothing/factory's cost alone", case.source, expected["cost_alone"]["factory"], factory[alone])
    together = (retailer + factory)[best]
    yield _near("smoothing/cost together", case.source, expected["cost_star"]["total"], together)


def thresholds() -> Iterator[Target]:
    """The load and the timetable with the least cost, and the cost of full trucks.

    The source has continuous time: a period here is a thousandth of its unit, for the load and the timetable.
    """
    case = facts("dispatch_threshold")
    given, expected = case.parameters, case.expected
    steps = 1000.0
    rate, truck = given["lam"] / steps, float(given["W"])
    loads = Flow(rate, rate, nothing=np.exp(-rate), unit=1.0)
    units = np.arange(1.0, truck + 1.0)
    costs = steps * dispatch.by_load(loads, 1e6, units / 1e6).cost(given["F"], given["w"] / steps)
    best = int(np.argmin(costs))
    tolerance = 1e-3 * expected["cost_Q_star"]
    name = "objectives/dispatch"
    yield closed_form(f"{name}/best load", case.source, expected["Q_star"], float(units[best]), 0.0)
    yield closed_form(f"{name}/best load's cost", case.source, expected["cost_Q_star"], float(costs[best]), tolerance)
    full = steps * dispatch.by_load(loads, truck, 1.0).cost(given["F"], given["w"] / steps)
    yield _near("dispatch/full trucks' cost", case.source, expected["cost_full_truck"], full)
    every = np.arange(2000.0, 5000.0)
    timed = steps * dispatch.by_timetable(loads, 1e6, every).cost(given["F"], given["w"] / steps)
    best = int(np.argmin(timed))
    yield closed_form(f"{name}/best timetable", case.source, expected["T_star"], float(every[best]) / steps, 1e-3)
    tolerance = 1e-3 * expected["cost_T_star"]
    yield closed_form(f"{name}/timetable's cost", case.source, expected["cost_T_star"], float(timed[best]), tolerance)


def queues() -> Iterator[Target]:
    """Queues at docks: exact at one door; at many and for bunches within the accuracy that is stated."""
    case = facts("dock_queue")
    for row in case.expected["geo_d_1"]:
        p, D = row["p"], row["D"]
        found = docks.wait(Flow(p, p * (1 - p)), docks.Dock(1, LeadTime(D)))
        yield _near(f"docks/one door D={D} p={p}", case.source, row["Wq"], found)
    times = np.array(case.parameters["unloading_times"], dtype=np.float64)
    p = case.parameters["p"]
    found = docks.wait(Flow(p, p * (1 - p)), docks.Dock(1, LeadTime(float(times.mean()), float(times.var()))))
    yield _near("docks/random unloading times", case.source, case.expected["random unloading times"], found)
    for row in case.expected["slotted"]:
        flow, name = Flow(row["lam"], row["lam"]), f"objectives/docks/slots c={row['c']} trucks={row['lam']}"
        queue = float(docks.queue(flow, docks.Dock(row["c"], LeadTime(1.0))))
        yield closed_form(name, case.source, row["E_left_over"], queue, 0.01 * row["E_left_over"])
    mean, slots = case.parameters["mean_arrivals"], case.parameters["slots"]
    for kind, variance, allowed in (("poisson", mean, 0.02), ("bunches of four", 4 * mean, 0.02)):
        queue = float(docks.queue(Flow(mean, variance), docks.Dock(slots, LeadTime(1.0))))
        wanted = case.expected["arrivals"][kind]
        yield closed_form(f"objectives/docks/arrivals {kind}", case.source, wanted, queue, allowed * wanted)
    case = facts("dock_queue_MDc")
    given = case.expected["appointments"]
    found = docks.queueing_time(given["lam"] / given["mu"], 1.0, 0.0, 1.0 / given["mu"])
    yield _near("docks/Pollaczek-Khinchine", case.source, given["Wq_random_deterministic_service"], found)


def joint_lots() -> Iterator[Target]:
    """A vendor's and a buyer's lot: each alone, together, and with several shipments for each setup."""
    case = facts("joint_lot")
    given, expected = case.parameters, case.expected
    D, P, held = given["D"], given["P"], given["r"] * given["Cv"]
    alone = float(lots.economic_lot(given["A"], D, given["r"] * given["Cp"]))
    yield _near("joint lot/buyer's lot", case.source, expected["Q_buyer"], alone)

    def cost(lot: float, n: int) -> float:
        buyer = lots.economic_cost(lot, given["A"], D, given["r"] * given["Cp"])
        return float(buyer + given["S"] * D / (n * lot) + held * production.vendor_stock(lot, D, P, n))

    yield _near("joint lot/separate", case.source, expected["total_separate"], cost(alone, 1))
    yield _near("joint lot/together", case.source, expected["total_joint"], cost(expected["Q_joint"], 1))
    best = min(range(1, 8), key=lambda n: min(cost(lot, n) for lot in range(100, 800)))
    yield _near("joint lot/best number of shipments", case.source, expected["goyal_n"], best)
    yield _near("joint lot/several shipments", case.source, expected["goyal_total"], cost(expected["goyal_Q"], best))


def single_lots() -> Iterator[Target]:
    """The economic lot's cost with backorders, and its lot."""
    case = facts("eoq")
    given, expected = case.parameters, case.expected
    rest = given["K"], given["demand_rate"], given["h"], given["b"]
    lot = lots.economic_lot(*rest)
    yield _near("lots/lot with backorders", case.source, expected["Q_backorders"], lot)
    yield _near("lots/cost with backorders", case.source, expected["cost_backorders"], lots.economic_cost(lot, *rest))


def safety_factors() -> Iterator[Target]:
    """The best level and its cost, over one period and over several."""
    case = facts("newsvendor")
    for key in ("normal_1", "normal_2", "base_stock"):
        given, expected = case.parameters[key], case.expected[key]
        rates, cover = Rates(given["h"], given["p"]), LeadTime(given.get("L", 1))
        demand = Flow(given["mu"], given["sd"] ** 2)
        factor = newsvendor.best_factor(rates)
        spread = np.sqrt(newsvendor.lead_time_demand(demand, cover).variance)
        cost = newsvendor.factor_cost(factor, demand, cover, rates)
        name = f"newsvendor/{key.replace('_', ' ')}"
        yield _near(f"{name}/level", case.source, expected["S"], given["mu"] * cover.mean + factor * spread)
        yield _near(f"{name}/cost", case.source, expected.get("cost", expected.get("cost_per_period")), cost)
