"""A fitted surface over two coordinates, with the line where it crosses a level and how sure that line is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .regimes import centred, diverging, levels_of
from .style import BLUE, INK, ORANGE, canvas, labelled, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@styled
def surface_map(
    grid: pd.DataFrame,
    points: pd.DataFrame,
    names: tuple[str, str],
    level: float = 0.0,
    labels: tuple[str, str, str] = ("", "", "gain"),
) -> Figure:
    """Filled contours of a surface, the contour at ``level``, and a hatched band in which the level lies in its bounds.

    ``grid`` has one row a place of a full grid over the two columns ``names`` with ``estimate, low, high``; ``points``
    the same columns for the design points, filled where their interval lies off the level. Blue is above zero,
    vermilion below. ``labels`` are those of x, y and the surface, with their units.
    """
    figure = canvas(width=5.4, height=4.1)
    axis = figure.subplots()
    wide = {name: grid.pivot(index=names[1], columns=names[0], values=name) for name in ("estimate", "low", "high")}
    place = wide["estimate"].columns.to_numpy(dtype=float), wide["estimate"].index.to_numpy(dtype=float)
    heights = {name: table.to_numpy(dtype=float) for name, table in wide.items()}
    filled = _filled(axis, place, heights["estimate"])
    _line(axis, place, heights, level)
    _points(axis, points, names, level)
    axis.grid(visible=False)
    axis.set_xlabel(labels[0] or names[0])
    axis.set_ylabel(labels[1] or names[1])
    bar = figure.colorbar(filled, ax=axis, pad=0.02)
    bar.set_label(labelled(labels[2]))
    bar.outline.set_visible(False)
    handles, texts = axis.get_legend_handles_labels()
    figure.legend(handles, texts, loc="outside upper left", ncols=2)
    return figure


def _filled(axis: Any, place: tuple[Any, Any], heights: Any) -> Any:
    levels = levels_of(heights)
    colours = {"cmap": diverging(ORANGE, BLUE), "norm": centred(levels)}
    filled = axis.contourf(*place, heights, levels=levels, **colours)
    thin = axis.contour(*place, heights, levels=[v for v in levels if v != 0], colors=INK, linewidths=0.4, alpha=0.6)
    axis.clabel(thin, fontsize=7, fmt="%g", colors=INK)
    return filled


def _line(axis: Any, place: tuple[Any, Any], heights: dict[str, Any], level: float) -> None:
    """The contour at the level, and the band in which the bounds leave it open."""
    from matplotlib.patches import Rectangle

    unsure = np.minimum(level - heights["low"], heights["high"] - level)
    if unsure.max() > 0:
        with_hatch = axis.contourf(
            *place, unsure, levels=[0.0, float(unsure.max()) + 1.0], colors="none", hatches=["///"]
        )
        with_hatch.set_edgecolor(INK)
        with_hatch.set_linewidth(0.0)
        look: dict[str, Any] = {"facecolor": "none", "edgecolor": INK, "hatch": "///", "linewidth": 0.0}
        axis.add_patch(Rectangle((place[0][0], place[1][0]), 0.0, 0.0, label="cannot be told (95 %)", **look))
    if heights["estimate"].min() < level < heights["estimate"].max():
        axis.contour(*place, heights["estimate"], levels=[level], colors=INK, linewidths=2.2, linestyles="solid")
        axis.plot([], [], color=INK, linewidth=2.2, label=f"{level:g}" if level else "zero: the sign turns")


def _points(axis: Any, points: pd.DataFrame, names: tuple[str, str], level: float) -> None:
    sure = ((points["low"] > level) | (points["high"] < level)).to_numpy()
    for chosen, face, text in ((sure, INK, "point's interval off it"), (~sure, "white", "covers it")):
        if chosen.any():
            some = points[chosen]
            style = {"markersize": 3.6, "color": INK, "markerfacecolor": face, "zorder": 3}
            axis.plot(some[names[0]], some[names[1]], "o", clip_on=False, label=text, **style)
