"""Simulating scenarios: design points and replications side by side on the run axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .grouping import engines
from .result import Result
from .schema import Scenario, ScenarioError, stack
from .supply_chain import SupplyChain
from .tables import agent_values, agents_table, parameters_table, summary_table

if TYPE_CHECKING:
    import pandas as pd

Pair = tuple[int, int]  # (design point, replication)


def simulate(
    scenario: Scenario | Sequence[Scenario],
    runs: int | None = None,
    seed: int | None = None,
    periods: int | None = None,
    **watch: bool,
) -> Result:
    """Simulate a scenario ``runs`` times, or several scenarios on the same random numbers.

    ``runs`` (default: the scenario's) is the number of replications of each; ``seed`` and ``periods`` replace the
    scenario's. ``series=True`` keeps every quantity of every period, ``audit=True`` checks the balance of goods.

    >>> import ripieno
    >>> result = ripieno.simulate(ripieno.load("beer-game"), runs=2)
    >>> len(result.summary)
    2
    """
    points = [scenario] if isinstance(scenario, Scenario) else list(scenario)
    if not points:
        raise ScenarioError("no scenario to simulate; give at least one")
    if periods is not None:
        points = [_with_horizon(point, periods) for point in points]
    replications = points[0].runs if runs is None else runs
    if replications < 1:
        raise ScenarioError(f"runs is {replications}; ask for at least 1")
    pairs = [(point, replication) for point in range(len(points)) for replication in range(replications)]
    return run_batch(points, pairs, points[0].seed if seed is None else seed, **watch)


def run_batch(
    scenarios: Sequence[Scenario],
    pairs: Sequence[Pair],
    seed: int,
    series: bool = False,
    audit: bool = False,
) -> Result:
    """Simulate given pairs of design point and replication; rows come out in the order of ``pairs``.

    A row depends on its scenario, its replication and the seed alone: not on what else is in the batch. Design points
    that differ in numbers only share one engine; others run one group after another.
    """
    parts = [_run_group(scenarios, pairs, chosen, seed, series, audit) for chosen in _grouped(scenarios, pairs)]
    summary = _joined([part.summary for part in parts])
    if len(parts) > 1:
        summary = summary.sort_values("run", kind="stable", ignore_index=True)
    parameters = parameters_table(scenarios, [point for point, _ in pairs])
    for place, (name, values) in enumerate(parameters.items()):
        summary.insert(2 + place, name, values)
    tables = {name: _joined([getattr(part, name) for part in parts]) for name in ("agents", "series", "ledger")}
    return Result(scenarios=tuple(scenarios), seed=seed, summary=summary, **tables)


def _grouped(scenarios: Sequence[Scenario], pairs: Sequence[Pair]) -> Iterator[list[int]]:
    """Positions in ``pairs`` that can share one engine."""
    used = sorted({point for point, _ in pairs})
    for group in engines([scenarios[point] for point in used]):
        points = {used[place] for place in group}
        yield [place for place, (point, _) in enumerate(pairs) if point in points]


def _run_group(
    scenarios: Sequence[Scenario], pairs: Sequence[Pair], chosen: list[int], seed: int, series: bool, audit: bool
) -> Result:
    points = sorted({pairs[place][0] for place in chosen})
    at = {point: place for place, point in enumerate(points)}
    point_of_run = np.array([at[pairs[place][0]] for place in chosen])
    replications = [pairs[place][1] for place in chosen]
    stacked = stack([scenarios[point] for point in points], point_of_run)
    world = SupplyChain(stacked, replications, seed=seed, audit=audit, series=series).run()
    summary = summary_table(world, chosen, replications)
    values = list(agent_values(world))
    kept = None if world.recorder is None else _renumbered(world.recorder.frame(), chosen)
    ledger = None if world.planning is None else _renumbered(world.planning.orchestrator.ledger.table(), chosen)
    world.dispose()
    del world  # its memory is free for the table, which is the larger of the two
    return Result(
        scenarios=(), seed=seed, summary=summary, agents=agents_table(values, chosen), series=kept, ledger=ledger
    )


def _renumbered(frame: pd.DataFrame, chosen: Sequence[int]) -> pd.DataFrame:
    return frame.assign(run=np.asarray(chosen)[frame["run"].to_numpy(dtype=int)])


def _joined(frames: list[Any]) -> Any:
    import pandas as pd

    present = [frame for frame in frames if frame is not None]
    if len(present) < 2:  # without a copy
        return present[0] if present else None
    return pd.concat(present, ignore_index=True)


def _with_horizon(scenario: Scenario, periods: int) -> Scenario:
    from .schema import with_values

    return with_values(scenario, {"periods": periods})
