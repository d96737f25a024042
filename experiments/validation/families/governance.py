"""Votes, latency, old data and cadence on cases with a known answer.

The rules of governance are called with made-up votes, response times and targets; there is no supply chain behind
them, so all of it is `closed-form`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

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
from ....model.streams import Streams
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


def uniforms(name: str, draws: int, runs: int, period: int = 0) -> Array:
    """Uniform numbers ``[draws, runs]``."""
    return Streams(SEED, np.arange(runs)).stream(f"validation/{name}", draws).uniforms(period)


def partners(runs: int, share_in_favour: float, cycle: int = 0) -> Ballot:
    """Owners that gain by a package with a probability, and answer after exponential times."""
    given = facts("governance_votes").parameters
    owners = given["n"]
    payoffs = np.where(uniforms("payoffs", owners, runs, cycle) < share_in_favour, 1.0, -1.0)
    answered = Delay(given["mean_response"], random=True)(uniforms("responses", owners, runs, cycle))
    names = [f"partner {i}" for i in range(owners)]
    everyone = np.ones(payoffs.shape, dtype=bool)
    return Ballot(names, everyone, votes(payoffs, Bar(), np.zeros(payoffs.shape)), at_once(answered))


def approval(effort: Effort) -> Iterator[Target]:
    """How often a package passes."""
    case = facts("governance_votes")
    ballot = partners(effort.pick(2**19, 2**16), case.parameters["p"])
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
    ballot = partners(effort.pick(2**19, 2**16), 1.0)
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
    given = case.parameters
    runs = effort.pick(2**18, 2**15)
    rules: dict[str, Governance] = {"mandate": Mandate(), "majority": Majority(), "consensus": Consensus()}
    for name, rule in rules.items():
        times, cycles = np.full(runs, np.nan), DecisionTime(cadence=given["cadence"])
        for cycle in range(1 if name == "mandate" else 120):
            ballot = partners(runs, given["p"], cycle)
            start = np.full(runs, cycle * given["cadence"])
            decided = cycles(start, rule.wait(ballot), np.full((2, runs), 0.5)).decided
            times = np.where(np.isnan(times) & rule.passes(ballot), decided, times)
        yield sampled(f"governance/time to adopt/{name}", case.source, case.expected["E_time_to_adopt"][name],
                      mean_of(times))  # fmt: skip


def delay_stability() -> Iterator[Target]:
    """The gain at which a loop that corrects by reports of a fixed age stops settling down."""
    case = facts("delay_stability")
    for d in case.parameters["d"]:
        expected = case.expected["K_crit"][str(d)]
        found = _root(lambda K, d=d: _radius(_corrected(K, d)) - 1.0, 0.5 * expected, 1.5 * expected)
        yield closed_form(f"governance/delay {d}/largest stable gain", case.source, expected, found, 1e-9)


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
    path = _wandering(phi, effort.pick(2**11, 2**9), effort.pick(2600, 1300))
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
        old = age(period, T, 0, tau)
        told = reports(old, SHARED, HALF)
        held = held + (target - told) ** 2
        forecast = forecast + (target - phi**old * told) ** 2
        counted += 1
    return held[0] / counted, forecast[0] / counted


def two_states(effort: Effort) -> Iterator[Target]:
    """A target that jumps between two values: the loss of holding a report of some age."""
    case = facts("staleness")
    for duration, ages in case.parameters["durations"].items():
        runs, periods = effort.pick(2**12, 2**10), LEAVE_OUT + effort.pick(1500, 700)
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
    phases = np.arange(len(levels))[:, None] % cadence
    for period in range(cadence):
        reply = a - k * (levels.sum(axis=0) - levels)
        levels = np.where(is_due(period, cadence, phases), reply, levels)
    return levels


def _radius(matrix: NDArray[np.float64]) -> float:
    return float(np.abs(np.linalg.eigvals(matrix)).max())


def _root(f: Callable[[float], float], low: float, high: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(f, low, high, xtol=1e-13))
