"""How much of the gap an arm closes, and what the gain of orchestration is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..statistics import Interval, fieller, paired_difference
from .pairing import LEVEL

STARTS = {"none": ("none", "central"), "selfish": ("none", "opt", "selfish", "central")}
"""Where a gap starts, and the arms of which it is not asked how much of it they close."""
BEST = "central"
NEEDED = ("opt", "selfish", "orch")
CLOSED, QUALITY, SHARED, LEFT, WHOLE = "closed", "model quality", "shared objective", "left open", "whole"
COLUMNS = (
    "metric", "part", "from", "to", "gain", "gain_low", "gain_high", "gap_from", "gap_to", "gap", "gap_low", "gap_high",
    "share", "share_low", "share_high", "count", "missing", "note",
)  # fmt: skip


class Step(NamedTuple):
    """A part of a gap: the way from one arm to another, as a share of the way between two arms."""

    part: str
    start: str
    end: str
    gap_start: str
    gap_end: str


def steps(arms: Sequence[str]) -> list[Step]:
    """The parts that these arms tell of.

    - With ``central``: the share of the gap from ``none``, and from ``selfish``, to ``central`` that an arm closes.
      Of the gap from ``selfish`` that is asked of the arms that negotiate.
    - With ``opt``, ``selfish`` and ``orch``: model quality (opt to selfish) and shared objective (selfish to orch) as
      shares of the whole, which ends at ``central`` where there is one; then what is left open is a part too.
    """
    return [*_closed(arms), *_split(arms)]


def _closed(arms: Sequence[str]) -> Iterator[Step]:
    if BEST in arms:
        for start, left_out in STARTS.items():
            if start in arms:
                yield from (Step(CLOSED, start, arm, start, BEST) for arm in arms if arm not in left_out)


def _split(arms: Sequence[str]) -> Iterator[Step]:
    if all(arm in arms for arm in NEEDED):
        first, middle, last = NEEDED
        whole = (first, BEST if BEST in arms else last)
        yield Step(QUALITY, first, middle, *whole)
        yield Step(SHARED, middle, last, *whole)
        if BEST in arms:
            yield Step(LEFT, last, BEST, *whole)
        yield Step(WHOLE, *whole, *whole)


def gap_parts(summary: pd.DataFrame, metric: str = "cost") -> pd.DataFrame:
    """One row a part of a gap in the mean of a metric, the less the better.

    ``gain`` is the mean of from - to over replications and ``gap`` that of gap_from - gap_to, with 95 % intervals of
    paired differences, in the metric's unit. ``share`` is their ratio with Fieller's interval. It is missing, and
    ``note`` says why, where there is no gap to take a share of: its interval covers 0, or the end is worse than the
    start. The shares of the parts of the whole add up to 1.
    """
    wide = summary.pivot(index="replication", columns="arm", values=metric)
    rows = [_row(metric, step, wide) for step in steps(list(dict.fromkeys(summary["arm"])))]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(metric: str, step: Step, wide: pd.DataFrame) -> dict[str, Any]:
    # A replication counts in all parts of a whole or in none, so that they add up.
    ends = [step.start, step.end, step.gap_start, step.gap_end, *(a for a in NEEDED if step.part != CLOSED)]
    kept = wide.where(wide[ends].notna().all(axis=1))
    start, end, gap_start, gap_end = (kept[arm].to_numpy(dtype=float) for arm in step[1:])
    gain, gap = paired_difference(start, end, LEVEL), paired_difference(gap_start, gap_end, LEVEL)
    share, note = _share(step, fieller(start - end, gap_start - gap_end, LEVEL), gap)
    return {
        "metric": metric, "part": step.part, "from": step.start, "to": step.end,
        "gain": gain.estimate, "gain_low": gain.low, "gain_high": gain.high,
        "gap_from": step.gap_start, "gap_to": step.gap_end,
        "gap": gap.estimate, "gap_low": gap.low, "gap_high": gap.high,
        "share": share[0], "share_low": share[1], "share_high": share[2],
        "count": gain.count, "missing": gain.missing, "note": note,
    }  # fmt: skip


def _share(step: Step, found: Interval, gap: Interval) -> tuple[tuple[float, float, float], str]:
    """The share and its bounds; missing, with the reason, where it would mean nothing."""
    nothing = (np.nan, np.nan, np.nan)
    name = f"the gap from {step.gap_start} to {step.gap_end}"
    if gap.count < 2:
        return nothing, f"{name} has no interval: {gap.count} run{'s' * (gap.count != 1)}"
    if gap.high < 0:
        return nothing, f"{step.gap_end} is worse than {step.gap_start}: there is no gap to close"
    if gap.low <= 0:
        return nothing, f"{name} cannot be told from 0"
    return (found.estimate, found.low, found.high), ""
