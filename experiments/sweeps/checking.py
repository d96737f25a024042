"""Checks of a study against its scenarios: every arm, every candidate and the values of every parameter, once."""

from __future__ import annotations

from typing import Any

from ...model.schema import ScenarioError, with_values
from .acting import Keys, act, touches
from .errors import StudyError
from .parameters import Value
from .prepared import Prepared

CHECKED_VALUES = 200
"""So many values of a parameter are tried on the scenario before anything runs."""
Place = tuple[str, str]
"""A scenario and an arm, by their names."""


def check_patterns(prepared: Prepared) -> None:
    """Refuse a key with ``*`` in an arm or its candidates that stands for nothing in any scenario."""
    known = [Keys(scenario) for scenario in prepared.chosen_from.values()]
    sets = {f"arms.{arm}": values for arm, values in prepared.valued_arms.items()}
    sets |= {f"chosen.{arm}.among": chosen.candidates[0] for arm, chosen in prepared.study.chosen.items()}
    for place, values in sets.items():
        for pattern in values:
            if not any(keys.matching(pattern) for keys in known):
                raise StudyError(f"{place}.{pattern}: stands for nothing in the scenario; correct the key")


def check_chosen(prepared: Prepared) -> None:
    """Set every candidate in the scenario of its arm, alone and with the values of the parameters that act on it.

    Raises `StudyError` for a candidate that is refused, and where something else sets a key that is to be chosen.
    """
    for place, candidates in prepared.candidates.items():
        _check_others(prepared, place, set().union(*candidates))
        for candidate in candidates:
            _check_candidate(prepared, place, candidate, {})
            for name, parameter in acting_on(prepared, place, set(candidate)):
                for value in parameter.tried[:CHECKED_VALUES]:
                    _check_candidate(prepared, place, candidate, {name: value})


def _check_others(prepared: Prepared, place: Place, keys: set[str]) -> None:
    """Refuse an arm and a parameter that set keys of the arm's candidates."""
    scenario, arm = place
    known = Keys(prepared.chosen_from[scenario])
    for pattern in prepared.study.arms[arm]:
        if keys & set(known.matching(pattern)):
            cure = f"remove it there, or from chosen.{arm}.among"
            raise StudyError(f"arms.{arm}.{pattern}: is chosen from candidates as well; {cure}")
    for name, parameter in acting_on(prepared, place, keys):
        if parameter.act == "set":
            cure = f'vary it with act = "scale" or "shift", or remove it from chosen.{arm}.among'
            raise StudyError(f"parameters.{name}: sets what chosen.{arm} chooses; {cure}")


def acting_on(prepared: Prepared, place: Place, keys: set[str]) -> list[tuple[str, Any]]:
    """The parameters that act on some of the keys in an arm."""
    known = prepared.keys[place]
    return [
        (name, parameter)
        for name, parameter in prepared.space.parameters.items()
        if keys & {key for pattern in parameter.keys or (name,) for key in known.matching(pattern)}
    ]


def _check_candidate(prepared: Prepared, place: Place, candidate: dict[str, Any], point: dict[str, Value]) -> None:
    acted = prepared.acted(point, place, candidate)
    try:
        with_values(prepared.arm_scenarios[place], {key: acted[key] for key in candidate})
    except ScenarioError as error:
        shown = ", ".join(f"{name} = {value}" for name, value in {**candidate, **point}.items())
        raise StudyError(f"chosen.{place[1]}.among, {shown}: {error}") from None


def check_values(prepared: Prepared) -> None:
    """Set the values of every parameter in the scenario of every arm, one at a time; raises `StudyError`."""
    for name, parameter in prepared.space.parameters.items():
        if name == prepared.chooser:
            continue
        touched = False
        for place, keys in prepared.keys.items():
            where = _place(prepared, name, *place)
            try:
                touched |= touches(keys, name, parameter)
            except ScenarioError as error:
                raise StudyError(f"parameters.{where}: {error}") from None
            for value in parameter.tried[:CHECKED_VALUES]:
                _check_value(prepared, where, place, (name, value))
        if not touched:
            patterns = ", ".join(parameter.keys or [name])
            raise StudyError(f"parameters.{name}: {patterns} stands for nothing in the scenario; correct the key")


def _place(prepared: Prepared, name: str, scenario: str, arm: str) -> str:
    """Where a parameter is tried, in words."""
    inside = f" in {scenario}" if len(prepared.scenarios) > 1 else ""
    return f"{name}{inside} in arm {arm}" if len(prepared.study.arms) > 1 else f"{name}{inside}"


def _check_value(prepared: Prepared, where: str, place: Place, set_to: tuple[str, Value]) -> None:
    name, value = set_to
    changed: dict[str, Any] = {}
    act(changed, prepared.keys[place], name, prepared.space.parameters[name], value)
    try:
        with_values(prepared.arm_scenarios[place], changed)
    except ScenarioError as error:
        raise StudyError(f"parameters.{where}: {error}") from None
