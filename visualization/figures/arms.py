"""Places side by side, arm by arm: docks, sites or anything else that has a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .style import canvas, labelled, marks, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@styled
def arm_dots(table: pd.DataFrame, label: str = "value", unit: str = "", rows: str = "dock") -> Figure:
    """One line a place and one dot an arm on it, with its interval.

    ``table`` has one row a place and arm: the column named by ``rows``, ``arm, estimate, low, high``. Missing
    estimates leave a gap.
    """
    names, arms = list(dict.fromkeys(table[rows])), list(dict.fromkeys(table["arm"]))
    step = min(0.18, 0.7 / max(len(arms), 1))
    figure = canvas(height=0.9 + len(names) * max(0.3, 0.11 * len(arms)))
    axis = figure.subplots()
    for place, arm in enumerate(arms):
        own = table[table["arm"] == arm].set_index(rows).reindex(names)
        estimate = own["estimate"].to_numpy(dtype=float)
        errors = np.abs(np.stack([estimate - own["low"], own["high"] - estimate]))
        heights = -np.arange(len(names)) - (place - (len(arms) - 1) / 2) * step
        mark = marks(arms)[arm]
        axis.errorbar(
            estimate, heights, xerr=errors, fmt=mark.marker, color=mark.colour, markersize=4.5, elinewidth=1.2,
            capsize=2, label=str(arm),
        )  # fmt: skip
    axis.set_yticks(-np.arange(len(names)), [str(name) for name in names])
    axis.set_ylim(0.6 - len(names), 0.6)
    axis.set_xlabel(labelled(label, unit))
    if len(table) and (table["estimate"].dropna() >= 0).all():
        axis.set_xlim(left=0)
    if len(arms) > 1:
        figure.legend(loc="outside upper right", ncols=len(arms))
    return figure
