"""Experiments: up to three factors, both worlds in every cell, what is finished stays when it is cancelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara
from reacton import ipyvuetify as v

from ...model.schema import Scenario, ScenarioError
from .. import plans
from ..caps import TooMuch, estimate
from ..cells import Cell, Factor, cells_of, factor_of
from ..choice import Choice, whole
from ..fields import written
from ..session import plainly, use_session
from ..shell.editing import Choose, Field, ScenarioSelect, SeedField, numeric_keys
from ..shell.experiment import Results
from ..shell.markup import note, swatch, text
from ..shell.paired import METRICS, readable
from ..shell.parts import Press, Waiting, box, html, title
from ..work_hook import use_job
from ..worlds import changed, digest
from . import Page

LEAST_RUNS, RUNS = 2, 20
CHOICES = tuple(METRICS)


@solara.component
def Experiments() -> Any:
    """The page."""
    session = use_session()
    choice: Choice = session.choice.value
    worlds, base = session.worlds(), session.base()
    factors, set_factors = solara.use_state(())
    runs, set_runs = solara.use_state(RUNS)
    metric, set_metric = solara.use_state("cost")
    solara.use_effect(lambda: set_factors(()), [choice.scenario])
    title(
        "Experiments", "Vary up to three things and see where the difference between A and B stays, shrinks or turns."
    )
    html(f'<p>{swatch("a", f"A: {worlds.names[0]}")} &nbsp; {swatch("b", f"B: {worlds.names[1]}")} '
         '<span class="ri-quiet">What differs between them is set on the page Compare.</span></p>')  # fmt: skip
    with box("ri-card", []):
        html("<h2>Set up</h2>")
        with box("ri-row", []):
            ScenarioSelect()
            SeedField()
            RunsField(runs, set_runs)
            Choose("Compare by", [readable(name) for name in CHOICES], readable(metric),
                   lambda words: set_metric(words.replace(" ", "_")))  # fmt: skip
        Factors(base, factors, set_factors)
    cells, trouble = _cells(session, base, choice, factors)
    if trouble:
        html(note(trouble, "ri-error"))
        return
    Running(cells, factors, runs, metric)


def _cells(session: Any, base: Scenario, choice: Choice, factors: tuple[Factor, ...]) -> tuple[list[Cell], str]:
    def make() -> tuple[list[Cell], str]:
        try:
            seeded = changed(base, (("seed", session.worlds().seed),))
            return cells_of(seeded, choice, factors, session.caps), ""
        except (TooMuch, ScenarioError) as refused:
            return [], plainly(refused)

    made: tuple[list[Cell], str] = solara.use_memo(make, [choice.query(), factors, id(base)])
    return made


@solara.component
def RunsField(runs: int, set_runs: Callable[[int], None]) -> Any:
    """How many pairs of runs each cell gets."""
    session = use_session()
    error, complain = solara.use_state("")

    def take(given: str) -> None:
        try:
            set_runs(whole(given, "runs", LEAST_RUNS, session.caps.runs))
            complain("")
        except TooMuch as refused:
            complain(str(refused))

    Field("Runs a cell", str(runs), take, error, "ri-field short")


@solara.component
def Factors(base: Scenario, factors: tuple[Factor, ...], set_factors: Callable[[Any], None]) -> Any:
    """The factors so far, and a row to add one."""
    session = use_session()
    error, complain = solara.use_state("")
    key, set_key = solara.use_state("")
    values, set_values = solara.use_state("")
    keys = solara.use_memo(lambda: numeric_keys(base), [base])

    def add() -> None:
        try:
            session.caps.check("factors", len(factors) + 1)
            set_factors((*factors, factor_of(base, key, values)))
            complain("")
            set_key("")
            set_values("")
        except (TooMuch, ScenarioError) as refused:
            complain(plainly(refused))

    for place, factor in enumerate(factors):
        with box("ri-row", []):
            html(f"<code>{text(factor.key)}</code> = {text(', '.join(map(written, factor.values)))}")
            Press("Take away", lambda place=place: set_factors((*factors[:place], *factors[place + 1 :])))
    if len(factors) < session.caps.factors:
        with box("ri-row", []):
            v.Autocomplete(
                label="Factor", items=keys, v_model=key or None, clearable=True, outlined=True, dense=True,
                hide_details=True, class_="ri-field long", on_v_model=lambda key: set_key(key if key in keys else ""),
            )  # fmt: skip
            Field("Values, separated by commas", values, set_values, "", "ri-field")
            Press("Add factor", add, disabled=not key)
    if error:
        html(note(error, "ri-error"))


@solara.component
def Running(cells: list[Cell], factors: tuple[Factor, ...], runs: int, metric: str) -> Any:
    """The button, the progress and the results."""
    session = use_session()
    seed = session.worlds().seed
    parts = [plans.paired_runs([cell.a, cell.b], seed, runs) for cell in cells]
    plan, counts = [unit for part in parts for unit in part], [len(part) for part in parts]
    key = digest(*(unit.key for unit in plan))
    progress, start, job = use_job(session.jobs, key, lambda: plan, auto=False)
    held = solara.use_ref({})
    seconds = sum(estimate(world, runs) for cell in cells for world in (cell.a, cell.b))
    too_long = seconds > session.caps.seconds

    def begin() -> None:
        held.current = {"cells": cells, "counts": counts, "factors": factors, "runs": runs}
        start()

    with box("ri-row", []):
        Press("Run again" if progress.values else "Run", begin, main=True, disabled=progress.busy or too_long)
        html(f'<span class="ri-quiet">{len(cells)} cell{"s" if len(cells) != 1 else ""}, {runs} pairs of runs each; '
             f"about {max(seconds, 0.1):.0f} s when nobody else runs.</span>")  # fmt: skip
    if too_long:
        said = f"This takes about {seconds:,.0f} s; {session.caps.seconds} s are allowed here."
        html(note(f"{said} Ask for fewer runs or cells, or take the study file to the command line.", "ri-error"))
    Waiting(progress, job, "Simulating")
    shown = progress.values or job.partial
    if shown and held.current:
        stale = progress.key not in ("", key)
        Results(held.current, shown, metric, stale)


PAGE = Page("experiments", "Experiments", 4, Experiments)
