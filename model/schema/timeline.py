"""The scenario over time: what the interventions make of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .changes import get_value, with_some
from .resolve import AnyWorld, resolved
from .world import World


def timeline(scenario: AnyWorld) -> list[tuple[int, AnyWorld]]:
    """``(period, resolved scenario from then on)``: the start, and each period in which an intervention acts or ends.

    Where two interventions set the same key, the later one in the file wins; factors on it multiply. Stacked scenarios
    are welcome.
    """
    base = resolved(scenario)
    found = []
    for period in dates(base):
        active = values_at(base, period)
        found.append((period, with_some(base, active) if active else base))
    return found


def dates(scenario: World) -> list[int]:
    """Period 0 and all periods within the horizon in which an intervention begins or ends."""
    found = {0} | {item.at for item in scenario.interventions}
    found |= {item.until for item in scenario.interventions if item.until is not None}
    return sorted(date for date in found if date < scenario.periods)


def values_at(scenario: World, period: int) -> dict[str, Any]:
    """The dotted keys that interventions have changed in a period, with their values."""
    active: dict[str, Any] = {}
    for item in scenario.interventions:
        if item.at <= period and (item.until is None or period < item.until):
            active |= item.set
            active |= {key: _times(_now(scenario, active, key), factor) for key, factor in item.scale.items()}
    return active


def _now(scenario: World, active: Mapping[str, Any], key: str) -> Any:
    return active[key] if key in active else get_value(scenario, key)


def _times(value: Any, factor: Any) -> Any:
    """So many times a number; whole ones stay whole."""
    return round(value * factor) if isinstance(value, int) else value * factor
