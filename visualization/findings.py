"""What the studies have found about the claims: the tables that come with the package, made by full runs."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import TypeAlias

FOLDER = Path(__file__).parents[1] / "experiments" / "findings"
NEEDED = ("claim", "verdict")
NONE = "no verdict"
Finding: TypeAlias = dict[str, str]


class FindingsError(ValueError):
    """A table of findings that is none; its text says what is missing."""


@cache
def findings(folder: Path = FOLDER) -> dict[str, list[Finding]]:
    """Rows of the tables by the code of their claim, such as ``"C7"`` for the claim "C7 governance".

    Rows of quick runs, whose verdict is "no verdict", are left out. Raises `FindingsError` for a table without the
    columns ``claim`` and ``verdict``.
    """
    found: dict[str, list[Finding]] = {}
    for path in sorted(folder.glob("*.csv")):
        for row in _rows(path):
            if row["claim"] and row["verdict"] not in ("", NONE):
                found.setdefault(row["claim"].split()[0], []).append(row)
    return found


def _rows(path: Path) -> list[Finding]:
    with path.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        missing = [name for name in NEEDED if name not in (table.fieldnames or ())]
        if missing:
            raise FindingsError(f"{path.name} has no column {missing[0]!r}; write it with ripieno study verdicts")
        return [{name: (text or "").strip() for name, text in row.items() if name} for row in table]
