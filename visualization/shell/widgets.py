"""The widgets of the pages that are written in Vue."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import ipyvuetify
import solara
import traitlets

HERE = Path(__file__).parent


@cache
def player_template() -> str:
    """The shell of the player with the player's own script inside."""
    from ..player import script

    return (HERE / "player.vue").read_text(encoding="utf-8").replace("/* PLAYER */", script())


class PlayerWidget(ipyvuetify.VuetifyTemplate):
    """Plays a recording; ``seen`` is called with the day or the site that the visitor looks at.

    ``growing`` says that the recording is the beginning of one of which more is to come.
    """

    template = traitlets.Unicode().tag(sync=True)
    recording = traitlets.Bytes(b"").tag(sync=True)
    options = traitlets.Dict({}).tag(sync=True)
    growing = traitlets.Bool(False).tag(sync=True)
    go = traitlets.Dict({}).tag(sync=True)
    picture = traitlets.Unicode("").tag(sync=True)
    on_seen = traitlets.Any(None, allow_none=True)

    @traitlets.default("template")
    def _template(self) -> str:
        return player_template()

    def vue_seen(self, news: Any) -> None:
        """What the browser says is looked at; it may say anything."""
        if self.on_seen is not None and isinstance(news, dict):
            self.on_seen({key: news[key] for key in ("day", "site") if key in news})


@solara.component
def Player(
    recording: bytes,
    options: dict[str, Any] | None = None,
    go: dict[str, Any] | None = None,
    on_seen: Callable[[dict[str, Any]], None] | None = None,
    picture: str = "",
    growing: bool = False,
) -> Any:
    """The player of one recording; ``go`` sends it to a day or a site, ``picture`` names the file of its picture."""
    return PlayerWidget.element(
        recording=recording, options=options or {}, go=go or {}, on_seen=on_seen, picture=picture, growing=growing
    )


@solara.component_vue("topbar.vue")
def TopBarView(
    pages: list[dict[str, str]],
    current: str,
    link: str,
    state: dict[str, Any],
    event_go: Callable[[str], None],
    event_files: Callable[[Any], None],
) -> None:
    """The bar on top of every page; ``state`` has ``scenario``, ``seed`` and ``exporting``."""


@solara.component_vue("upload.vue")
def UploadView(
    label: str,
    hint: str,
    accept: str,
    most_files: int,
    most_bytes: int,
    event_files: Callable[[Any], None],
) -> None:
    """A button and a place to drop files; their names and texts come in one message."""


@solara.component_vue("fields.vue")
def FieldsView(
    name: str,
    rows: list[dict[str, Any]],
    event_change: Callable[[Any], None],
    event_undo: Callable[[Any], None],
) -> None:
    """A form of labelled fields; changed ones are marked, wrong ones say why beside the field."""
