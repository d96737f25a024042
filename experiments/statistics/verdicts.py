"""From paired differences at many design points to a verdict on a claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from .intervals import check_level

SUPPORTED, ONLY_HERE = 0.75, 0.10


@dataclass(frozen=True)
class Verdict:
    """What a study says about a claim, and the counts behind it.

    ``share`` of the design points have the expected sign with the interval off 0; ``low`` and ``high`` bound that
    share over the space the points were drawn from (Clopper-Pearson). ``against`` points have the other sign with the
    interval off 0. ``missing`` points have no interval: they count among the points, and against support.
    """

    verdict: Literal["supported", "only here", "not supported", "no verdict"]
    share: float
    low: float
    high: float
    points: int
    against: int
    missing: int

    def __str__(self) -> str:
        return f"{self.verdict} ({self.share:.0%} of {self.points} points, {self.against} against)"


def judge(
    table: pd.DataFrame, expected: Literal["lower", "higher"], quick: bool = False, level: float = 0.95
) -> Verdict:
    """Judge one claim from the rows of `paired_table` of one arm and one metric, a row a design point.

    Supported when the expected sign holds, with the interval off 0, on at least 75 % of the points; only here from
    10 to 75 %; otherwise not supported. A quick study gives no verdict. Raises `ValueError` for an empty table or one
    that mixes arms or metrics.
    """
    check_level(level)
    mixed = [key for key in ("arm", "metric") if key in table.columns and table[key].nunique() > 1]
    if mixed or table.empty:
        raise ValueError(f"a verdict needs the rows of one arm and one metric; mixed: {mixed}, rows: {len(table)}")
    lower, higher = table["high"] < 0, table["low"] > 0
    right, wrong = (lower, higher) if expected == "lower" else (higher, lower)
    points, hits = len(table), int(right.sum())
    low, high = _share_bounds(hits, points, level)
    missing = int((table["low"].isna() | table["high"].isna()).sum())
    return Verdict(_word(hits / points, quick), hits / points, low, high, points, int(wrong.sum()), missing)


def _word(share: float, quick: bool) -> Literal["supported", "only here", "not supported", "no verdict"]:
    if quick:
        return "no verdict"
    if share >= SUPPORTED:
        return "supported"
    return "only here" if share >= ONLY_HERE else "not supported"


def _share_bounds(hits: int, points: int, level: float) -> tuple[float, float]:
    from scipy.stats import binomtest

    found = binomtest(hits, points).proportion_ci(confidence_level=level, method="exact")
    return float(found.low), float(found.high)
