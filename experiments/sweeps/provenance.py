"""Provenance: what a session ran with, written when it starts and completed when it ends."""

from __future__ import annotations

import os
import sys
import uuid
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from .errors import StudyError
from .fingerprint import code_fingerprint, digest
from .machine import Host, cpu_level, machine, versions
from .prepared import Prepared
from .shards import Stamp, read_shard
from .store import Store


def stamp_of(prepared: Prepared) -> Stamp:
    """What the runs of this process are made with."""
    return Stamp(code_fingerprint(), prepared.scenario_hash, int(prepared.study.seed or 0), cpu_level())


class Session:
    """One process that adds runs to a store. Its file has no ``ended`` while it runs, or if it was killed."""

    def __init__(self, store: Store, prepared: Prepared, command: str, changed: dict[str, Any]) -> None:
        now = datetime.now(UTC)
        self.store = store
        self.name = f"{now:%Y%m%dT%H%M%S.%f}-{uuid.uuid4().hex[:8]}"
        study = prepared.study
        self.content: dict[str, Any] = {
            "session": self.name,
            "command": command,
            "argv": sys.argv,
            "pid": os.getpid(),
            "study": study.name,
            "quick": study.quick,
            "study_hash": digest(study.table()),
            "predictions_hash": digest([p.model_dump(exclude_none=True) for p in study.predictions]),
            "scenario_hash": prepared.scenario_hash,
            "code_hash": code_fingerprint(),
            "seed": study.seed,
            "changed": changed,
            "versions": versions(),
            "machine": machine(),
            "started": now.isoformat(timespec="seconds"),
        }
        store.add_session(self.name, self.content)

    def end(self, outcome: str, finished: int, failed: int, hosts: set[Host]) -> None:
        """Complete the file: how the session ended, what it added, and which machines took part."""
        self.content |= {
            "ended": datetime.now(UTC).isoformat(timespec="seconds"),
            "outcome": outcome,
            "finished_runs": finished,
            "failed_runs": failed,
            "workers": [asdict(host) for host in sorted(hosts, key=repr)],
        }
        self.store.add_session(self.name, self.content)


def changes(store: Store, prepared: Prepared) -> dict[str, Any]:
    """What differs from the shards in the store, code or scenario or seed: ``{"code": [their hashes]}`` and so on.

    What an earlier session was allowed to mix with the present state does not count as a change again.
    """
    present = asdict(stamp_of(prepared))
    found: dict[str, set[Any]] = {}
    for path in store.shard_paths():
        made_with = asdict(read_shard(path, []).stamp)
        for what in ("code", "scenario", "seed"):
            if made_with[what] != present[what]:
                found.setdefault(what, set()).add(made_with[what])
    for session in store.sessions():
        if session["code_hash"] == present["code"] and session["scenario_hash"] == present["scenario"]:
            for what, allowed in session["changed"].items():
                found.get(what, set()).difference_update(allowed)
    return {what: sorted(values) for what, values in found.items() if values}


def refuse_changes(found: dict[str, Any], allowed: bool, store: Store) -> None:
    """Raise `StudyError` if something changed that may not: a seed never, code and scenario only if ``allowed``."""
    if "seed" in found:
        cure = "restore it, or run into another folder"
        raise StudyError(f"{store.folder}: its runs have the seed {found['seed'][0]}, the study another; {cure}")
    if found and not allowed:
        what = " and ".join(f"the {name}" for name in sorted(found))
        made = ", ".join(f"{name} {value[:8]}" for name, values in sorted(found.items()) for value in values)
        cure = "run into another folder, or give --allow-changed to mix them, which is recorded"
        raise StudyError(f"{store.folder}: {what} changed since its runs were made (with {made}); {cure}")
