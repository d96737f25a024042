"""Scorecards: who gains by an arm and who loses, and what it does to the network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .style import BLUE, GREY, INK, ORANGE, canvas, marks, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FULL = 0.2  # a change of 20 % or more has the full colour
FAINTEST = 0.2
LINEAR = 0.1  # the axis of the quadrants is linear up to 10 %, logarithmic beyond
ROOM = (70, 14)  # pixels that a name takes
WIDE = 0.5  # with a change of more than 50 % it is logarithmic beyond that


@styled
def scorecards(table: pd.DataFrame, network: str = "network") -> Figure:
    """One card an owner and arm: better, worse or not told apart, with the change of its own score; the network last.

    ``table`` has one row an owner and arm: ``owner, arm, relative`` (change as a share; below 0 is better) and
    ``outcome`` (``wins``, ``loses`` or ``open``). The owner that is called ``network`` is set apart. A card without a
    relative change says only which way it went.
    """
    owners = [name for name in dict.fromkeys(table["owner"]) if name != network]
    rows = [*owners, network] if (table["owner"] == network).any() else owners
    arms = list(dict.fromkeys(table["arm"]))
    figure = canvas(width=min(2.6 + 1.1 * len(arms), 9.0), height=0.9 + 0.24 * len(rows))
    axis = figure.subplots()
    places = {name: -place - (0.4 if name == network else 0.0) for place, name in enumerate(rows)}
    for _, row in table.iterrows():
        _card(axis, arms.index(row["arm"]), places[row["owner"]], row)
    axis.set_xlim(-0.5, len(arms) - 0.5)
    axis.set_ylim(min(places.values()) - 0.5, 0.5)
    axis.set_yticks(list(places.values()), rows)
    axis.set_xticks(range(len(arms)), arms)
    axis.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    axis.grid(visible=False)
    for side in ("left", "bottom"):
        axis.spines[side].set_visible(False)
    _legend(figure)
    return figure


def _card(axis: Any, x: float, y: float, row: pd.Series) -> None:
    from matplotlib.patches import Rectangle

    colour, sign = _KINDS[str(row["outcome"])]
    share = abs(float(row["relative"]))
    strength = 1.0 if np.isnan(share) else FAINTEST + (1 - FAINTEST) * min(share / FULL, 1.0)
    alpha = 0.12 if row["outcome"] == "open" else 0.85 * strength
    axis.add_patch(Rectangle((x - 0.48, y - 0.45), 0.96, 0.9, facecolor=colour, alpha=alpha, linewidth=0))
    text = sign if np.isnan(share) else f"{_percent(100 * float(row['relative']))} % {sign}"
    axis.text(x, y, text.strip(), ha="center", va="center", fontsize=7.5, color="white" if alpha > 0.6 else INK)


def _percent(value: float) -> str:
    """Two decimal places, fewer for large changes; with its sign."""
    places = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    return f"{value:+,.{places}f}".replace("-", "\N{MINUS SIGN}")


def _legend(figure: Figure) -> None:
    from matplotlib.patches import Patch

    words = {"wins": "▼ better: a lower own score", "loses": "▲ worse", "open": "cannot be told from no change"}
    handles = [
        Patch(facecolor=_KINDS[kind][0], alpha=0.25 if kind == "open" else 0.85, label=words[kind]) for kind in words
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3)


_KINDS = {"wins": (BLUE, "▼"), "loses": (ORANGE, "▲"), "open": (GREY, "")}


@styled
def quadrants(table: pd.DataFrame, reference: str = "the reference", among: Sequence[str] | None = None) -> Figure:
    """Own score against the network's cost: one dot an owner and arm, in the quadrant that says who gains.

    ``table`` has one row an owner and arm: ``owner, arm, relative, network_relative`` (changes as shares; below 0 is
    better). All owners of an arm lie on one height. The largest winner and loser of each arm are named, where there is
    room. The axis of the owners is logarithmic beyond 10 % when one of them changes by more than 50 %. With ``among``,
    the names of all arms of a comparison, an arm has the mark that it has in the figures of all of them.
    """
    known = table[np.isfinite(table["relative"]) & np.isfinite(table["network_relative"])]
    arms = list(dict.fromkeys(table["arm"]))
    figure = canvas(height=3.6)
    axis = figure.subplots()
    axis.axhline(0, color=GREY, linewidth=1)
    axis.axvline(0, color=GREY, linewidth=1)
    drawn = marks(arms if among is None else list(among))
    for arm in arms:
        rows = known[known["arm"] == arm]
        x, y = (100 * rows[name].to_numpy(dtype=float) for name in ("relative", "network_relative"))
        axis.plot(x, y, drawn[arm].marker, color=drawn[arm].colour, alpha=0.75, markersize=6, label=arm, linestyle="")
    _axes(axis, known, reference)
    _name_ends(axis, known)
    if arms:
        figure.legend(loc="outside upper right", ncols=min(len(arms), 5))
    return figure


def _name_ends(axis: Any, known: pd.DataFrame) -> None:
    """The largest winner and loser of each arm, those that change most first; a name that has no room is left out."""
    groups = known.groupby("arm", sort=False)["relative"]
    ends = known.loc[list(dict.fromkeys([*groups.idxmin(), *groups.idxmax()]))]
    taken: list[Any] = []
    for place in ends["relative"].abs().sort_values(ascending=False, kind="stable").index:
        row = known.loc[place]
        dot = (100 * row["relative"], 100 * row["network_relative"])
        pixel = axis.transData.transform(dot)
        if any(abs(pixel[0] - x) < ROOM[0] and abs(pixel[1] - y) < ROOM[1] for x, y in taken):
            continue
        taken.append(pixel)
        axis.annotate(row["owner"], dot, xytext=(0, 6), textcoords="offset points", fontsize=7, ha="center")


def _axes(axis: Any, known: pd.DataFrame, reference: str) -> None:
    from matplotlib.ticker import NullLocator

    x, y = (100 * known[name].abs().to_numpy(dtype=float) for name in ("relative", "network_relative"))
    widest, highest = (1.25 * float(np.max(values, initial=0.1)) for values in (x, y))
    if widest > 100 * WIDE:
        axis.set_xscale("symlog", linthresh=100 * LINEAR)
        axis.xaxis.set_major_formatter("{x:g}")
        axis.xaxis.set_minor_locator(NullLocator())
        widest *= 1.6
    axis.set_xlim(-widest, widest)
    axis.set_ylim(-1.2 * highest, 1.2 * highest)
    axis.set_xlabel(f"own score, change from {reference} (%)")
    axis.set_ylabel(f"network's cost, change from {reference} (%)")
    corners = {
        (0.02, 0.98): "good for itself, bad for all", (0.98, 0.98): "bad for both",
        (0.02, 0.02): "good for both", (0.98, 0.02): "bad for itself, good for all",
    }  # fmt: skip
    for (left, bottom), words in corners.items():
        axis.text(
            left, bottom, words, transform=axis.transAxes, fontsize=8, style="italic", color=GREY,
            ha="left" if left < 0.5 else "right", va="bottom" if bottom < 0.5 else "top",
        )  # fmt: skip
