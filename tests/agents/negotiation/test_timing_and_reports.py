"""When decisions are taken, and on what data."""

from __future__ import annotations

import numpy as np
import pytest
from ripieno.agents.negotiation.reports import Reports
from ripieno.agents.negotiation.timing import DecisionTime, Delay, age, is_due, next_cycle

HALF = np.full((2, 1), 0.5)


def test_delays_are_fixed_or_exponential() -> None:
    u = np.array([0.0, 0.5, 1.0 - np.exp(-3.0)])
    assert Delay(mean=4.0)(u).tolist() == [4.0, 4.0, 4.0]
    assert Delay(mean=4.0, random=True)(u) == pytest.approx([0.0, 4.0 * np.log(2.0), 12.0])


def test_a_longer_mean_gives_a_longer_draw_from_the_same_number() -> None:
    u = (np.arange(1000) + 0.5) / 1000
    short, long = Delay(mean=2.0, random=True)(u), Delay(mean=3.0, random=True)(u)
    assert (long > short).all()
    assert short.mean() == pytest.approx(2.0, rel=1e-3)


def test_cycles() -> None:
    assert [bool(is_due(period, 4.0, 1.0)) for period in range(6)] == [False, True, False, False, False, True]
    assert next_cycle(np.array([0.0, 1.0, 1.5, 5.0, 5.1]), 4.0, 1.0) == pytest.approx([1.0, 1.0, 5.0, 5.0, 9.0])


def test_the_age_of_a_decision() -> None:
    ages = [float(age(period, 3.0, 0.0, 2.0)) for period in range(2, 9)]
    assert ages == [2.0, 3.0, 4.0, 2.0, 3.0, 4.0, 2.0]
    assert float(age(7.0, 1.0, 0.0, 5.0)) == 5.0


def test_a_decision_takes_detection_the_wait_the_response_and_the_implementation() -> None:
    rule = DecisionTime(cadence=13.0, phase=2.0, detection=Delay(3.0), implementation=Delay(1.5))
    times = rule(np.array([20.0]), np.array([4.2]), HALF)
    assert (times.detected.item(), times.tabled.item()) == (23.0, 28.0)
    assert times.decided.item() == pytest.approx(32.2)
    assert times.effective.item() == 34.0
    assert times.periods.item() == 14.0


def test_slower_organisations_are_never_earlier() -> None:
    draw = np.random.Generator(np.random.PCG64(2))
    u, changed, response = draw.random((2, 500)), draw.uniform(0, 100, 500), draw.uniform(0, 9, 500)
    quick = DecisionTime(7.0, 0.0, Delay(1.0, random=True), Delay(2.0, random=True))(changed, response, u)
    slow = DecisionTime(7.0, 0.0, Delay(3.0, random=True), Delay(4.0, random=True))(changed, response + 1.0, u)
    assert (slow.effective >= quick.effective).all()
    assert ((quick.tabled - quick.detected >= 0) & (quick.tabled - quick.detected < 7)).all()
    assert np.array_equal(quick.effective, np.ceil(quick.effective))


def told(reports: Reports, delay: object, shared: bool = True, u: float = 0.5) -> float:
    return float(reports(np.asarray(delay), np.array([[shared]]), np.full((1, 1), u)).item())


def test_reports_are_late() -> None:
    reports = Reports(longest=3)
    for value in range(10):
        reports.note(np.full((1, 1), float(value)))
    assert [told(reports, delay) for delay in range(4)] == [9.0, 8.0, 7.0, 6.0]


def test_before_there_is_anything_old_the_first_is_told() -> None:
    reports = Reports(longest=5)
    reports.note(np.full((1, 1), 7.0))
    reports.note(np.full((1, 1), 8.0))
    assert [told(reports, delay) for delay in (0, 1, 4)] == [8.0, 7.0, 7.0]


def test_each_reporter_and_run_has_its_delay() -> None:
    reports = Reports(longest=2)
    for value in range(5):
        reports.note(value + np.array([[0.0, 10.0], [20.0, 30.0]]))
    everything = np.ones((2, 2), dtype=bool)
    found = reports(np.array([[0.0, 1.0], [2.0, 0.0]]), everything, np.full((2, 2), 0.5))
    assert found.tolist() == [[4.0, 13.0], [22.0, 34.0]]


def test_reports_are_blurred_and_some_are_missing() -> None:
    reports = Reports(noise=0.2)
    reports.note(np.full((1, 1), 50.0))
    assert told(reports, 0, u=0.8413447460685429) == pytest.approx(60.0)
    assert np.isnan(told(reports, 0, shared=False))
