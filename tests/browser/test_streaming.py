"""Recordings that are still being made: the player plays what there is, waits at its edge, and ends with the whole."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ripieno.visualization.claims import claims
from ripieno.visualization.export import export
from ripieno.visualization.recording import Recording

from .chromium import Chromium, Page
from .networks import DAYS, LABELS, regional_begun, regional_pair
from .server import served
from .test_app import SLOW, Visitor
from .test_player import settle, show

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def whole() -> Recording:
    return regional_pair()


@pytest.fixture(scope="module")
def begun() -> list[Recording]:
    return regional_begun(25, 40)


@pytest.fixture
def page(chromium: Chromium, whole: Recording, tmp_path: Path) -> Iterator[Page]:
    """A page with a player in it; others are put into it beside."""
    with chromium.page() as opened:
        show(opened, export(whole, tmp_path / "page.html").as_uri())
        opened.evaluate(
            "window.bytesOf = text => Uint8Array.from(atob(text), c => c.charCodeAt(0)); window.days = [];"
            "window.put = (id, text, options) => { const box = document.createElement('div'); box.id = id;"
            "document.body.append(box); window[id] = RipienoPlayer.mount(box, bytesOf(text), options);"
            "return window[id].ready; }; 0"
        )
        yield opened
        assert opened.errors == []


def put(page: Page, name: str, recording: Recording, **options: Any) -> None:
    """A player with a name, and its recording shown."""
    text = base64.b64encode(recording.to_bytes()).decode()
    page.evaluate(
        f"put('{name}', '{text}', {{growing: true, ...{json.dumps(options)}, onday: d => days.push(d)}})"
        f".then(() => {name}.site)"
    )


def more(page: Page, name: str, recording: Recording) -> None:
    text = base64.b64encode(recording.to_bytes()).decode()
    page.evaluate(f"{name}.load(bytesOf('{text}')).then(() => 0)")


def in_it(page: Page, what: str, name: str = "second") -> Any:
    return page.evaluate(f"document.querySelector('#{name} {what}")


def test_it_shows_how_far_the_recording_reaches(page: Page, begun: list[Recording]) -> None:
    put(page, "second", begun[1])
    assert in_it(page, ".rp-reach').textContent") == f"Recorded up to day 40 of {DAYS}; more is being simulated …"
    assert in_it(page, ".rp-unseen').textContent").startswith("Recorded up to day 40")
    ends = page.evaluate(
        "['.rp-ahead', '.rp-slider'].map(s => document.querySelector('#second ' + s).getBoundingClientRect())"
        ".map(r => [r.left, r.right])"
    )
    left, right = ends[1]
    assert ends[0][0] == pytest.approx(left + 17 + (right - left - 16) * 39 / (DAYS - 1), abs=1)
    assert ends[0][1] == pytest.approx(right, abs=1)
    page.evaluate("second.seek(500)")
    assert page.evaluate("second.day") == 40
    in_it(page, ".rp-slider').value = 80")
    in_it(page, ".rp-slider').dispatchEvent(new Event('input'))")
    assert (page.evaluate("second.day"), in_it(page, ".rp-slider').value")) == (40, "40")
    settle(page)
    assert in_it(page, ".rp-clock').textContent") == f"Day 40 / {DAYS}"
    more(page, "second", regional_begun(60)[0])
    assert page.evaluate("second.day") == 40  # where the visitor has put it


def test_it_plays_to_the_edge_waits_and_goes_on(page: Page, begun: list[Recording], whole: Recording) -> None:
    put(page, "second", begun[0], day=20, speed=20)
    page.evaluate("second.play()")
    page.wait_for("document.querySelector('#second .rp-unseen').textContent === 'Waiting at day 25'")
    assert page.evaluate("[second.playing, second.day]") == [True, 25]
    page.pause(0.3)
    assert page.evaluate("[second.playing, second.day]") == [True, 25]
    more(page, "second", begun[1])
    page.wait_for("second.day > 26")
    page.wait_for("document.querySelector('#second .rp-unseen').textContent === 'Waiting at day 40'")
    more(page, "second", whole)
    assert in_it(page, ".rp-reach').hidden")
    assert in_it(page, ".rp-unseen').textContent") == f"All {DAYS} days are there"
    page.wait_for(f"second.day === {DAYS} && !second.playing")


def test_at_the_end_nothing_is_left_of_the_chunks(page: Page, begun: list[Recording], whole: Recording) -> None:
    options = {"day": 22, "site": "Linz", "theme": "dark"}
    put(page, "second", begun[0], **options)
    more(page, "second", begun[1])
    more(page, "second", whole)
    put(page, "third", whole, **options)
    settle(page)
    page.evaluate("document.querySelectorAll('#second .rp-unseen, #third .rp-unseen').forEach(e => e.remove())")
    assert page.evaluate("document.querySelector('#second').innerHTML === document.querySelector('#third').innerHTML")
    pictures = "[...document.querySelectorAll('#{} canvas')].map(c => c.toDataURL())"
    one, other = (page.evaluate(pictures.format(name)) for name in ("second", "third"))
    assert len(one) == 8  # two maps, four charts, two courses in the drawer
    assert one == other


def test_what_was_chosen_stays(page: Page, begun: list[Recording], whole: Recording) -> None:
    put(page, "second", begun[1], day=30)
    page.evaluate(
        "second.setSpeed(5); second.setDifference(true); second.focus('Linz');"
        "document.querySelector('#second .rp-chart:nth-child(4) figcaption button').click();"
        "document.querySelector('#second .rp-mark').focus(); 0"
    )
    more(page, "second", whole)
    assert page.evaluate("[second.day, second.site]") == [30, "Linz"]
    assert in_it(page, ".rp-speed').value") == "5"
    assert page.evaluate("document.querySelectorAll('#second .rp-map').length") == 1
    assert page.evaluate("document.querySelectorAll('#second .rp-chart:nth-child(4) tbody tr').length") == DAYS
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Day 21: Outage at Linz")
    in_it(page, ".rp-drawer button').focus()")
    more(page, "second", whole)
    assert page.evaluate("second.day") == 30


def test_the_day_of_a_link_is_reached_when_it_is_recorded(page: Page, begun: list[Recording], whole: Recording) -> None:
    put(page, "second", begun[0], day=70)
    settle(page)
    assert page.evaluate("[second.day, days.length]") == [25, 0]  # the link keeps its day
    more(page, "second", begun[1])
    settle(page)
    assert page.evaluate("[second.day, days.length]") == [40, 0]
    more(page, "second", whole)
    page.wait_for("second.day === 70 && days.at(-1) === 70")


def test_after_a_cancel_it_plays_what_there_is(page: Page, begun: list[Recording]) -> None:
    put(page, "second", begun[0], day=24, speed=20)
    page.evaluate("second.play()")
    page.wait_for("second.day === 25")
    page.evaluate("second.setGrowing(false)")
    page.wait_for("!second.playing")
    assert in_it(page, ".rp-reach').textContent").endswith("; the rest was not simulated")
    page.evaluate("second.play()")
    page.wait_for("second.day < 20")


def test_other_worlds_take_the_place_of_a_beginning(page: Page, begun: list[Recording]) -> None:
    put(page, "second", begun[1], day=30)
    names = (replace(world, label=f"Other {world.label}") for world in begun[0].worlds)
    more(page, "second", replace(begun[0], worlds=tuple(names)))
    page.wait_for("second.recording && second.day === 25")
    assert f"Other {LABELS[0]}" in page.text("#second .rp-map figcaption")


# -- the application -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("server") / "log.txt") as address:
        yield address


LONG = 400  # days of the largest bundled network: some six seconds, far more than the two after which it streams


def address(seed: int) -> str:
    """Two worlds that are simulated for far longer than two seconds."""
    return f"/compare?scenario=regional&seed={seed}&set=periods%3D{LONG}"


REACH = "document.querySelector('.rp-reach')"
BEGUN = f"{REACH} && !{REACH}.hidden"


def test_two_worlds_can_be_watched_while_they_are_simulated(chromium: Chromium, site: str) -> None:
    with chromium.page() as page:
        visitor = Visitor(page, site)
        visitor.go(address(31))
        page.wait_for(BEGUN, SLOW)
        assert "more is being simulated" in page.text(".rp-reach")
        assert visitor.sees("Simulating one run of both worlds")
        page.evaluate("document.querySelector('.ri-player-shell').dataset.mine = 'yes'")
        page.evaluate("document.querySelector('.rp-slider').value = 45")
        page.evaluate("document.querySelector('.rp-slider').dispatchEvent(new Event('input'))")
        day = "document.querySelector('.rp-clock b').textContent"
        page.wait_for(f"{day} === '45'")
        page.wait_for(f"{REACH}.hidden", SLOW)
        assert page.evaluate(f"[{day}, document.querySelector('.ri-player-shell').dataset.mine]") == ["45", "yes"]
        visitor.see("20 runs of both, paired")
        page.wait_for("document.querySelector('.ri-top').__vue__.link.includes('day=45')")
        visitor.clean()


def test_a_cancelled_one_shows_what_there_is_and_goes_again(chromium: Chromium, site: str) -> None:
    with chromium.page() as page, chromium.page() as second:
        visitor, other = Visitor(page, site), Visitor(second, site)
        visitor.go(address(32))
        page.wait_for(BEGUN, SLOW)
        visitor.press("Cancel")
        visitor.see("Cancelled. What was finished is shown.")
        page.wait_for(f"{REACH}.textContent.endsWith('the rest was not simulated')")
        other.go("/compare?scenario=e5-departures&set=periods%3D91&set=warm_up%3D20&b=")
        other.ready()
        assert second.evaluate(f"{REACH}.hidden")
        assert "/ 91" in second.text(".rp-clock")
        visitor.press("Run again")
        page.wait_for(f"{REACH}.hidden", SLOW)
        assert f"/ {LONG}" in page.text(".rp-clock")
        visitor.clean()
        other.clean()


def test_the_knob_of_a_claim_is_simulated_for_whoever_turns_it(chromium: Chromium, site: str) -> None:
    with chromium.page() as page:
        visitor = Visitor(page, site)
        claim = claims()["C7"]
        visitor.go(f"/stories?{claim.choice().query()}")
        visitor.press("It does not hold")
        visitor.see("One knob: what is missing in B")
        page.wait_for(f"{REACH}?.hidden", SLOW)
        caption = "document.querySelector('.rp-map:nth-child(2) figcaption')?.textContent"
        assert "No shared metrics" in page.evaluate(caption)
        visitor.press("Visibility")
        page.wait_for(f"{REACH}?.hidden && {caption}.includes('No visibility')", SLOW)
        visitor.see("Run 20 pairs")
        assert page.evaluate("document.querySelectorAll('.ri-pick button[aria-pressed=true]').length") == 1
        visitor.press("Open in Compare")
        page.wait_for(f"location.pathname === '/compare' && {caption}?.includes('No visibility')", SLOW)
        visitor.clean()
