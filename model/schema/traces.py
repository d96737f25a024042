"""Demand traces from CSV files: read and checked once, so that a loaded scenario holds its own data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ...agents.plugins import find
from . import limits
from .calendar import TIME_COLUMNS, check_steps
from .csvfile import Rows, number_in, read_rows
from .problems import Problem, Refused, listing, nearest
from .slots import slots_of


def inlined(mapping: dict[str, Any], folder: Path) -> tuple[dict[str, Any], list[Problem]]:
    """The mapping with the values of every demand trace in place of its file, and what is wrong with the files."""
    markets = mapping.get("markets")
    if not isinstance(markets, list):
        return mapping, []
    reader = _Reader(folder)
    changed = [reader.market(market) if isinstance(market, Mapping) else market for market in markets]
    return mapping | {"markets": changed}, reader.problems


class _Reader:
    """Reads traces, each file once, and collects what is wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.known: dict[Path, tuple[list[str], Rows]] = {}

    def market(self, market: Mapping[str, Any]) -> dict[str, Any]:
        """The market with its traces read."""
        demand = market.get("demand")
        if not isinstance(demand, Mapping):
            return dict(market)
        place = ("markets", str(market.get("name", "")), "demand")
        if "type" in demand:
            return dict(market) | {"demand": self.process(demand, place)}
        changed = {key: self.process(item, (*place, str(key))) for key, item in demand.items()}
        return dict(market) | {"demand": changed}

    def process(self, process: Any, place: tuple[str, ...]) -> Any:
        """The demand process with the values of its file."""
        if not isinstance(process, Mapping) or not _is_trace(process) or "file" not in process:
            return process
        rest = {key: value for key, value in process.items() if key not in ("file", "column")}
        try:
            if "values" in process:
                raise Refused(Problem(("file",), "stands beside values", "give one of the two", process["file"]))
            return rest | {"values": self.values(process)}
        except Refused as refused:
            self.problems.extend(problem.under(*place) for problem in refused.problems)
            return rest | {"values": [0.0]}

    def values(self, process: Mapping[str, Any]) -> list[float]:
        """The column of the file, every cell a number within the bounds of the process."""
        name, column = process["file"], process.get("column")
        if not isinstance(name, str):
            raise Refused(Problem(("file",), "is not a text", "give the path of a CSV file in quotes", name))
        path = self.folder / name
        try:
            if path not in self.known:
                self.known[path] = read_rows(path)
        except Refused as refused:
            raise Refused(*(problem.under("file") for problem in refused.problems)) from None
        header, rows = self.known[path]
        chosen = _column(header, column)
        if not rows:
            raise Refused(Problem(("file",), "has no rows", "add one row a period", name))
        steps = list(check_steps(header, rows, name))
        if steps:
            raise Refused(*(problem.under("file") for problem in steps))
        declared = slots_of(find("demand", str(process["type"])))["values"].declared
        cells = (
            number_in(row.get(chosen, ""), declared, f"{name}, line {line}, column {chosen}") for line, row in rows
        )
        return list(_all(cells))


def _all(cells: Iterator[float | Problem]) -> Iterator[float]:
    problems: list[Problem] = []
    for cell in cells:
        if isinstance(cell, Problem):
            problems.append(cell)
        else:
            yield cell
    if problems:
        raise Refused(*(problem.under("file") for problem in problems[: limits.PROBLEMS_SHOWN]))


def _column(header: list[str], column: Any) -> str:
    """The column that is asked for; without asking, the only one that does not count the periods."""
    if column is None or column == "":
        candidates = [name for name in header if name.lower() not in TIME_COLUMNS]
        if len(candidates) == 1:
            return candidates[0]
        raise Refused(Problem(("column",), "is missing", f"name one of the columns {listing(header)}"))
    if column not in header:
        raise Refused(Problem(("column",), "is not a column of the file", nearest(str(column), header), column))
    return str(column)


def _is_trace(process: Mapping[str, Any]) -> bool:
    """Whether the process takes its values from a file (an unknown type is reported where parts are checked)."""
    try:
        return {"values", "file"} <= set(slots_of(find("demand", str(process.get("type")))))
    except LookupError:
        return False
