"""At every design point: the part of a study's report that draws, point by point, what decides the claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from ..report import Report
from .findings import Findings
from .judging import Judged, base_of
from .predictions import LEVELS, MINUS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_POINTS = 60
"""More design points than this are not drawn one by one."""
MOST_DRAWN = 6
LONG_NAMES, NAMED_BY = 3, 2
"""With so many parameters a point is called by its number, and by so many parameters that are no numbers."""


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

    metric = one.prediction.metric
    rows, unit = relative(one, findings.merged.frame), "%"
    margin = 100 * one.prediction.share if one.prediction.expected == "equivalent" else None
    if rows is None:
        rows, unit, margin = one.rows, findings.unit(metric), None
    placed = findings.placed(rows[["point", "estimate", "low", "high"]]).sort_values("estimate")
    named = placed.assign(name=point_names(placed, findings.parameters))
    label = f"{metric}: {_bracketed(one.arm)} less {_bracketed(str(one.against))}"
    return figures.paired_dots(named, label, unit, rows=("name",), margin=margin)


def relative(one: Judged, runs: pd.DataFrame) -> pd.DataFrame | None:
    """The rows of a prediction in per cent of `base_of`; nothing where that is zero at some point."""
    base = base_of(one, runs, one.prediction.metric).reindex(one.rows["point"]).to_numpy(dtype=float)
    if not (base > 0).all():
        return None
    return one.rows.assign(**{name: 100 * one.rows[name] / base for name in ("estimate", "low", "high")})


def point_names(table: pd.DataFrame, parameters: Sequence[str]) -> list[str]:
    """What the design point of each row is called in a picture: its parameters where they are few.

    Else it is its number and those that are no numbers, such as the network and the calendar. What is the same in all
    rows is left out.
    """
    texts = [name for name in parameters if not pd.api.types.is_numeric_dtype(table[name])]
    names = parameters if len(parameters) < LONG_NAMES else ["point", *texts[:NAMED_BY]]
    names = [name for name in names if table[name].nunique() > 1]
    return [", ".join(_said(name, row[name]) for name in names) for _, row in table.iterrows()]


def _said(name: str, value: object) -> str:
    return f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}"


def _bracketed(arm: str) -> str:
    return f"({arm})" if MINUS in arm else arm
