"""Cost bars: what the money goes on, arm by arm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .style import INK, canvas, labelled, marks, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@styled
def cost_bars(
    table: pd.DataFrame, label: str = "cost", unit: str = "money per period", totals: pd.DataFrame | None = None
) -> Figure:
    """One bar an arm, split by cost line; what is below zero (revenue) hangs below the axis.

    ``table`` has one row an arm and line: ``arm, line, value``. A missing value counts as nothing and is left out.
    ``totals`` (``arm, estimate, low, high``) adds the total with its interval; without it the sum is written.
    """
    lines = list(dict.fromkeys(table["line"]))
    arms = list(dict.fromkeys(table["arm"]))
    wide = table.pivot_table(index="arm", columns="line", values="value", aggfunc="sum").reindex(arms)[lines].fillna(0)
    figure = canvas(height=1.1 + 0.42 * len(arms))
    axis = figure.subplots()
    places = np.arange(len(arms))[::-1]
    _stack(axis, places, wide)
    _totals(axis, places, wide, totals)
    axis.axvline(0, color=INK, linewidth=0.8)
    axis.set_yticks(places, [str(arm) for arm in arms])
    axis.grid(axis="y", visible=False)
    axis.set_xlabel(labelled(label, unit))
    axis.margins(x=0.12)
    figure.legend(loc="outside upper left", ncols=4)
    return figure


def _stack(axis: Any, places: Any, wide: pd.DataFrame) -> None:
    above, below = np.zeros(len(wide)), np.zeros(len(wide))
    # From the second mark on: the first is the vermilion of arm A, and a cost line is no arm.
    drawn = marks(["", *wide.columns])
    for line in wide.columns:
        values = wide[line].to_numpy(dtype=float)
        mark = drawn[line]
        left = np.where(values >= 0, above, below)
        axis.barh(
            places, values, left=left, height=0.62, color=mark.colour, hatch=mark.hatch, edgecolor="white",
            linewidth=0.6, label=str(line),
        )  # fmt: skip
        above, below = above + np.maximum(values, 0), below + np.minimum(values, 0)


def _totals(axis: Any, places: Any, wide: pd.DataFrame, totals: pd.DataFrame | None) -> None:
    ends = wide.clip(lower=0).sum(axis=1).to_numpy()
    known = None if totals is None else totals.set_index("arm").reindex(wide.index)
    for row, (place, end) in enumerate(zip(places, ends, strict=True)):
        text = _written(float(wide.iloc[row].sum()))
        if known is not None:
            estimate, low, high = (float(known.iloc[row][key]) for key in ("estimate", "low", "high"))
            name = "total with interval" if row == 0 else None
            axis.plot([low, high], [place, place], color="white", linewidth=4)
            axis.plot([low, high], [place, place], color=INK, linewidth=1.8)
            axis.plot(
                [estimate], [place], "o", color=INK, markersize=5, markeredgecolor="white", linestyle="none", label=name
            )
            text, end = f"{_written(estimate)} [{_written(low)}, {_written(high)}]", max(end, high)
        axis.annotate(text, (end, place), xytext=(5, 0), textcoords="offset points", va="center", fontsize=8)


def _written(value: float) -> str:
    """Four digits, or all before the point."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
