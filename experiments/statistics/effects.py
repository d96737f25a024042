"""Main effects: the mean response at each setting of a factor, averaged over everything else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from .intervals import Interval, check_level, mean_interval

MOST_SETTINGS = 7


def main_effects(
    frame: pd.DataFrame, factors: Sequence[str], metric: str, level: float = 0.95, bins: int = 5
) -> pd.DataFrame:
    """One row a factor and setting: ``factor, setting, estimate, low, high, count, missing``.

    ``frame`` has one row a run with the columns ``replication``, the factors and the metric. Replications share their
    random numbers, so the unit is the replication: its values at a setting are averaged over the design points first,
    and the interval is Student's over those averages (``count`` of them). It describes this design, not the space the
    design was drawn from. A replication that lacks a value at some point of the setting is left out whole and counted
    in ``missing``. A numeric factor with more than 7 settings is cut into ``bins`` groups of about equal size, and the
    setting is the mean of the group.

    Raises `ValueError` for a column that is not there and when a run occurs twice.
    """
    check_level(level)
    absent = [name for name in ("replication", metric, *factors) if name not in frame.columns]
    if absent:
        raise ValueError(f"the table of runs has no column {absent}")
    by = [name for name in ("point", "arm") if name in frame.columns and name not in factors]
    places = frame.groupby([*by, *factors], sort=False, dropna=False).ngroup()
    table = pd.DataFrame({"replication": frame["replication"], "place": places, "value": frame[metric]})
    if table.duplicated(["replication", "place"]).any():
        raise ValueError("a run occurs twice: the same replication at the same settings of all factors")
    rows = []
    for factor in factors:
        settings = _settings(frame[factor], bins)
        for setting in _ordered(settings):
            found = _at(table[(settings == setting).to_numpy()], level)
            rows.append((factor, setting, found.estimate, found.low, found.high, found.count, found.missing))
    return pd.DataFrame(rows, columns=["factor", "setting", "estimate", "low", "high", "count", "missing"])


def _at(table: pd.DataFrame, level: float) -> Interval:
    wide = table.pivot(index="replication", columns="place", values="value")
    return mean_interval(wide.mean(axis=1, skipna=False).to_numpy(dtype=float), level)


def _settings(column: pd.Series, bins: int) -> pd.Series:
    if not pd.api.types.is_numeric_dtype(column) or column.nunique() <= MOST_SETTINGS:
        return column
    groups = pd.qcut(column, bins, labels=False, duplicates="drop")
    return column.groupby(groups).transform("mean")


def _ordered(settings: pd.Series) -> list[Any]:
    """Numbers by size, anything else as it appears."""
    if pd.api.types.is_numeric_dtype(settings) and not pd.api.types.is_bool_dtype(settings):
        return sorted(np.unique(settings.to_numpy()).tolist())
    return list(dict.fromkeys(settings))
