"""Compare: two worlds on one clock, the main screen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import solara

from .. import plans
from ..choice import Choice
from ..session import use_session
from ..shell.editing import Choose, DifferenceRows, ScenarioSelect, SeedField
from ..shell.exports import ExportPanel
from ..shell.markup import swatch
from ..shell.paired import PairedTable
from ..shell.parts import Press, Waiting, box, html, title, views
from ..shell.widgets import Player
from ..work_hook import use_job
from ..worlds import arms_of
from . import Page


@solara.component
def Compare() -> Any:
    """The page."""
    session = use_session()
    choice: Choice = session.choice.value
    worlds = session.worlds()
    editing, set_editing = solara.use_state(False)
    exporting, set_exporting = solara.use_state(False)
    played, _, job = use_job(session.jobs, worlds.key, lambda: [plans.recording(worlds)])
    title("Compare two worlds", "")
    views("/compare")
    with box("ri-row", []):
        ScenarioSelect()
        SeedField()
        ArmSelects()
        Press("Edit what differs", lambda: set_editing(not editing), pressed=editing)
        Press("Export", lambda: set_exporting(not exporting), pressed=exporting)
    if exporting:
        ExportPanel(played.values[0] if played.values and played.key == worlds.key else b"", worlds)
    a, b = worlds.names
    html(f"<p>{swatch('a', f'A: {a}')} &nbsp;&nbsp; {swatch('b', f'B: {b}')}</p>")
    if editing:
        with box("ri-card", []):
            html("<h2>What differs in B</h2>")
            DifferenceRows(choice.other, lambda other: session.change(replace(session.choice.peek(), other=other)))
    Waiting(played, job, "Simulating one run of both worlds")
    stale = bool(played.values) and played.key != worlds.key
    if stale and not played.busy:
        html('<p class="ri-note">Inputs changed, run again.</p>')
    with box("ri-stale" if stale else "", []):
        if played.values:
            look = {"day": choice.day, **({"site": choice.site} if choice.site else {})}
            Player(
                played.values[0],
                options=look,
                on_seen=lambda news: session.look(**news),
                picture=f"{worlds.a.name}.png",
            )
        else:
            html("The two worlds appear here." if not played.busy else "", "ri-waiting")
    PairedTable(auto=not played.busy and (played.key == worlds.key or played.state in ("failed", "cancelled")))


@solara.component
def ArmSelects() -> Any:
    """Which arm each world is simulated under."""
    session = use_session()
    choice: Choice = session.choice.value
    known = ["as it stands", *arms_of(session.worlds().a)]

    def pick(place: int, arm: str) -> None:
        if arm in known:
            arms = list(session.choice.peek().arms)
            arms[place] = "" if arm == known[0] else arm
            session.change(replace(session.choice.peek(), arms=tuple(arms)))

    with box("ri-row ri-tight", []):
        for place, name in enumerate("AB"):
            arm = choice.arms[place] or known[0]
            Choose(f"Who plans in {name}", known, arm, lambda arm, place=place: pick(place, arm), "ri-field arm")


PAGE = Page("compare", "Compare", 2, Compare)
