"""Amplification of orders along the chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .style import GREY, canvas, marks, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOG_FROM = 20.0  # ratio of the largest to the smallest value beyond which a linear axis hides the small ones


@styled
def bullwhip_by_echelon(
    table: pd.DataFrame,
    label: str = "bullwhip ratio",
    explanation: str = "variance of orders / variance of demand",
) -> Figure:
    """One row of dots with intervals an arm, from the market upstream; above the line at 1 orders are amplified.

    ``table`` has one row an echelon and arm in the order to be drawn: ``echelon, arm, estimate, low, high``. Missing
    estimates leave a gap. The axis is logarithmic when the values span more than a factor of 20.
    """
    echelons = list(dict.fromkeys(table["echelon"]))
    arms = list(dict.fromkeys(table["arm"]))
    figure = canvas(height=3.0)
    axis = figure.subplots()
    axis.axhline(1, color=GREY, linewidth=1)
    for arm, offset in zip(arms, _offsets(len(arms)), strict=True):
        _arm(axis, table[table["arm"] == arm].set_index("echelon").reindex(echelons), offset, (arm, marks(arms)[arm]))
    axis.set_xticks(range(len(echelons)), [str(echelon) for echelon in echelons])
    axis.set_xlim(-0.5, len(echelons) - 0.5)
    axis.grid(axis="x", visible=False)
    axis.set_xlabel("echelon, from the market upstream")
    # Folded at the fraction bar: on one line it is longer than the axis.
    axis.set_ylabel("\n".join([label, *explanation.replace(" / ", " /\n").splitlines()]))
    _scale(axis, table)
    if len(arms) > 1:
        figure.legend(loc="outside upper right", ncols=len(arms))
    return figure


def _arm(axis: Any, rows: pd.DataFrame, offset: float, named: tuple[Any, Any]) -> None:
    name, mark = named
    places = np.arange(len(rows)) + offset
    estimate = rows["estimate"].to_numpy(dtype=float)
    errors = np.abs(np.stack([estimate - rows["low"], rows["high"] - estimate]))
    axis.errorbar(
        places,
        estimate,
        yerr=errors,
        marker=mark.marker,
        color=mark.colour,
        linestyle=mark.dash,
        linewidth=1,
        markersize=4.5,
        capsize=3.5,
        elinewidth=1.2,
        label=str(name),
    )


def _offsets(count: int) -> list[float]:
    return [(place - (count - 1) / 2) * min(0.14, 0.6 / count) for place in range(count)]


def _scale(axis: Any, table: pd.DataFrame) -> None:
    from matplotlib.ticker import LogLocator, NullLocator

    values = table["estimate"].to_numpy(dtype=float)
    values = values[np.isfinite(values) & (values > 0)]
    if len(values) and values.max() / values.min() > LOG_FROM:
        axis.set_yscale("log")
        axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.yaxis.set_major_formatter("{x:g}")
        axis.yaxis.set_minor_locator(NullLocator())
    else:
        axis.set_ylim(bottom=0)
