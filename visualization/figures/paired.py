"""Paired differences: the same random numbers under two arms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .style import AMBER, BLUE, GREY, INK, ORANGE, canvas, labelled, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@styled
def paired_dots(
    table: pd.DataFrame,
    label: str = "difference",
    unit: str = "",
    rows: Sequence[str] = ("point", "arm"),
    margin: float | None = None,
    runs: pd.DataFrame | None = None,
) -> Figure:
    """One line a comparison: the mean difference as a dot with its interval, beside the line of no difference.

    ``table`` has one row a comparison: the columns of ``rows`` (which name it), ``estimate, low, high``. A filled
    diamond left of zero is a fall, a filled circle right of zero a rise, a hollow square an interval that covers zero.
    ``margin`` shades a zone of equivalence of that half-width. ``runs`` (the columns of ``rows`` and ``difference``)
    adds the single pairs as small dots. A missing interval is written out.
    """
    named = [name for name in rows if name in table.columns and (table[name].nunique() > 1 or len(rows) == 1)]
    named = named or [rows[-1]]
    names = [" · ".join(str(value) for value in row) for row in table[named].itertuples(index=False)]
    figure = canvas(height=0.9 + (0.34 if len(table) <= CLOSE else 0.2) * len(table))
    axis = figure.subplots()
    if margin is not None:
        axis.axvspan(-margin, margin, color=AMBER, alpha=0.18, linewidth=0, label=ZONE)
    axis.axvline(0, color=GREY, linewidth=1)
    places = np.arange(len(table))[::-1]
    for place, (_, row) in zip(places, table.iterrows(), strict=True):
        if runs is not None:
            _pairs(axis, place, runs[(runs[named] == row[named]).all(axis=1)]["difference"].to_numpy(dtype=float))
        _line(axis, place, row)
    axis.set_yticks(places, names)
    axis.set_ylim(-0.6, len(table) - 0.4)
    axis.grid(axis="y", visible=False)
    axis.set_xlabel(labelled(label, unit))
    _legend(figure, axis)
    return figure


def _line(axis: Any, place: float, row: pd.Series) -> None:
    low, high, estimate = (float(row[key]) for key in ("low", "high", "estimate"))
    if np.isnan(low) or np.isnan(high):
        axis.text(0, place, " no interval: too few runs", va="center", color=GREY, fontsize=8, style="italic")
        return
    kind = "fall" if high < 0 else "rise" if low > 0 else "open"
    colour, marker, text = _KINDS[kind]
    axis.plot([low, high], [place, place], color=colour, linewidth=1.8, solid_capstyle="butt")
    face = "white" if kind == "open" else colour
    axis.plot(
        [estimate], [place], marker, markersize=6.5, color=colour, markerfacecolor=face, linestyle="none", label=text
    )


def _pairs(axis: Any, place: float, differences: Any) -> None:
    # Spread by rank, not at random: the picture is the same every time, and neighbours do not hide each other.
    spread = 0.22 * ((np.argsort(np.argsort(differences)) * 0.618034) % 1 - 0.5)
    axis.plot(differences, place + spread, ".", markersize=2.5, color=INK, alpha=0.5, markeredgewidth=0)


def _legend(figure: Figure, axis: Any) -> None:
    handles, labels = axis.get_legend_handles_labels()
    found = dict(zip(labels, handles, strict=True))
    unique = {text: found[text] for text in (*(kind[2] for kind in _KINDS.values()), ZONE) if text in found}
    if unique:
        figure.legend(unique.values(), unique.keys(), loc="outside upper left", ncols=len(unique))


ZONE = "zone of equivalence"
CLOSE = 24  # more lines than this stand closer together
_KINDS = {
    "fall": (BLUE, "D", "lower"),
    "open": (GREY, "s", "interval covers 0"),
    "rise": (ORANGE, "o", "higher"),
}
