"""The report of a study: one page with what was expected, what came of it, and how to do it again."""

from __future__ import annotations

from pathlib import Path

from ..report import Report
from .errors import StudyError
from .findings import Findings
from .merging import merge
from .opening import plan_of
from .sections import SECTIONS
from .store import Store

REPORT_FILE = "report.html"


def write_report(store: Store, target: str | Path | None = None) -> Path:
    """Write the report of a study's folder to ``report.html`` in it, or to another file, and return its path.

    Raises `StudyError` if the store has no runs or the file has no folder.
    """
    path = Path(target) if target is not None else store.folder / REPORT_FILE
    if not path.parent.is_dir():
        raise StudyError(f"{path}: there is no folder {path.parent}; make it first")
    return study_report(store).write(path)


def study_report(store: Store) -> Report:
    """The report of a study; raises `StudyError` if its folder has no finished runs."""
    plan = plan_of(store)
    merged = merge(store, plan)
    if merged.frame.empty:
        raise StudyError(f"{store.folder}: has no finished runs to report; run the study first")
    findings = Findings(store, plan, merged)
    report = Report(findings.study.name, findings.study.description)
    for section in SECTIONS:
        section(report, findings)
    return report
