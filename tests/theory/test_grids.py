"""The exact costs on a grid of periods: against brute force, and against continuous time on fine grids."""

from __future__ import annotations

from math import ceil
from random import Random

import pytest
from ripieno.experiments.validation.facts import facts
from ripieno.experiments.validation.grids import Orders, by_age, by_calendar, by_full_trucks, by_load, by_load_or_age

FINE = 200


def orders(steps: int) -> Orders:
    given = facts("shipment_consolidation").parameters
    return Orders(given["lam"], given["K"], given["w"], steps)


def test_the_error_of_the_grid_vanishes_but_for_half_a_period_of_waiting() -> None:
    fine, expected = orders(FINE), facts("shipment_consolidation").expected
    half = fine.holding * fine.rate / 2 / FINE
    rules = {
        "calendar": by_calendar(fine, round(expected["calendar"]["T"] * FINE), 1e9),
        "time since first": by_age(fine, round(expected["time since first"]["T"] * FINE)),
        "hybrid": by_load_or_age(fine, expected["hybrid"]["q"], round(expected["hybrid"]["T"] * FINE)),
    }
    for key, rule in rules.items():
        assert rule.cost + half == pytest.approx(expected[key]["cost_rate"], rel=1e-4)
        assert rule.delay + 0.5 / FINE == pytest.approx(expected[key]["mean_order_delay"], rel=2e-3)
    assert by_full_trucks(fine, 32).cost == pytest.approx(expected["quantity"]["cost_rate"], rel=1e-9)
    for row in expected["truck_capacity"]:
        rule = by_calendar(fine, round(row["T"] * FINE), row["V"])
        assert rule.cost + half == pytest.approx(row["cost_rate"], rel=1e-3)


def test_a_threshold_on_a_fine_grid_is_that_of_continuous_time() -> None:
    case = facts("dispatch_threshold")
    given = case.parameters
    fine = Orders(given["lam"], given["F"], given["w"], 100)
    rule = by_load(fine, case.expected["Q_star"])
    assert rule.cost + fine.holding * fine.rate / 200 == pytest.approx(case.expected["cost_Q_star"], rel=1e-4)


def test_full_trucks_are_the_limit_of_a_long_wait() -> None:
    coarse = orders(4)
    assert by_load_or_age(coarse, 32, 300).cost == pytest.approx(by_full_trucks(coarse, 32).cost, rel=1e-9)


def test_load_or_age_against_brute_force() -> None:
    """One long sample path of the rule on a coarse grid, walked order by order."""
    coarse, full, oldest = Orders(5.0, 20.0, 1.0, 2), 8, 3
    draw, load, age, departures, waiting = Random(5), 0, 0, 0, 0
    periods = 200_000
    for _ in range(periods):
        before, came = load, sum(1 for _ in arrivals(draw, coarse.rate / coarse.steps))
        age = age + 1 if before else 0
        load += came
        trucks = load // full
        old_left = max(before - trucks * full, 0)
        load -= trucks * full
        departures += trucks
        if old_left and age >= oldest:
            departures, load = departures + 1, 0
        age = age if old_left and load else 0
        waiting += load
    rule = by_load_or_age(coarse, full, oldest)
    assert waiting / periods / coarse.rate == pytest.approx(rule.delay, rel=0.01)
    assert departures / periods * coarse.steps == pytest.approx(rule.departures, rel=0.01)


def arrivals(draw: Random, mean: float) -> list[float]:
    """The times of a Poisson process in a period."""
    found, time = [], draw.expovariate(mean)
    while time < 1.0:
        found.append(time)
        time += draw.expovariate(mean)
    return found


def test_a_calendar_with_trucks_against_brute_force() -> None:
    coarse, draw, every, capacity = orders(2), Random(6), 3, 6
    trucks = [ceil(len(arrivals(draw, coarse.rate * every / coarse.steps)) / capacity) for _ in range(20_000)]
    rule = by_calendar(coarse, every, capacity)
    assert sum(trucks) / len(trucks) / every * coarse.steps == pytest.approx(rule.departures, rel=0.01)
