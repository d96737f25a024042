"""Reading one CSV table: each row an entry of the scenario, each column a key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..schema.common import Table
from ..schema.csvfile import Rows, read_rows
from ..schema.problems import Problem, Refused, nearest
from ..schema.translate import keys_of
from .cells import nested, steps_of, value_of


@dataclass
class Origin:
    """Where values came from: file, line and column by their place in the scenario; and all problems so far.

    ``dotted`` are the names of products that contain a dot, which in a column's name is no step then.
    """

    cells: dict[tuple[str, ...], str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    dotted: set[str] = field(default_factory=set)

    def complain(self, where: str, problem: Problem) -> None:
        """Note a problem of a cell."""
        shown = str(problem)
        self.problems.append(f"{where}{shown.removeprefix('the scenario')}")

    def of(self, problem: Problem) -> str:
        """The cell or line that a problem of the finished scenario is about, as far as it can be told."""
        place = tuple(str(step + 1) if isinstance(step, int) else step for step in problem.place)
        for length in range(len(place), 0, -1):
            if place[:length] in self.cells:
                return f"{self.cells[place[:length]]}: "
        return ""


def read_table(path: Path, origin: Origin, required: Iterable[str] = ()) -> tuple[list[str], Rows]:
    """Header and rows of a table, or nothing with the problems noted."""
    try:
        header, rows = read_rows(path)
    except Refused as refused:
        for problem in refused.problems:
            cure = problem.cure if path.exists() else "add it to the folder"
            origin.problems.append(f"{path}: {problem.what}; {cure}")
        return [], []
    missing = [name for name in required if name not in header]
    if missing:
        columns = ", ".join(missing)
        origin.problems.append(f"{path}, line 1: has no column {columns}; add it ({nearest(missing[0], header)})")
        return [], []
    return header, rows


def entries_of(path: Path, which: str, kind: type[Table], origin: Origin) -> list[dict[str, Any]]:
    """The entries of the scenario's list ``which`` that a file holds; blank cells are left to the defaults."""
    header, rows = read_table(path, origin, required=("from", "to") if which == "lanes" else ("name",))
    if not known_columns(path, header, [kind], origin):
        return []
    entries = []
    seen: dict[str, int] = {}
    for line, row in rows:
        entry = entry_of(row, kind, f"{path}, line {line}", origin)
        name = entry.get("name") or f"{entry.get('from')}->{entry.get('to')}"
        seen[name] = seen.get(name, 0) + 1
        trace(which, name if seen[name] == 1 or entry.get("name") else f"{name}#{seen[name]}", row, origin, path, line)
        entries.append(entry)
        origin.cells[which, str(len(entries))] = f"{path}, line {line}"
    return entries


def entry_of(row: Mapping[str, str], kind: type[Table], where: str, origin: Origin) -> dict[str, Any]:
    """One row as the table that it stands for."""
    values: dict[str, Any] = {}
    for key, text in row.items():
        if not text:
            continue
        try:
            values[key] = value_of(text, key, kind, row)
        except Refused as refused:
            for problem in refused.problems:
                origin.complain(f"{where}, column {key}", problem)
    return nested(values, origin.dotted)


def trace(which: str, name: str, row: Mapping[str, str], origin: Origin, path: Path, line: int) -> None:
    """Note where an entry and its values come from."""
    origin.cells[which, name] = f"{path}, line {line}"
    for key, text in row.items():
        if text:
            origin.cells[(which, name, *steps_of(key, origin.dotted))] = f"{path}, line {line}, column {key}"


def only_columns(path: Path, header: Iterable[str], known: Sequence[str], origin: Origin) -> bool:
    """Whether a table with fixed columns has no other ones."""
    unknown = [column for column in header if column not in known]
    for column in unknown:
        origin.problems.append(f'{path}, line 1, column "{column}": has no meaning here; {nearest(column, known)}')
    return not unknown


def known_columns(path: Path, header: list[str], kinds: Sequence[type[Table]], origin: Origin) -> bool:
    """Whether every column begins with a key of the schema; the deeper steps are checked with the scenario."""
    known = list(dict.fromkeys(key for kind in kinds for key in keys_of(kind)))
    unknown = [column for column in header if column.split(".")[0] not in known]
    for column in unknown:
        cure = nearest(column.split(".")[0], known)
        origin.problems.append(f'{path}, line 1, column "{column}": is not a key of this table; {cure}')
    return bool(header) and not unknown
