"""Two worlds of a story in the player, with some days that are worth a look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import solara

from ..marks import Moment, moments_of
from ..recording import Recording
from ..session import use_session
from ..work_hook import Played, use_recording
from ..worlds import Worlds
from .markup import swatch, text
from .parts import Goto, Press, Waiting, box, html
from .widgets import Player


@solara.component
def Making(played: Played) -> Any:
    """How far a recording is, and what ends it or starts it again.

    It is one element, whatever it shows: a player behind it stays as it is.
    """
    with box("", []):
        Waiting(played.progress, played.job, played.doing)
        if played.progress.state == "cancelled":
            Press("Run again", played.start)
        if played.stale and not played.progress.busy:
            html('<p class="ri-note">Inputs changed, run again.</p>')


@solara.component
def Watched(
    worlds: Worlds,
    compare: str,
    look: Sequence[str] = (),
    to_compare: Callable[[], Any] | None = None,
    shipped: bool = True,
) -> Any:
    """The two runs, the sentences that say what to look at, and the way to the page Compare.

    ``compare`` is its address; ``to_compare`` is called instead where no address can hold these worlds. ``shipped``
    says that their recording came with the package.
    """
    session = use_session()
    played = use_recording(session.jobs, worlds, shipped)
    go, send = solara.use_state({})
    moments = solara.use_memo(lambda: _moments(played.content), [played.content])
    with box("ri-card", []):
        html(
            f"<h2>Two runs, the same customers</h2><p>{swatch('a', worlds.names[0])} &nbsp; "
            f"{swatch('b', worlds.names[1])}</p>"
        )
        if look:
            html('<ul class="ri-look">' + "".join(f"<li>{text(words)}</li>" for words in look) + "</ul>")
        Making(played)
        if played.shown:
            with box("ri-pick", []):
                for moment in moments:
                    Press(f"Day {moment.day}: {moment.words}", lambda m=moment: send({"day": m.day, "site": m.site}))
            with box("ri-small ri-stale" if played.stale else "ri-small", []):
                Player(played.shown, options=_options(worlds, bool(look)), go=go, growing=played.growing)
            if to_compare is None:
                Goto("Open in Compare", compare)
            else:
                Press("Open in Compare", to_compare)


def _options(worlds: Worlds, charts: bool) -> dict[str, Any]:
    return {"day": worlds.a.warm_up + 1 if not charts else 1, "drawer": charts, "charts": charts}


def _moments(content: bytes) -> list[Moment]:
    return moments_of(Recording.from_bytes(content)) if content else []
