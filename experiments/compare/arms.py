"""The arms of a comparison: who decides the levers of the agents, and by whose score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from ...model.schema import Scenario, ScenarioError, with_values
from ...model.schema.problems import nearest
from ...model.schema.world import plain

ARMS = {
    "none": "levers stay as the scenario has them",
    "opt": "each agent optimises by its own closed-form model",
    "selfish": "the evaluator and the menu of the orchestration, but own levers and own cost only",
    "orch": "packages are negotiated for the cost of the network",
    "opt-then-orch": "agents optimise first, packages are negotiated afterwards",
    "orch-then-opt": "packages are negotiated first, agents optimise inside that structure",
    "interleaved": "both in turn",
    "central": "the best setting found on the simulator itself, on other replications than those compared",
}
DEFAULT = ("none", "opt", "selfish", "orch")
TABLE = "orchestration"

Arms: TypeAlias = Sequence[str] | Mapping[str, Mapping[str, Any] | Scenario]
"""Names of arms; or, by names of your own, scenarios, or values to set by their dotted keys."""


def armed(scenario: Scenario, arm: str) -> Scenario:
    """The scenario under an arm. Its other settings of the orchestration stay; without any it gets the defaults.

    Raises `ScenarioError` when the scenario has nothing that the arm could act on.
    """
    if scenario.orchestration is None and arm == "none":
        return scenario
    return with_orchestration(scenario, {"arm": arm})


def with_orchestration(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """The scenario with other values in its table of the orchestration, which it gets if it has none.

    Keys are dotted and begin below that table: ``cadence``, ``search.singles``.
    """
    table: dict[str, Any] = {} if scenario.orchestration is None else plain(scenario.orchestration)
    for key, value in values.items():
        table = _replaced(table, key.split("."), value)
    return with_values(scenario, {TABLE: table})


def _replaced(table: Any, steps: Sequence[str], value: Any) -> dict[str, Any]:
    inner = table if isinstance(table, dict) else {}
    first, *rest = steps
    return inner | {first: _replaced(inner.get(first), rest, value) if rest else value}


def worlds_of(scenario: Scenario, arms: Arms) -> dict[str, Scenario]:
    """The scenario under every arm, by the arm's name, in the order given.

    Raises `ScenarioError` for an unknown name (with the nearest known one), one that occurs twice, and for no arm.
    """
    if isinstance(arms, Mapping):
        named = {
            name: given if isinstance(given, Scenario) else with_values(scenario, given) for name, given in arms.items()
        }
    else:
        names = [arms] if isinstance(arms, str) else list(arms)
        _check(names)
        named = {name: armed(scenario, name) for name in names}
    if not named:
        raise ScenarioError("no arm to compare; name at least one, as in --arms none,opt")
    return named


def arms_in(text: str) -> tuple[str, ...]:
    """The names in a list with commas, as the command line has it."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def scenario_file(arm: str) -> str:
    """The name of the file that holds the scenario of an arm; the arm's own name may be any text."""
    return f"scenario-{''.join(letter if letter.isalnum() or letter in '-_' else '-' for letter in arm)}.toml"


def _check(names: Sequence[str]) -> None:
    for place, name in enumerate(names):
        if name not in ARMS:
            raise ScenarioError(f'there is no arm "{name}"; {nearest(name, ARMS)}')
        if name in names[:place]:
            raise ScenarioError(f'the arm "{name}" is named twice; name each once')
