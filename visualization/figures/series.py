"""Time series of single runs: aligned rows, one an agent or quantity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from .style import GREY, canvas, labelled, marks, styled, whole_numbers

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@styled
def time_series(
    series: pd.DataFrame,
    label: str = "",
    unit: str = "",
    rows: str = "agent",
    period: str = "day",
    events: dict[str, float] | None = None,
) -> Figure:
    """One row of axes for each value of ``rows`` on one clock and one scale, one line an arm.

    ``series`` has the columns ``period, value``, the one named by ``rows`` and optionally ``arm``; several rows of
    one period (products) are added up. ``events`` marks periods by name. Missing values leave a gap in the line.
    """
    table = series if "arm" in series.columns else series.assign(arm="")
    table = table if rows in table.columns else table.assign(**{rows: label})
    arms, names = list(dict.fromkeys(table["arm"])), list(dict.fromkeys(table[rows]))
    figure = canvas(height=0.9 + 1.0 * len(names))
    axes = figure.subplots(len(names), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
    for axis, name in zip(axes, names, strict=True):
        _row(axis, table[table[rows] == name], arms)
        axis.set_title(str(name), fontsize=8)
        for place in (events or {}).values():
            axis.axvline(place, color=GREY, linewidth=1, linestyle=(0, (1, 2)))
    for name, place in (events or {}).items():
        axes[0].annotate(
            name, (place, 1), xycoords=("data", "axes fraction"), xytext=(0, 3), textcoords="offset points",
            fontsize=7, color=GREY, ha="center", va="bottom",
        )  # fmt: skip
    axes[-1].set_xlabel(period)
    whole_numbers(axes[-1])
    figure.supylabel(labelled(label, unit), fontsize=9)
    if len(arms) > 1:
        handles, labels = axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower right", ncols=len(arms))
    return figure


def _row(axis: Any, table: pd.DataFrame, arms: list[Any]) -> None:
    drawn = marks(arms)
    for arm in arms:
        line = table[table["arm"] == arm].groupby("period")["value"].sum(min_count=1)
        style = {"color": drawn[arm].colour, "linestyle": drawn[arm].dash, "linewidth": 1.2}
        axis.plot(line.index.to_numpy(), line.to_numpy(), label=str(arm), **style)
    axis.margins(x=0.01)
