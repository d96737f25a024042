"""Votes, latency, old data and cadence on cases with a known answer.

The rules of governance are called with made-up votes, response times and targets; there is no supply chain behind
them, so all of it is `closed-form`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ....agents.negotiation.gain import Bar
from ....agents.negotiation.governance.base import Ballot, Governance, at_once, in_turn, votes
from ....agents.negotiation.governance.consensus import Consensus
from ....agents.negotiation.governance.majority import Majority
from ....agents.negotiation.governance.mandate import Mandate
from ....agents.negotiation.governance.veto_holders import VetoHolders
from ....agents.negotiation.reports import Reports
from ....agents.negotiation.timing import DecisionTime, Delay, age, is_due
from ....model.streams import BLOCK, Streams
from ..estimates import Array, Estimate, mean_of
from ..facts import facts
from ..targets import Effort, Target, closed_form, statistical

SEED = 1958
SHARED = np.ones((1, 1), dtype=bool)
HALF = np.full((1, 1), 0.5)
LEAVE_OUT = 200  # periods until the data are as old as they get


def targets(effort: Effort) -> Iterator[Target]:
    """All of them."""
    yield from approval(effort)
    yield from latency(effort)
    yield from time_to_adopt(effort)
    yield from delay_stability()
    yield from old_data(effort)
    yield from two_states(effort)
    yield from best_replies()


def sampled(name: str, source: str, expected: float, measured: Estimate) -> Target:
    """A statistical target that says nothing about the engine; what has no spread is exact."""
    found = replace(statistical(name, source, expected, measured), kind="closed-form")
    return found if measured.error else closed_form(name, source, expected, measured.value)


def partners(streams: Streams, share_in_favour: float, cycle: int) -> Ballot:
    """Owners that gain by a package with a probability, and answer after exponential times."""
    given = facts("governance_votes").parameters
    owners = given["n"]
    drawn = [streams.stream(f"validation/{name}", owners).uniforms(cycle) for name in ("payoffs", "responses")]
    payoffs = np.where(drawn[0] < share_in_favour, 1.0, -1.0)
    answered = Delay(given["mean_response"], random=True)(drawn[1])
    names = [f"partner {i}" for i in range(owners)]
    everyone = np.ones(payoffs.shape, dtype=bool)
    return Ballot(names, everyone, votes(payoffs, Bar(), np.zeros(payoffs.shape)), at_once(answered))


def many_partners(effort: Effort, share_in_favour: float) -> Ballot:
    """The ballots of several cycles beside each other."""
    streams = Streams(SEED, np.arange(2**13))
    cycles = [partners(streams, share_in_favour, cycle) for cycle in range(effort.pick(BLOCK, 8))]
    parts = [np.concatenate([getattr(b, part) for b in cycles], axis=1) for part in ("voters", "yes", "answered")]
    return Ballot(cycles[0].owners, *parts)


def approval(effort: Effort) -> Iterator[Target]:
    """How often a package passes."""
    case = facts("governance_votes")
    ballot = many_partners(effort, case.parameters["p"])
    rules: dict[str, Governance] = {
        "mandate": Mandate(),
        "majority": Majority(),
        "veto2_plus_majority": VetoHolders(holders=("partner 0", "partner 1")),
        "consensus": Consensus(),
    }
    for name, rule in rules.items():
        found = mean_of(rule.passes(ballot).astype(float))
        yield sampled(f"governance/votes/{name} passes", case.source, case.expected[f"P_{name}"], found)


def latency(effort: Effort) -> Iterator[Target]:
    """How long the answers take."""
    case = facts("governance_votes")
    ballot = many_partners(effort, 1.0)
    serial = replace(ballot, answered=in_turn(ballot.answered, ballot.voters))
    arms: dict[str, tuple[Governance, Ballot]] = {
        "serial_consensus": (Consensus(), serial),
        "parallel_consensus": (Consensus(), ballot),
        "parallel_majority": (Majority(), ballot),
        "mandate": (Mandate(), ballot),
    }
    for name, (rule, asked) in arms.items():
        expected = case.expected["latency"][name]
        found = mean_of(rule.wait(asked))
        yield sampled(f"governance/latency/{name.replace('_', ' ')}", case.source, expected, found)


def time_to_adopt(effort: Effort) -> Iterator[Target]:
    """From the first cycle to the decision, when what fails is put forward again in the next cycle."""
    case = facts("governance_votes")
    rules: dict[str, tuple[Governance, int]] = {
        "mandate": (Mandate(), 1),
        "majority": (Majority(), 16),
        "consensus": (Consensus(), BLOCK),
    }
    for name, (rule, cycles) in rules.items():
        batches = [_adopted(rule, cycles, 2**13 * batch) for batch in range(effort.pick(16, 3))]
        found = mean_of(np.concatenate(batches))
        yield sampled(f"governance/time to adopt/{name}", case.source, case.expected["E_time_to_adopt"][name], found)


def _adopted(rule: Governance, cycles: int, first: int) -> Array:
    """When packages pass ``[runs]`` that are put forward every cycle; missing where so many cycles are not enough."""
    given = facts("governance_votes").parameters
    streams = Streams(SEED, np.arange(first, first + 2**13))
    calendar = DecisionTime(cadence=given["cadence"])
    times, nothing = np.full(2**13, np.nan), np.full((2, 2**13), 0.5)
    for cycle in range(cycles):
        ballot = partners(streams, given["p"], cycle)
        decided = calendar(np.full(2**13, cycle * given["cadence"]), rule.wait(ballot), nothing).decided
        times = np.where(np.isnan(times) & rule.passes(ballot), decided, times)
    return times


def delay_stability() -> Iterator[Target]:
    """The gain at which a loop that corrects by reports of a fixed age stops settling down."""
    case = facts("delay_stability")
    for d in case.parameters["d"]:
        expected = case.expected["K_crit"][str(d)]
        found = _root(partial(_excess, delay=d), 0.5 * expected, 1.5 * expected)
        yield closed_form(f"governance/delay {d}/largest stable gain", case.source, expected, found, 1e-9)


def _excess(K: float, delay: int) -> float:
    """How much faster than not at all the loop's deviations grow in a period."""
    return _radius(_corrected(K, delay)) - 1.0


def _corrected(K: float, delay: int) -> Array:
    """The matrix of one period, read off by giving each of the past values in turn the value 1."""
    past = np.eye(delay + 1)  # row k: the value of k periods ago, one run for each unit vector
    reports = Reports(longest=delay)
    for values in past[::-1]:
        reports.note(values[None])
    told = reports(delay, SHARED, HALF)[0]
    return np.vstack([past[0] - K * told, past[:-1]])


def old_data(effort: Effort) -> Iterator[Target]:
    """A target that moves as an AR(1) process, and decisions about it every T periods that take effect tau later."""
    case = facts("staleness")
    phi = case.parameters["phi"]
    path = _wandering(phi, effort.pick(2**11, 2**9), LEAVE_OUT + effort.pick(1600, 1000))
    for T in case.parameters["T"]:
        for tau in case.parameters["tau"]:
            held, forecast = _losses(path, T, tau, phi)
            for name, key, loss in (("held", "loss_hold", held), ("forecast", "loss_forecast", forecast)):
                expected = case.expected[key][f"tau{tau}_T{T}"]
                yield sampled(f"governance/old data tau={tau} T={T}/{name}", case.source, expected, mean_of(loss))


def _wandering(phi: float, runs: int, periods: int) -> list[Array]:
    """An AR(1) process of variance 1, by period."""
    from scipy.special import ndtri

    stream = Streams(SEED, np.arange(runs)).stream("validation/target", 1)
    path = [np.asarray(ndtri(stream.uniforms(0)))]
    for period in range(1, periods):
        path.append(phi * path[-1] + np.sqrt(1.0 - phi**2) * ndtri(stream.uniforms(period)))
    return path


def _losses(path: Sequence[Array], T: int, tau: int, phi: float) -> tuple[Array, Array]:
    """Mean squared distances ``[runs]`` from the target, when the report is held and when it is used to forecast."""
    reports = Reports(longest=T + tau - 1)
    held, forecast, counted = np.zeros(path[0].shape), np.zeros(path[0].shape), 0
    for period, target in enumerate(path):
        reports.note(target)
        if period < LEAVE_OUT:
            continue
        old = int(age(period, T, 0, tau))
        told = reports(old, SHARED, HALF)
        held = held + (target - told) ** 2
        forecast = forecast + (target - phi**old * told) ** 2
        counted += 1
    return held[0] / counted, forecast[0] / counted


def two_states(effort: Effort) -> Iterator[Target]:
    """A target that jumps between two values: the loss of holding a report of some age."""
    case = facts("staleness")
    for duration, ages in case.parameters["durations"].items():
        runs, periods = effort.pick(2**13, 2**12), LEAVE_OUT + effort.pick(1600, 500)
        stream = Streams(SEED, np.arange(runs)).stream("validation/regime", 1)
        path = [np.where(stream.uniforms(0) < 0.5, 1.0, -1.0)]
        for period in range(1, periods):
            path.append(np.where(stream.uniforms(period) < 1.0 / float(duration), -path[-1], path[-1]))
        for old in ages:
            loss, _ = _losses(path, 1, old, 1.0)
            expected = case.expected["two_states"][duration][str(old)]
            name = f"governance/regimes of {duration} periods/data {old} old"
            yield sampled(name, case.source, expected, mean_of(loss))


def best_replies() -> Iterator[Target]:
    """Owners of one dock that reply to each other, all in the same period or one after another."""
    case = facts("best_replies")
    given, expected = case.parameters, case.expected
    n, k, a = given["n"], given["k"], given["a"]
    for name, cadence in (("simultaneous", 1), ("sequential", n)):
        found = _radius(_replies(np.eye(n), cadence, k, 0.0))
        yield closed_form(f"governance/best replies/{name}", case.source, expected[f"radius_{name}"], found)
    settled = np.zeros((n, 1))
    for _ in range(60):
        settled = _replies(settled, n, k, a)
    yield closed_form("governance/best replies/level they settle at", case.source, expected["x_nash"],
                      float(settled.mean()))  # fmt: skip
    for label, level in (("nash", settled), ("social", np.full((n, 1), expected["x_social"]))):
        others = level.sum() - level
        cost = float(((level - a) ** 2 / 2 + k * level * others).sum())
        yield closed_form(f"governance/best replies/cost {label}", case.source, expected[f"cost_{label}"], cost)


def _replies(levels: Array, cadence: int, k: float, a: float) -> Array:
    """Levels ``[owners, runs]`` after a round in which each owner plans once, owner i in phase i of the cadence."""
    phases = np.arange(len(levels), dtype=float)[:, None] % cadence
    for period in range(cadence):
        reply = a - k * (levels.sum(axis=0) - levels)
        levels = np.where(is_due(period, cadence, phases), reply, levels)
    return levels


def _radius(matrix: NDArray[np.float64]) -> float:
    return float(np.abs(np.linalg.eigvals(matrix)).max())


def _root(f: Callable[[float], float], low: float, high: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(f, low, high, xtol=1e-13))
