from __future__ import annotations

import csv
import hashlib
from pathlib import Path

from pydantic import Field

from ..errors import StudyError
from ..parameters import Point, Space, Value, is_value
from .base import Design
from .listed import ordered


class Csv(Design):
    """Points from a CSV file: one row a point; a column is a parameter of the study or a dotted key of the scenario.

    The file's path is relative to the study file. Once a study has started its points are kept in its folder.
    """

    file: str = Field(min_length=1, description="the CSV file, looked up beside the study file")
    digest: str | None = Field(None, description="hash of the file's content, filled in when the study starts")

    def names(self, space: Space) -> list[str]:
        """The columns that are not parameters of the study; a resolved study has all of them."""
        return (
            [] if self.digest is not None else [name for name in self._rows(space)[0] if name not in space.parameters]
        )

    def resolved(self, space: Space, seed: int) -> Design:
        """The design with the hash of the file, so that another content is another design."""
        if self.digest is not None:
            return self
        digest = hashlib.sha256(self._path(space).read_bytes()).hexdigest()[:16] if self._rows(space) else ""
        return self.model_copy(update={"digest": digest})

    def sample(self, space: Space) -> list[Point]:
        """The rows of the file."""
        path = self._path(space)
        rows = [
            {name: _value(text, f"{path}: row {number}, column {name}") for name, text in row.items()}
            for number, row in enumerate(self._rows(space), 2)
        ]
        return ordered(rows, space)

    def _path(self, space: Space) -> Path:
        path = (space.folder or Path()) / self.file
        if not path.is_file():
            raise StudyError(f"design.file = {self.file!r}: there is no file {path}; correct the path")
        return path

    def _rows(self, space: Space) -> list[dict[str, str]]:
        path = self._path(space)
        with path.open(newline="", encoding="utf-8-sig") as stream:
            rows = list(csv.reader(stream))
        rows = [row for row in rows if any(cell.strip() for cell in row)]
        if len(rows) < 2:
            raise StudyError(f"{path}: holds no points; give a line of names and one line a point")
        names = [cell.strip() for cell in rows[0]]
        if len(set(names)) < len(names) or "" in names:
            raise StudyError(f"{path}: a column name is empty or stands twice ({', '.join(names)}); name each once")
        for number, row in enumerate(rows[1:], 2):
            if len(row) != len(names):
                cure = "give every line one cell a column"
                raise StudyError(f"{path}: row {number} has {len(row)} cells for {len(names)} columns; {cure}")
        return [dict(zip(names, map(str.strip, row), strict=True)) for row in rows[1:]]


def _value(text: str, place: str) -> Value:
    """A cell: true, false, a whole number, a number, or else a text."""
    if not text:
        raise StudyError(f"{place}: is empty; give a value")
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            value = kind(text)
        except ValueError:
            continue
        if not is_value(value):
            raise StudyError(f"{place} = {text}: is not a finite number; correct it")
        return value
    return text
