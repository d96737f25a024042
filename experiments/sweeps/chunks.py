"""A chunk: some runs of a study, simulated side by side wherever there is a free process."""

from __future__ import annotations

import json
import time
import traceback
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, TypeAlias

import numpy as np

from ...model.grouping import engines
from ...model.schema import Scenario, parse
from .choosing import choose
from .fingerprint import code_fingerprint
from .machine import Host, host
from .metrics import Columns, Kept, kept_metrics, values_of
from .plan import IntArray
from .prepared import Prepared, built
from .searched import CHOSEN, is_open, kept_under, search, with_found

TRACE_LINES = 12
Build: TypeAlias = Callable[[Mapping[str, Any]], Scenario]
"""Makes the scenario of overrides."""


@dataclass(frozen=True)
class Job:
    """What all chunks of a study share: the scenarios as packed JSON, seed, what is kept of a run, and the code.

    The scenario of a study that names none has an empty name.
    """

    scenarios: bytes
    seed: int
    kept: Kept
    code: str

    @classmethod
    def of(cls, prepared: Prepared) -> Job:
        """The job of a study whose chunks are to run with the code of this process."""
        study = prepared.study
        return cls(
            _packed(study.scenarios or {"": study.scenario}),
            int(study.seed or 0),
            kept_metrics(prepared),
            code_fingerprint(),
        )


@dataclass(frozen=True)
class Chunk:
    """Runs of a study. Run ``i`` is replication ``replication[i]`` of the scenario with ``overrides[setting[i]]``.

    ``keys`` are the settings' keys in the store.
    """

    job: Job
    keys: tuple[str, ...]
    overrides: tuple[Mapping[str, Any], ...]
    setting: IntArray
    replication: IntArray

    def __len__(self) -> int:
        return len(self.setting)

    def part(self, runs: IntArray | slice) -> Chunk:
        """Some of the runs, with the settings that they need."""
        used, setting = np.unique(self.setting[runs], return_inverse=True)
        keys, overrides = tuple(self.keys[i] for i in used), tuple(self.overrides[i] for i in used)
        return Chunk(self.job, keys, overrides, setting.astype(np.int64), self.replication[runs])

    def halves(self) -> tuple[Chunk, Chunk]:
        """The two halves; settings are kept together where there are several."""
        middle = len(self) // 2
        return self.part(slice(None, middle)), self.part(slice(middle, None))


@dataclass(frozen=True)
class Rows:
    """Finished runs: the setting's key, the replication and the metrics of each."""

    keys: tuple[str, ...]
    setting: IntArray
    replication: IntArray
    metrics: Columns

    def __len__(self) -> int:
        return len(self.setting)


def joined(pieces: Sequence[Rows]) -> list[Rows]:
    """Rows with the same metrics put together."""
    together: dict[tuple[str, ...], list[Rows]] = {}
    for piece in pieces:
        together.setdefault(tuple(piece.metrics), []).append(piece)
    return [_concatenated(group) for group in together.values()]


def _concatenated(pieces: list[Rows]) -> Rows:
    keys = tuple(dict.fromkeys(key for piece in pieces for key in piece.keys))
    place = {key: i for i, key in enumerate(keys)}
    setting = [np.array([place[key] for key in piece.keys], dtype=np.int64)[piece.setting] for piece in pieces]
    metrics = {name: np.concatenate([piece.metrics[name] for piece in pieces]) for name in pieces[0].metrics}
    return Rows(keys, np.concatenate(setting), np.concatenate([piece.replication for piece in pieces]), metrics)


@dataclass(frozen=True)
class Failure:
    """A run that could not be made: which, what was raised, and where."""

    key: str
    replication: int
    overrides: Mapping[str, Any]
    error: str
    trace: str


@dataclass(frozen=True)
class Outcome:
    """What became of a chunk: finished runs, failed runs, and how long the process that ran it needed.

    ``found`` holds the settings that were searched for, by the key of the setting that they belong to. ``refused``
    says why the process would not run the chunk at all, such as other code than the study's.
    """

    runs: int
    rows: list[Rows] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    found: dict[str, dict[str, Any]] = field(default_factory=dict)
    seconds: float = 0.0
    host: Host | None = None
    refused: str = ""


def run_chunk(chunk: Chunk) -> Outcome:
    """Simulate a chunk. This is what every executor maps over the chunks of a study, in whichever process.

    A chunk that raises is cut in two until the failing runs stand alone, so that the others are finished.
    """
    began = time.perf_counter()
    if code_fingerprint() != chunk.job.code:
        cure = "install the same version there, and restart the workers after a change"
        return Outcome(len(chunk), refused=f"the worker on {host().name} has other code than the coordinator; {cure}")
    rows: list[Rows] = []
    failures: list[Failure] = []
    found: dict[str, dict[str, Any]] = {}
    for part, scenarios in _structures(chunk, failures, found):
        _run(part, scenarios, rows, failures)
    return Outcome(len(chunk), rows, failures, found, time.perf_counter() - began, host())


def _structures(
    chunk: Chunk, failures: list[Failure], found: dict[str, dict[str, Any]]
) -> Iterator[tuple[Chunk, list[Scenario]]]:
    """The parts of a chunk that can be stacked; runs of settings that do not fit the scenario become failures.

    Settings that are still open are searched for first, and noted in ``found``.
    """
    scenarios = _scenarios(chunk.job.scenarios)
    build = partial(built, next(iter(scenarios.values())), scenarios)
    together = _chosen(chunk, build)
    ready: dict[int, Scenario] = {}
    for index, overrides in enumerate(chunk.overrides):
        key = kept_under(overrides) if is_open(overrides) else ""
        try:
            if key and key not in found:
                found[key] = together.get(key) or _searched(key, overrides, build, chunk.job.seed)
            ready[index] = build(with_found(overrides, found.get(key))).resolved()
        except Exception as error:  # noqa: BLE001  as in `_run`: a search may raise whatever a model raises
            runs = chunk.replication[chunk.setting == index]
            failures += [_failure(chunk, index, int(replication), error) for replication in runs]
    fitting = list(ready)
    for members in engines([ready[i] for i in fitting]):
        indices = [fitting[i] for i in members]
        part = chunk.part(np.nonzero(np.isin(chunk.setting, indices))[0])
        yield part, [ready[i] for i in indices]


def _chosen(chunk: Chunk, build: Build) -> dict[str, dict[str, Any]]:
    """What is chosen for the settings whose values are open, looked at together; nothing where that raises, so that
    each of them is then looked at alone.
    """
    wanted = {key: overrides for key, overrides in zip(chunk.keys, chunk.overrides, strict=True) if CHOSEN in overrides}
    try:
        return choose(wanted, build, chunk.job.seed) if wanted else {}
    except Exception:  # noqa: BLE001  it is raised again where the setting that raised it is looked at alone
        return {}


def _searched(key: str, overrides: Mapping[str, Any], build: Build, seed: int) -> dict[str, Any]:
    if CHOSEN in overrides:
        return choose({key: overrides}, build, seed)[key]
    return search(build(overrides).resolved(), overrides, seed)


def _run(chunk: Chunk, scenarios: Sequence[Scenario], rows: list[Rows], failures: list[Failure]) -> None:
    try:
        metrics = values_of(scenarios, chunk.setting, chunk.replication, chunk.job.seed, chunk.job.kept)
    except Exception as error:  # noqa: BLE001  whatever a model raises is recorded with its run, and the rest goes on
        if len(chunk) == 1:
            failures.append(_failure(chunk, 0, int(chunk.replication[0]), error))
            return
        for half in chunk.halves():
            known = dict(zip(chunk.keys, scenarios, strict=True))
            _run(half, [known[key] for key in half.keys], rows, failures)
        return
    rows.append(Rows(chunk.keys, chunk.setting, chunk.replication, metrics))


def _failure(chunk: Chunk, index: int, replication: int, error: Exception) -> Failure:
    lines = "".join(traceback.format_exception(error)).rstrip().splitlines()[-TRACE_LINES:]
    name = type(error).__name__
    return Failure(chunk.keys[index], replication, chunk.overrides[index], f"{name}: {error}", "\n".join(lines))


def _packed(table: Any) -> bytes:
    """Scenarios for sending: every chunk carries them, so that any worker can run any chunk."""
    return zlib.compress(json.dumps(table).encode(), 1)


@lru_cache(maxsize=4)
def _scenarios(packed: bytes) -> dict[str, Scenario]:
    tables = json.loads(zlib.decompress(packed))
    return {name: parse(table, source="scenario") for name, table in tables.items()}
