"""Main effects: what each factor does on average over the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .style import BLUE, GREY, canvas, labelled, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ACROSS = 4
UPRIGHT = 5  # more names than this under a panel are written upright


@styled
def main_effects(
    table: pd.DataFrame, label: str = "response", unit: str = "", units: Mapping[str, str] | None = None
) -> Figure:
    """One panel a factor on one scale: the mean response at each of its settings with its interval.

    ``table`` has one row a factor and setting: ``factor, setting, estimate, low, high``. The grey line is the mean of
    all settings. Numeric settings are drawn to scale, others side by side. ``units`` are those of the factors.
    """
    factors = list(dict.fromkeys(table["factor"]))
    across = min(ACROSS, len(factors))
    down = -(-len(factors) // across)
    figure = canvas(height=0.5 + 2.1 * down)
    axes = figure.subplots(down, across, sharey=True, squeeze=False)
    for axis, factor in zip(axes.flat, factors, strict=False):
        _panel(axis, factor, table[table["factor"] == factor])
        axis.set_xlabel((units or {}).get(factor, ""))
    for axis in list(axes.flat)[len(factors) :]:
        axis.set_axis_off()
    figure.supylabel(labelled(label, unit), fontsize=9)
    return figure


def _panel(axis: Any, factor: str, rows: pd.DataFrame) -> None:
    places, numeric = _places(rows["setting"])
    estimate = rows["estimate"].to_numpy(dtype=float)
    errors = np.abs(np.stack([estimate - rows["low"], rows["high"] - estimate]))
    axis.axhline(np.nanmean(estimate), color=GREY, linewidth=1, linestyle=(0, (4, 2)))
    axis.errorbar(
        places, estimate, yerr=errors, fmt="o-", color=BLUE, markersize=4, capsize=2.5, elinewidth=1.1, linewidth=1.2
    )
    if not numeric:
        names = [str(setting) for setting in rows["setting"]]
        turned = 90 if len(names) > UPRIGHT else 30 if sum(map(len, names)) > 18 else 0
        axis.set_xticks(places, names, rotation=turned, ha="right" if turned == 30 else "center")
    elif len(places) <= 4:
        axis.set_xticks(places, [f"{setting:.4g}" for setting in places])
    axis.margins(x=0.25 if len(places) <= 3 else 0.08)
    axis.set_title(_folded(factor), fontsize=8)


def _places(settings: pd.Series) -> tuple[Any, bool]:
    numeric = pd.to_numeric(settings, errors="coerce").to_numpy(dtype=float)
    if np.isfinite(numeric).all() and not pd.api.types.is_bool_dtype(settings):
        return numeric, True
    return np.arange(len(settings), dtype=float), False


def _folded(factor: str, most: int = 22) -> str:
    """A dotted name on as many lines as it needs, folded at its dots."""
    lines = [""]
    for part in factor.split("."):
        longer = f"{lines[-1]}.{part}" if lines[-1] else part
        lines = [*lines[:-1], longer] if len(longer) <= most else [*lines, f".{part}"]
    return "\n".join(line for line in lines if line)
