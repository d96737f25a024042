"""Every page is drawn in Python: with results, with refusals, and without sharing anything between two sessions."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import ipyvue
import pytest
import solara
from ripieno.visualization import work_hook
from ripieno.visualization.app import PAGES, Failed
from ripieno.visualization.caps import Caps
from ripieno.visualization.choice import Choice
from ripieno.visualization.claims import claims
from ripieno.visualization.jobs import Service
from ripieno.visualization.pages.compare import Compare
from ripieno.visualization.pages.home import Home
from ripieno.visualization.pages.ledger import Ledger
from ripieno.visualization.pages.network import Network
from ripieno.visualization.pages.stories import Stories
from ripieno.visualization.session import SESSION, Session
from ripieno.visualization.shell.markup import note
from ripieno.visualization.shell.parts import Notice
from ripieno.visualization.shell.widgets import PlayerWidget
from ripieno.visualization.work import record_pair
from ripieno.visualization.worlds import with_settings

SMALL = Choice("e5-departures", (("periods", 80), ("warm_up", 20)), (("carriers.Haulier.dispatch.threshold", 0.8),))


@pytest.fixture
def session() -> Iterator[Session]:
    service = Service(replace(Caps(), at_once=2), inline=True)
    made = Session(service)
    made.choice.value = SMALL
    yield made
    service.close()


@solara.component
def framed(component: Callable[[], Any], session: Session) -> Any:
    """What `app.Layout` does for every page: it makes the session known."""
    SESSION.provide(session)
    with solara.Column():
        component()


class Drawn:
    """A page that is drawn: its widgets, its text."""

    def __init__(self, component: Callable[[], Any], session: Session) -> None:
        self.box, self.context = solara.render(framed(component, session), handle_error=False)

    def widgets(self, kind: type = ipyvue.VueTemplate) -> list[Any]:
        found: list[Any] = []
        waiting: list[Any] = [self.box]
        while waiting:
            widget = waiting.pop(0)
            if isinstance(widget, kind):
                found.append(widget)
            waiting[:0] = [child for child in getattr(widget, "children", None) or [] if not isinstance(child, str)]
        return found

    def text(self) -> str:
        parts = [str(getattr(widget, "unsafe_innerHTML", "") or "") for widget in self.widgets(solara.widgets.HTML)]
        for widget in self.widgets(ipyvue.Html):
            parts += [child for child in widget.children or [] if isinstance(child, str)]
        return "\n".join(parts)

    def press(self, label: str) -> None:
        found = [widget for widget in self.widgets(ipyvue.Html) if label in (widget.children or [])]
        assert found, f"no button {label!r} in {self.text()[-500:]}"
        found[0].fire_event("click", {})

    def wait_for(self, words: str, seconds: float = 60) -> str:
        end = time.monotonic() + seconds
        while words not in (text := self.text()):
            assert time.monotonic() < end, f"{words!r} did not appear in {text[-800:]}"
            time.sleep(0.05)
        return text

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def draw(session: Session) -> Iterator[Callable[[Callable[[], Any]], Drawn]]:
    drawn: list[Drawn] = []

    def make(component: Callable[[], Any], whose: Session = session) -> Drawn:
        drawn.append(Drawn(component, whose))
        return drawn[-1]

    yield make
    for each in drawn:
        each.close()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.label)
def test_every_page_has_one_heading(page: Any, draw: Any) -> None:
    text = draw(page.component).text()
    assert text.count("<h1>") == 1
    assert "Traceback" not in text


def test_pages_are_found_by_themselves() -> None:
    assert [page.label for page in PAGES if not page.under][:3] == ["Home", "Stories", "Compare"]
    assert len({page.path for page in PAGES}) == len(PAGES) >= 9


def test_compare_plays_and_counts(draw: Any, session: Session) -> None:
    page = draw(Compare)
    page.wait_for("Means over 20 pairs")
    (player,) = page.widgets(PlayerWidget)
    assert len(player.recording) > 1000
    player.vue_seen({"day": 40, "site": "Corby", "more": 3})
    assert (session.choice.peek().day, session.choice.peek().site) == (40, "Corby")
    strange: tuple[Any, ...] = ({"day": -1}, {"day": "x"}, [], None, "day", {"site": 3})
    for message in strange:
        player.vue_seen(message)
    assert (session.choice.peek().day, session.choice.peek().site) == (40, "")


def test_results_of_changed_inputs_are_greyed_until_they_run_again(draw: Any, session: Session) -> None:
    page = draw(Network)
    page.press("Run")
    page.wait_for("with your changes")
    session.choice.value = replace(SMALL, changes=(*SMALL.changes, ("warehouses.Depot.holding_cost", 0.2)))
    assert "Inputs changed, run again." in page.wait_for("Inputs changed")
    page.press("Run again")
    end = time.monotonic() + 30
    while "Inputs changed" in page.text() and time.monotonic() < end:
        time.sleep(0.05)
    assert "Inputs changed" not in page.text()


def test_home_plays_at_once_what_came_with_the_package(
    draw: Any, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds = session.worlds()
    content = record_pair(worlds.a, worlds.b, worlds.names)
    monkeypatch.setattr(work_hook, "kept", lambda worlds: content)
    monkeypatch.setattr(session.jobs, "work", lambda *given: pytest.fail("something is simulated"))
    (player,) = draw(Home).widgets(PlayerWidget)
    assert player.recording == content
    assert player.options["autoplay"]


def test_home_records_anew_where_that_is_out_of_date_and_says_so(
    draw: Any, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_hook, "kept", lambda worlds: None)
    go_on = threading.Event()
    work = session.jobs.work

    def later(*given: Any) -> Iterator[Any]:
        go_on.wait(60)
        yield from work(*given)

    monkeypatch.setattr(session.jobs, "work", later)
    page = draw(Home)
    assert "was made by other code" in page.wait_for("Simulating one run of both worlds")
    assert page.widgets(PlayerWidget) == []
    go_on.set()
    end = time.monotonic() + 60
    while not page.widgets(PlayerWidget) and time.monotonic() < end:
        time.sleep(0.05)
    assert len(page.widgets(PlayerWidget)) == 1


@pytest.mark.parametrize("code", ["C7", "C6"])
@pytest.mark.parametrize("component", [Network, Compare, Stories], ids=lambda page: page.f.__name__)
def test_pages_stand_with_the_choice_of_a_claim(draw: Any, session: Session, component: Any, code: str) -> None:
    choice = claims()[code].choice()
    session.choice.value = replace(choice, arms=("none", "none"), changes=(*choice.changes, ("periods", 101)))
    text = draw(component).text()
    assert "could not be shown" not in text
    assert text.count("<h1>") == 1


def test_found_settings_can_be_seen_and_edited(draw: Any, session: Session) -> None:
    session.choice.value = with_settings(SMALL, {"carriers.Haulier.dispatch.threshold": 0.85})
    page = draw(Compare)
    page.press("Edit what differs")
    assert "orchestration.settings.carriers.Haulier.dispatch.threshold" in page.text()
    page.press("Take away")
    assert [key for key, _ in session.choice.peek().other] == [
        "orchestration.settings.carriers.Haulier.dispatch.threshold"
    ]


def test_a_scenario_file_is_taken_and_a_bad_one_is_refused(draw: Any, session: Session) -> None:
    from ripieno.model.schema import dumps_toml

    page = draw(Network)
    upload = next(widget for widget in page.widgets() if hasattr(widget, "vue_files"))
    upload.vue_files([{"name": "bad.toml", "text": "periods = = 3"}])
    assert "bad.toml: line 1" in page.text()
    text = dumps_toml(session.worlds().a).replace('name = "e5-departures"', 'name = "mine"')
    upload.vue_files([{"name": "mine.toml", "text": text}])
    assert session.choice.peek().scenario == "own"
    assert "<strong>mine</strong>" in page.text()


def test_the_ledger_says_what_would_be_there(draw: Any, session: Session) -> None:
    page = draw(Ledger)
    assert "Nobody negotiates in this world" in page.text()
    session.choice.value = Choice("e1-picking-waves", (("periods", 120), ("warm_up", 20)), arms=("none", "orch"))
    page.wait_for("World B, arm orch")
    text = page.wait_for("transfers, sum", 120)
    assert "minus the overhead, plus what a sponsor added, in every one" in text
    assert "gains by it" in text


def test_two_sessions_share_nothing(draw: Any, session: Session) -> None:
    other = Session(session.jobs)
    first, second = draw(Notice), draw(Notice, other)
    other.open("scenario=nobody")
    assert "there is no scenario" in second.text()
    assert "there is no scenario" not in first.text()
    assert session.choice.peek() == SMALL
    other.open("scenario=beer-game")
    assert session.choice.peek() == SMALL


def test_hostile_names_are_shown_as_text(draw: Any, session: Session) -> None:
    from ripieno.model.schema import dumps_toml
    from ripieno.visualization.uploads import scenario_from

    name = "<img src=x onerror=alert(1)>{{7*7}}"
    text = dumps_toml(session.worlds().a).replace("Corby", name)
    session.own.value = scenario_from([{"name": "a.toml", "text": text}], session.caps)
    session.choice.value = Choice("own")
    for component in (Network, Compare):
        page = draw(component)
        assert "<img src=x" not in page.text()


def test_a_page_that_fails_says_so_without_details(draw: Any) -> None:
    text = draw(lambda: Failed(lambda: None)).text()
    assert "could not be shown" in text
    assert note("x", "ri-error").startswith("<p")
