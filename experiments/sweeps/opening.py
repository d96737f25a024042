"""Starting, resuming and extending: which study a folder holds, and what of it may change."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import StudyError
from .fingerprint import digest
from .metrics import kept_metrics
from .plan import Plan, make_plan
from .prepared import Prepared
from .provenance import changes, refuse_changes
from .reading import load_study, prepare
from .store import Store
from .study import Replications, Study

UNIMPORTANT = ("name", "description", "look", "scenarios")
GROWING = ("design", "parameters", "replications", "arms", "chosen", "reference", "comparison", "quick")
"""What `extend` may change: runs that are already made keep their names."""
ALLOWABLE = ("scenario", "predictions")
"""What may change only when asked for, and is then recorded."""


@dataclass(frozen=True)
class Opened:
    """A store that is ready for runs of a plan, and what changed since its earlier runs were made."""

    store: Store
    plan: Plan
    changed: dict[str, Any]


def open_study(study: Study, folder: str | Path, allow_changed: bool = False, extending: bool = False) -> Opened:
    """Make the folder of a study ready for running, or check that it is this study's and nothing changed.

    Everything that can be refused is refused before the first file is written. Raises `StudyError`.
    """
    prepared, store = prepare(study), Store(folder)
    store.check_free()
    changed: dict[str, Any] = {}
    if store.exists:
        changed = _check_same(store, prepared, allow_changed, extending)
    elif extending:
        raise StudyError(f"{folder}: holds no study to extend; start one with `ripieno study run`")
    made_with = changes(store, prepared) if store.exists else {}
    refuse_changes(made_with, allow_changed, store)
    kept_metrics(prepared)
    plan = make_plan(prepared, store.points(prepared))
    if store.exists and (changed or extending):
        store.change(prepared.study)
    store.create(prepared.study)
    store.tidy()
    if store.points(prepared) != plan.points:
        plan = make_plan(prepared, store.points(prepared))
    return Opened(store, plan, {key: value for key, value in changed.items() if key in ALLOWABLE} | made_with)


def plan_of(store: Store) -> Plan:
    """The plan of the study in a folder."""
    prepared = store.prepared()
    return make_plan(prepared, store.points(prepared))


def extended(folder: str | Path, points: int = 0, replications: int = 0, study: Study | None = None) -> Study:
    """The study of a folder with more points, more replications, or both; or another version of it in its place.

    ``points`` counts what the last of its designs counts: points, samples, or trajectories. Raises `StudyError`.
    """
    Store.open(folder)
    grown = study or load_study(folder)
    if points:
        *before, last = grown.design
        seed = int(grown.seed or 0) + len(grown.design)
        grown = grown.model_copy(update={"design": [*before, *last.extended(points, seed)]})
    if replications:
        grown = grown.model_copy(update={"replications": _more(grown.replications, replications)})
    return grown


def _more(rule: Replications, more: int) -> Replications:
    field = "maximum" if rule.number is None else "number"
    return rule.model_copy(update={field: rule.most + more})


def _check_same(store: Store, prepared: Prepared, allow_changed: bool, extending: bool) -> dict[str, Any]:
    """The keys of the study that differ from the folder's, with the hash of what stood there before."""
    old, new = _comparable(prepare(load_study(store.study_path))), _comparable(prepared)
    differing = [key for key in dict.fromkeys((*old, *new)) if old.get(key) != new.get(key)]
    fixed = [key for key in differing if key not in (*GROWING, *ALLOWABLE)]
    if fixed:
        cure = "name another folder"
        raise StudyError(f"{store.folder}: holds a study with another value of {', '.join(fixed)}; {cure}")
    growing = [key for key in differing if key in GROWING]
    if growing and not extending:
        cure = f"add to it with `ripieno study extend {store.folder} --study FILE`, or name another folder"
        raise StudyError(f"{store.folder}: holds a study with another value of {', '.join(growing)}; {cure}")
    allowable = [key for key in differing if key in ALLOWABLE]
    if allowable and not allow_changed:
        cure = "name another folder, or give --allow-changed, which is recorded"
        raise StudyError(f"{store.folder}: {' and '.join(allowable)} changed since the study was started; {cure}")
    return {key: [digest(old.get(key))] for key in differing}


def _comparable(prepared: Prepared) -> dict[str, Any]:
    table = {key: value for key, value in prepared.study.table().items() if key not in UNIMPORTANT}
    return table | {"scenario": prepared.scenario_hash}
