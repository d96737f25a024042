"""The numbers that a study keeps of each run: metrics of the network, and of single agents as ``AGENT.METRIC``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...agents.factory import Factory
from ...model.costs import cost_lines
from ...model.metrics import all_metrics
from ...model.schema import Scenario, stack
from ...model.supply_chain import SupplyChain
from .errors import StudyError, nearest
from .reading import Prepared

Columns = dict[str, NDArray[np.float64]]
Measure = Callable[[], Any]
COST = "cost_"
"""What the cost of one kind of line is called. A kind that nobody is charged for costs 0."""


@dataclass(frozen=True)
class Kept:
    """What is kept of each run: metrics by name, and with ``network`` all of the network."""

    names: tuple[str, ...]
    network: bool


def values_of(
    scenarios: Sequence[Scenario],
    setting: NDArray[np.int64],
    replication: NDArray[np.int64],
    seed: int,
    kept: Kept,
) -> Columns:
    """Simulate runs side by side and measure them: every metric that is kept, ``[runs]``.

    A named metric that a world does not have is missing there, and a cost line that it does not have is 0.
    """
    world = SupplyChain(stack(scenarios, setting), replication, seed=seed)
    try:
        world.run()
        network = dict(_network(world))
        known = network | dict(_agents(world)) if kept.names else network
        names = dict.fromkeys((*(network if kept.network else ()), *kept.names))
        return {name: _column(known, name, world.runs) for name in names}
    finally:
        world.dispose()


def in_order(names: Iterable[str], kept: Kept) -> list[str]:
    """Metrics in the order of a table: those of the network, their cost lines by name, then those named.

    Which cost lines occur depends on the settings of a chunk, so the order in which they are met does not count.
    """
    found = list(dict.fromkeys(names))
    if not kept.network:
        return [name for name in kept.names if name in found]
    named = [name for name in kept.names if name in found]
    rest = [name for name in found if name not in named]
    return [*(n for n in rest if not n.startswith(COST)), *sorted(n for n in rest if n.startswith(COST)), *named]


def absent(name: str) -> float:
    """The value of a metric in a world that does not have it."""
    return 0.0 if name.rsplit(".", 1)[-1].startswith(COST) else np.nan


def kept_metrics(prepared: Prepared) -> Kept:
    """What a study keeps of each run; raises `StudyError` for a metric, named anywhere in it, that there is not."""
    study = prepared.study
    named: dict[str, list[str]] = {"metrics": study.metrics}
    named["replications.metric"] = [study.replications.metric] if study.replications.metric else []
    named["comparison.metrics"] = study.comparison.metrics if study.comparison else []
    named["predictions"] = [prediction.metric for prediction in study.predictions]
    known = _known(prepared) if any(named.values()) else {}
    for place, names in named.items():
        for name in names:
            if name not in known:
                raise StudyError(f"{place}: {name!r} is not a metric of the scenario; {nearest(name, known)}")
    agents = [name for names in named.values() for name in names if known[name] == "agent"]
    return Kept(tuple(study.metrics), False) if study.metrics else Kept(tuple(dict.fromkeys(agents)), True)


def _known(prepared: Prepared) -> dict[str, str]:
    """All metrics that the world of some arm can have, and whether they are of the network or of an agent."""
    found: dict[str, str] = {}
    for scenario in prepared.arm_scenarios.values():
        world = SupplyChain(scenario.resolved())
        # Every line of the books, also those that cost nothing as the scenario stands.
        world.accounts.lines = list(cost_lines(world.scenario, world.sites, world.lanes))
        found |= dict.fromkeys(dict(_network(world)), "network") | dict.fromkeys(dict(_agents(world)), "agent")
        world.dispose()
    return found


def _column(known: Mapping[str, Measure], name: str, runs: int) -> NDArray[np.float64]:
    value = known[name]() if name in known else absent(name)
    return np.array(np.broadcast_to(value, (runs,)), dtype=np.float64)


def _network(world: Any) -> Iterator[tuple[str, Measure]]:
    for metric in all_metrics():
        if metric.of == "network":
            yield metric.named(world.scenario.period), _bound(metric.function, world)
    for name in _charged(world, None):
        yield f"{COST}{name}", _bound(_cost, world, None, name)


def _agents(world: Any) -> Iterator[tuple[str, Measure]]:
    for label, subject, kinds in _subjects(world):
        for metric in all_metrics():
            if metric.of in kinds:
                yield f"{label}.{metric.named(world.scenario.period)}", _bound(metric.function, subject, world)
    for agent in world.sites:
        for name in _charged(world, agent):
            yield f"{agent}.{COST}{name}", _bound(_cost, world, agent, name)


def _subjects(world: Any) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
    for name, site in world.sites.items():
        yield name, site, ("site", "factory") if isinstance(site, Factory) else ("site",)
    for name, market in world.markets.items():
        yield name, market, ("market",)
    for echelon in world.echelons:
        yield f"echelon {echelon.name}", echelon, ("echelon",)


def _charged(world: Any, agent: str | None) -> list[str]:
    """The kinds of cost lines that leave the network."""
    lines = [line for line in world.accounts.lines if line.payee is None and agent in (None, line.agent)]
    return list(dict.fromkeys(line.name for line in lines))


def _cost(world: Any, agent: str | None, name: str) -> Any:
    return world.accounts.cost(agent=agent, name=name) / world.measured_periods


def _bound(function: Callable[..., Any], *arguments: Any) -> Measure:
    return lambda: function(*arguments)
