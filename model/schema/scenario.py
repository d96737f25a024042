"""The scenario: a world that fills in its own defaults, and scenarios that differ from another in some values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .changes import with_some
from .checks.interventions import check_interventions
from .problems import raise_all
from .resolve import resolved
from .world import World


class Scenario(World):
    """A world: products, sites, markets and lanes, what happens to them, and how long it is watched.

    It never changes; `with_values` makes another one. Engines read resolved scenarios only, see `resolved`.
    """

    def resolved(self) -> Scenario:
        """The scenario with every default filled in: products, the lanes of the markets, the parameters of all parts.

        A resolved scenario resolves to itself. Raises `ScenarioError` if its parts do not fit each other.
        """
        known = self._memo.settled or self._memo.resolved is not None
        full = resolved(self)
        if not known:
            raise_all(f"scenario {self.name}", check_interventions(full))
        return full


def with_values(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """The scenario with other values at some dotted keys, checked; ``None`` takes a key back to its default.

    Keys that exist only once defaults are filled in, such as those of a market's lane, are set in the resolved
    scenario. Raises `ScenarioError` for an unknown key (with the nearest known one) or a value that does not fit.
    """
    result = with_some(scenario, values)
    if result.interventions:
        raise_all(f"scenario {scenario.name}", check_interventions(resolved(result)))
    return result
