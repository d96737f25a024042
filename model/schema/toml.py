"""Reading scenarios from TOML or JSON files and writing them as TOML."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import ValidationError

from . import limits
from .checks.interventions import check_interventions
from .problems import Problem, Refused, ScenarioError, brief, nearest, raise_all
from .resolve import resolved, settle
from .scenario import Scenario
from .traces import inlined
from .translate import problems_of
from .world import plain

SUFFIXES = (".toml", ".json")
BUNDLED = Path(__file__).parents[2] / "experiments" / "scenarios"
"""The scenarios that come with the package; found by place, so that reading one imports no experiments."""


def bundled() -> dict[str, Path]:
    """The bundled scenarios by name."""
    return {path.stem: path for path in sorted(BUNDLED.glob("*.toml"))}


def load(source: str | Path) -> Scenario:
    """Read and check a scenario from a TOML or JSON file, or a bundled one by its name.

    Raises `ScenarioError` with one line for each problem: file, place, value and cure.
    """
    path = find(source)
    if path.stat().st_size > limits.FILE_BYTES:
        raise ScenarioError(
            f"{path}: has {path.stat().st_size} bytes; a scenario may have {limits.FILE_BYTES}, split or shorten it"
        )
    return parse(_read(path), source=str(path), folder=path.parent)


def find(source: str | Path) -> Path:
    """The file of a path or of a bundled scenario's name."""
    path = Path(source)
    if path.is_file():
        return path
    known = bundled()
    if str(source) in known:
        return known[str(source)]
    if path.is_dir():
        raise ScenarioError(f"{source}: is a folder; name a scenario file in it")
    cure = nearest(path.stem, known) if known else "check the path"
    raise ScenarioError(f"{source}: there is no such file and no bundled scenario of that name; {cure}")


def parse(mapping: Mapping[str, Any], source: str = "scenario", folder: Path | None = None) -> Scenario:
    """Check a scenario that is already a mapping, as TOML or JSON gives it; data files are looked up in ``folder``.

    Raises `ScenarioError` with one line for each problem.
    """
    scenario, problems = examine(mapping, folder or Path())
    raise_all(source, problems)
    assert scenario is not None
    return scenario


def examine(mapping: Any, folder: Path) -> tuple[Scenario | None, list[Problem]]:
    """A scenario as in `parse`, or the problems that keep it from being one."""
    if not isinstance(mapping, Mapping):
        return None, [Problem((), "is not a table of keys", "start with name = ... and periods = ...")]
    table, problems = inlined(dict(mapping), folder)
    try:
        scenario = Scenario.model_validate(table)
    except ValidationError as error:
        return None, problems + problems_of(error, Scenario, table)
    problems = problems or settle(scenario)
    return scenario, problems or list(check_interventions(resolved(scenario)))


def dumps_toml(scenario: Scenario) -> str:
    """The scenario as TOML; `parse` of it gives an equal one."""
    return toml_text(plain(scenario))


def toml_text(mapping: Mapping[str, Any]) -> str:
    """Plain data as TOML: single values before tables, and each list of numbers or names on one line."""
    lists: list[str] = []
    text = tomli_w.dumps(_arranged(mapping, lists))
    return _PLACEHOLDER.sub(lambda match: lists[int(match[1])], text)


_PLACEHOLDER = re.compile('"\ue000([0-9]+)\ue000"')


def _arranged(value: Any, lists: list[str]) -> Any:
    """Tables with their single values first and without empty lists; flat lists are written out and numbered."""
    if isinstance(value, Mapping):
        kept = {key: _arranged(item, lists) for key, item in value.items() if item != []}
        return dict(sorted(kept.items(), key=lambda item: isinstance(item[1], dict | list)))
    if not isinstance(value, list):
        return value
    if any(isinstance(item, Mapping | list) for item in value):
        return [_arranged(item, lists) for item in value]
    lists.append(f"[{', '.join(tomli_w.dumps({'x': item}).strip()[4:] for item in value)}]")
    return f"\ue000{len(lists) - 1}\ue000"


def _read(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors put a byte order mark in front
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{path}: byte {error.start} is not UTF-8 text; save the file as UTF-8") from None
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror}; check the path and its permissions") from None
    try:
        return _json(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except json.JSONDecodeError as error:
        raise ScenarioError(f"{path}: {_where(text, error.lineno, error.colno)}: {error.msg}; correct it") from None
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{path}: {_toml_fault(str(error), text)}; correct it") from None
    except RecursionError:
        raise ScenarioError(f"{path}: is nested too deeply; flatten it") from None
    except Refused as refused:
        raise ScenarioError(f"{path}: {refused.problems[0]}") from None
    except ValueError:  # all that is left: Python reads no number of more than 4300 digits
        raise ScenarioError(f"{path}: holds a whole number of thousands of digits; give a smaller one") from None


def _json(text: str) -> Any:
    """The JSON document; a key that stands twice in one table is refused, as TOML refuses it."""

    def table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [key for key, _ in pairs]
            twice = next(key for key in names if names.count(key) > 1)
            raise Refused(Problem((twice,), "stands twice in one table", "remove one of the two"))
        return found

    return json.loads(text, object_pairs_hook=table)


_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def _toml_fault(message: str, text: str) -> str:
    """What the TOML reader complains about, with the line itself."""
    found = _AT.search(message)
    if found is None:
        return message
    what = message[: found.start()]
    if found[1] is None:
        return f"at the end of the file: {what}"
    return f"{_where(text, int(found[1]), int(found[2]))}: {what}"


def _where(text: str, line: int, column: int) -> str:
    lines = text.split("\n")
    shown = f" = {brief(lines[line - 1].strip())}" if line <= len(lines) and lines[line - 1].strip() else ""
    return f"line {line}, column {column}{shown}"
