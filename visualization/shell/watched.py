"""Two worlds of a story in the player, with some days that are worth a look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import solara

from ..marks import Moment, moments_of
from ..recording import Recording
from ..session import use_session
from ..work_hook import use_recording
from ..worlds import Worlds
from .markup import swatch, text
from .parts import Goto, Press, Waiting, box, html
from .widgets import Player


@solara.component
def Watched(worlds: Worlds, compare: str, look: Sequence[str] = (), to_compare: Callable[[], Any] | None = None) -> Any:
    """The two runs, the sentences that say what to look at, and the way to the page Compare.

    ``compare`` is its address; ``to_compare`` is called instead where no address can hold these worlds.
    """
    session = use_session()
    played = use_recording(session.jobs, worlds, shipped=True)
    go, send = solara.use_state({})
    moments = solara.use_memo(lambda: _moments(played.content), [played.progress.key])
    with box("ri-card", []):
        html(
            f"<h2>Two runs, the same customers</h2><p>{swatch('a', worlds.names[0])} &nbsp; "
            f"{swatch('b', worlds.names[1])}</p>"
        )
        if look:
            html('<ul class="ri-look">' + "".join(f"<li>{text(words)}</li>" for words in look) + "</ul>")
        Waiting(played.progress, played.job, played.doing)
        if played.content:
            with box("ri-pick", []):
                for moment in moments:
                    Press(f"Day {moment.day}: {moment.words}", lambda m=moment: send({"day": m.day, "site": m.site}))
            with box("ri-small", []):
                Player(played.content, options=_options(worlds, bool(look)), go=go)
            if to_compare is None:
                Goto("Open in Compare", compare)
            else:
                Press("Open in Compare", to_compare)


def _options(worlds: Worlds, charts: bool) -> dict[str, Any]:
    return {"day": worlds.a.warm_up + 1 if not charts else 1, "drawer": charts, "charts": charts}


def _moments(content: bytes) -> list[Moment]:
    return moments_of(Recording.from_bytes(content)) if content else []
