"""Which design points can share one engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .levers import levers_of
from .schema import Scenario, groups
from .schema.resolve import resolved


def engines(scenarios: Sequence[Scenario]) -> list[list[int]]:
    """Positions of design points that can share an engine: they differ in numbers only, and where agents plan they
    have the same values to choose from. A lever may go back to where it stands in its own scenario, and to where it
    stands in another one it must not, or a run would depend on what else is in its batch.
    """
    if len(scenarios) == 1:
        return [[0]]
    found: list[list[int]] = []
    for group in groups(scenarios):
        alike: dict[Any, list[int]] = {}
        for place in group:
            alike.setdefault(_choices(scenarios[place]) if len(group) > 1 else None, []).append(place)
        found.extend(alike.values())
    return found


def _choices(scenario: Scenario) -> Any:
    spec = scenario.orchestration
    if spec is None or spec.arm == "none":
        return ()
    return tuple((lever.name, lever.grid) for lever in levers_of(resolved(scenario)))
