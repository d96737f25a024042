"""Reading CSV files so that every complaint names file, line and column."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from . import limits
from .problems import Problem, Refused, refuse
from .values import bounds_of, check_number

TIME_COLUMNS = ("period", "date", "time", "day", "week", "month")
Rows = list[tuple[int, dict[str, str]]]


def read_rows(path: Path) -> tuple[list[str], Rows]:
    """The header of a CSV file and its rows, each with its line number and keyed by column; raises `Refused`."""
    try:
        if path.stat().st_size > limits.FILE_BYTES:
            raise refuse(f"has more than {limits.FILE_BYTES} bytes", "split or shorten it", str(path))
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = [cell.strip() for cell in next(reader, [])]
            rows = [(reader.line_num, cells) for cells in reader if cells and any(cell.strip() for cell in cells)]
    except FileNotFoundError:
        raise refuse("there is no such file", "give its path relative to the scenario file", str(path)) from None
    except UnicodeDecodeError:
        raise refuse("is not UTF-8 text", "save it as CSV in UTF-8", str(path)) from None
    except (OSError, csv.Error) as error:
        raise refuse(f"cannot be read as CSV: {error}", "correct the file", str(path)) from None
    if not header or len(set(header)) < len(header):
        raise refuse(
            "has no header, or one that repeats a column", "name every column once in the first line", str(path)
        )
    for line, cells in rows:
        if len(cells) > len(header):
            raise refuse(f"line {line} has {len(cells)} cells for {len(header)} columns", "correct it", str(path))
    return header, [(line, dict(zip(header, map(str.strip, cells), strict=False))) for line, cells in rows]


def number_in(cell: str, declared: Any, where: str) -> float | Problem:
    """The number in a cell, or the problem with it; ``where`` names file, line and column."""
    if not cell:
        return Problem((), f"{where} is empty", "fill the hole, with 0 if there was no demand")
    try:
        value = float(cell)
    except ValueError:
        return Problem((), f"{where} is not a number", "correct the cell", cell)
    try:
        return float(check_number(value, declared))
    except Refused as refused:
        problem = refused.problems[0]
        return Problem((), f"{where} {problem.what}", f"give {bounds_of(declared)}", cell)


def check_steps(header: list[str], rows: Rows, name: str) -> Iterator[Problem]:
    """Holes in the column that counts the periods, if the first column does: a number or a date that is left out."""
    if not header or header[0].lower() not in TIME_COLUMNS:
        return
    cells = [(line, row.get(header[0], "")) for line, row in rows]
    for line, cell in cells:
        if not cell:
            yield Problem((), f"{name}, line {line}, column {header[0]} is empty", "fill in the period")
            return
    counted = [_counted(cell) for _, cell in cells]
    if None in counted or len(counted) < 2:
        return
    steps = [after - before for before, after in pairwise(counted)]  # type: ignore[operator]
    usual = max(set(steps), key=steps.count)
    if "-" in cells[0][1] and usual not in (1, 7):
        return  # months and the like have no constant length
    for (line, cell), step in zip(cells[1:], steps, strict=True):
        if step != usual or step <= 0:
            cure = "give every period one row, in order"
            yield Problem((), f"{name}, line {line}, column {header[0]} does not follow the line before", cure, cell)
            return


def _counted(cell: str) -> int | None:
    """A period as a number: a whole number as it is, an ISO date as its day."""
    if cell.isdecimal():
        return int(cell)
    try:
        return date.fromisoformat(cell).toordinal()
    except ValueError:
        return None
