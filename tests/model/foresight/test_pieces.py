"""The pieces of the models, each against what it stands for."""

from __future__ import annotations

import numpy as np
import pytest
from ripieno.agents.objectives import docks
from ripieno.agents.objectives.flow import Flow, LeadTime
from ripieno.model.foresight.dispatching import NEVER, Rule, trips
from ripieno.model.foresight.links import fitted
from ripieno.model.foresight.queues import queue
from ripieno.model.foresight.stock import NetStock
from ripieno.model.streams import Streams
from scipy import stats


@pytest.mark.parametrize(("mean", "reach"), [(15.0, 0.0), (0.0, 0.0), (40.0, 60.0), (-5.0, 20.0)])
def test_backlog_is_the_integral(mean: float, reach: float) -> None:
    places = np.linspace(-reach, reach, 2001) + mean
    z = places / 10.0
    each = 10.0 * (stats.norm.pdf(z) - z * stats.norm.cdf(-z))
    squares = 100.0 * ((z * z + 1.0) * stats.norm.cdf(-z) - z * stats.norm.pdf(z))
    short, variance = NetStock(np.array([mean]), np.array([10.0]), np.array([reach])).backlog()
    assert short[0] == pytest.approx(each.mean(), rel=0.01)
    deviation = np.sqrt(squares.mean() - each.mean() ** 2)
    assert np.sqrt(variance[0]) == pytest.approx(deviation, rel=0.3)  # it stands for a rough lateness


@pytest.mark.parametrize("load", [0.6, 0.85, 0.94])
@pytest.mark.parametrize(("servers", "bunch"), [(4.0, 1.0), (30.0, 0.5)])
def test_queues_are_those_of_docks_in_the_long_run(load: float, servers: float, bunch: float) -> None:
    mean, variance = np.array([load * servers]), np.array([load * servers * bunch])
    dock = docks.Dock(servers, LeadTime(1.0))
    expected = docks.queue(Flow(mean, variance), dock)
    assert queue(mean, variance, servers, steps=1e5)[0] == pytest.approx(expected[0], rel=0.02, abs=0.01)


@pytest.mark.parametrize("load", [0.96, 1.0, 1.1])
@pytest.mark.parametrize("waiting", [0.0, 10.0])
def test_queues_are_those_of_docks_on_the_way(load: float, waiting: float) -> None:
    mean, variance = np.array([load * 6.0]), np.array([4.0])
    dock = docks.Dock(6.0, LeadTime(1.0), 200.0, waiting)
    expected = docks.queue(Flow(mean, variance), dock)
    rough = 0.2 if waiting else 0.1  # what waits at the start is rough, as the docstring says
    assert queue(mean, variance, 6.0, waiting, 200.0)[0] == pytest.approx(expected[0], rel=rough)


def by_rule(rule: Rule, load: float, spread: float, periods: int = 20_000) -> tuple[float, float, float]:
    """Departures, waiting load and variance of departures, simulated."""
    u = Streams(5, np.zeros(1, dtype=np.int64)).stream("loads", draws=periods).uniforms(0)[:, 0]
    loads = stats.gamma.ppf(u, 1.0 / spread, scale=load * spread)
    waiting, left, recent = 0.0, [], [0.0] * int(min(rule.longest_wait, 50))
    departures = []
    for load_now in loads:
        waiting = waiting + load_now
        recent = [load_now, *recent][: len(recent)]
        trucks = np.floor(waiting + 1.0 - rule.threshold + 1e-9)
        if rule.longest_wait < NEVER:
            trucks = max(trucks, np.ceil(waiting - sum(recent) - 1e-9))
        waiting = max(waiting - trucks, 0.0)
        left.append(waiting)
        departures.append(trucks)
    return float(np.mean(departures)), float(np.mean(left)), float(np.var(departures))


RULES = [(Rule(0.6, 1.0), 0.2, 0.3), (Rule(0.7, 2.0), 0.6, 0.1), (Rule(0.5, 1.0), 3.0, 0.1), (Rule(1.0), 0.5, 0.5),
         (Rule(0.3, 0.0), 0.9, 0.3), (Rule(0.85, 3.0), 1.2, 0.2)]  # fmt: skip


@pytest.mark.parametrize(("rule", "load", "spread"), RULES)
def test_trips_are_those_of_the_rule(rule: Rule, load: float, spread: float) -> None:
    departures, waiting, variance = by_rule(rule, load, spread)
    found = trips({rule: True}, np.array([load]), np.array([spread]))
    assert found.departures[0] == pytest.approx(departures, rel=0.04)
    assert found.waiting[0] == pytest.approx(waiting, rel=0.08, abs=0.005)
    assert found.variance[0] == pytest.approx(variance, rel=0.25, abs=0.02)


def test_each_run_has_its_own_rule() -> None:
    first, second = Rule(0.3, 0.0), Rule(0.85, 3.0)
    load, spread = np.array([0.9, 0.9]), np.array([0.3, 0.3])
    mixed = trips({first: np.array([True, False]), second: np.array([False, True])}, load, spread)
    assert mixed.departures[0] == trips({first: True}, load, spread).departures[0]
    assert mixed.departures[1] == trips({second: True}, load, spread).departures[1]


def test_a_fit_goes_no_further_than_what_was_seen() -> None:
    assert fitted(np.array([1.0]), np.array([2.0]), 2.0) == pytest.approx(2.0)
    assert fitted(np.array([50.0]), np.array([2.0]), 2.0) == pytest.approx(52.0)
