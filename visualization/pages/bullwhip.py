"""Bullwhip: the orders of every echelon as aligned rows, and how much they vary."""

from __future__ import annotations

from typing import Any

import numpy as np
import solara

from .. import plans
from ..bullwhip import Level, levels_of
from ..caps import tries_out
from ..session import use_session
from ..shell.markup import curve, figure, span, swatch, table, text
from ..shell.parts import Goto, Press, Waiting, box, html, title, views
from ..work_hook import use_job
from ..worlds import Worlds
from . import Page

RUNS = 20
CLEAREST = "beer-game"
"""The bundled scenario in which orders swing most for everybody to see."""
SHOWN = 8
"""How many names of an echelon are written out."""


@solara.component
def Bullwhip() -> Any:
    """The page."""
    session = use_session()
    session.choice.value  # noqa: B018  the page is drawn anew with another choice
    worlds = session.worlds()
    settled, settle = solara.use_state(True)
    shared, share = solara.use_state(True)
    runs = 4 if tries_out(worlds.a) or tries_out(worlds.b) else RUNS
    unit = plans.orders([worlds.a, worlds.b], worlds.seed, runs)
    progress, start, job = use_job(session.jobs, unit.key, lambda: [unit])
    title("Bullwhip", "Small changes in what customers buy become large ones in what is ordered upstream. How large?")
    views("/bullwhip")
    with box("ri-row", []):
        html(f"{swatch('a', f'A: {worlds.names[0]}')} &nbsp; {swatch('b', f'B: {worlds.names[1]}')}")
        Press("Without the warm-up", lambda: settle(not settled), pressed=settled)
        Press("One scale for all rows", lambda: share(not shared), pressed=shared)
        if worlds.a.name != CLEAREST:
            Goto("See the beer game", f"/bullwhip?scenario={CLEAREST}")
        if progress.state == "cancelled":
            Press("Run again", start)
    Waiting(progress, job, f"Simulating {runs} runs of both worlds")
    if progress.values:
        first, second = progress.values[0]
        levels = levels_of(first, second, settled)
        with box("ri-card ri-stale" if progress.key != unit.key else "ri-card", []):
            html(rows_markup(levels, worlds, settled, shared))
            html(f"<details><summary>As a table</summary>{table_markup(levels, worlds, runs)}</details>")


def rows_markup(levels: list[Level], worlds: Worlds, settled: bool, shared: bool = True) -> str:
    """One row a level: who, the totals over time, the amplification; ``shared`` draws all rows on one scale."""
    start = worlds.a.warm_up if settled and worlds.a.warm_up < worlds.a.periods else 0
    ranges = ranges_of(levels, start, shared)
    made = []
    for level, reach in zip(levels, ranges, strict=True):
        names = ", ".join(level.members[:SHOWN]) + (
            f" and {len(level.members) - SHOWN} more" if len(level.members) > SHOWN else ""
        )
        label = "Customers" if level.name == "demand" else level.name.capitalize()
        ratio = level.ratio
        numbers = (
            "the measure of all others" if level.name == "demand" else
            f'<span class="ri-a">A {figure(ratio.a)}</span> &nbsp; <span class="ri-b">B {figure(ratio.b)}</span>'
            f'<br><span class="ri-quiet">A − B: {span(ratio.difference, ratio.low, ratio.high)}</span>'
        )  # fmt: skip
        made.append(
            f'<div class="ri-level"><div><strong>{text(label)}</strong><br><span class="ri-quiet">'
            f"{text(names)}</span></div>"
            f'{_plot(level, worlds.a.warm_up, reach)}<div class="ri-ratio">{numbers}</div></div>'
        )
    return f'<p class="ri-lead">{said(levels, worlds.names)}</p>' + "".join(made) + _about(worlds.a.period, shared)


def said(levels: list[Level], names: tuple[str, str]) -> str:
    """The amplification of the level that amplifies most, in words."""
    upstream = [level for level in levels if level.name != "demand" and np.isfinite(level.ratio.a + level.ratio.b)]
    if not upstream:
        return "What customers buy does not vary here, so there is nothing to amplify."
    worst = max(upstream, key=lambda level: max(level.ratio.a, level.ratio.b))
    a, b = figure(worst.ratio.a), figure(worst.ratio.b)
    who = text(", ".join(worst.members[:SHOWN]))
    how = f"{a} times as much as what customers buy" if a == b else (
        f"{a} times as much as what customers buy in A ({text(names[0])}), {b} times in B ({text(names[1])})"
    )  # fmt: skip
    return f"The orders of {who} vary {how}."


def _about(period: str, shared: bool) -> str:
    scale = (
        "all rows around their means and on one scale, so that a wider row swings more"
        if shared
        else "each on its own scale"
    )
    about = (
        f"Left: units ordered per {text(period)} in the first run, all rows on one clock, {scale}; the grey part is "
        "the warm-up. Right: variance of the orders over the variance of what customers buy, mean over runs."
    )
    return f'<p class="ri-quiet" style="margin-top:10px">{about}</p>'


def ranges_of(levels: list[Level], start: int, shared: bool) -> list[tuple[float, float]]:
    """From where to where each row is drawn: from ``start`` on everything is seen but the hundredth that is farthest.

    On one scale every row reaches equally many of its own means up and down.
    """
    both = [np.concatenate([level.a[start:], level.b[start:]]) for level in levels]
    if not shared:
        return [(float(np.nanmin(values)), float(np.nanmax(values))) for values in both]
    means = [float(np.nanmean(values)) for values in both]
    far = [
        float(np.nanquantile(np.abs(values - mean), 0.99)) / mean
        for values, mean in zip(both, means, strict=True)
        if mean > 0
    ]
    reach = max(far, default=0.0) or 1.0
    return [(mean * (1 - reach), mean * (1 + reach)) if mean > 0 else (-1.0, 1.0) for mean in means]


def _plot(level: Level, warm_up: int, reach: tuple[float, float]) -> str:
    low, high = reach
    first, second = (np.clip(values, low, high) for values in (level.a, level.b))
    size = (600.0, 60.0)
    grey = size[0] * warm_up / max(len(level.a) - 1, 1)
    return (
        f'<svg viewBox="0 0 {size[0]:g} {size[1]:g}" preserveAspectRatio="none" role="img" '
        f'aria-label="Orders over time, from {figure(low)} to {figure(high)} units">'
        f'<rect width="{grey:.1f}" height="{size[1]:g}" fill="var(--ri-soft)"/>'
        f"{curve(first, low, high, size, 'ri-line-a')}{curve(second, low, high, size, 'ri-line-b')}</svg>"
    )


def table_markup(levels: list[Level], worlds: Worlds, runs: int) -> str:
    """The same numbers as a table."""
    rows = [
        [text(level.name), figure(float(np.mean(level.a))), figure(float(np.mean(level.b))), figure(level.ratio.a),
         figure(level.ratio.b), span(level.ratio.difference, level.ratio.low, level.ratio.high)]
        for level in levels
    ]  # fmt: skip
    unit = f"units per {worlds.a.period}"
    head = [
        "",
        f"mean in A ({text(unit)})",
        f"mean in B ({text(unit)})",
        "amplification A",
        "amplification B",
        "A − B, 95 % interval",
    ]
    return table(head, rows, f"Amplification over {runs} runs; means of the first run.", numbers=(1, 2, 3, 4, 5))


PAGE = Page("bullwhip", "Bullwhip", 21, Bullwhip, under="compare")
