"""Finding and reading studies, and preparing them: everything filled in and checked against the scenario."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import tomli_w

from ...model.levers import levers_of
from ...model.schema import Scenario, ScenarioError, load, parse, with_values
from ...model.schema.world import plain
from .acting import Keys, act, touches
from .coalitions import with_known_levers
from .errors import StudyError, nearest, valid
from .fingerprint import digest, scenario_fingerprint
from .parameters import SCENARIO, Parameter, Point, Space, Value, is_value
from .searched import REFERENCE, asked
from .study import Study

BUILT_IN = Path(__file__).parents[1] / "studies"
STUDY_FILE = "study.toml"
ORCHESTRATION = "orchestration"
LIKE = "like"
"""A key of a scenario inside a study: the scenario that it is like, but for its other keys."""
CHECKED_VALUES = 200
"""So many values of a parameter are tried on the scenario before anything runs."""


def built_in() -> dict[str, Path]:
    """The studies that come with the package, by name."""
    return {path.stem: path for path in sorted(BUILT_IN.glob("*.toml"))}


def load_study(source: str | Path) -> Study:
    """Read and check a study: a TOML file, a folder in which a study was run, or a built-in study by its name.

    Raises `StudyError` with one line for each problem: file, place, value and cure.
    """
    path = _find(source)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise StudyError(f"{path}: byte {error.start} is not UTF-8 text; save the file as UTF-8") from None
    except OSError as error:
        raise StudyError(f"{path}: cannot be read: {error.strerror}; check its permissions") from None
    except tomllib.TOMLDecodeError as error:
        raise StudyError(f"{path}: {error}; correct the TOML there") from None
    study = valid(Study, {"name": path.stem} | table, path)
    return study.at(path.parent)


def _find(source: str | Path) -> Path:
    path = Path(source)
    if path.is_file():
        return path
    if (path / STUDY_FILE).is_file():
        return path / STUDY_FILE
    known = built_in()
    if str(source) in known:
        return known[str(source)]
    if path.is_dir():
        raise StudyError(f"{source}: holds no {STUDY_FILE}, so no study was run in this folder; name another")
    cure = nearest(path.stem, known) if known else "check the path"
    raise StudyError(f"{source}: there is no such file and no built-in study of that name; {cure}")


def dumps_study(study: Study) -> str:
    """The study as TOML; reading it gives an equal one."""
    return tomli_w.dumps(study.table())


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
        """The scenarios of each arm, by name and arm, before any parameter is set."""
        known = self.chosen_from
        return {(name, arm): _arm(known[name], arm, values) for (name, arm), values in self.arm_values.items()}

    @cached_property
    def arm_values(self) -> dict[tuple[str, str], dict[str, Any]]:
        """What each arm sets in each scenario: a key with ``*`` is every key that it stands for there."""
        known = {name: Keys(scenario) for name, scenario in self.chosen_from.items()}
        found = {
            (name, arm): {key: value for pattern, value in values.items() for key in keys.matching(pattern)}
            for name, keys in known.items()
            for arm, values in self.valued_arms.items()
        }
        if self.study.coalitions is None:
            return found
        levers = {name: [lever.name for lever in levers_of(s.resolved())] for name, s in self.chosen_from.items()}
        return {(name, arm): with_known_levers(values, levers[name]) for (name, arm), values in found.items()}

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

        The key ``scenario``, where there is one, says in which scenario.
        """
        which = "" if self.chooser is None else str(point[self.chooser])
        changed, keys = dict(self.arm_values[which, arm]), self.keys[which, arm]
        for name, value in point.items():
            if name != self.chooser:
                act(changed, keys, name, self.space.parameters[name], value)
        changed |= asked(self.study.reference, arm)
        return changed if self.chooser is None else {SCENARIO: which} | changed

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
    values = {key: value for key, value in overrides.items() if key not in (SCENARIO, REFERENCE)}
    return _set(scenarios[overrides[SCENARIO]] if SCENARIO in overrides else scenario, values)


def prepare(study: Study) -> Prepared:
    """Fill in and check everything that can be checked before a run; nothing is written.

    Every arm, and in every arm the ends of every range and the values of every list, are set in the scenario once.
    Raises `StudyError` or `ScenarioError` naming the key, the value and the cure.
    """
    scenario = _scenario(study, study.scenario, "scenario")
    several = {name: _scenario(study, given, f"scenarios.{name}") for name, given in study.scenarios.items()}
    seed = scenario.seed if study.seed is None else study.seed
    inlined = {"scenario": plain(scenario), "scenarios": {n: plain(s) for n, s in several.items()}, "seed": seed}
    prepared = Prepared(study.model_copy(update=inlined), scenario, several)
    designs = [design.resolved(prepared.space, seed + i) for i, design in enumerate(study.design)]
    complete = {"design": designs, "parameters": dict(prepared.space.parameters)}
    prepared = Prepared(prepared.study.model_copy(update=complete), scenario, several)
    _check_patterns(prepared)
    _check_values(prepared)
    return prepared


def _check_patterns(prepared: Prepared) -> None:
    """Refuse a key with ``*`` in an arm that stands for nothing in any scenario."""
    known = [Keys(scenario) for scenario in prepared.chosen_from.values()]
    for arm, values in prepared.valued_arms.items():
        for pattern in values:
            if not any(keys.matching(pattern) for keys in known):
                raise StudyError(f"arms.{arm}.{pattern}: stands for nothing in the scenario; correct the key")


def _scenario(study: Study, given: str | dict[str, Any], key: str) -> Scenario:
    try:
        if isinstance(given, str):
            return _named(study, given)
        table = dict(given)
        if isinstance(like := table.pop(LIKE, None), str):
            table = plain(_named(study, like)) | table
        return parse(table, source=f"study {study.name}: {key}", folder=study.folder)
    except ScenarioError as error:
        raise StudyError(str(error)) from None


def _named(study: Study, name: str) -> Scenario:
    beside = (study.folder or Path()) / name
    return load(beside if beside.is_file() else name)


def _arm(scenario: Scenario, name: str, overrides: dict[str, Any]) -> Scenario:
    try:
        return _set(scenario, overrides)
    except ScenarioError as error:
        raise StudyError(f"arms.{name}: {error}") from None


def _check_values(prepared: Prepared) -> None:
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


def _held(keys: Keys, name: str, key: str) -> Any:
    try:
        return keys.value(key)
    except ScenarioError as error:
        raise StudyError(f"parameters.{name}: {error}") from None


def _check_value(prepared: Prepared, where: str, place: tuple[str, str], set_to: tuple[str, Value]) -> None:
    name, value = set_to
    changed: dict[str, Any] = {}
    act(changed, prepared.keys[place], name, prepared.space.parameters[name], value)
    try:
        with_values(prepared.arm_scenarios[place], changed)
    except ScenarioError as error:
        raise StudyError(f"parameters.{where}: {error}") from None
