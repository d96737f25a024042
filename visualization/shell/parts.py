"""Components that several pages use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import solara
from reacton import ipyvuetify as v

from ..session import SESSION, Session, use_session
from ..work_hook import Job, Progress
from .markup import bar, note, text
from .widgets import TopBarView


def html(markup: str, kind: str = "") -> Any:
    """Markup made by `markup`, in which every foreign text is escaped."""
    return solara.HTML(tag="div", unsafe_innerHTML=markup, class_=kind or None)


def box(kind: str, children: Sequence[Any], tag: str = "div", **attributes: str) -> Any:
    """An element with children."""
    return v.Html(tag=tag, class_=kind, children=list(children), attributes=attributes)


def title(heading: str, lead: str) -> Any:
    """The heading of a page and what it is for."""
    return html(f"<h1>{text(heading)}</h1>" + (f'<p class="ri-lead">{text(lead)}</p>' if lead else ""))


@solara.component
def Press(
    label: str, on_click: Callable[[], Any], main: bool = False, disabled: bool = False, pressed: bool | None = None
) -> Any:
    """A button."""
    attributes = {"type": "button"} | ({"disabled": "disabled"} if disabled else {})
    if pressed is not None:
        attributes["aria-pressed"] = "true" if pressed else "false"
    made = v.Html(
        tag="button", class_=f"ri-button{' ri-main' if main else ''}", children=[label], attributes=attributes
    )

    def act(*_: Any) -> None:
        if not disabled:
            on_click()

    v.use_event(made, "click", act)
    return made


@solara.component
def Goto(label: str, path: str, main: bool = False) -> Any:
    """A link to a page of the application that looks like a button."""
    router = solara.use_router()
    attributes = {"href": router.root_path + path}
    made = v.Html(tag="a", class_=f"ri-button{' ri-main' if main else ''}", children=[label], attributes=attributes)
    v.use_event(made, "click.prevent.stop", lambda *_: router.push(path))
    return made


@solara.component
def TopBar(pages: Sequence[tuple[str, str]], current: str, address: str) -> Any:
    """The bar with the pages, what is simulated, the link and the theme."""
    session = use_session()
    router = solara.use_router()
    choice = session.choice.value
    worlds = session.worlds()
    known = {path for path, _ in pages}
    shown = session.exporting.value and address == "/compare"

    def go(path: Any) -> None:
        if isinstance(path, str) and (path in known or path == "/"):
            router.push(path)

    def files(_: Any) -> None:
        session.exporting.value = not shown
        if address != "/compare":
            router.push("/compare")

    TopBarView(
        pages=[{"path": path, "label": label} for path, label in pages if path != "/"],
        current=current,
        link=f"{'/compare' if address == '/' else address}?{choice.query()}",
        state={"scenario": worlds.a.name, "seed": worlds.seed, "exporting": shown},
        event_go=go,
        event_files=files,
    )


@solara.component
def Notice() -> Any:
    """What was refused last, if anything."""
    session = use_session()
    if session.notice.value:
        with box("", [], role="status"):
            html(note(session.notice.value, "ri-error"))
    else:
        box("", [])


@solara.component
def Waiting(progress: Progress, job: Job, what: str) -> Any:
    """How far a job is, with a button that cancels it."""
    with box("", [], **{"aria-live": "polite"}):
        if progress.busy:
            html(
                f"{bar(progress.done / progress.total if progress.total else 0.0)}<p class='ri-quiet'>"
                f"{said(progress, what)}</p>"
            )
            Press("Cancel", job.cancel)
        elif progress.state == "failed":
            html(note(progress.message, "ri-error"))
        elif progress.state == "cancelled":
            html(note(f"Cancelled. {'What was finished is shown.' if progress.values or progress.chunk else ''}"))


def said(progress: Progress, what: str) -> str:
    """Progress in words."""
    if progress.ahead:
        return text(f"In line: {progress.ahead} before this one")
    left = f", about {progress.left:.0f} s left" if progress.left else ""
    parts = f" ({progress.done} of {progress.total} parts{left})" if progress.total > 1 else ""
    return text(f"{what}{parts} …")


def provide(session: Session) -> None:
    """Make the session known to everything below."""
    SESSION.provide(session)


VIEWS = (("Player", "/compare"), ("Bullwhip", "/bullwhip"), ("Scorecards", "/scorecards"), ("Ledger", "/ledger"))


@solara.component
def View(label: str, path: str, current: bool) -> Any:
    """A link to one view."""
    router = solara.use_router()
    attributes = {"href": router.root_path + path} | ({"aria-current": "page"} if current else {})
    made = v.Html(tag="a", class_="ri-view", children=[label], attributes=attributes)
    v.use_event(made, "click.prevent.stop", lambda *_: router.push(path))
    return made


def views(current: str) -> Any:
    """The four views of one comparison."""
    links = [View(label, path, path == current) for label, path in VIEWS]
    return box("ri-views", links, tag="nav", **{"aria-label": "Views of the comparison"})
