"""All numbers of a world by name: the metrics and the cost lines, of the network and of every agent.

Each is worked out only when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..agents.factory import Factory
from ..agents.quantity import Array
from .metrics import all_metrics


@dataclass(frozen=True)
class Measure:
    """One number of a world: whose it is (empty: of the network), its name, and how it is worked out, ``[runs]``."""

    agent: str
    name: str
    value: Callable[[], Array]


def network_measures(world: Any) -> Iterator[Measure]:
    """The metrics of the network, and the cost of every kind of line that leaves it."""
    there = {
        "network": True,
        "transport": bool(world.carriers),
        "perishable": bool(world.shelf_lives),
        "promise": any(lane.name in world.watch.promises for m in world.markets.values() for lane in m.suppliers),
        "shock": world.watch.recovery is not None,
    }
    for metric in all_metrics():
        if there.get(metric.of, False):
            yield Measure("", metric.named(world.scenario.period), partial(metric.function, world))
    yield from _costs(world, None)


def agent_measures(world: Any) -> Iterator[Measure]:
    """The metrics of all sites, markets, echelons, docks, carriers and owners, and the costs of sites and carriers."""
    for kind, subjects in _subjects(world).items():
        metrics = [metric for metric in all_metrics() if metric.of == kind]
        for label, subject in subjects.items():
            for metric in metrics:
                yield Measure(label, metric.named(world.scenario.period), partial(metric.function, subject, world))
    for agent in (*world.sites, *world.carriers):
        yield from _costs(world, agent)


def _subjects(world: Any) -> dict[str, dict[str, Any]]:
    return {
        "site": world.sites,
        "factory": {name: site for name, site in world.sites.items() if isinstance(site, Factory)},
        "market": world.markets,
        "echelon": {f"echelon {echelon.name}": echelon for echelon in world.echelons},
        "dock": world.docks,
        "carrier": world.carriers,
        "owner": {f"owner {name}": name for name in world.accounts.owners()},
    }


def _costs(world: Any, agent: str | None) -> Iterator[Measure]:
    lines = [line for line in world.accounts.lines if line.payee is None and agent in (None, line.agent)]
    for name in dict.fromkeys(line.name for line in lines):
        yield Measure(agent or "", f"cost_{name}", partial(_cost, world, agent, name))


def _cost(world: Any, agent: str | None, name: str) -> Array:
    return world.accounts.cost(agent=agent, name=name) / world.measured_periods  # type: ignore[no-any-return]
