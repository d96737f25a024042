"""Tidy tables of runs: which columns they have, which values are missing, and how runs of two arms are paired.

A table has one row a run, with the columns ``arm`` and ``replication``, optionally ``point``, and one column a metric.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ...agents.quantity import Array

KEYS = ("point", "arm", "replication")


def with_keys(frame: pd.DataFrame, metrics: Sequence[str]) -> pd.DataFrame:
    """The key columns and the metrics of a table, checked.

    A table without a ``point`` column is one design point, number 0. Raises `ValueError` for a missing column (with
    the nearest name), for a run that occurs twice and for an infinite value: none of them has a sound reading.
    A missing value (NaN) passes; every function that uses the table says how many it left out.
    """
    table = frame if "point" in frame.columns else frame.assign(point=0)
    for column in (*KEYS, *metrics):
        _demand_column(table, column)
    table = table.loc[:, [*KEYS, *metrics]].reset_index(drop=True)
    _demand_unique(table)
    _demand_finite(table, metrics)
    return table


def long_table(frame: pd.DataFrame, metrics: Sequence[str]) -> pd.DataFrame:
    """One row a run and metric: ``point, arm, replication, metric, value``."""
    table = with_keys(frame, metrics)
    long = table.melt(list(KEYS), list(metrics), var_name="metric", value_name="value", ignore_index=False)
    # Run by run rather than metric by metric, so that groups appear in the order of the table.
    return long.sort_index(kind="stable").reset_index(drop=True)


def paired_runs(frame: pd.DataFrame, metrics: Sequence[str], control: str) -> pd.DataFrame:
    """Every run beside the run of the control with the same design point and replication.

    Columns: ``point, arm, metric, replication, treatment, control``. A run whose partner was not made keeps its row
    with a missing value, so that it is counted as missing and not forgotten. Raises `ValueError` when no arm or
    control has that name.
    """
    table = long_table(frame, metrics)
    arms = list(dict.fromkeys(table["arm"]))
    if control not in arms or len(arms) < 2:
        raise ValueError(f"the control {control!r} needs to be one of at least two arms; the table has {arms}")
    wide = table.pivot(index=["point", "metric", "replication"], columns="arm", values="value")
    paired = pd.concat([_block(wide, arm, control) for arm in arms if arm != control], ignore_index=True)
    places = [list(dict.fromkeys(table["point"])), list(metrics)]
    rank = [paired[key].map(place.index) for key, place in zip(("point", "metric"), places, strict=True)]
    return paired.iloc[np.lexsort((rank[1], rank[0]))].reset_index(drop=True)


def complete(*samples: Array | Sequence[float]) -> tuple[list[Array], int]:
    """Samples of equal length without the positions where any of them is missing, and how many those were.

    Raises `ValueError` for samples of unequal length or more than one axis, and for an infinite value.
    """
    arrays = [np.asarray(sample, dtype=float) for sample in samples]
    if any(array.ndim != 1 or array.shape != arrays[0].shape for array in arrays):
        raise ValueError(f"samples must be flat and equally long, not of shapes {[a.shape for a in arrays]}")
    if any(np.isinf(array).any() for array in arrays):
        raise ValueError("a sample contains an infinite value, of which no mean or interval exists")
    kept = ~np.logical_or.reduce([np.isnan(array) for array in arrays])
    return [array[kept] for array in arrays], int((~kept).sum())


def _block(wide: pd.DataFrame, arm: str, control: str) -> pd.DataFrame:
    block = wide[[arm, control]].set_axis(["treatment", "control"], axis=1).reset_index()
    block.columns.name = None
    block.insert(1, "arm", arm)
    return block


def _demand_column(table: pd.DataFrame, column: str) -> None:
    if column in table.columns:
        return
    near = difflib.get_close_matches(column, [str(name) for name in table.columns], n=1)
    hint = f"; did you mean {near[0]!r}?" if near else f"; it has {[str(name) for name in table.columns]}"
    raise ValueError(f"the table of runs has no column {column!r}{hint}")


def _demand_unique(table: pd.DataFrame) -> None:
    twice = table.duplicated(list(KEYS))
    if twice.any():
        first = table.loc[twice, list(KEYS)].iloc[0].to_dict()
        raise ValueError(f"{int(twice.sum())} runs occur twice in the table, the first is {first}")


def _demand_finite(table: pd.DataFrame, metrics: Sequence[str]) -> None:
    for metric in metrics:
        if np.isinf(table[metric].to_numpy(dtype=float)).any():
            raise ValueError(f"the metric {metric!r} is infinite in some run; a missing value is written as NaN")
