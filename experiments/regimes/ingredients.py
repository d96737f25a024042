"""The ingredients of orchestration, and the arms that tell what each is worth in a given network.

What leaving one out means is defined by the built-in study ``ingredients`` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from ...model.schema import Scenario
from ...model.schema.orchestration import Orchestration
from ...model.schema.world import plain
from ..compare.arms import TABLE, armed, with_orchestration
from ..sweeps.reading import load_study

INGREDIENTS = {
    "synchronised cycles": "without-cycles",
    "shared metrics": "without-metrics",
    "visibility": "without-visibility",
    "governance": "without-governance",
}
"""The ingredients by name, and the arm of the study in which each is left out."""
CONTROLS = ("none", "opt", "selfish")
ORCH = "orch"
STUDY = "ingredients"


@cache
def left_out(arm: str) -> dict[str, Any]:
    """What leaving an ingredient out sets in the table of the orchestration, by keys below that table."""
    values = load_study(STUDY).arms[arm]
    return {key.removeprefix(f"{TABLE}."): value for key, value in values.items()}


def worlds_for(scenario: Scenario) -> tuple[dict[str, Scenario], list[str]]:
    """The scenario under every control, orchestrated, and without each ingredient; and what had to be changed.

    The scenario's own rules of orchestration hold in all arms. An ingredient that they leave out is put back to its
    default in all arms but the one that is about it, so that controls know as much, and that is said. Raises
    `ScenarioError` when the scenario has nothing to decide.
    """
    full, notes = with_all(scenario)
    worlds = {arm: armed(full, arm) for arm in (*CONTROLS, ORCH)}
    for arm in INGREDIENTS.values():
        worlds[arm] = with_orchestration(worlds[ORCH], left_out(arm))
    return worlds, notes


def with_all(scenario: Scenario) -> tuple[Scenario, list[str]]:
    """The scenario with all ingredients, and a sentence for each that it lacked."""
    notes = []
    for ingredient, arm in INGREDIENTS.items():
        off = {key: value for key, value in left_out(arm).items() if key != "arm"}
        if scenario.orchestration is not None and lacks(scenario.orchestration, off):
            scenario = with_orchestration(scenario, {key: _usual(key) for key in off})
            notes.append(f"The scenario leaves out {ingredient}; here all arms have it but {arm}.")
    return scenario, notes


def lacks(spec: Orchestration, off: Mapping[str, Any]) -> bool:
    """Whether a table of the orchestration already has everything that leaving an ingredient out sets."""
    table = plain(spec)
    return all(_matches(_at(table, key), value) for key, value in off.items())


def _at(table: Any, key: str) -> Any:
    for step in key.split("."):
        table = table.get(step) if isinstance(table, Mapping) else None
    return table


def _matches(present: Any, off: Any) -> bool:
    """Whether a value is the one given; of a table, whether what is given in it is there too."""
    if isinstance(off, Mapping):
        return isinstance(present, Mapping) and all(_matches(present.get(key), value) for key, value in off.items())
    if isinstance(present, Mapping) and set(present) == {"type"}:
        return bool(present["type"] == off)
    return bool(present == off)


def _usual(key: str) -> Any:
    """The default of a key in the table of the orchestration."""
    return _at(plain(Orchestration()), key)
