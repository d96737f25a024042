"""Exporting a study: table, study and provenance as one folder or zip file that stands for itself."""

from __future__ import annotations

import io
import json
import shutil
import uuid
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import StudyError
from .files import replace
from .merging import Merged, merge, table_hash
from .store import Store

if TYPE_CHECKING:
    import pandas as pd

EPOCH = (1980, 1, 1, 0, 0, 0)


def export(store: Store, target: str | Path, csv: bool = False) -> Merged:
    """Write the merged table (Parquet, or CSV), study, provenance, searched settings and failures of a store.

    ``target`` is a new folder, or a file if its name ends in ``.zip``. The same store gives the same bytes. Raises
    `StudyError` if the target exists or the store has no runs.
    """
    target = Path(target)
    if target.exists():
        raise StudyError(f"{target}: exists already; name a new folder or zip file")
    if not target.parent.is_dir():
        raise StudyError(f"{target}: there is no folder {target.parent}; make it first")
    merged = merge(store)
    if merged.frame.empty:
        raise StudyError(f"{store.folder}: has no finished runs to export; run the study first")
    files = contents_of(store, merged, csv)
    if target.suffix == ".zip":
        replace(target, zipped(files))
    else:
        _write_folder(target, files)
    return merged


def contents_of(store: Store, merged: Merged, csv: bool) -> dict[str, bytes]:
    """The files of an export by name: the table of the runs, study, provenance, what was searched for, failures."""
    name, content = ("runs.csv", _csv(merged.frame)) if csv else ("runs.parquet", _parquet(merged.frame))
    about = {
        "table": name,
        "table_hash": table_hash(merged.frame),
        "rows": len(merged.frame),
        "missing_runs": merged.missing,
        "metrics": merged.metrics,
    }
    files = {name: content, "about.json": json.dumps(about, indent=1).encode()}
    files["study.toml"] = store.study_path.read_bytes()
    for folder in ("provenance", "references", "failures"):
        for path in sorted((store.folder / folder).glob("*.json")):
            files[f"{folder}/{path.name}"] = path.read_bytes()
    return files


def _parquet(frame: pd.DataFrame) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    stream = io.BytesIO()
    table = pa.Table.from_pandas(frame, preserve_index=False)
    floats = [field.name for field in table.schema if pa.types.is_floating(field.type)]
    others = [name for name in table.schema.names if name not in floats]
    pq.write_table(table, stream, compression="zstd", use_dictionary=others)
    return stream.getvalue()


def _csv(frame: pd.DataFrame) -> bytes:
    """CSV whose numbers read back exactly; a missing value is an empty cell."""
    import pyarrow as pa
    from pyarrow import csv

    stream = io.BytesIO()
    csv.write_csv(pa.Table.from_pandas(frame, preserve_index=False), stream)
    return stream.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    """Files as a zip, the same bytes on any day."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _write_folder(target: Path, files: dict[str, bytes]) -> None:
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        for name, content in files.items():
            path = temporary / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        temporary.rename(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
