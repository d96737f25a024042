"""Finding and reading studies, and preparing them: everything filled in and checked against the scenario."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import tomli_w

from ...model.schema import Scenario, ScenarioError, load, parse
from ...model.schema.world import plain
from .checking import check_chosen, check_patterns, check_values
from .errors import StudyError, nearest, valid
from .prepared import Prepared
from .study import Study

BUILT_IN = Path(__file__).parents[1] / "studies"
STUDY_FILE = "study.toml"
LIKE = "like"
"""A key of a scenario inside a study: the scenario that it is like, but for its other keys."""


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


def prepare(study: Study) -> Prepared:
    """Fill in and check everything that can be checked before a run; nothing is written.

    Every arm and candidate, and in every arm the ends of every range and the values of every list, are set in the
    scenario once.
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
    check_patterns(prepared)
    check_chosen(prepared)
    check_values(prepared)
    return prepared


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
