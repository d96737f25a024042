"""Compare: two worlds on one clock, the main screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from ...model.schema import dumps_toml
from .. import plans
from ..choice import Choice
from ..session import use_session
from ..shell.editing import Choose, DifferenceRows, ScenarioSelect, SeedField
from ..shell.exports import ExportPanel
from ..shell.markup import note
from ..shell.paired import PairedTable
from ..shell.parts import Press, Waiting, box, html, title, views
from ..shell.watched import Making
from ..shell.widgets import Player
from ..work_hook import use_job, use_recording
from ..worlds import ARMS, CENTRAL, arms_of, digest, with_arm, with_settings, worlds_of
from . import Page

STANDS = "as it stands"


@solara.component
def Compare() -> Any:
    """The page."""
    session = use_session()
    choice: Choice = session.choice.value
    worlds = session.worlds()
    editing, set_editing = solara.use_state(False)
    searching, search = solara.use_state(False)
    shown = use_recording(session.jobs, worlds)
    played = shown.progress
    title("Compare two worlds", "")
    views("/compare")
    with box("ri-row", []):
        ScenarioSelect()
        SeedField()
        ArmSelects(lambda: search(True))
        Press("Edit what differs", lambda: set_editing(not editing), pressed=editing)
    with box("", []):  # one child, whatever is open: the player behind it stays as it is
        if searching:
            BestSearch(lambda: search(False))
        if session.exporting.value:
            ExportPanel(shown.content, worlds)
        if editing:
            with box("ri-card", []):
                html("<h2>What differs in B</h2>")
                DifferenceRows(choice.other, lambda other: session.change(replace(session.choice.peek(), other=other)))
    Making(shown)
    with box("ri-stale" if shown.stale else "", []):
        if shown.shown:
            look = {"day": choice.day, **({"site": choice.site} if choice.site else {})}
            Player(
                shown.shown,
                options=look,
                growing=shown.growing,
                on_seen=lambda news: session.look(**news),
                picture=f"{worlds.a.name}.png",
            )
        else:
            html("The two worlds appear here." if not played.busy else "", "ri-waiting")
    PairedTable(auto=not played.busy and (played.key == worlds.key or played.state in ("failed", "cancelled")))


@solara.component
def ArmSelects(on_central: Callable[[], Any]) -> Any:
    """Which arm each world is simulated under; ``on_central`` is called where its settings are to be searched for."""
    session = use_session()
    choice: Choice = session.choice.value
    worlds = session.worlds()
    known = [(STANDS, *arms_of(worlds.a)), (STANDS, *ARMS, CENTRAL)]

    def pick(place: int, arm: str) -> None:
        if place == 1 and arm == CENTRAL and CENTRAL not in arms_of(session.worlds().b):
            on_central()
        elif arm in known[place]:
            session.change(with_arm(session.choice.peek(), place, "" if arm == STANDS else arm))

    with box("ri-row ri-tight", []):
        for place, name in enumerate("AB"):
            arm = choice.arms[place] or STANDS
            Choose(
                f"Who plans in {name}",
                list(known[place]),
                arm,
                lambda arm, place=place: pick(place, arm),
                "ri-field arm",
            )


@solara.component
def BestSearch(on_end: Callable[[], Any]) -> Any:
    """The search for the best settings of B, and what came of it."""
    session = use_session()
    base = with_arm(session.choice.peek(), 1, "")
    world = worlds_of(base, session.own.peek(), session.caps).b
    key = digest("search", dumps_toml(world), session.worlds().seed)
    progress, _, job = use_job(session.jobs, key, lambda: [plans.search(world, session.worlds().seed, session.caps)])

    def end() -> None:
        if progress.state == "done" and progress.values[0]:
            session.change(with_settings(session.choice.peek(), progress.values[0]))
            on_end()

    solara.use_effect(end, [progress.state, progress.key])
    with box("ri-card", []):
        html("<h2>The best settings for the network</h2>")
        html("<p>One planner with one purse looks for them on the simulator itself, with other random numbers than "
             "those that are compared. They hold in B from the first plan on.</p>")  # fmt: skip
        Waiting(progress, job, "Searching")
        if progress.state == "done" and not progress.values[0]:
            html(note("Nothing better than what stands was found."))
        Press("Close", on_end)


PAGE = Page("compare", "Compare", 2, Compare)
