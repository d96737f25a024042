"""What the commands print about studies and their folders."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .files import replace
from .fingerprint import code_fingerprint
from .ledger import Ledger
from .metrics import kept_metrics
from .opening import plan_of
from .plan import Plan, make_plan
from .prepared import Prepared
from .provenance import changes
from .reading import built_in, load_study, prepare
from .stopping import wanted_counts
from .store import Store
from .study import Replications, Study

NARROWEST = 140
FAILURES_SHOWN = 10
POINTS_SHOWN = 10


def show(*pieces: Table | str) -> None:
    """Print tables and lines; they are not cut where the output is not a terminal."""
    console = Console()
    console = console if console.is_terminal else Console(width=max(console.width, NARROWEST))
    for piece in pieces:
        console.print(Text(piece) if isinstance(piece, str) else piece, soft_wrap=isinstance(piece, str))


def built_in_table() -> Table | str:
    """Names and descriptions of the built-in studies."""
    if not built_in():
        return "there are no built-in studies"
    table = _table("study", "what it asks")
    for name, path in built_in().items():
        table.add_row(name, load_study(path).description)
    return table


def study_view(study: Study) -> Iterable[Table | str]:
    """A study in words and tables."""
    prepared = prepare(study)
    study = prepared.study
    yield f"{study.name}: {study.description}" if study.description else study.name
    yield f"scenario     {prepared.scenario.name}, {prepared.scenario.periods} periods, seed {study.seed}"
    yield f"design       {', '.join(_words(design.table()) for design in study.design)}"
    yield f"replications {_rule(study.replications)}"
    yield f"metrics      {', '.join(study.metrics) or 'all of the network'}"
    if study.comparison:
        yield f"comparison   {_words(study.comparison.model_dump(exclude_none=True))}"
    yield from _parameter_table(prepared)
    if any(study.arms.values()):
        arms = _table("arm", "sets")
        for name, overrides in study.arms.items():
            arms.add_row(name, "\n".join(f"{key} = {value}" for key, value in overrides.items()) or "nothing")
        yield arms
    for name, rule in study.chosen.items():
        yield f"chosen       {name}: the {rule.best} {rule.metric} of {len(rule.candidates)} candidates"
    if study.predictions:
        yield _records("predictions", [p.model_dump(exclude_none=True) for p in study.predictions])


def plan_view(study: Study, points_file: Path | None = None) -> Iterable[Table | str]:
    """What a study would run."""
    prepared = prepare(study)
    kept_metrics(prepared)
    plan = make_plan(prepared, [point for design in prepared.study.design for point in design.sample(prepared.space)])
    rule = prepared.study.replications
    if points_file is not None:
        replace(points_file, _csv(plan))
    arms = f" x {len(plan.arms)} arms" if len(plan.arms) > 1 else ""
    yield f"{prepared.study.name}: {len(plan.points)} points{arms}, {_rule(rule)}"
    least = rule.first if rule.sequential else plan.most
    settings = len(plan.settings)
    runs = f"{settings * least} runs" if least == plan.most else f"{settings * least} to {settings * plan.most} runs"
    structures = int(plan.group.max()) + 1
    yield f"{settings} different settings in {structures} structure{'s' * (structures != 1)}, {runs}"
    tried = sum(len(rule.candidates) * rule.replications for rule in study.chosen.values())
    if tried:
        yield f"before that {tried * len(plan.points)} runs of candidates to choose from"
    if plan.points[0]:
        table = _table("point", *plan.points[0])
        for number, point in enumerate(plan.points[:POINTS_SHOWN]):
            table.add_row(str(number), *(f"{v:.6g}" if isinstance(v, float) else str(v) for v in point.values()))
        yield table
        if len(plan.points) > POINTS_SHOWN:
            yield f"and {len(plan.points) - POINTS_SHOWN} more points; --points FILE writes all"


def status_view(folder: Path, as_json: bool = False) -> Iterable[Table | str]:
    """How far a study is."""
    store = Store.open(folder)
    plan = plan_of(store)
    status = status_of(store, plan)
    if as_json:
        yield json.dumps(status, indent=1)
        return
    quick = ", quick version" if status["quick"] else ""
    made = f"{status['finished']} of {status['wanted']} runs finished in {status['shards']} shards"
    yield f"{folder}: {status['study']}{quick}, {made}"
    for what, hashes in status["changed"].items():
        yield f"the {what} changed since runs were made with {', '.join(str(h)[:8] for h in hashes)}"
    if len(plan.arms) > 1:
        arms = _table("arm", "finished", "wanted")
        for arm, (finished, wanted) in status["arms"].items():
            arms.add_row(arm, str(finished), str(wanted))
        yield arms
    yield _sessions(store)
    failures = status["failures"]
    if failures:
        yield f"{len(failures)} runs failed; each has a file in {store.folder / 'failures'}"
        table = _table("point", "arm", "replication", "error")
        for failure in failures[:FAILURES_SHOWN]:
            table.add_row(*(str(failure[key]) for key in ("point", "arm", "replication", "error")))
        yield table


def status_of(store: Store, plan: Plan) -> dict[str, Any]:
    """How far a study is, as plain data."""
    ledger = Ledger(plan, store)
    ledger.refresh()
    counts = wanted_counts(ledger)
    done = ledger.done.sum(axis=1)
    arms = {}
    for i, arm in enumerate(plan.arms):
        used = plan.setting_of[:, i]
        arms[arm] = (int(done[used].clip(max=counts[used]).sum()), int(counts[used].sum()))
    return {
        "study": plan.prepared.study.name,
        "quick": plan.prepared.study.quick,
        "finished": int(done.clip(max=counts).sum()),
        "wanted": int(counts.sum()),
        "shards": len(store.shard_paths()),
        "arms": arms,
        "sessions": len(store.sessions()),
        "code_hash": code_fingerprint(),
        "changed": changes(store, plan.prepared),
        "failures": _open_failures(store, plan, ledger),
    }


def _open_failures(store: Store, plan: Plan, ledger: Ledger) -> list[dict[str, Any]]:
    """Recorded failures of runs of the plan that have not been made since."""
    found = []
    for failure in store.failures():
        setting = plan.index.get(failure["key"])
        offset = failure["replication"] - plan.start
        if setting is None or not 0 <= offset < plan.most or ledger.done[setting, offset]:
            continue
        point, arm = (int(i[0]) for i in (plan.setting_of == setting).nonzero())
        found.append(failure | {"point": point, "arm": plan.arms[arm]})
    return sorted(
        found, key=lambda failure: (failure["point"], plan.arms.index(failure["arm"]), failure["replication"])
    )


def _sessions(store: Store) -> Table:
    table = _table("session", "started", "outcome", "runs", "failed", "code", "versions")
    for session in store.sessions():
        ended = session.get("outcome", "running, or was killed")
        code, library = session["code_hash"][:8], session["versions"]
        table.add_row(
            session["session"], session["started"], ended, str(session.get("finished_runs", "")),
            str(session.get("failed_runs", "")), code, f"Python {library['python']}, NumPy {library['numpy']}",
        )  # fmt: skip
    return table


def _parameter_table(prepared: Prepared) -> Iterable[Table]:
    if not prepared.space.parameters:
        return
    table = _table("parameter", "values", "scenario", "sets")
    for name, parameter in prepared.space.parameters.items():
        shown = parameter.model_dump(exclude_defaults=True, exclude={"keys"})
        base = prepared.space.base.get(name, "")
        table.add_row(
            name, _words(shown) or "from the design", str(base), "\n".join(parameter.keys or []) or "its name"
        )
    yield table


def _rule(rule: Replications) -> str:
    if not rule.sequential:
        return f"{rule.number} replications" + (f" from number {rule.start}" if rule.start else "")
    kind = " of the mean" if rule.relative else ""
    width = f"until half the {rule.confidence:.0%} interval of {rule.metric} is at most {rule.half_width:g}{kind}"
    return f"{rule.first} replications and {rule.step} more at a time {width}, at most {rule.maximum}"


def _records(title: str, rows: list[dict[str, Any]]) -> Table:
    names = list(Counter(name for row in rows for name in row))
    table = Table(*names, title=title, box=None, header_style="bold", title_justify="left")
    for row in rows:
        table.add_row(*(str(row.get(name, "")) for name in names))
    return table


def table_of(columns: Iterable[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table of texts."""
    table = _table(*columns)
    for row in rows:
        table.add_row(*row)
    return table


def _table(*columns: str) -> Table:
    return Table(*columns, box=None, header_style="bold")


def _words(table: dict[str, Any]) -> str:
    kept = {key: f"{len(v)} rows" if isinstance(v, list) and len(str(v)) > 60 else v for key, v in table.items()}
    return ", ".join(f"{key} {value}" for key, value in kept.items())


def _csv(plan: Plan) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(plan.points[0])
    writer.writerows([str(v).lower() if isinstance(v, bool) else v for v in p.values()] for p in plan.points)
    return stream.getvalue().encode()
