"""Preparing a study: everything filled in, and what each arm sets at each design point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ...model.levers import levers_of
from ...model.schema import Scenario, ScenarioError, with_values
from .acting import Keys, act
from .coalitions import with_known_levers
from .errors import StudyError
from .fingerprint import digest, scenario_fingerprint
from .parameters import SCENARIO, Parameter, Point, Space, Value, is_value
from .searched import asked, asked_to_choose, settable
from .study import Study

ORCHESTRATION = "orchestration"


@dataclass(frozen=True)
class Prepared:
    """A study with nothing left open: its scenario stands inside it, and seeds and metrics are filled in."""

    study: Study
    scenario: Scenario
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)

    @cached_property
    def scenario_hash(self) -> str:
        """The fingerprint of the scenario, or of all that the study chooses from."""
        if not self.scenarios:
            return scenario_fingerprint(self.scenario)
        return digest({name: scenario_fingerprint(scenario) for name, scenario in self.scenarios.items()})

    @property
    def chosen_from(self) -> Mapping[str, Scenario]:
        """The scenarios by name; the only one of a study that names none has an empty name."""
        return self.scenarios or {"": self.scenario}

    @cached_property
    def arm_scenarios(self) -> dict[tuple[str, str], Scenario]:
        """The scenarios of each arm, by name and arm, before any parameter is set; with the first of its candidates
        where values of the arm are chosen.
        """
        known = self.chosen_from
        made = {
            (name, arm): with_arm(known[name], f"arms.{arm}", sets) for (name, arm), sets in self.arm_values.items()
        }
        firsts = {
            place: with_arm(made[place], f"chosen.{place[1]}.among", c[0]) for place, c in self.candidates.items()
        }
        return made | firsts

    @cached_property
    def arm_values(self) -> dict[tuple[str, str], dict[str, Any]]:
        """What each arm sets in each scenario: a key with ``*`` is every key that it stands for there."""
        known = {name: Keys(scenario) for name, scenario in self.chosen_from.items()}
        found = {
            (name, arm): _keyed(keys, values)
            for name, keys in known.items()
            for arm, values in self.valued_arms.items()
        }
        if self.study.coalitions is None:
            return found
        levers = {name: [lever.name for lever in levers_of(s.resolved())] for name, s in self.chosen_from.items()}
        return {(name, arm): with_known_levers(values, levers[name]) for (name, arm), values in found.items()}

    @cached_property
    def candidates(self) -> dict[tuple[str, str], list[dict[str, Any]]]:
        """What the candidates of each arm whose values are chosen set in each scenario."""
        return {
            (name, arm): [_keyed(keys, values) for values in chosen.candidates]
            for name, keys in {name: Keys(scenario) for name, scenario in self.chosen_from.items()}.items()
            for arm, chosen in self.study.chosen.items()
        }

    @cached_property
    def valued_arms(self) -> dict[str, dict[str, Any]]:
        """What each arm sets, the values that all arms share included; keys may have a ``*``."""
        return {arm: self.study.values | overrides for arm, overrides in self.study.arms.items()}

    @cached_property
    def keys(self) -> dict[tuple[str, str], Keys]:
        """The dotted keys of the scenarios of each arm."""
        return {place: Keys(scenario) for place, scenario in self.arm_scenarios.items()}

    @cached_property
    def chooser(self) -> str | None:
        """The parameter that chooses the scenario, if there is one."""
        chosen = (name for name, p in self.space.parameters.items() if SCENARIO in (p.keys or (name,)))
        return next(chosen, None)

    @cached_property
    def space(self) -> Space:
        """The parameters as the designs see them, those that the designs bring themselves included."""
        study = self.study
        declared = Space(study.parameters, {}, study.folder)
        parameters = dict(study.parameters)
        for design in study.design:
            parameters |= {name: Parameter() for name in design.names(declared) if name not in parameters}
        base = {name: value for name, p in parameters.items() if (value := self._base(name, p)) is not None}
        return Space(parameters, base, study.folder)

    def overrides(self, point: Point, arm: str) -> dict[str, Any]:
        """What a setting changes in the scenario: first the arm's overrides, then the point's parameters.

        Candidates of an arm whose values are chosen are such overrides: parameters act on each of them. The key
        ``scenario``, where there is one, says in which scenario.
        """
        which = "" if self.chooser is None else str(point[self.chooser])
        changed = self.acted(point, (which, arm), {})
        changed |= asked(self.study.reference, arm)
        if arm in self.study.chosen:
            acted = [(c, self.acted(point, (which, arm), c)) for c in self.candidates[which, arm]]
            among = [{key: values[key] for key in candidate} for candidate, values in acted]
            changed |= asked_to_choose(self.study.chosen[arm], among)
        return changed if self.chooser is None else {SCENARIO: which} | changed

    def acted(self, point: Point, place: tuple[str, str], candidate: Mapping[str, Any]) -> dict[str, Any]:
        """What an arm, by scenario and name, sets at a design point, with a candidate for the rest of its values."""
        changed = {**self.arm_values[place], **candidate}
        for name, value in point.items():
            if name != self.chooser:
                act(changed, self.keys[place], name, self.space.parameters[name], value)
        return changed

    def built(self, point: Point, arm: str) -> Scenario:
        """The scenario of a setting; raises `ScenarioError` where its values do not fit."""
        return built(self.scenario, self.scenarios, self.overrides(point, arm))

    def _base(self, name: str, parameter: Parameter) -> Value | None:
        if parameter.base is not None:
            return parameter.base  # type: ignore[no-any-return]
        if SCENARIO in (parameter.keys or (name,)):
            return next(iter(self.scenarios))
        if parameter.act != "set":
            return parameter.neutral
        keys = next(iter(self.keys.values()))
        held = [_held(keys, name, key) for key in keys.matching((parameter.keys or [name])[0])]
        return held[0] if held and is_value(held[0]) else None


def _set(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """The scenario with other values; without a table of the orchestration it gets one for the keys in it."""
    wanted = any(key.startswith(f"{ORCHESTRATION}.") for key in values)
    if wanted and scenario.orchestration is None:
        scenario = with_values(scenario, {ORCHESTRATION: {}})
    return with_values(scenario, values)


def built(scenario: Scenario, scenarios: Mapping[str, Scenario], overrides: Mapping[str, Any]) -> Scenario:
    """The scenario in which a setting has set its values: the one that it names, or the only one."""
    values = {key: value for key, value in settable(overrides).items() if key != SCENARIO}
    return _set(scenarios[overrides[SCENARIO]] if SCENARIO in overrides else scenario, values)


def with_arm(scenario: Scenario, place: str, overrides: Mapping[str, Any]) -> Scenario:
    """The scenario with values of an arm; raises `StudyError`, with their place in the study, if it refuses them."""
    try:
        return _set(scenario, overrides)
    except ScenarioError as error:
        raise StudyError(f"{place}: {error}") from None


def _keyed(keys: Keys, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by the keys that their patterns stand for in a scenario."""
    return {key: value for pattern, value in values.items() for key in keys.matching(pattern)}


def _held(keys: Keys, name: str, key: str) -> Any:
    try:
        return keys.value(key)
    except ScenarioError as error:
        raise StudyError(f"parameters.{name}: {error}") from None
