"""The ledger of a negotiation over time: what was decided, and what was promised and came true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .style import AMBER, BLUE, GREEN, GREY, INK, ORANGE, canvas, styled, whole_numbers

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ENDS = {
    "kept": ("kept", BLUE, "//"),
    "adopted": ("adopted, not reviewed", GREEN, ".."),
    "rolled_back": ("rolled back", ORANGE, "xx"),
    "turned_down": ("turned down", GREY, ""),
}
GAINS = {"predicted": (AMBER, (0, (5, 2))), "realised": (INK, "solid")}


@styled
def negotiation_course(table: pd.DataFrame, period: str = "day", unit: str = "money per day") -> Figure:
    """Packages by what became of them, period by period, and below their gains, predicted and realised, cumulated.

    ``table`` has one row an arm and period: ``arm, period``, packages a run ``kept, adopted, rolled_back,
    turned_down``, and ``predicted, realised`` (cumulated). One column of axes an arm, on common scales.
    """
    arms = list(dict.fromkeys(table["arm"]))
    figure = canvas(height=4.2)
    axes = figure.subplots(2, max(len(arms), 1), sharex=True, sharey="row", squeeze=False)
    for place, arm in enumerate(arms):
        rows = table[table["arm"] == arm]
        above, below = axes[:, place]
        _packages(above, rows)
        _gains(below, rows)
        above.set_title(str(arm))
        below.set_xlabel(period)
        whole_numbers(below)
    axes[0, 0].set_ylabel("packages a run")
    axes[1, 0].set_ylabel(f"gain, cumulated\n({unit})")
    _legend(figure, axes)
    return figure


def _packages(axis: Any, rows: pd.DataFrame) -> None:
    places = rows["period"].to_numpy(dtype=float)
    gaps = np.diff(np.unique(places))
    width = 0.8 * (float(gaps.min()) if len(gaps) else 1.0)
    below = np.zeros(len(rows))
    for name, (label, colour, hatch) in ENDS.items():
        values = rows[name].to_numpy(dtype=float)
        style = {"color": colour, "hatch": hatch, "edgecolor": "white", "linewidth": 0.4}
        axis.bar(places, values, width, bottom=below, label=label, **style)
        below = below + values


def _gains(axis: Any, rows: pd.DataFrame) -> None:
    axis.axhline(0, color=GREY, linewidth=1)
    places = rows["period"].to_numpy(dtype=float)
    for name, (colour, dash) in GAINS.items():
        values = rows[name].to_numpy(dtype=float)
        axis.step(places, values, where="post", color=colour, linestyle=dash, label=name)


def _legend(figure: Figure, axes: Any) -> None:
    found: dict[str, Any] = {}
    for axis in axes.flat:
        handles, labels = axis.get_legend_handles_labels()
        found |= dict(zip(labels, handles, strict=True))
    figure.legend(found.values(), found.keys(), loc="outside lower center", ncols=6)
