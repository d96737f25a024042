"""Regime maps: where in a space of parameters something pays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .style import BLUE, INK, ORANGE, canvas, labelled, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@styled
def regime_map(
    table: pd.DataFrame,
    x: str,
    y: str,
    label: str = "difference",
    units: tuple[str, str, str] = ("", "", ""),
    value: str = "estimate",
) -> Figure:
    """Filled contours of a difference over two parameters, with the zero contour where its sign turns.

    ``table`` has one row a design point: ``x``, ``y`` and the value; a full grid is drawn as such, anything else by
    triangulation. Blue is below zero, vermilion above, white in between; contours are labelled, so that nothing
    hangs on colour alone. With columns ``low`` and ``high``, points whose interval covers zero are hollow.
    ``units`` are those of x, y and the value. Raises `ValueError` with fewer than three points.
    """
    points = table[np.isfinite(table[value].to_numpy(dtype=float))]
    if len(points) < 3:
        raise ValueError(f"a map needs three points with a value, not {len(points)}")
    figure = canvas(width=5.2, height=3.9)
    axis = figure.subplots()
    filled = _contours(axis, points, (x, y, value))
    _design(axis, points, x, y)
    axis.grid(visible=False)
    axis.set_xlabel(labelled(x, units[0]))
    axis.set_ylabel(labelled(y, units[1]))
    bar = figure.colorbar(filled, ax=axis, pad=0.02)
    bar.set_label(labelled(label, units[2]))
    bar.outline.set_visible(False)
    handles, labels = axis.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper left", ncols=len(labels))
    return figure


def _contours(axis: Any, points: pd.DataFrame, names: tuple[str, str, str]) -> Any:
    x, y, z = names
    values = points[z].to_numpy(dtype=float)
    levels = levels_of(values)
    style: dict[str, Any] = {"levels": levels, "cmap": diverging(), "norm": centred(levels), "extend": "neither"}
    grid = points.pivot_table(index=y, columns=x, values=z)
    if grid.notna().all(axis=None) and min(grid.shape) > 1:
        place: tuple[Any, ...] = (grid.columns.to_numpy(dtype=float), grid.index.to_numpy(dtype=float), grid.to_numpy())
        fill, line = axis.contourf, axis.contour
    else:
        place = (points[x].to_numpy(dtype=float), points[y].to_numpy(dtype=float), values)
        fill, line = axis.tricontourf, axis.tricontour
    filled = fill(*place, **style)
    thin = line(*place, levels=[v for v in levels if v != 0], colors=INK, linewidths=0.4, alpha=0.6)
    axis.clabel(thin, fontsize=7, fmt="%g", colors=INK)
    if values.min() < 0 < values.max():
        line(*place, levels=[0.0], colors=INK, linewidths=2.2)
        axis.plot([], [], color=INK, linewidth=2.2, label="zero: the sign turns")
    return filled


def _design(axis: Any, points: pd.DataFrame, x: str, y: str) -> None:
    sure = np.ones(len(points), dtype=bool)
    if {"low", "high"} <= set(points.columns):
        sure = ((points["low"] > 0) | (points["high"] < 0)).to_numpy()
    for chosen, face, text in ((sure, INK, "interval off 0"), (~sure, "white", "interval covers 0")):
        if chosen.any():
            some = points[chosen]
            style = {"markersize": 3.6, "color": INK, "markerfacecolor": face, "zorder": 3}
            name = text if {"low", "high"} <= set(points.columns) else "design point"
            axis.plot(some[x], some[y], "o", clip_on=False, label=name, **style)


def levels_of(values: Any) -> list[float]:
    """Round levels with zero among them, over the range of the values."""
    from matplotlib.ticker import MaxNLocator

    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    levels = MaxNLocator(nbins=9, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high if high > low else low + 1)
    return [float(level) for level in levels]


def diverging(below: str = BLUE, above: str = ORANGE) -> Any:
    """A map of colours from one to another, white in between."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("regimes", [below, "#FFFFFF", above])


def centred(levels: list[float]) -> Any:
    """Colours equally far on both sides of zero."""
    from matplotlib.colors import TwoSlopeNorm

    reach = max(abs(level) for level in levels)
    return TwoSlopeNorm(0.0, -reach, reach)
