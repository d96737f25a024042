"""Reading CSV files so that every complaint names file, line and column."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

from . import limits
from .problems import Problem, Refused, brief, refuse
from .values import check_number

Rows = list[tuple[int, dict[str, str]]]
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?(inf|infinity|nan)", re.IGNORECASE)
_FULL_STOP = "write numbers with a full stop and without separators for thousands"


def read_rows(path: Path) -> tuple[list[str], Rows]:
    """The header of a CSV file and its rows, each with its line number and keyed by column; raises `Refused`."""
    header, rows = _cells(path)
    if not header or len(set(header)) < len(header):
        raise refuse(
            "has no header, or one that repeats a column", "name every column once in the first line", str(path)
        )
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark in header[0]:
            raise refuse(f"is separated by {name}", "separate the columns by commas", str(path))
    for line, cells in rows:
        if len(cells) > len(header):
            raise refuse(f"line {line} has {len(cells)} cells for {len(header)} columns", "correct it", str(path))
    return header, [(line, dict(zip(header, map(str.strip, cells), strict=False))) for line, cells in rows]


def _cells(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The first line, and all others that hold anything, with their numbers."""
    if path.is_dir():
        raise refuse("is a folder", "name a CSV file in it", str(path))
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
    except OSError as error:
        raise refuse(f"cannot be read: {error.strerror}", "check the path and its permissions", str(path)) from None
    except (csv.Error, ValueError) as error:  # a ValueError: a name that no file can have
        raise refuse(f"cannot be read as CSV: {error}", "correct the file", str(path)) from None
    return header, rows


def is_number(text: str) -> bool:
    """Whether a text is a number as this program reads it: with a full stop, without separators, perhaps inf or nan."""
    return _NUMBER.fullmatch(text) is not None


def number_in(cell: str, declared: Any, where: str) -> float | Problem:
    """The number in a cell, or the problem with it; ``where`` names file, line and column."""
    if not cell:
        none = ", with 0 if there was none" if declared.minimum == 0 else ""
        return Problem((), f"{where}: is empty", f"fill the hole{none}")
    if not is_number(cell):
        cure = _FULL_STOP if re.fullmatch(r"[-+\d.,_ ']+", cell) else "correct the cell"
        return Problem((), f"{where} = {brief(cell)}: is not a number", cure)
    try:
        return float(check_number(float(cell), declared))
    except Refused as refused:
        problem = refused.problems[0]
        return Problem((), f"{where} = {cell}: {problem.what}", problem.cure.removesuffix(_LEFT_OUT))


_LEFT_OUT = ", or leave the key out for its default"
