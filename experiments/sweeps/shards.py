"""A shard: a Parquet file of finished runs, named after them."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .chunks import Rows
from .errors import StudyError
from .files import write_new
from .metrics import Columns
from .plan import IntArray

SUFFIX = ".parquet"
FORMAT = 1


@dataclass(frozen=True)
class Stamp:
    """What the runs of a shard were made with: fingerprints of code and scenario, seed, and CPU level."""

    code: str
    scenario: str
    seed: int
    cpu: str


@dataclass(frozen=True)
class Shard:
    """The content of a shard. ``keys[setting[i]]`` is the key of the setting of run ``i``."""

    name: str
    stamp: Stamp
    keys: tuple[str, ...]
    setting: IntArray
    replication: IntArray
    metrics: Columns


def write_shard(folder: Path, rows: Rows, stamp: Stamp) -> Path:
    """Write finished runs as a shard and return its path.

    The same runs get the same name and the same bytes. If the name is taken by other bytes, the new shard is written
    beside it under a longer name, so that merging can compare the two.
    """
    rows = _sorted(rows)
    content = _encoded(rows, stamp)
    path = folder / f"{run_hash(rows)}{SUFFIX}"
    if write_new(path, content) or path.read_bytes() == content:
        return path
    beside = path.with_name(f"{path.stem}-{hashlib.sha256(content).hexdigest()[:8]}{SUFFIX}")
    write_new(beside, content)
    return beside


def run_hash(rows: Rows) -> str:
    """The hash of the sorted run keys. A run key is the key of a setting and the number of a replication."""
    lines = [f"{rows.keys[s]}:{r}" for s, r in zip(rows.setting.tolist(), rows.replication.tolist(), strict=True)]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:32]


def read_shard(path: Path, metrics: Sequence[str] | None = None) -> Shard:
    """Read a shard, with all metrics or only some (those that it does not have are left out).

    Raises `StudyError` if the file is not a shard or is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path, read_dictionary=["setting"]) as file:
            about = json.loads(file.schema_arrow.metadata[b"ripieno"])
            names = [n for n in file.schema_arrow.names if n not in ("setting", "replication")]
            kept = names if metrics is None else [n for n in names if n in metrics]
            table = file.read(["setting", "replication", *kept]).combine_chunks()
        setting = table.column("setting").chunk(0) if len(table) else pa.array([]).dictionary_encode()
        return Shard(
            name=path.name,
            stamp=Stamp(**about["stamp"]),
            keys=tuple(setting.dictionary.to_pylist()),
            setting=np.asarray(setting.indices).astype(np.int64),
            replication=_array(table, "replication"),
            metrics={name: _array(table, name) for name in kept},
        )
    except FileNotFoundError:
        raise
    except (OSError, KeyError, TypeError, ValueError, pa.ArrowException) as error:
        cure = "delete the file; its runs will be made again"
        raise StudyError(f"{path}: is not a readable shard ({error}); {cure}") from None


def _array(table: Any, name: str) -> NDArray[Any]:
    return np.asarray(table.column(name).combine_chunks())


def _sorted(rows: Rows) -> Rows:
    """The rows by setting key and replication, with the keys sorted."""
    by_key = sorted(range(len(rows.keys)), key=lambda i: rows.keys[i])
    rank = np.empty(len(by_key), dtype=np.int64)
    rank[by_key] = np.arange(len(by_key))
    setting = rank[rows.setting]
    order = np.lexsort((rows.replication, setting))
    metrics = {name: np.ascontiguousarray(column[order]) for name, column in rows.metrics.items()}
    return Rows(tuple(rows.keys[i] for i in by_key), setting[order], rows.replication[order], metrics)


def _encoded(rows: Rows, stamp: Stamp) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    setting = pa.DictionaryArray.from_arrays(pa.array(rows.setting.astype(np.int32)), pa.array(list(rows.keys)))
    # Every missing value gets the same bits, whichever operation made it; all other bits are kept as they are.
    metrics = {name: np.where(np.isnan(column), np.nan, column) for name, column in rows.metrics.items()}
    columns = {"setting": setting, "replication": pa.array(rows.replication)}
    columns |= {name: pa.array(column, type=pa.float64()) for name, column in metrics.items()}
    about = json.dumps({"format": FORMAT, "stamp": asdict(stamp)}, sort_keys=True)
    table = pa.table(columns).replace_schema_metadata({"ripieno": about})
    stream = io.BytesIO()
    pq.write_table(table, stream, compression="zstd", use_dictionary=["setting"], write_statistics=False)
    return stream.getvalue()
