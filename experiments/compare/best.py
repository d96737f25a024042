"""The arm ``central``: its setting is searched for before the comparison, on other random numbers."""

from __future__ import annotations

from collections.abc import Mapping

from ...model.schema import Scenario
from ..central import best_setting
from .arms import with_orchestration
from .running import Advance

CENTRAL = "central"


def with_best(worlds: Mapping[str, Scenario], seed: int, advance: Advance) -> dict[str, Scenario]:
    """The worlds, those in which a central setting is asked for and none is given with the best one that is found.

    ``seed`` is that of the comparison; the search draws from another one. ``advance`` hears of its rounds.
    """
    return {arm: _searched(arm, world, seed, advance) for arm, world in worlds.items()}


def _searched(arm: str, world: Scenario, seed: int, advance: Advance) -> Scenario:
    spec = world.orchestration
    if spec is None or spec.arm != CENTRAL or spec.settings:
        return world
    advance(f"{arm}, searching", 0)
    found = best_setting(world, seed, told=lambda number, cost: advance(f"{arm}, round {number + 1}: {cost:,.5g}", 0))
    return with_orchestration(world, {"settings": found.settings})
