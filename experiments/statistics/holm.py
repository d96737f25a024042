"""Correction for many tests at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...agents.quantity import Array


def holm(p_values: Array | Sequence[float]) -> Array:
    """Holm's step-down adjusted p-values: reject those at most alpha, and the chance of any false one is alpha.

    1. Sort the m p-values.
    2. Multiply the smallest by m, the next by m - 1, and so on.
    3. Take the running maximum and cut at 1.

    A missing p-value stays missing and counts as 1 in the family: a test that could not be made never makes the
    others easier. Raises `ValueError` for a value outside 0 to 1.

    Source: S. Holm (1979), A simple sequentially rejective multiple test procedure, Scand. J. Statistics 6, 65-70.
    """
    p = np.asarray(p_values, dtype=float)
    if p.ndim != 1 or ((p < 0) | (p > 1)).any():
        raise ValueError(f"p-values must be a flat list of numbers between 0 and 1, not {p_values!r}")
    order = np.argsort(np.where(np.isnan(p), 1.0, p), kind="stable")
    stepped = np.where(np.isnan(p), 1.0, p)[order] * np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
    return np.where(np.isnan(p), np.nan, adjusted)
