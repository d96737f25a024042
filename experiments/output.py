"""Writing the results of a simulation to a folder."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..model.result import Result
from ..model.schema import dumps_toml
from .sweeps.files import replace
from .sweeps.fingerprint import code_fingerprint
from .sweeps.machine import machine, versions

if TYPE_CHECKING:
    import pandas as pd


def save(result: Result, folder: Path, csv: bool = False) -> list[Path]:
    """Write ``summary``, ``agents`` and, if kept, ``series`` as Parquet (or CSV), the scenario and the provenance.

    Everything is made in memory first and each file gets its name in one step, so that nothing is half-written.
    With several design points the scenarios are numbered. Returns the paths.
    """
    contents: dict[str, bytes] = {}
    for name in ("summary", "agents", "series"):
        table = getattr(result, name)
        if table is not None:
            contents[f"{name}.{'csv' if csv else 'parquet'}"] = _table_bytes(table, csv)
    for place, scenario in enumerate(result.scenarios):
        name = "scenario.toml" if len(result.scenarios) == 1 else f"scenario-{place}.toml"
        contents[name] = dumps_toml(scenario.resolved()).encode()
    contents["provenance.json"] = json.dumps(provenance(result), indent=2).encode()
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        replace(folder / name, content)
    return [folder / name for name in contents]


def provenance(result: Result) -> dict[str, Any]:
    """What the result was made with: versions, machine, code, seed and time."""
    return {
        "scenario": [scenario.name for scenario in result.scenarios],
        "seed": result.seed,
        "runs": len(result.summary),
        "code_hash": code_fingerprint(),
        "versions": versions(),
        "machine": machine(),
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _table_bytes(table: pd.DataFrame, csv: bool) -> bytes:
    if csv:
        return table.to_csv(index=False).encode()
    buffer = BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()
