"""Scorecards: what each owner gains for itself, what the others pay, and who pays whom."""

from __future__ import annotations

from typing import Any

import solara

from .. import plans
from ..caps import tries_out
from ..pairing import joined
from ..scores import Score, scores_of
from ..session import use_session
from ..shell.markup import figure, span, swatch, table, text
from ..shell.parts import Press, Waiting, box, html, title, views
from ..shell.quadrants import bridge, quadrants
from ..work_hook import use_job
from . import Page

RUNS = 20


@solara.component
def Scorecards() -> Any:
    """The page."""
    session = use_session()
    session.choice.value  # noqa: B018  the page is drawn anew with another choice
    worlds = session.worlds()
    points = [worlds.a, worlds.b]
    slow = any(map(tries_out, points))
    plan = plans.paired_runs(points, worlds.seed, RUNS)
    plan.append(plans.payments(points, worlds.seed, 1 if slow else 8))
    progress, start, job = use_job(session.jobs, plan[-1].key, lambda: plan, auto=not slow)
    a, b = worlds.names
    title("Scorecards", "Everybody looks at their own costs. What do those of the others do?")
    views("/scorecards")
    html(f"<p>{swatch('a', f'A: {a}')} &nbsp; against &nbsp; {swatch('b', f'B: {b}')}</p>")
    if progress.state in ("cancelled", "idle"):
        Press(f"Run {RUNS} pairs", start, main=True)
    Waiting(progress, job, f"Simulating {RUNS} runs of both worlds")
    if len(progress.values) < 2:
        return
    network, agents = joined(progress.values[:-1])
    scores = scores_of(network, agents)
    unit = f"money per {worlds.a.period}"
    with box("ri-stale" if progress.key != plan[-1].key else "", []):
        with box("ri-columns", []):
            with box("ri-card", []):
                html("<h2>Own cost against the cost of all others, A less B</h2>" + quadrants(scores, unit))
            with box("ri-card", []):
                html("<h2>From own costs to the cost of the network, A less B</h2>" + bridge(scores, unit))
                html(f'<p class="ri-lead">{said(scores, unit)}</p>')
        with box("ri-card", []):
            html("<h2>The same as a table</h2>" + scores_markup(scores, unit))
        with box("ri-card", []):
            html("<h2>Who pays whom</h2>" + payments_markup(progress.values[-1], unit))


def said(scores: list[Score], unit: str) -> str:
    """Who pays less in A, who pays more, and what it comes to: as far as the intervals decide it."""
    less = [score for score in scores if score.own.high < 0]
    more = [score for score in reversed(scores) if score.own.low > 0]
    if not less and not more:
        return "Nobody's own cost differs between A and B beyond its interval."
    total = sum(score.own.difference for score in scores)
    parts = [f"{_named(who)} pay{'s' if len(who) == 1 else ''} {what} in A" for who, what in ((less, "less"),
             (more, "more")) if who]  # fmt: skip
    end = "and all of them together pay more" if total > 0 else "and all of them together pay less"
    return f"{text('; '.join(parts))}, {end}: {figure(abs(total))} {text(unit)}."


def _named(scores: list[Score]) -> str:
    """The first three names with their differences, and how many more there are."""
    names = [f"{score.owner} ({figure(abs(score.own.difference))})" for score in scores[:3]]
    more = [f"{len(scores) - 3} more"] if len(scores) > 3 else []
    *first, last = [*names, *more]
    return f"{', '.join(first)} and {last}" if first else last


def scores_markup(scores: list[Score], unit: str) -> str:
    """One row an owner."""
    rows = [
        [text(score.owner), figure(score.own.a), figure(score.own.b),
         span(score.own.difference, score.own.low, score.own.high),
         span(score.others.difference, score.others.low, score.others.high), text(score.quadrant)]
        for score in scores
    ]  # fmt: skip
    head = ["owner", "own cost in A", "own cost in B", "A − B", "all others, A − B", "in words"]
    caption = (
        f"In {text(unit)}; less is better; 95 % intervals over paired runs. Own cost: what an owner pays less what "
        f"it is paid."
    )
    return table(head, rows, caption, numbers=(1, 2, 3, 4))


def payments_markup(payments: Any, unit: str) -> str:
    """Payments between owners in both worlds; what leaves the network is not one."""
    first, second = payments
    ends = sorted({*first, *second})
    rows = [
        [text(f"{payer} → {payee}"), figure(first.get((payer, payee), 0.0)), figure(second.get((payer, payee), 0.0)),
         figure(first.get((payer, payee), 0.0) - second.get((payer, payee), 0.0))]
        for payer, payee in ends
        if payee
    ]  # fmt: skip
    if not rows:
        return "<p>Nobody pays anybody here: the scenario has no prices between owners.</p>"
    return table(["from → to", "A", "B", "A − B"], rows, f"In {text(unit)}, mean over runs.", numbers=(1, 2, 3))


PAGE = Page("scorecards", "Scorecards", 22, Scorecards, under="compare")
