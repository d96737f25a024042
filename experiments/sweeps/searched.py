"""The reference arm: the best setting of all levers, searched for at every design point on the simulator itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from ...model.schema import Scenario
from ..central import Effort, best_setting
from .predictions import Table

CENTRAL = "central"
"""The arm that is searched for."""
ARM, SETTINGS = "orchestration.arm", "orchestration.settings"
REFERENCE = "reference"
"""Among the overrides of a run: how hard to search for its settings. It belongs to no scenario."""


class Reference(Table):
    """Asks for the arm ``central``: at every design point the best setting found on the simulator itself.

    The search is that of `ripieno compare`: all single moves of the structural levers, then packages of the best of
    them, each simulated ``replications`` times with other random numbers than the runs that are compared, and again
    from the best one found. What it finds is kept in the study's folder, and the arm runs with it.
    """

    replications: int = Field(8, ge=1, description="replications of each candidate in the search")
    rounds: int = Field(8, ge=1, description="searches from the best setting so far, at most")
    singles: int = Field(24, ge=1, description="single moves from which packages are made")
    enough: float = Field(0.0005, ge=0, allow_inf_nan=False, description="share of the cost that a round has to bring")
    periods: int | None = Field(None, ge=1, description="horizon of the search; default that of the scenario")


def with_central(table: Mapping[str, Any]) -> Mapping[str, Any]:
    """The table of a study with the arm ``central``, where it asks for the reference."""
    if table.get("reference") is None:
        return table
    arms = dict(table.get("arms", {}))
    return dict(table) | {"arms": arms | {CENTRAL: {ARM: CENTRAL} | dict(arms.get(CENTRAL, {}))}}


def asked(reference: Reference | None, arm: str) -> dict[str, Any]:
    """What the overrides of an arm say about the search, nothing for an arm that is not searched for."""
    return {REFERENCE: reference.model_dump()} if reference is not None and arm == CENTRAL else {}


def is_open(overrides: Mapping[str, Any]) -> bool:
    """Whether the settings of a run are still to be searched for."""
    return REFERENCE in overrides and SETTINGS not in overrides


def with_found(overrides: Mapping[str, Any], found: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The overrides with the settings that a search found, if there are any yet."""
    return overrides if found is None else {**overrides, SETTINGS: found["settings"]}


def search(scenario: Scenario, overrides: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Search for the settings of a run: ``settings``, ``cost`` and ``before`` a period as the search saw them,
    ``trials``, and the effort.
    """
    effort = Reference.model_validate(overrides[REFERENCE])
    shown = (
        {"warm_up": min(int(scenario.warm_up), effort.periods // 2), "periods": effort.periods}
        if effort.periods
        else {}
    )
    best = best_setting(
        scenario.replaced(**shown) if shown else scenario,
        seed,
        Effort(effort.replications, effort.rounds, effort.enough, effort.singles),
    )
    found = {"settings": best.settings, "cost": best.cost, "before": best.before, "trials": best.trials}
    return found | {"effort": effort.model_dump()}
