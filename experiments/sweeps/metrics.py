"""The numbers that a study keeps of each run: metrics of the network, and of single agents as ``AGENT.METRIC``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...model.costs import cost_lines
from ...model.measures import agent_measures, network_measures
from ...model.schema import Scenario, stack
from ...model.supply_chain import SupplyChain
from .errors import StudyError, nearest
from .keyed import matching
from .negotiated import negotiated
from .prepared import Prepared
from .spans import NAMES, Spans

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
        spans = Spans(kept.names).run(world)
        network = _network(world)
        known = network | _agents(world) | negotiated(world) | spans if kept.names else network
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
    chosen_by = {f"chosen.{arm}.metric": chosen.metric for arm, chosen in study.chosen.items()}
    known = _known(prepared) if any(named.values()) or chosen_by else {}
    for place, name in chosen_by.items():
        if name not in known:
            raise StudyError(f"{place}: {name!r} is not a metric of the scenario; {nearest(name, known)}")
    found = {place: _found(place, names, known) for place, names in named.items()}
    if study.metrics:
        _check_kept(found)
        return Kept(tuple(found["metrics"]), False)
    agents = [name for names in found.values() for name in names if known[name] == "agent"]
    return Kept(tuple(dict.fromkeys(agents)), True)


def _found(place: str, names: Sequence[str], known: Mapping[str, str]) -> list[str]:
    """The metrics that names and patterns with ``*`` stand for, each once."""
    found: list[str] = []
    for name in names:
        these = matching(name, known)
        if not these:
            cure = nearest(name, known)
            raise StudyError(f"{place}: {name!r} is not a metric of the scenario; {cure}")
        found += these
    return list(dict.fromkeys(found))


def _check_kept(found: Mapping[str, Sequence[str]]) -> None:
    """Raise `StudyError` where a pattern stands for a metric that is not kept."""
    for place, names in found.items():
        for name in names:
            if name not in found["metrics"]:
                raise StudyError(f"{place}: {name!r} is not a metric of the study; add it, or a pattern, to metrics")


def _known(prepared: Prepared) -> dict[str, str]:
    """All metrics that the world of some arm can have, and whether they are of the network or of an agent.

    Those of a negotiation are kept when they are named, as those of an agent are.
    """
    found: dict[str, str] = {}
    for scenario in prepared.arm_scenarios.values():
        world = SupplyChain(scenario.resolved())
        # Every line of the books, also those that cost nothing as the scenario stands.
        world.accounts.lines = list(cost_lines(world.scenario, world.sites, world.lanes))
        found |= dict.fromkeys(_network(world), "network") | dict.fromkeys(_agents(world), "agent")
        found |= dict.fromkeys((*negotiated(world), *NAMES), "agent")
        world.dispose()
    return found


def _column(known: Mapping[str, Measure], name: str, runs: int) -> NDArray[np.float64]:
    value = known[name]() if name in known else absent(name)
    return np.array(np.broadcast_to(value, (runs,)), dtype=np.float64)


def _network(world: Any) -> dict[str, Measure]:
    return {measure.name: measure.value for measure in network_measures(world)}


def _agents(world: Any) -> dict[str, Measure]:
    return {f"{measure.agent}.{measure.name}": measure.value for measure in agent_measures(world)}
