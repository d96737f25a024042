"""The application: routes, the frame around every page, and one session a visitor."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import solara

from .pages import Page, all_pages
from .session import Session
from .shell.markup import note
from .shell.parts import Notice, Press, TopBar, box, html, provide

log = logging.getLogger(__name__)
PAGES = all_pages()
STYLE = Path(__file__).parent / "shell" / "style.css"


@solara.component
def Layout(children: Sequence[Any] = ()) -> Any:
    """The frame around the pages: it holds the session, and stands in for a page that fails."""
    session = solara.use_memo(Session, [])
    admitted = solara.use_memo(lambda: session.jobs.admit(id(session)), [])
    solara.use_effect(lambda: lambda: session.jobs.leave(id(session)), [])
    provide(session)
    router = solara.use_router()
    solara.use_memo(lambda: session.open(router.search) if router.search else None, [router.search])
    solara.Style(STYLE)
    solara.Style(_player_style())
    error, clear = solara.use_exception()
    current = "/" + (router.parts[0] if router.parts else "")
    solara.Title(_title(current))
    with box("ri", []):
        if error is not None:
            log.error("a page failed", exc_info=error)
            Failed(clear)
        elif not admitted:
            with box("ri-body", [], tag="main", id="main", tabindex="-1"):
                html(
                    note(
                        f"{session.caps.sessions} visitors are here, as many as may be. Try again in some minutes.",
                        "ri-error",
                    )
                )
        else:
            TopBar([(_path(page), page.label) for page in PAGES if not page.under], _shown(current), current)
            with box("ri-body", [], tag="main", id="main", tabindex="-1"):
                Notice()
                box("ri-page", children)


@solara.component
def Failed(clear: Callable[[], None]) -> Any:
    """What stands in for a page that failed: no details, they are in the server's log."""
    with box("ri-body", [], tag="main", id="main", tabindex="-1"):
        html(note("This page could not be shown; the server's log says why.", "ri-error"))
        with box("ri-row", []):
            Press("Try again", clear)
            html('<a class="ri-button" href="./">Start over</a>')


def _shown(current: str) -> str:
    """The page of the top bar that stands for an address."""
    under = next((page.under for page in PAGES if _path(page) == current), "")
    return f"/{under}" if under else current


def _path(page: Page) -> str:
    return page.path if page.path == "/" else f"/{page.path}"


def _title(current: str) -> str:
    label = next((page.label for page in PAGES if _path(page) == current), "")
    return f"{label} · Ripieno" if label and current != "/" else "Ripieno: local optimisation and orchestration"


def _player_style() -> str:
    from .player import style

    return style()


def _route(page: Page) -> solara.Route:
    """The route of a page; the frame of the first one is the frame of all."""
    frame = Layout if page.path == "/" else None
    return solara.Route(path=page.path, component=page.component, label=page.label, layout=frame)


routes = [_route(page) for page in PAGES]
