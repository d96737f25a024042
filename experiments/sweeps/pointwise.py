"""At every design point: the part of a study's report that draws, point by point, what decides the claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from ..report import Report
from .findings import Findings
from .judging import Judged, base_of
from .parameters import Space
from .predictions import LEVELS, MINUS, WITH_MARGIN

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_POINTS = 60
"""More design points than this are not drawn one by one."""
MOST_DRAWN = 6
NAMED_BY = 2
"""A point is named by its number and by so many parameters that are names, such as the network and the calendar."""


def pointwise(report: Report, findings: Findings) -> None:
    """A picture for each claim, or for the first predictions where none decides one: all its points with intervals."""
    drawn = [one for one in findings.judged if _drawable(one)]
    drawn = [one for one in drawn if one.prediction.claim] or drawn
    if not drawn:
        return
    report.section("What came at every point")
    report.text(
        "A line is a design point: the difference as a share of what the arm compared with has there (the first arm, "
        "where that is a difference too), with the interval by which the point was judged. Points stand in order of "
        "their differences."
    )
    for one in drawn[:MOST_DRAWN]:
        name = f"{one.prediction.claim}: " if one.prediction.claim else ""
        report.figure(_picture(findings, one), f"{name}{one.sentence}.", f"{one.sentence}: at every design point")


def _drawable(one: Judged) -> bool:
    """Whether the rows of a prediction are differences with intervals, and not too many."""
    single = "*" not in one.prediction.metric and one.prediction.expected not in LEVELS
    return single and 1 < len(one.rows) <= MOST_POINTS


def _picture(findings: Findings, one: Judged) -> Figure:
    from ...visualization import figures

    rows, margin = relative(one, findings.merged.frame)
    names = _named(findings.placed(rows), findings.plan.prepared.space)
    unit = "%" if rows.attrs["relative"] else findings.unit(one.prediction.metric)
    label = f"{one.prediction.metric}: {_bracketed(one.arm)} less {_bracketed(str(one.against))}"
    return figures.paired_dots(names.sort_values("estimate"), label, unit, rows=("name",), margin=margin)


def relative(one: Judged, runs: pd.DataFrame) -> tuple[pd.DataFrame, float | None]:
    """The rows of a prediction in per cent of `base_of`, and the margin in the same unit, where it has one for all.

    Where that base is zero at some point the rows stay as they are; ``attrs["relative"]`` says which.
    """
    rows = one.rows[["point", "estimate", "low", "high"]].copy()
    base = base_of(one, runs, one.prediction.metric).reindex(rows["point"]).to_numpy(dtype=float)
    rows.attrs["relative"] = bool((base > 0).all())
    if not rows.attrs["relative"]:
        return rows, None
    for name in ("estimate", "low", "high"):
        rows[name] = 100 * rows[name] / base
    margin = one.prediction.share if one.prediction.expected in WITH_MARGIN else 0.0
    return rows, 100 * margin if margin else None


def _bracketed(arm: str) -> str:
    return f"({arm})" if MINUS in arm else arm


def _named(placed: pd.DataFrame, space: Space) -> pd.DataFrame:
    """The rows with a ``name``: the number of the point, and its network, calendar and the like."""
    by = [name for name in space.parameters if name in placed and not pd.api.types.is_numeric_dtype(placed[name])]
    return placed.assign(name=[_name(row, by[:NAMED_BY]) for _, row in placed.iterrows()])


def _name(row: pd.Series, by: Sequence[str]) -> str:
    return " · ".join([f"{row['point']}", *(f"{name} {row[name]}" for name in by)])
