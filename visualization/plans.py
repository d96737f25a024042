"""How a wish becomes units of work: small enough to be cancelled between two of them, named by what goes into them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model.schema import Scenario, dumps_toml
from . import work
from .caps import estimate
from .jobs import Unit
from .worlds import Worlds, digest

UNIT_SECONDS = 1.5
MOST_RUNS = 40


def recording(worlds: Worlds) -> Unit:
    """One run of both worlds as a recording."""
    return Unit(work.record_pair, (worlds.a, worlds.b, worlds.names), digest("record", worlds.key))


def paired_runs(points: Sequence[Scenario], seed: int, runs: int) -> list[Unit]:
    """Replications 0 to ``runs`` of several worlds side by side, in batches."""
    text = digest(*map(dumps_toml, points), seed)
    made = []
    for first, count in batches(points, runs):
        key = digest("runs", text, first, count)
        made.append(Unit(work.run_points, (tuple(points), seed, first, count), key))
    return made


def batches(points: Sequence[Scenario], runs: int) -> Iterator[tuple[int, int]]:
    """Batches of replications that take about `UNIT_SECONDS` each: first replication and number."""
    size = MOST_RUNS
    while size > 1 and estimate(points[0], size * len(points)) > UNIT_SECONDS:
        size //= 2
    for first in range(0, runs, size):
        yield first, min(size, runs - first)


def orders(points: Sequence[Scenario], seed: int, runs: int) -> Unit:
    """The orders by echelon of some worlds."""
    return Unit(work.run_orders, (tuple(points), seed, runs), digest("orders", *map(dumps_toml, points), seed, runs))


def ledger(worlds: Worlds) -> Unit:
    """The ledger of one run of world B."""
    return Unit(work.run_ledger, (worlds.b, worlds.seed), digest("ledger", dumps_toml(worlds.b), worlds.seed))
