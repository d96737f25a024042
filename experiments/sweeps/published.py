"""The small tables by which a full run can be compared with another one: what came at every design point."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .claims import folders_of
from .coalitions import attributed
from .files import replace
from .findings import Findings, provenance_of
from .merging import merge
from .opening import plan_of
from .store import Store

if TYPE_CHECKING:
    import pandas as pd

BEHIND = ["point", "estimate", "low", "high", "came"]


def write_points(paths: Sequence[Path], target: Path) -> list[Path]:
    """Write ``STUDY.csv`` and ``STUDY.json`` of every study among paths into a folder, and return their paths.

    A study with coalitions gets ``STUDY-shapley.csv`` too: what every player adds at every design point.

    The table has a row for every prediction and design point: the parameters that vary, the difference (or the metric
    itself) with its interval, and whether it came as predicted. The file beside it says what the runs were made with;
    a rerun with the same code, seed and kind of processor has the same table hash.

    Raises `StudyError` where a path holds no study.
    """
    target.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for folder in folders_of(paths):
        store = Store.open(folder)
        plan = plan_of(store)
        findings = Findings(store, plan, merge(store, plan))
        files = {".csv": _text(points_of(findings)), ".json": json.dumps(provenance_of(findings), indent=1) + "\n"}
        if findings.study.coalitions is not None:
            shapley = attributed(findings.study.coalitions, findings.merged.frame)
            files["-shapley.csv"] = _text(findings.placed(shapley))
        for ending, content in files.items():
            path = target / f"{findings.study.name}{ending}"
            replace(path, content.encode())
            written.append(path)
    return written


def _text(table: pd.DataFrame) -> str:
    return table.to_csv(index=False, lineterminator="\n", float_format="%.9g")


def points_of(findings: Findings) -> pd.DataFrame:
    """The rows behind the predictions of a study, one for each prediction and design point."""
    import pandas as pd

    tables = [
        findings.placed(one.rows[BEHIND]).assign(claim=one.prediction.claim or "", prediction=one.sentence)
        for one in findings.judged
    ]
    if not tables:
        return pd.DataFrame(columns=["claim", "prediction", *BEHIND])
    table = pd.concat(tables, ignore_index=True)
    first = ["claim", "prediction"]
    return table[[*first, *(name for name in table.columns if name not in first)]]
