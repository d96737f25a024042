"""Plots of the scorecards as SVG: the four quadrants, and the way from own costs to the cost of the network."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TypeAlias

from ..scores import Score
from .markup import figure, text

Box: TypeAlias = tuple[float, float, float, float]
"""Left, upper, right and lower edge."""
WIDTH, HEIGHT = 460.0, 340.0
MARGIN = 16.0
LABELLED = 12
"""Names are written beside so many dots at most; the table has all of them."""


def quadrants(scores: Sequence[Score], unit: str) -> str:
    """A dot for each owner: left is cheaper for itself in A, up is dearer for all others in A."""
    shown = [score for score in scores if isfinite(score.own.difference) and isfinite(score.others.difference)]
    across = _reach([score.own.difference for score in shown])
    up = _reach([score.others.difference for score in shown])
    middle = WIDTH / 2, HEIGHT / 2
    corners = (
        (MARGIN, 26, "start", "good for me, bad for all"), (WIDTH - MARGIN, 26, "end", "bad for me, bad for all"),
        (MARGIN, HEIGHT - 14, "start", "good for me, good for all"),
        (WIDTH - MARGIN, HEIGHT - 14, "end", "bad for me, good for all"),
    )  # fmt: skip
    parts = [f'<rect x="0" y="8" width="{middle[0]}" height="{middle[1] - 8}" fill="var(--ri-soft)"/>']
    parts += [f'<line x1="{middle[0]}" x2="{middle[0]}" y1="8" y2="{HEIGHT}" class="ri-axis"/>']
    parts += [f'<line x1="0" x2="{WIDTH}" y1="{middle[1]}" y2="{middle[1]}" class="ri-axis"/>']
    parts += [f'<text x="{x}" y="{y}" text-anchor="{anchor}">{text(words)}</text>' for x, y, anchor, words in corners]
    large = sorted(shown, key=lambda score: -abs(score.own.difference))[:LABELLED]
    dots = [
        (middle[0] * (1 + 0.86 * s.own.difference / across), middle[1] * (1 - 0.80 * s.others.difference / up), s)
        for s in shown
    ]
    taken = [(x - 7, y - 7, x + 7, y + 7) for x, y, _ in dots]
    taken += [(0.0, 12.0, 150.0, 30.0), (WIDTH - 150.0, 12.0, WIDTH, 30.0)]  # the words in the upper corners
    taken += [(0.0, HEIGHT - 28, 160.0, HEIGHT), (WIDTH - 160.0, HEIGHT - 28, WIDTH, HEIGHT)]
    parts += [_dot(x, y, score, score in large, taken) for x, y, score in dots]
    label = (
        "Each owner's own cost across, the cost of all others upwards, both A less B. The table below has the numbers."
    )
    axes = (
        f'<p class="ri-quiet">Across: own cost, from −{figure(across)} to {figure(across)} {text(unit)}. Upwards: '
        f"cost of all others, to {figure(up)}. Hollow: the interval covers zero.</p>"
    )
    return (
        f'<svg class="ri-plot" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{label}">'
        f"{''.join(parts)}</svg>{axes}"
    )


def _dot(x: float, y: float, score: Score, named: bool, taken: list[Box]) -> str:
    sure = score.own.sure
    bad = score.quadrant == "good for me, bad for all"
    colour = "var(--ri-a)" if bad else "var(--ri-b)"
    fill = colour if sure else "var(--ri-card)"
    shape = (
        f'<path d="M{x:.1f} {y - 7:.1f} L{x + 7:.1f} {y + 5:.1f} L{x - 7:.1f} {y + 5:.1f} Z" fill="{fill}" '
        f'stroke="{colour}" stroke-width="2"/>'
        if bad else f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{fill}" stroke="{colour}" stroke-width="2"/>'
    )  # fmt: skip
    return shape + _name(x, y, score.owner, taken) if named else shape


def _name(x: float, y: float, owner: str, taken: list[Box]) -> str:
    """The name of a dot beside, above or below it, wherever it is clear of the others; without room it is left out."""
    wide = 6.6 * len(owner)
    spots = [
        (x + 10, y + 4, "start"), (x - 10, y + 4, "end"), (x, y - 12, "middle"), (x, y + 19, "middle"),
        *((x + side * 10, y + 4 + step, "start" if side > 0 else "end") for step in (14, -14, 28, -28, 42)
          for side in (1, -1)),
    ]  # fmt: skip
    for place, line, anchor in spots:
        left = place - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        box = (left, line - 11, left + wide, line + 3)
        inside = box[0] > 0 and box[2] < WIDTH and box[1] > 8 and box[3] < HEIGHT
        if inside and all(box[0] > b[2] or box[2] < b[0] or box[1] > b[3] or box[3] < b[1] for b in taken):
            taken.append(box)
            return f'<text class="ink" x="{place:.1f}" y="{line:.1f}" text-anchor="{anchor}">{text(owner)}</text>'
    return ""


def bridge(scores: Sequence[Score], unit: str) -> str:
    """Bars that start where the one before ended: the changes of all owners add up to that of the network."""
    steps = [(score.owner, score.own.difference) for score in scores if isfinite(score.own.difference)]
    steps.sort(key=lambda step: -abs(step[1]))
    rest = sum(change for _, change in steps[LABELLED:])
    steps = steps[:LABELLED] + ([("all others", rest)] if len(steps) > LABELLED else [])
    total = sum(change for _, change in steps)
    edges = [0.0]
    for _, change in steps:
        edges.append(edges[-1] + change)
    low, high = min(*edges, 0.0), max(*edges, 0.0)
    row, left, right = 24.0, 120.0, 70.0
    scale = (WIDTH - left - right) / ((high - low) or 1.0)
    parts = []
    for place, ((name, change), start) in enumerate(
        zip([*steps, ("the network", total)], [*edges[:-1], 0.0], strict=True)
    ):
        y = 6 + place * row
        x = left + (min(start, start + change) - low) * scale
        colour = "var(--ri-ink)" if place == len(steps) else "var(--ri-a)" if change > 0 else "var(--ri-b)"
        weight = ' font-weight="650"' if place == len(steps) else ""
        parts.append(
            f'<text class="ink" x="{left - 8}" y="{y + 14}" text-anchor="end"{weight}>{text(name[:18])}</text>'
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(abs(change) * scale, 1.5):.1f}" height="{row - 7}" rx="2" '
            f'fill="{colour}"/>'
            f'<text class="ink" x="{WIDTH}" y="{y + 14}" text-anchor="end"{weight}>'
            f"{'+' if change > 0 else ''}{figure(change)}</text>"
        )
    zero = left - low * scale
    height = 12 + (len(steps) + 1) * row
    return (
        f'<svg class="ri-plot" viewBox="0 0 {WIDTH:g} {height:g}" role="img" aria-label="Changes of own costs and '
        f'their sum">'
        f'<line x1="{zero:.1f}" x2="{zero:.1f}" y1="0" y2="{height:g}" class="ri-axis"/>{"".join(parts)}</svg>'
        f'<p class="ri-quiet">{text(unit)}; to the right is dearer in A. Payments between owners cancel in the sum.</p>'
    )


def _reach(values: Sequence[float]) -> float:
    return max((abs(value) for value in values), default=0.0) or 1.0
