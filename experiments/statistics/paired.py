"""Differences between arms under common random numbers: the two runs of a replication share their random draws."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ...agents.quantity import Array
from .holm import holm
from .intervals import Interval, Method, check_level, mean_interval, summarise, t_p_value
from .tidy import complete, paired_runs


def paired_difference(
    treatment: Array | Sequence[float],
    control: Array | Sequence[float],
    level: float = 0.95,
    method: Method = "t",
    seed: int = 0,
) -> Interval:
    """The mean of treatment - control over replications with its interval; position i is replication i in both.

    A pair with a missing value on either side is left out as a whole and counted as missing.
    """
    (treated, controlled), missing = complete(treatment, control)
    found = mean_interval(treated - controlled, level, method, seed)
    return Interval(**(found.as_dict() | {"missing": missing}))


def paired_table(
    frame: pd.DataFrame,
    metrics: Sequence[str],
    control: str,
    level: float = 0.95,
    method: Method = "t",
    seed: int = 0,
) -> pd.DataFrame:
    """Every arm against the control at every design point, for a batch of metrics.

    ``frame`` is a tidy table of runs. One row a point, arm and metric: ``point, arm, metric, estimate`` (the mean of
    arm - control, in the metric's unit), ``low, high, deviation, count`` (pairs), ``missing`` (pairs left out),
    ``control_mean`` (over the same pairs), ``relative`` (estimate over the absolute control mean; missing where that
    is 0), ``p`` (two-sided t-test of "no difference") and ``p_holm`` (corrected over all rows of one metric).
    """
    check_level(level)
    pairs = paired_runs(frame, metrics, control)
    pairs = pairs.assign(difference=pairs["treatment"] - pairs["control"])
    keys = ["point", "arm", "metric"]
    result = summarise(pairs, keys, "difference", level, method, seed)
    control_of_pairs = pairs["control"].where(pairs["difference"].notna())
    base: Array = control_of_pairs.groupby([pairs[key] for key in keys], sort=False).mean().to_numpy(dtype=float)
    p = t_p_value(result["estimate"], result["deviation"], result["count"])
    relative: pd.Series = result["estimate"] / np.where(base == 0, np.nan, np.abs(base))
    result = result.assign(control_mean=base, relative=relative, p=p)
    return result.assign(p_holm=result.groupby("metric", sort=False)["p"].transform(lambda p: holm(p.to_numpy())))
