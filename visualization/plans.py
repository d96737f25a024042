"""How a wish becomes units of work: small enough to be cancelled between two of them, named by what goes into them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model.schema import Scenario, dumps_toml
from . import work
from .caps import Caps, TooMuch, estimate, tries_out
from .jobs import Unit
from .worlds import Worlds, digest

UNIT_SECONDS = 1.5
LONG_UNIT_SECONDS = 25.0
"""Trials cost nearly the same for one run and for ten: small batches would do the same work many times."""
MOST_RUNS = 40
LEAST_RUNS = 10
"""Fewer are hardly quicker than these: up to `caps.RUNS_AS_ONE` the work is in the steps, not the runs."""
SEARCHED_RUNS = 3_600
"""A search of the best settings simulates about so many runs: 450 packages, each with 8 replications."""


def recording(worlds: Worlds) -> Unit:
    """One run of both worlds as a recording, in chunks where it takes long."""
    return Unit(work.record_pair, (worlds.a, worlds.b, worlds.names), digest("record", worlds.key), chunked=True)


def paired_runs(points: Sequence[Scenario], seed: int, runs: int) -> list[Unit]:
    """Replications 0 to ``runs`` of several worlds side by side, in batches."""
    text = digest(*map(dumps_toml, points), seed)
    made = []
    for first, count in batches(points, runs):
        key = digest("runs", text, first, count)
        made.append(Unit(work.run_points, (tuple(points), seed, first, count), key))
    return made


def batches(points: Sequence[Scenario], runs: int) -> Iterator[tuple[int, int]]:
    """Batches of replications that take a second or two each, or longer where packages are tried out.

    Gives the first replication and the number of each.
    """
    most = LONG_UNIT_SECONDS if any(map(tries_out, points)) else UNIT_SECONDS
    size = MOST_RUNS
    while size > LEAST_RUNS and sum(estimate(point, size) for point in points) > most:
        size //= 2
    for first in range(0, runs, size):
        yield first, min(size, runs - first)


def orders(points: Sequence[Scenario], seed: int, runs: int) -> Unit:
    """The orders by echelon of some worlds."""
    return Unit(work.run_orders, (tuple(points), seed, runs), digest("orders", *map(dumps_toml, points), seed, runs))


def ledger(scenario: Scenario, seed: int, runs: int) -> Unit:
    """The ledger of some runs of a world."""
    return Unit(work.run_ledger, (scenario, seed, runs), digest("ledger", dumps_toml(scenario), seed, runs))


def payments(points: Sequence[Scenario], seed: int, runs: int) -> Unit:
    """Who pays whom in some worlds."""
    return Unit(
        work.run_payments, (tuple(points), seed, runs), digest("payments", *map(dumps_toml, points), seed, runs)
    )


def search(scenario: Scenario, seed: int, caps: Caps) -> Unit:
    """The search for the best settings of a world; raises `TooMuch` where it would take longer than is allowed."""
    seconds = estimate(scenario, SEARCHED_RUNS)
    if seconds > caps.seconds:
        raise TooMuch(
            f"the search for the best settings takes about {seconds:,.0f} s here; {caps.seconds} are allowed. Give the "
            "scenario fewer periods, or run on the command line: ripieno compare FILE --arms none,central"
        )
    return Unit(work.search_best, (scenario, seed), digest("search", dumps_toml(scenario), seed))
