"""Home: one sentence, something that moves, three doors."""

from __future__ import annotations

from typing import Any

import solara

from ..choice import Choice
from ..recordings import story_worlds
from ..session import use_session
from ..shell.markup import swatch, text
from ..shell.parts import Goto, box, html, title
from ..shell.watched import Making
from ..shell.widgets import Player
from ..work_hook import use_recording
from . import Page

SHOWN = Choice.scenario
DOORS = (
    (
        "Watch a story",
        "Five examples, and the twelve claims that studies test. Guess first, then see what the network pays.",
        "Open the stories",
        "/stories",
    ),
    (
        "Try it",
        "Two worlds on the same random numbers, on one clock. Change something in one and see both.",
        "Compare two worlds",
        "/compare",
    ),
    (
        "Run an experiment",
        "Up to three factors, many runs, paired differences with intervals. The command line goes on from there.",
        "Set up an experiment",
        "/experiments",
    ),
)


@solara.component
def Home() -> Any:
    """The first page."""
    session = use_session()
    worlds = solara.use_memo(lambda: story_worlds(SHOWN), [])
    played = use_recording(session.jobs, worlds, shipped=True)
    title(
        "Every site does what is best for itself. What does the network get?",
        "Ripieno simulates supply chains in which everyone optimises their own costs, and measures when that is enough "
        "and when it ends in bullwhip and congestion.",
    )
    a, b = worlds.names
    html(
        f'<p class="ri-quiet">{swatch("a", a)} &nbsp; {swatch("b", b)} &nbsp; A hub sends trucks to three depots with '
        "two doors each, in both worlds with the same customers. Only the rhythm of its picking differs.</p>"
    )
    with box("ri-small", []):
        if played.shown:
            look = {"autoplay": True, "compact": True, "day": 101}
            Player(played.shown, options=look, growing=played.growing)
        else:
            html("Preparing two worlds …", "ri-waiting")
        if not played.content:
            Making(played)
    with box("ri-columns", []):
        for heading, about, label, path in DOORS:
            with box("ri-card", []), box("ri-door", []):
                html(f"<h2>{text(heading)}</h2><p>{text(about)}</p>")
                Goto(label, path, main=path == "/stories")
    html("<p style='margin-top:18px'>It does not always pay. The story of long campaigns has a setting in which local "
         "optimisation is best for everyone.</p>")  # fmt: skip
    Goto("Where orchestration does not pay", "/stories?scenario=e4-long-campaigns")


PAGE = Page("/", "Home", 0, Home)
