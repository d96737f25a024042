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
from ..shell.parts import Press, Waiting, box, html, title, views
from ..work_hook import use_job
from ..worlds import Worlds
from . import Page

RUNS = 20
SHOWN = 8
"""How many names of an echelon are written out."""


@solara.component
def Bullwhip() -> Any:
    """The page."""
    session = use_session()
    session.choice.value  # noqa: B018  the page is drawn anew with another choice
    worlds = session.worlds()
    settled, settle = solara.use_state(True)
    runs = 4 if tries_out(worlds.a) or tries_out(worlds.b) else RUNS
    unit = plans.orders([worlds.a, worlds.b], worlds.seed, runs)
    progress, start, job = use_job(session.jobs, unit.key, lambda: [unit])
    title("Bullwhip", "Orders of every echelon, from the customers upstream. How much does each amplify what it hears?")
    views("/bullwhip")
    with box("ri-row", []):
        html(f"{swatch('a', f'A: {worlds.names[0]}')} &nbsp; {swatch('b', f'B: {worlds.names[1]}')}")
        Press("Without the warm-up", lambda: settle(not settled), pressed=settled)
        if progress.state == "cancelled":
            Press("Run again", start)
    Waiting(progress, job, f"Simulating {runs} runs of both worlds")
    if progress.values:
        first, second = progress.values[0]
        levels = levels_of(first, second, settled)
        with box("ri-card ri-stale" if progress.key != unit.key else "ri-card", []):
            html(rows_markup(levels, worlds, settled))
            html(f"<details><summary>As a table</summary>{table_markup(levels, worlds, runs)}</details>")


def rows_markup(levels: list[Level], worlds: Worlds, settled: bool) -> str:
    """One row a level: who, the totals over time, the amplification."""
    period = worlds.a.period
    made = []
    for level in levels:
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
            f'{_plot(level, worlds.a.warm_up, settled)}<div class="ri-ratio">{numbers}</div></div>'
        )
    about = (
        f"Left: units ordered per {text(period)} in the first run, all rows on one clock, each on its own scale, the "
        "grey part is the warm-up. Right: variance of the orders over the variance of what customers buy, mean over "
        "runs."
    )
    return f'<p class="ri-quiet">{about}</p>' + "".join(made)


def _plot(level: Level, warm_up: int, settled: bool) -> str:
    start = warm_up if settled and warm_up < len(level.a) else 0
    both = np.concatenate([level.a[start:], level.b[start:]])
    low, high = float(np.nanmin(both)), float(np.nanmax(both))
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
