"""Writing the results of a simulation to a folder."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..model.result import Result
from ..model.schema import Scenario, dumps_toml, with_values
from .sweeps.files import replace
from .sweeps.fingerprint import code_fingerprint
from .sweeps.machine import machine, versions

if TYPE_CHECKING:
    import pandas as pd

TABLES = ("summary", "agents", "series", "ledger")
COMPARED = ("paired", "gap", "scores")  # what a comparison writes besides
FIGURES = ("paired", "costs", "scorecards", "quadrants", "bullwhip", "docks", "negotiation")
REPORT = "report.html"
PROVENANCE = "provenance.json"


def save(result: Result, folder: Path, csv: bool = False) -> list[Path]:
    """Write the tables of a result as Parquet (or CSV), its scenario and its provenance; returns the paths.

    ``scenario.toml`` is the scenario as resolved, with the seed and the number of runs of this result: simulating it
    gives the same tables. Several design points have a file each, ``scenario-0.toml`` and so on.

    The results of an earlier call in the same folder are replaced as a whole, its tables that this result lacks
    included; other files stay. Everything is made in memory before anything is written, each file gets its name in
    one step, and ``provenance.json``, which holds a hash of every other file, comes last: a folder that has it is
    complete. Raises `OSError` when the folder cannot be written to.
    """
    check_folder(folder)
    contents = tables_as_files(_tables(result), csv) | _scenarios(result)
    return write_folder(folder, contents, provenance(result.scenarios, result.seed, len(result.summary)))


def write_folder(folder: Path, contents: Mapping[str, bytes], about: Mapping[str, Any]) -> list[Path]:
    """Replace the results in a folder by files made in memory; their provenance, with a hash of each, comes last.

    Raises `OSError` when the folder cannot be written to.
    """
    check_folder(folder)
    vouched = {**about, "files": {name: sha256(content).hexdigest() for name, content in contents.items()}}
    folder.mkdir(parents=True, exist_ok=True)
    for path in earlier(folder):
        path.unlink()
    for name, content in {**contents, PROVENANCE: _json(vouched)}.items():
        replace(folder / name, content)
    return [folder / name for name in (*contents, PROVENANCE)]


def check_folder(folder: Path) -> None:
    """Raise `OSError` for a place that cannot become a folder of results: a file, something in a file, a study."""
    for place in (folder, *folder.parents):
        if place.exists():
            if not place.is_dir():
                raise NotADirectoryError(errno.ENOTDIR, "is a file, not a folder; name another place", str(place))
            if not os.access(place, os.W_OK):
                raise PermissionError(errno.EACCES, "may not be written to; name another place", str(place))
            break
    if (folder / "study.toml").exists():
        cure = "holds a study, which is not mixed with the results of a run; name another folder"
        raise FileExistsError(errno.EEXIST, cure, str(folder))


def earlier(folder: Path) -> list[Path]:
    """The files of an earlier result in a folder, its provenance first."""
    found = [folder / PROVENANCE]
    found += [folder / f"{name}.{kind}" for name in (*TABLES, *COMPARED) for kind in ("parquet", "csv")]
    found += [folder / "scenario.toml", *sorted(folder.glob("scenario-*.toml"))]
    found += [folder / REPORT, *(folder / f"figure-{name}.{kind}" for name in FIGURES for kind in ("svg", "png"))]
    return [path for path in found if path.exists()]


def provenance(scenarios: Iterable[Scenario], seed: int, runs: int) -> dict[str, Any]:
    """What a result of so many runs was made with: versions, machine, code, seed and time."""
    return {
        "scenario": [scenario.name for scenario in scenarios],
        "seed": seed,
        "runs": runs,
        "code_hash": code_fingerprint(),
        "versions": versions(),
        "machine": machine(),
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _tables(result: Result) -> list[tuple[str, pd.DataFrame]]:
    return [(name, table) for name in TABLES if (table := getattr(result, name)) is not None]


def _scenarios(result: Result) -> dict[str, bytes]:
    replications = len(result.summary) // len(result.scenarios)
    names = [f"scenario-{place}.toml" for place in range(len(result.scenarios))]
    names = names if len(names) > 1 else ["scenario.toml"]
    scenarios = zip(names, result.scenarios, strict=True)
    return {name: scenario_as_file(scenario, result.seed, replications) for name, scenario in scenarios}


def scenario_as_file(scenario: Scenario, seed: int, runs: int) -> bytes:
    """A scenario as resolved, with the seed and the number of runs that it was simulated with."""
    return dumps_toml(with_values(scenario, {"seed": seed, "runs": runs}).resolved()).encode()


def tables_as_files(tables: Iterable[tuple[str, pd.DataFrame]], csv: bool) -> dict[str, bytes]:
    """Tables by name as the contents of Parquet or CSV files by their names."""
    return {f"{name}.{'csv' if csv else 'parquet'}": _table_bytes(table, csv) for name, table in tables}


def _table_bytes(table: pd.DataFrame, csv: bool) -> bytes:
    if csv:
        return table.to_csv(index=False, lineterminator="\n").encode()
    buffer = BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n"
