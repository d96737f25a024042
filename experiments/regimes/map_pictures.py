"""The pictures of a regime map: slices of its surface through the middle of the points of an arm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ...visualization import figures
from ..sweeps.errors import StudyError
from .coordinates import COORDINATES
from .regime_map import RegimeMap

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STEPS = 41
PERCENT = 100.0
UNITS = {coordinate.name: coordinate.unit for coordinate in COORDINATES}


class Slice(NamedTuple):
    """A slice: the arm, its two coordinates, the values that the others are held at, the picture, and a table.

    ``shares`` are those of the slice where the surface lies above the overhead within its bounds, below it, and where
    that cannot be told.
    """

    arm: str
    names: tuple[str, str]
    held: dict[str, float]
    figure: Figure
    shares: tuple[float, float, float]

    @property
    def caption(self) -> str:
        """What the picture shows, in words."""
        held = ", ".join(f"{name.replace('_', ' ')} {value:.3g}" for name, value in self.held.items())
        others = f" The others are held at their medians: {held}." if held else ""
        pays, loses, open_ = (f"{share:.0%}" for share in self.shares)
        return (
            f"{self.arm}: fitted gain over {_said(self.names[0])} and {_said(self.names[1])}.{others} "
            f"Of this slice it lies above the overhead on {pays}, below on {loses}, and cannot be told on {open_}."
        )


def slices(made: RegimeMap, names: tuple[str, str] | None = None) -> Iterator[Slice]:
    """A slice for each orchestrated arm over the two coordinates that its gains follow most, or those named.

    An arm whose points vary in fewer than two coordinates has none. Raises `StudyError` for a coordinate that has been
    named and does not vary.
    """
    for name in names or ():
        if name not in made.axes.names:
            raise StudyError(f"study {made.study}: {name} does not vary; name two of {', '.join(made.axes.names)}")
    for arm, rows in made.rows.groupby("arm", sort=False):
        varied = [name for name in made.axes.names if rows[name].nunique() > 2]
        pair = names or _strongest(rows, varied)
        if len(pair) == 2 and set(pair) <= set(varied):
            yield _slice(made, str(arm), rows, (pair[0], pair[1]))


def _slice(made: RegimeMap, arm: str, rows: pd.DataFrame, names: tuple[str, str]) -> Slice:
    held = {name: float(rows[name].median()) for name in made.axes.names if name not in names}
    ends = [np.linspace(rows[name].min(), rows[name].max(), STEPS) for name in names]
    across, up = (values.ravel() for values in np.meshgrid(*ends))
    grid = pd.DataFrame({names[0]: across, names[1]: up} | held)
    estimate, low, high = made.surface(grid)
    level = made.overhead
    shares = (
        float((low > level).mean()),
        float((high < level).mean()),
        float(((low <= level) & (high >= level)).mean()),
    )
    grid = grid.assign(estimate=PERCENT * estimate, low=PERCENT * low, high=PERCENT * high)
    points = rows.assign(low=PERCENT * rows["relative_low"], high=PERCENT * rows["relative_high"])
    labels = (_labelled(names[0]), _labelled(names[1]), f"gain of {arm} over {made.against} (% of its cost)")
    picture = figures.surface_map(grid, points, names, PERCENT * level, labels)
    return Slice(arm, names, held, picture, shares)


def _strongest(rows: pd.DataFrame, names: list[str]) -> tuple[str, ...]:
    """The two coordinates whose ranks follow those of the gain most closely, in their usual order."""
    ranked = rows["relative"].rank()
    strength = {name: float(np.nan_to_num(abs(rows[name].rank().corr(ranked)))) for name in names}
    best = sorted(names, key=lambda name: -strength[name])[:2]
    return tuple(name for name in names if name in best)


def _said(name: str) -> str:
    return name.replace("_", " ")


def _labelled(name: str) -> str:
    unit = UNITS[name]
    return f"{_said(name)} ({unit})" if unit and unit != name else _said(name)
