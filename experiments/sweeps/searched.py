"""Arms whose settings are searched for at every design point on the simulator itself, once, and then kept.

There are two kinds of search: ``central`` goes for the best setting of all levers, and a chosen arm takes the best of
its candidates (`chosen`). Both look at other random numbers than the runs that are compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from ...model.schema import Scenario
from ..central import Effort, best_setting
from .chosen import Chosen
from .fingerprint import digest
from .predictions import Table

CENTRAL = "central"
"""The arm whose levers are searched for."""
ARM, SETTINGS = "orchestration.arm", "orchestration.settings"
REFERENCE, CHOSEN = "reference", "chosen"
"""Among the overrides of a run: how to search for the rest of them. They belong to no scenario."""
AMONG, VALUES = "among", "values"


class Reference(Table):
    """Asks for the arm ``central``: at every design point the best setting found on the simulator itself.

    The search is that of `ripieno compare`: all single moves of the structural levers, then packages of the best of
    them, each simulated ``replications`` times with other random numbers than the runs that are compared, and again
    from the best one found; in the end what it went through is compared on ``fresh`` replications. What it finds is
    kept in the study's folder, and the arm runs with it.

    Arms of the study that are named in ``starts`` begin with the levers there: they show what agents do to a network
    that is well set.
    """

    replications: int = Field(8, ge=1, description="replications of each candidate in the search")
    rounds: int = Field(8, ge=1, description="searches from the best setting so far, at most")
    singles: int = Field(24, ge=1, description="single moves from which packages are made")
    enough: float = Field(0.0005, ge=0, allow_inf_nan=False, description="share of the cost that a round has to bring")
    fresh: int = Field(32, ge=1, description="replications, unseen by the search, that decide between what it found")
    periods: int | None = Field(None, ge=1, description="horizon of the search; default that of the scenario")
    starts: list[str] = Field([], description="arms whose levers stand where the search ends, from the first plan on")


def with_searched(table: Mapping[str, Any]) -> Mapping[str, Any]:
    """The table of a study with the arms that it asks to be searched for: ``central``, and those that are chosen."""
    wanted: dict[str, Any] = {} if table.get("reference") is None else {CENTRAL: {ARM: CENTRAL}}
    chosen = table.get("chosen")
    wanted |= {arm: {} for arm in chosen} if isinstance(chosen, Mapping) else {}
    arms = table.get("arms", {})
    if not wanted or not isinstance(arms, Mapping):
        return table
    return dict(table) | {"arms": {**arms, **{arm: {**sets, **arms.get(arm, {})} for arm, sets in wanted.items()}}}


def asked(reference: Reference | None, arm: str) -> dict[str, Any]:
    """What the overrides of an arm say about the search of all levers, nothing for an arm without one."""
    if reference is None or arm not in (CENTRAL, *reference.starts):
        return {}
    return {REFERENCE: reference.model_dump(exclude={"starts"})}


def asked_to_choose(chosen: Chosen, candidates: list[dict[str, Any]]) -> dict[str, Any]:
    """What the overrides of an arm say about the choice of the rest of them."""
    return {CHOSEN: chosen.effort | {AMONG: candidates}}


def is_open(overrides: Mapping[str, Any]) -> bool:
    """Whether settings of a run are still to be searched for."""
    return CHOSEN in overrides or (REFERENCE in overrides and SETTINGS not in overrides)


def kept_under(overrides: Mapping[str, Any]) -> str:
    """The key of what is searched for a run with these overrides: arms that begin at one best setting share it."""
    return digest({**overrides, ARM: CENTRAL} if REFERENCE in overrides else overrides)


def with_found(overrides: Mapping[str, Any], found: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The overrides with what a search found, if it found anything yet."""
    if found is None:
        return overrides
    rest = {key: value for key, value in overrides.items() if key != CHOSEN}
    return rest | (dict(found[VALUES]) if VALUES in found else {SETTINGS: found["settings"]})


def settable(overrides: Mapping[str, Any]) -> dict[str, Any]:
    """What overrides set in a scenario; where values are still to be chosen, those of the first candidate."""
    first = overrides[CHOSEN][AMONG][0] if CHOSEN in overrides else {}
    return {key: value for key, value in overrides.items() if key not in (REFERENCE, CHOSEN)} | first


def shortened(scenario: Scenario, periods: int | None) -> Scenario:
    """The scenario with the horizon of a search; the warm-up is half of it at most."""
    if not periods:
        return scenario
    return scenario.replaced(warm_up=min(int(scenario.warm_up), periods // 2), periods=periods)


def search(scenario: Scenario, overrides: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Search for the settings of a run: ``settings``, ``cost`` and ``before`` a period as the search saw them,
    ``trials``, and the effort.
    """
    effort = Reference.model_validate(overrides[REFERENCE])
    best = best_setting(
        shortened(scenario, effort.periods),
        seed,
        Effort(effort.replications, effort.rounds, effort.enough, effort.singles, effort.fresh),
    )
    found = {"settings": best.settings, "cost": best.cost, "before": best.before, "trials": best.trials}
    return found | {"effort": effort.model_dump()}
