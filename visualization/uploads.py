"""Scenario files that a visitor brings: read in a folder of their own, and refused when they reach outside it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..model.importer.folder import TABLES, import_folder
from ..model.schema import Scenario, ScenarioError, load
from .caps import Caps, TooMuch
from .choice import checked_text

SUFFIXES = (".toml", ".json", ".csv")


def scenario_from(files: Any, caps: Caps) -> Scenario:
    """The scenario in files as the browser sends them, ``[{"name", "text"}]``: one TOML or JSON file, or CSV tables.

    Raises `TooMuch` or `ScenarioError` with a message that names the file, the place, the value and the cure.
    """
    texts = checked_files(files, caps)
    whole = [name for name in texts if not name.endswith(".csv")]
    if len(whole) > 1 or (whole and len(texts) > 1 and not _traces(texts)):
        raise TooMuch("give one scenario file, or the CSV tables of one scenario")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "imported"
        folder.mkdir()
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        try:
            scenario = load(folder / whole[0]) if whole else _from_tables(folder)
        except ScenarioError as error:
            raise ScenarioError(_without(str(error), folder)) from None
    check_inside(scenario)
    caps.check_scenario(scenario)
    return scenario


def checked_files(files: Any, caps: Caps) -> dict[str, str]:
    """Names and texts of the files, after a look at their number, size, names and what they refer to."""
    if not isinstance(files, list) or not files:
        raise TooMuch("no file came with that; choose a scenario file or CSV tables")
    caps.check("files", len(files))
    texts: dict[str, str] = {}
    for file in files:
        if not isinstance(file, Mapping) or not isinstance(file.get("text"), str):
            raise TooMuch("that is not a file")
        name = checked_text(file.get("name"))
        if "/" in name or "\\" in name or not name.endswith(SUFFIXES) or name.startswith("."):
            raise TooMuch(f"{name!r} cannot be read here; give files ending in {', '.join(SUFFIXES)}")
        texts[name] = file["text"]
    caps.check("upload_bytes", sum(len(text.encode("utf-8", "replace")) for text in texts.values()))
    for name, text in texts.items():
        _refuse_outside(name, text)
    return texts


def _refuse_outside(name: str, text: str) -> None:
    """A file may name neither code nor files of this computer: both are for people at its own command line."""
    if name.endswith(".csv"):
        return
    mapping = _mapping(name, text)
    for place, key, value in _leaves(mapping, ()):
        if key == "type" and isinstance(value, str) and ":" in value:
            raise TooMuch(f"{name}: {place} names code outside this program, {value[:60]!r}, which is not allowed here")
        if key == "file" and isinstance(value, str) and Path(value).name != value:
            raise TooMuch(
                f"{name}: {place} names the file {value[:60]!r}; only files given together with it can be read"
            )


def check_inside(scenario: Scenario) -> None:
    """Raise `TooMuch` when a part of a scenario is code outside this program, whatever way it came in."""
    from ..model.schema.world import plain

    for place, _, value in _leaves(plain(scenario), ()):
        if place.endswith("type") and isinstance(value, str) and ":" in value:
            raise TooMuch(f"{place} names code outside this program, {value[:60]!r}, which is not allowed here")


def _mapping(name: str, text: str) -> Any:
    import json
    import tomllib

    try:
        return json.loads(text) if name.endswith(".json") else tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}  # the loader says what is wrong, and where


def _leaves(held: Any, path: tuple[str, ...]) -> Any:
    if len(path) > 40:
        raise TooMuch("the file is nested too deeply; flatten it")
    items = held.items() if isinstance(held, Mapping) else enumerate(held) if isinstance(held, list) else ()
    for key, value in items:
        if isinstance(value, Mapping | list):
            yield from _leaves(value, (*path, str(key)))
        else:
            yield ".".join((*path, str(key))), str(key), value


def _traces(texts: Mapping[str, str]) -> bool:
    """Whether the CSV files beside a scenario are data that it reads, not tables of another scenario."""
    return all(Path(name).stem not in TABLES for name in texts if name.endswith(".csv"))


def _from_tables(folder: Path) -> Scenario:
    for path in folder.glob("*.csv"):
        first = path.read_text(encoding="utf-8").splitlines()
        cells = ",".join(first)
        if "type" in cells and _names_code(path):
            raise TooMuch(f"{path.name}: names code outside this program, which is not allowed here")
    text = import_folder(folder)
    (folder / "scenario.toml").write_text(text, encoding="utf-8")
    return load(folder / "scenario.toml")


def _names_code(path: Path) -> bool:
    """Whether a cell in a column of types, or of a part, holds a name with a colon."""
    import csv

    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return any(
            ":" in str(cell) and not _numbers_only(str(cell))
            for row in rows
            for cell in row.values()
            if cell is not None
        )


def _numbers_only(text: str) -> bool:
    """Whether a text is a list of pairs of numbers, as price breaks are: ``0:0.5;100:0.42``."""
    return all(
        part.replace(".", "", 1).strip().isdecimal() for pair in text.split(";") for part in pair.split(":") if part
    )


def _without(message: str, folder: Path) -> str:
    """A message without the folder in which the files lay."""
    return message.replace(f"{folder}/", "").replace(str(folder), "the tables")
