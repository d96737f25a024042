"""Paired differences between arms: both runs of a pair share their random numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..overview import INDEX
from ..statistics import paired_table

LEVEL = 0.95
ALPHA = 1 - LEVEL
COLUMNS = (
    "metric", "arm", "control", "estimate", "low", "high", "deviation", "count", "missing",
    "control_mean", "relative", "relative_low", "relative_high", "p", "p_holm",
)  # fmt: skip


def metrics_of(summary: pd.DataFrame) -> list[str]:
    """The metrics of a table of runs that have a value in some run."""
    numbers = summary.drop(columns=["arm", *INDEX]).select_dtypes("number")
    return [str(name) for name in numbers.columns if numbers[name].notna().any()]


def paired_arms(summary: pd.DataFrame, metrics: Sequence[str] | None = None) -> pd.DataFrame:
    """Every arm against every other one as control, in the order of the arms.

    One row a metric, arm and control: ``estimate`` (the mean of arm - control, in the metric's unit), ``low, high``
    (95 % interval), ``deviation, count`` (pairs), ``missing`` (pairs left out), ``control_mean``, ``relative`` (the
    estimate over the absolute control mean; missing where that is 0) with ``relative_low, relative_high`` (the bounds
    over the same mean), ``p`` and ``p_holm`` (corrected over the arms that are compared with one control).
    """
    arms = list(dict.fromkeys(summary["arm"]))
    chosen = metrics_of(summary) if metrics is None else list(metrics)
    if len(arms) < 2 or not chosen:
        return pd.DataFrame(columns=list(COLUMNS))
    tables = [paired_table(summary, chosen, control, LEVEL).assign(control=control) for control in arms]
    return with_shares(pd.concat(tables, ignore_index=True))[list(COLUMNS)]


def with_shares(table: pd.DataFrame) -> pd.DataFrame:
    """The bounds of differences as shares of the control's mean beside those in the metric's unit."""
    base = table["control_mean"].abs()
    base = base.where(base > 0)
    return table.assign(relative_low=table["low"] / base, relative_high=table["high"] / base)


def outcome(row: pd.Series) -> str:
    """``lower`` or ``higher`` when the difference can be told from 0 after Holm's correction, else ``open``."""
    if not row["p_holm"] <= ALPHA:
        return "open"
    return "lower" if row["estimate"] < 0 else "higher"


def row_of(paired: pd.DataFrame, metric: str, arm: str, control: str) -> pd.Series | None:
    """The row of one comparison, if there is one."""
    found = paired[(paired["metric"] == metric) & (paired["arm"] == arm) & (paired["control"] == control)]
    return None if found.empty else found.iloc[0]


def constant(row: pd.Series) -> bool:
    """Whether the difference is the same in every run, so that nothing is estimated."""
    return bool(row["count"] > 0 and np.equal(row["deviation"], 0.0))
