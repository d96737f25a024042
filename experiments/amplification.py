"""Amplification by time bucket: how much more a flow of goods varies than the demand behind it, day, week or month.

The same flows can be smoother than demand from day to day and wilder from month to month, so a ratio without its
bucket says nothing. The functions take recorded data as they take the series of a run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    import pandas as pd


def bucket_sums(values: ArrayLike, bucket: int) -> NDArray[np.float64]:
    """Sums over successive buckets of ``bucket`` periods; what is left at the end and fills no bucket is dropped.

    ``values`` has the periods on its first axis: ``[periods]`` or ``[periods, ...]``; the sums are ``[buckets, ...]``.
    Raises `ValueError` for a hole (NaN), an infinity, or a bucket longer than the series.
    """
    held = np.asarray(values, dtype=np.float64)
    if held.ndim == 0 or bucket < 1 or bucket > len(held):
        length = 0 if held.ndim == 0 else len(held)
        raise ValueError(f"a bucket of {bucket} periods does not fit into {length}; give 1 to {length}")
    if not np.isfinite(held).all():
        place = int(np.argwhere(~np.isfinite(held))[0][0])
        raise ValueError(f"period {place} holds {held[place].min()}; fill holes before, with 0 if nothing moved")
    count = len(held) // bucket
    sums: NDArray[np.float64] = held[: count * bucket].reshape(count, bucket, *held.shape[1:]).sum(axis=1)
    return sums


def amplification(flow: ArrayLike, demand: ArrayLike, bucket: int) -> NDArray[np.float64]:
    """Variance of a flow over the variance of demand, both summed over buckets of ``bucket`` periods.

    Both are ``[periods]`` or ``[periods, ...]`` of the same shape; the ratio has the shape of the other axes. Variances
    are population variances; where demand does not vary, or where fewer than two whole buckets fit, it is NaN.

    Reference: Chen & Lee (2012), Bullwhip Effect Measurement and Its Implications, Operations Research 60(4):771-784
    (what aggregation over time does to the ratio).

    >>> demand = [4, 6, 4, 6, 5, 5, 7, 7]
    >>> orders = [10, 0, 10, 0, 10, 0, 14, 0]
    >>> float(amplification(orders, demand, 1).round(1)), float(amplification(orders, demand, 2))
    (25.4, 1.0)
    """
    moved, wanted = bucket_sums(flow, bucket), bucket_sums(demand, bucket)
    if moved.shape != wanted.shape:
        raise ValueError(f"the flow has shape {np.shape(flow)} and demand {np.shape(demand)}; give them alike")
    below = wanted.var(axis=0)
    possible = (below > 0) & (len(wanted) > 1)
    return np.where(possible, moved.var(axis=0) / np.where(possible, below, 1.0), np.nan)


def amplification_table(
    flows: Mapping[str, pd.DataFrame], demand: pd.DataFrame, buckets: Mapping[str, int]
) -> pd.DataFrame:
    """The ratios of several flows, one row for each flow, bucket and product.

    The tables have a row a period and a column a product; ``buckets`` gives the periods of each by its name. Columns of
    the result: flow, bucket, product, amplification. Raises `ValueError` if a flow has other rows or columns.
    """
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    for name, flow in flows.items():
        if list(flow.columns) != list(demand.columns) or len(flow) != len(demand):
            raise ValueError(f"the flow {name} has {flow.shape} periods and products, demand {demand.shape}")
        for bucket, length in buckets.items():
            ratios = amplification(flow.to_numpy(), demand.to_numpy(), length)
            rows += [(name, bucket, product, ratio) for product, ratio in zip(demand.columns, ratios, strict=True)]
    return pd.DataFrame(rows, columns=["flow", "bucket", "product", "amplification"])
