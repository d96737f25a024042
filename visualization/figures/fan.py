"""Fan charts: the spread over runs in every period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .style import INK, Mark, canvas, labelled, marks, styled, whole_numbers

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@styled
def fan_chart(
    series: pd.DataFrame,
    label: str = "value",
    unit: str = "",
    bands: Sequence[float] = (0.9, 0.5),
    period: str = "day",
) -> Figure:
    """The median over runs and the bands that hold a share of the runs, in every period.

    ``series`` has the columns ``run, period, value`` and optionally ``arm``: one panel an arm on one scale. The bands
    describe single runs; they are not confidence intervals. Missing values are left out period by period; the title
    says how many runs there are.
    """
    table = series if "arm" in series.columns else series.assign(arm="")
    arms = list(dict.fromkeys(table["arm"]))
    figure = canvas(height=2.8)
    axes = figure.subplots(1, len(arms), sharey=True, squeeze=False)[0]
    for axis, arm in zip(axes, arms, strict=True):
        of_arm = table[table["arm"] == arm]
        _fan(axis, of_arm, bands, marks(arms)[arm])
        runs = of_arm["run"].nunique()
        axis.set_title(f"{arm}: {runs} runs" if arm else f"{runs} runs")
        axis.set_xlabel(period)
        whole_numbers(axis)
        axis.margins(x=0.01)
    axes[0].set_ylabel(labelled(label, unit))
    _legend(figure, axes[-1])
    return figure


def _fan(axis: Any, table: pd.DataFrame, bands: Sequence[float], mark: Mark) -> None:
    groups = table.groupby("period")["value"]
    periods = np.array(sorted(table["period"].unique()))
    for place, share in enumerate(sorted(bands, reverse=True)):
        low, high = (groups.quantile(q).to_numpy() for q in ((1 - share) / 2, (1 + share) / 2))
        opacity = 0.18 + 0.22 * place
        axis.fill_between(
            periods, low, high, color=mark.colour, alpha=opacity, linewidth=0, label=f"{share:.0%} of the runs"
        )
    axis.plot(periods, groups.median().to_numpy(), color=INK, linestyle=mark.dash, linewidth=1.4, label="median")


def _legend(figure: Figure, axis: Any) -> None:
    handles, labels = axis.get_legend_handles_labels()
    figure.legend(handles[::-1], labels[::-1], loc="outside lower center", ncols=len(labels))
