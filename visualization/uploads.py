"""Scenario files that a visitor brings: read in a folder of their own, and refused when they reach outside it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any

from ..model.importer.folder import TABLES, import_folder
from ..model.schema import Scenario, ScenarioError, load
from .caps import Caps, TooMuch
from .choice import checked_text

SUFFIXES = (".toml", ".json", ".csv")
NAMES = (
    "name", "description", "from", "to", "site", "sites", "lane", "lanes", "owner", "region", "products", "levers",
)  # fmt: skip
"""The keys whose texts are names of things: a colon in them is harmless. In any other text it could name code."""
MOST_DEPTH = 40


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
        except TooMuch:
            raise
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
        # The very text that is read later is looked through here: without a byte order mark, all of it UTF-8.
        texts[name] = file["text"].encode("utf-8", "replace").decode("utf-8").removeprefix("\ufeff")
    caps.check("upload_bytes", sum(len(text.encode("utf-8")) for text in texts.values()))
    for name, text in texts.items():
        _refuse_outside(name, text)
    return texts


def _refuse_outside(name: str, text: str) -> None:
    """A file may name neither code nor files of this computer: both are for people at its own command line."""
    if name.endswith(".csv"):
        return
    for place, key, value in _leaves(_mapping(name, text), (), ""):
        if not isinstance(value, str):
            continue
        if ":" in value and key not in NAMES:
            raise TooMuch(f"{name}: {place} names code outside this program, {value[:60]!r}, which is not allowed here")
        if key == "file" and Path(value).name != value:
            raise TooMuch(
                f"{name}: {place} names the file {value[:60]!r}; only files given together with it can be read"
            )


def check_inside(scenario: Scenario) -> None:
    """Raise `TooMuch` when a part of a scenario is code outside this program, whatever way it came in."""
    from ..model.schema.world import plain

    for place, key, value in _leaves(plain(scenario), (), ""):
        if key == "type" and isinstance(value, str) and ":" in value:
            raise TooMuch(f"{place} names code outside this program, {value[:60]!r}, which is not allowed here")


def _mapping(name: str, text: str) -> Any:
    import json
    import tomllib

    try:
        return json.loads(text) if name.endswith(".json") else tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}  # the loader says what is wrong, and where


def _leaves(held: Any, path: tuple[str, ...], key: str) -> Iterator[tuple[str, str, Any]]:
    """Every single value with its place and the key under which it, or the list that it is in, stands."""
    if len(path) > MOST_DEPTH:
        raise TooMuch("the file is nested too deeply; flatten it")
    named = isinstance(held, Mapping)
    items = held.items() if isinstance(held, Mapping) else enumerate(held)
    for step, value in items:
        here, inner = (*path, str(step)), str(step) if named else key
        if isinstance(value, Mapping | list):
            yield from _leaves(value, here, inner)
        else:
            yield ".".join(here), inner, value


def _traces(texts: Mapping[str, str]) -> bool:
    """Whether the CSV files beside a scenario are data that it reads, not tables of another scenario."""
    return all(Path(name).stem not in TABLES for name in texts if name.endswith(".csv"))


def _from_tables(folder: Path) -> Scenario:
    for path in folder.glob("*.csv"):
        if _names_code(path):
            raise TooMuch(f"{path.name}: names code outside this program, which is not allowed here")
    text = import_folder(folder)
    (folder / "scenario.toml").write_text(text, encoding="utf-8")
    return load(folder / "scenario.toml")


def _names_code(path: Path) -> bool:
    """Whether a cell that could be a part holds a text with a colon; pairs of numbers are none."""
    import csv

    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = [*csv.reader(file)] or [[]]
    for row in rows:
        if path.stem == "scenario" and row and row[0] in NAMES:
            continue
        cells = [cell for column, cell in zip_longest(header, row, fillvalue="") if column not in NAMES]
        if any(":" in cell and not _numbers_only(cell) for cell in cells):
            return True
    return False


def _numbers_only(text: str) -> bool:
    """Whether a text is a list of pairs of numbers, as price breaks are: ``0:0.5;100:0.42``."""
    parts = [part.strip() for pair in text.split(";") for part in pair.split(":")]
    return all(part.replace(".", "", 1).isdecimal() for part in parts if part)


def _without(message: str, folder: Path) -> str:
    """A message without the folder in which the files lay."""
    return message.replace(f"{folder}/", "").replace(str(folder), "the tables")
