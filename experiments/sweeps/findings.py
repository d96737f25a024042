"""What the report of a study is made from: the runs, what was compared and predicted, and the provenance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ...model.metrics import all_metrics
from ..statistics import describe, paired_table
from . import negotiated, spans
from .judging import Judged, judge_predictions
from .keyed import matching
from .merging import Merged, table_hash
from .metrics import COST
from .plan import Plan
from .store import Store
from .study import Study


@dataclass(frozen=True)
class Findings:
    """A finished study and what its report is made from."""

    store: Store
    plan: Plan
    merged: Merged

    @property
    def study(self) -> Study:
        """The study as it is resolved."""
        return self.plan.prepared.study

    @property
    def parameters(self) -> list[str]:
        """The parameters that take more than one value."""
        return [name for name in self.plan.points[0] if self.merged.frame[name].nunique() > 1]

    @cached_property
    def judged(self) -> list[Judged]:
        """The predictions and what became of them."""
        return judge_predictions(self.study, self.merged)

    @property
    def compared(self) -> list[str]:
        """The metrics of the comparison, the primary outcome first."""
        comparison = self.study.comparison
        patterns = comparison.metrics if comparison else []
        named = [name for pattern in patterns for name in matching(pattern, self.merged.metrics)]
        return list(dict.fromkeys(named)) or [name for name in self.merged.metrics if self.known(name)]

    def known(self, metric: str) -> bool:
        """Whether a metric has a finite value in some run."""
        return bool(np.isfinite(self.merged.frame[metric]).any())

    def unit(self, metric: str) -> str:
        """The unit of a metric, or nothing where it has none."""
        name, period = metric.rsplit(".", 1)[-1], self.plan.prepared.scenario.period
        if name.startswith(COST):
            return f"money per {period}"
        units = {m.named(period): m.unit for m in all_metrics()} | negotiated.UNITS | spans.UNITS
        return units.get(name, "").replace("period", period)

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Every arm against the control at every point, with the parameters of the point; empty without control."""
        control, arms = self.study.control, set(self.merged.frame["arm"])
        if control is None or control not in arms or len(arms) < 2:
            return pd.DataFrame()
        level = self.study.comparison.confidence if self.study.comparison else 0.95
        metrics = [name for name in self.compared if self.known(name)]
        return self.placed(paired_table(self.merged.frame, metrics, control, level).drop(columns="deviation"))

    @cached_property
    def means(self) -> pd.DataFrame:
        """Every metric at every point and arm, with the parameters of the point."""
        metrics = [name for name in self.merged.metrics if self.known(name)]
        return self.placed(describe(self.merged.frame, metrics).drop(columns="deviation"))

    def placed(self, table: pd.DataFrame) -> pd.DataFrame:
        """A table with a column ``point``, with the parameters that vary beside it."""
        points = self.merged.frame.drop_duplicates("point")[["point", *self.parameters]]
        placed = table.merge(points, on="point", how="left", sort=False)
        rest = [name for name in table.columns if name != "point"]
        return placed[["point", *self.parameters, *rest]]


def provenance_of(findings: Findings) -> dict[str, Any]:
    """What the runs were made with, from the sessions of the folder."""
    sessions = findings.store.sessions()
    facts: dict[str, Any] = {
        "runs": len(findings.merged.frame),
        "table hash": table_hash(findings.merged.frame),
        "seed": findings.study.seed,
        "scenario hash": findings.plan.prepared.scenario_hash,
        "code hash": _several(sessions, "code_hash"),
        "sessions": len(sessions),
    }
    if sessions:
        facts |= {"first session": sessions[0]["started"], "last session": sessions[-1]["started"]}
        facts |= {name: ", ".join(sorted(set(found))) for name, found in _versions(sessions)}
        facts["system"] = ", ".join(sorted({session["machine"]["system"] for session in sessions}))
        facts["instructions"] = ", ".join(sorted({session["machine"]["cpu_level"] for session in sessions}))
    return facts


def _several(sessions: list[dict[str, Any]], key: str) -> str:
    return ", ".join(sorted({session[key] for session in sessions}))


def _versions(sessions: list[dict[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    for name in ("python", "ripieno", "numpy", "scipy", "mesa"):
        yield name, [session["versions"].get(name, "unknown") for session in sessions]
