"""The folder of a study: what it holds, and how runs are added to it and found again.

```
study.toml        the study with everything filled in
points/           the design points of each design, as they were first drawn
shards/           finished runs; the set of these files is the state
failures/         one file for each run that could not be made
references/       the settings that were searched for, one file for each setting of an arm that is searched
provenance/       one file a session: versions, platform, code, command, start and end
```
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .chunks import Failure, Rows
from .errors import StudyError
from .files import remove_leftovers, replace, write_new
from .fingerprint import digest
from .parameters import Point
from .prepared import Prepared
from .reading import STUDY_FILE, dumps_study, load_study, prepare
from .shards import SUFFIX, Shard, Stamp, read_shard, write_shard
from .study import Study

FOLDERS = ("points", "shards", "failures", "references", "provenance")


class Store:
    """A study's folder. Several processes may use one at once: nothing is locked, and nothing is written twice."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    @classmethod
    def open(cls, folder: str | Path) -> Store:
        """The store of a folder in which a study was run; raises `StudyError` if there is none."""
        store = cls(folder)
        if not store.study_path.is_file():
            raise StudyError(f"{folder}: holds no {STUDY_FILE}, so no study was run in this folder; name another")
        return store

    @property
    def study_path(self) -> Path:
        """The file of the study as it is resolved."""
        return self.folder / STUDY_FILE

    @property
    def exists(self) -> bool:
        """Whether a study was started here."""
        return self.study_path.is_file()

    def prepared(self) -> Prepared:
        """The study of the folder."""
        return prepare(load_study(self.study_path))

    def create(self, study: Study) -> None:
        """Make the folder for a resolved study, unless another process did so first.

        Raises `StudyError` if the folder holds something else.
        """
        self.check_free()
        for name in FOLDERS:
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        write_new(self.study_path, dumps_study(study).encode())

    def check_free(self) -> None:
        """Raise `StudyError` if the folder can hold no study because it holds something else."""
        if self.folder.exists() and not self.folder.is_dir():
            raise StudyError(f"{self.folder}: is a file; name a folder")
        if self.folder.exists() and not self.exists:
            foreign = [p.name for p in self.folder.iterdir() if p.name not in FOLDERS and not p.name.startswith(".")]
            if foreign:
                raise StudyError(f"{self.folder}: holds {foreign[0]} and no study; name a new or empty folder")

    def change(self, study: Study) -> None:
        """Put another version of the study in the place of the present one."""
        replace(self.study_path, dumps_study(study).encode())

    def points(self, prepared: Prepared) -> list[Point]:
        """The design points of a study, those of its designs one after the other.

        They are drawn once and then read from the folder, so that a machine with another sampler goes on with the same.
        """
        found: list[Point] = []
        for design in prepared.study.design:
            parameters = {name: p.model_dump(exclude_defaults=True) for name, p in prepared.space.parameters.items()}
            name = digest([design.table(), parameters, dict(prepared.space.base)], 16)
            path = self.folder / "points" / f"{name}.json"
            if not path.is_file():
                points = design.sample(prepared.space)
                if not self.exists:
                    found += points
                    continue
                write_new(path, json.dumps(points).encode())
            found += json.loads(path.read_text(encoding="utf-8"))
        return found

    def add(self, rows: Rows, stamp: Stamp) -> Path:
        """Keep finished runs."""
        return write_shard(self.folder / "shards", rows, stamp)

    def add_failure(self, failure: Failure, session: str) -> None:
        """Keep what is known of a run that could not be made; a later failure of the same run replaces it."""
        path = self.folder / "failures" / f"{failure.key}-{failure.replication}.json"
        replace(path, json.dumps(asdict(failure) | {"session": session}, indent=1, default=str).encode())

    def failures(self) -> list[dict[str, Any]]:
        """All recorded failures, also of runs that have been made since."""
        return [
            json.loads(path.read_text(encoding="utf-8")) for path in sorted((self.folder / "failures").glob("*.json"))
        ]

    def add_reference(self, key: str, found: dict[str, Any]) -> None:
        """Keep the settings that were searched for, unless another process has done so: the first ones count."""
        write_new(self.folder / "references" / f"{key}.json", json.dumps(found, indent=1).encode())

    def reference(self, key: str) -> dict[str, Any] | None:
        """The settings that were found for a setting of the plan, if they have been searched for."""
        path = self.folder / "references" / f"{key}.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None

    def shard_paths(self) -> list[Path]:
        """The shards by name."""
        return sorted(path for path in (self.folder / "shards").glob(f"*{SUFFIX}") if not path.name.startswith("."))

    def shards(self, metrics: list[str] | None = None) -> Iterator[Shard]:
        """The content of the shards, in the order of their names."""
        for path in self.shard_paths():
            yield read_shard(path, metrics)

    def add_session(self, name: str, content: dict[str, Any]) -> None:
        """Keep the provenance of a session; the last content counts."""
        replace(self.folder / "provenance" / f"{name}.json", json.dumps(content, indent=1).encode())

    def sessions(self) -> list[dict[str, Any]]:
        """The provenance of all sessions, the oldest first."""
        return [
            json.loads(path.read_text(encoding="utf-8")) for path in sorted((self.folder / "provenance").glob("*.json"))
        ]

    def tidy(self) -> None:
        """Remove what killed processes of this machine left half-written."""
        for folder in (self.folder, *(self.folder / name for name in FOLDERS)):
            remove_leftovers(folder)
