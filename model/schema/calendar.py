"""The column of a data file that counts the periods: every period has one row, in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from .csvfile import Rows
from .problems import Problem, brief

TIME_COLUMNS = ("period", "date", "time", "day", "week", "month")
IN_ORDER = "give every period one row, in order"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
Cells = Sequence[tuple[int, str]]


def check_steps(header: list[str], rows: Rows, name: str) -> Iterator[Problem]:
    """Faults in the first column, if it counts the periods: blank cells, repetitions, gaps, cells of another kind.

    Whole numbers, months (``2024-03``) and dates (with or without a time of day) are counted; dates may be a day, a
    week, two or four weeks apart, or stand for months. Other texts, such as
    ``Jan``, only have to differ from each other, except in a column named date, which holds dates.
    """
    if not header or header[0].lower() not in TIME_COLUMNS or not rows:
        return
    column = header[0]
    cells = [(line, row.get(column, "")) for line, row in rows]
    fault = _blank(cells) or _counted(cells, needed=column.lower() == "date")
    if fault is not None:
        line, cell, what, cure = fault
        value = f" = {brief(cell)}" if cell else ""
        yield Problem((), f"{name}, line {line}, column {column}{value}: {what}", cure)


Fault = tuple[int, str, str, str]
"""Line, cell, what is wrong with it, cure."""


def _blank(cells: Cells) -> Fault | None:
    return next(((line, "", "is empty", "fill in the period") for line, cell in cells if not cell), None)


def _counted(cells: Cells, needed: bool) -> Fault | None:
    """The first cell that is of another kind than most, or that does not follow the one before."""
    best = max(_KINDS, key=lambda kind: sum(kind(cell) is not None for _, cell in cells))
    numbers = [best(cell) for _, cell in cells]
    if all(number is None for number in numbers) and not needed:
        return _repeated(cells)
    for (line, cell), number in zip(cells, numbers, strict=True):
        if number is None:
            return line, cell, "is not a period like the others", "give a number, or a date such as 2024-01-31"
    counts = [number for number in numbers if number is not None]
    months = [_month(cell[:7]) for _, cell in cells if _DATE.match(cell)]
    if len(months) == len(cells) > 1 and len({cell[8:10] for _, cell in cells}) == 1:
        counts = [month or 0 for month in months]  # the same day of every month
        return _uneven(cells, counts, (1,))
    return _uneven(cells, counts, (1, 7, 14, 28) if best is _day else (1,))


def _uneven(cells: Cells, counts: Sequence[int], allowed: Collection[int]) -> Fault | None:
    """The first cell whose distance from the one before is not the usual one."""
    steps = [after - before for before, after in pairwise(counts)]
    forward = [step for step in steps if step in allowed]
    usual = max(forward, key=forward.count) if forward else 1
    for (line, cell), step in zip(cells[1:], steps, strict=True):
        if step != usual:
            return line, cell, "does not follow the line before", IN_ORDER
    return None


def _repeated(cells: Cells) -> Fault | None:
    seen: set[str] = set()
    for line, cell in cells:
        if cell in seen:
            return line, cell, "is there already", IN_ORDER
        seen.add(cell)
    return None


def _whole(cell: str) -> int | None:
    return int(cell) if re.fullmatch(r"\d{1,9}", cell) else None


def _day(cell: str) -> int | None:
    """A date as its day; a time of day must be midnight."""
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return None
    return moment.toordinal() if not any((moment.hour, moment.minute, moment.second, moment.microsecond)) else None


def _month(cell: str) -> int | None:
    found = re.fullmatch(r"(\d{4})-(\d{2})", cell)
    return int(found[1]) * 12 + int(found[2]) if found and 1 <= int(found[2]) <= 12 else None


_KINDS: tuple[Callable[[str], int | None], ...] = (_whole, _day, _month)
