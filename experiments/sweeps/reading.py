"""Finding and reading studies, and preparing them: everything filled in and checked against the scenario."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import tomli_w

from ...model.schema import Scenario, ScenarioError, get_value, load, parse, with_values
from ...model.schema.world import plain
from .errors import StudyError, nearest, valid
from .fingerprint import scenario_fingerprint
from .parameters import Parameter, Point, Space, Value, is_value
from .study import Study

BUILT_IN = Path(__file__).parents[1] / "studies"
STUDY_FILE = "study.toml"
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

    @cached_property
    def scenario_hash(self) -> str:
        """The fingerprint of the scenario."""
        return scenario_fingerprint(self.scenario)

    @cached_property
    def arm_scenarios(self) -> dict[str, Scenario]:
        """The scenario of each arm, before any parameter is set."""
        return {name: _arm(self.scenario, name, overrides) for name, overrides in self.study.arms.items()}

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
        """What a setting changes in the scenario: first the arm's overrides, then the point's parameters."""
        changed = dict(self.study.arms[arm])
        for name, value in point.items():
            for key in self.space.parameters[name].keys or (name,):
                changed[key] = value
        return changed

    def _base(self, name: str, parameter: Parameter) -> Value | None:
        if parameter.base is not None:
            return parameter.base  # type: ignore[no-any-return]
        first_arm = next(iter(self.arm_scenarios.values()))
        held = _held(first_arm, name, (parameter.keys or [name])[0])
        return held if is_value(held) else None


def prepare(study: Study) -> Prepared:
    """Fill in and check everything that can be checked before a run; nothing is written.

    Every arm, and in every arm the ends of every range and the values of every list, are set in the scenario once.
    Raises `StudyError` or `ScenarioError` naming the key, the value and the cure.
    """
    scenario = _scenario(study)
    seed = scenario.seed if study.seed is None else study.seed
    inlined = study.model_copy(update={"scenario": plain(scenario), "seed": seed})
    prepared = Prepared(inlined, scenario)
    designs = [design.resolved(prepared.space, seed + i) for i, design in enumerate(study.design)]
    complete = {"design": designs, "parameters": dict(prepared.space.parameters)}
    prepared = Prepared(inlined.model_copy(update=complete), scenario)
    _check_values(prepared)
    return prepared


def _scenario(study: Study) -> Scenario:
    place = f"study {study.name}: scenario"
    try:
        if not isinstance(study.scenario, str):
            return parse(study.scenario, source=place, folder=study.folder)
        beside = (study.folder or Path()) / study.scenario
        return load(beside if beside.is_file() else study.scenario)
    except ScenarioError as error:
        raise StudyError(str(error)) from None


def _arm(scenario: Scenario, name: str, overrides: dict[str, Any]) -> Scenario:
    try:
        return with_values(scenario, overrides)
    except ScenarioError as error:
        raise StudyError(f"arms.{name}: {error}") from None


def _check_values(prepared: Prepared) -> None:
    for name, parameter in prepared.space.parameters.items():
        for arm, scenario in prepared.arm_scenarios.items():
            where = f"{name} in arm {arm}" if len(prepared.study.arms) > 1 else name
            for key in parameter.keys or (name,):
                _held(scenario, where, key)
            for value in parameter.tried[:CHECKED_VALUES]:
                _check_value(scenario, where, parameter.keys or [name], value)


def _held(scenario: Scenario, name: str, key: str) -> Any:
    try:
        return get_value(scenario, key)
    except ScenarioError as error:
        raise StudyError(f"parameters.{name}: {error}") from None


def _check_value(scenario: Scenario, name: str, keys: Iterable[str], value: Value) -> None:
    try:
        with_values(scenario, dict.fromkeys(keys, value))
    except ScenarioError as error:
        raise StudyError(f"parameters.{name}: {error}") from None
