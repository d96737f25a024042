"""The application in a real browser: the flows of a visitor, without a request that leaves this machine."""

from __future__ import annotations

import json
import time
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import ripieno
from ripieno.model.schema import dumps_toml

from .chromium import BrowserError, Chromium, Page
from .server import served

pytestmark = pytest.mark.browser
BUTTONS = "[...document.querySelectorAll('.ri button, .ri a.ri-button, a.ri-view, .ri-nav a')]"
SLOW = 120.0
"""Seconds that a simulation may take on a busy machine."""


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server") / "log.txt"


@pytest.fixture(scope="module")
def site(log: Path) -> Iterator[str]:
    with served(log) as address:
        yield address


class Visitor:
    """A page at the site, with the words that a person would use."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.site = site

    def go(self, path: str) -> None:
        self.page.goto(self.site + path)
        self.page.wait_for("document.querySelector('.ri h1')")

    def press(self, label: str) -> None:
        button = f"{BUTTONS}.find(e => e.textContent.trim().startsWith({json.dumps(label)}) && !e.disabled)"
        self.page.wait_for(button)
        self.page.evaluate(f"{button}.click()")

    def see(self, words: str, seconds: float = SLOW) -> None:
        try:
            self.page.wait_for(f"document.querySelector('.ri').textContent.includes({json.dumps(words)})", seconds)
        except BrowserError:
            pytest.fail(f"{words!r} is not on the page: {self.text[-1500:]}")

    def sees(self, words: str) -> bool:
        return words in self.text

    @property
    def text(self) -> str:
        return str(self.page.evaluate("document.querySelector('.ri').textContent"))

    def ready(self) -> None:
        self.page.wait_for("document.querySelector('.ri-player-shell[data-ready]')", SLOW)

    def clean(self) -> None:
        """No console error, nothing outside this machine."""
        assert self.page.errors == []
        assert self.page.outside(self.site.removeprefix("http://")) == []


@pytest.fixture
def visitor(chromium: Chromium, site: str) -> Iterator[Visitor]:
    with chromium.page() as page:
        found = Visitor(page, site)
        yield found
        found.clean()


def test_home_moves_soon(visitor: Visitor) -> None:
    visitor.go("/")  # the first visitor waits for the workers; the next one is measured
    visitor.ready()
    start = time.monotonic()
    visitor.go("/")
    visitor.ready()
    day = "Number(document.querySelector('.rp-clock b').textContent.replace(/\\D/g, ''))"
    visitor.page.wait_for(f"{day} > 101")
    assert time.monotonic() - start < 3


def test_compare_shows_two_worlds_and_their_numbers(visitor: Visitor) -> None:
    visitor.go("/compare")
    visitor.ready()
    visitor.see("Means over 20 pairs")
    visitor.press("Edit what differs")
    visitor.see("warehouses.Hub.waves.every")
    for view, words in (
        ("Bullwhip", "variance of the orders"),
        ("Scorecards", "good for me, bad for all"),
        ("Ledger", "Nobody negotiates"),
    ):
        visitor.press(view)
        visitor.see(words)


def test_a_story_ends_with_a_verdict(visitor: Visitor) -> None:
    visitor.go("/stories")
    visitor.press("Open")
    visitor.see("Choose what you expect")
    assert not visitor.sees("Verdict")
    visitor.press("The network pays for it")
    visitor.page.wait_for("document.querySelector('.ri-verdict')", SLOW)
    assert visitor.page.text(".ri-verdict").startswith(
        ("Supported in all 3", "Only here: it holds with", "Not supported")
    )
    visitor.see("A less B, mean of 20 pairs")
    visitor.ready()
    visitor.press("Day ")
    visitor.see("What would prove it wrong")


def test_a_claim_is_guessed_at_watched_and_answered_by_its_study(visitor: Visitor) -> None:
    visitor.go("/stories")
    door = "[...document.querySelectorAll('.ri-door')].find(e => e.textContent.includes('Votes take time'))"
    visitor.page.evaluate(f"{door}.querySelector('button').click()")
    visitor.see("Choose what you expect")
    assert not visitor.sees("What the study has found")
    visitor.press("It holds nearly everywhere")
    visitor.ready()
    assert visitor.page.evaluate("document.querySelectorAll('.ri-look li').length") >= 3
    assert "Majority" in visitor.page.text(".rp-map figcaption")
    visitor.see("What would prove it wrong")
    address = visitor.page.evaluate("location.pathname + location.search")
    visitor.go(address)
    visitor.see("Votes take time")
    visitor.press("It does not hold")
    visitor.press("Open in Compare")
    visitor.page.wait_for("location.pathname === '/compare'")
    second = "document.querySelector('.rp-map:nth-child(2) figcaption')?.textContent.includes('Consensus')"
    visitor.page.wait_for(f"document.querySelector('.ri-views') && {second}", SLOW)


def test_the_best_settings_are_searched_for_and_stand_in_the_link(visitor: Visitor) -> None:
    visitor.go("/compare?scenario=e5-departures&set=periods%3D90&set=warm_up%3D20&b=")
    visitor.ready()
    visitor.page.evaluate("document.querySelectorAll('.v-select')[2].id = 'planner'")
    visitor.page.click("#planner .v-select__slot")
    item = "[...document.querySelectorAll('.menuable__content__active .v-list-item')]"
    visitor.page.wait_for(f"{item}.length")
    visitor.page.evaluate(f"{item}.find(e => e.textContent.trim() === 'central').click()")
    visitor.see("The best settings for the network")
    visitor.page.wait_for("location.search.includes('orchestration.settings.')", SLOW)
    visitor.page.wait_for("document.querySelector('.rp-map:nth-child(2) figcaption')?.textContent.includes('central')")
    visitor.press("Edit what differs")
    visitor.see("orchestration.settings.")


def test_a_link_brings_back_what_was_looked_at(visitor: Visitor, chromium: Chromium, site: str) -> None:
    query = "scenario=e5-departures&b=carriers.Haulier.dispatch.threshold%3D0.8&seed=9&day=83&site=Corby"
    visitor.go(f"/compare?{query}")
    visitor.ready()
    day = "document.querySelector('.rp-clock b').textContent"
    assert visitor.page.evaluate(day) == "83"
    visitor.page.evaluate("document.querySelector('.rp-slider').focus()")
    visitor.page.press("ArrowRight")
    visitor.page.wait_for(f"{day} === '84'")
    link = "document.querySelector('.ri-top').__vue__.link"
    visitor.page.wait_for(f"{link}.includes('day=84')")
    given = visitor.page.evaluate(link)
    assert "site=Corby" in given
    assert visitor.page.evaluate("location.pathname + location.search") == given
    assert "seed=9" in given
    with chromium.page() as second:
        other = Visitor(second, site)
        other.go(given)
        other.ready()
        assert second.evaluate(day) == "84"
        assert second.evaluate(f"{link}") == given
        other.clean()


def test_a_run_can_be_cancelled_and_goes_again(visitor: Visitor) -> None:
    visitor.go("/network?scenario=regional&seed=77")
    visitor.press("Run")
    visitor.see("Simulating")
    visitor.press("Cancel")
    visitor.see("Cancelled.")
    visitor.press("Run")
    visitor.see("Means over 20 runs")


def test_a_wrong_value_is_refused_beside_its_field(visitor: Visitor) -> None:
    visitor.go("/network?scenario=e1-picking-waves")
    field = "document.querySelector('[id=\"field-network-suppliers_Plant_unit_cost\"]')"
    visitor.page.wait_for(field)
    for text, words in (
        ("-3", "give"),
        ("1e99", "give"),
        ("soon", "number"),
        ("os:system", "outside this program"),
    ):
        visitor.page.evaluate(f"{field}.value = {json.dumps(text)}; {field}.dispatchEvent(new Event('change'))")
        wrong = "document.querySelector('.ri-wrong')?.textContent ?? ''"
        visitor.page.wait_for(f"({wrong}).includes({json.dumps(words)})")
    assert not visitor.sees("What you changed")
    visitor.page.evaluate(f"{field}.value = '2'; {field}.dispatchEvent(new Event('change'))")
    visitor.see("What you changed")
    assert visitor.page.evaluate("document.querySelectorAll('.ri-cell.ri-changed').length") == 1


def test_files_come_out_and_go_in_again(visitor: Visitor, tmp_path: Path) -> None:
    visitor.page.downloads(tmp_path)
    visitor.go("/compare?scenario=e5-departures")
    visitor.ready()
    visitor.press("Export")
    files = {
        "Tables (CSV)": "e5-departures-csv.zip",
        "Both scenarios": "e5-departures-scenarios.zip",
        "Page that plays": "e5-departures.html",
        "Figures for print": "e5-departures-figures.zip",
    }
    for label, name in (files | {"Save picture": "e5-departures.png"}).items():
        visitor.press(label)
        _arrived(visitor, tmp_path / name)
    assert (tmp_path / "e5-departures.png").read_bytes().startswith(b"\x89PNG")
    with zipfile.ZipFile(tmp_path / "e5-departures-csv.zip") as archive:
        assert {"network.csv", "agents.csv", "provenance.json", "world-a.toml", "README.txt"} <= set(archive.namelist())
        (tmp_path / "mine.toml").write_bytes(archive.read("world-b.toml"))
        assert json.loads(archive.read("provenance.json"))["code_hash"]
    assert b"RipienoPlayer" in (tmp_path / "e5-departures.html").read_bytes()
    visitor.go("/network")
    visitor.page.upload("input[type=file]", tmp_path / "mine.toml")
    visitor.see("5 sites, 3 markets")
    visitor.press("Save as TOML")
    _arrived(visitor, tmp_path / "e5-departures.toml")
    given = tomllib.loads((tmp_path / "e5-departures.toml").read_text(encoding="utf-8"))
    assert given["carriers"][0]["dispatch"]["threshold"] == 0.8


def _arrived(visitor: Visitor, path: Path) -> None:
    end = time.monotonic() + SLOW
    while not (path.exists() and path.stat().st_size):
        assert time.monotonic() < end, f"{path.name} did not come"
        visitor.page.pause(0.1)


def test_two_visitors_do_not_see_each_other(visitor: Visitor, chromium: Chromium, site: str) -> None:
    visitor.go("/network?scenario=e1-picking-waves&seed=4")
    with chromium.page() as page:
        other = Visitor(page, site)
        other.go("/network?scenario=beer-game&seed=8")
        assert "beer-game" in other.text
        visitor.press("Compare")
        visitor.ready()
        assert "seed 4" in visitor.text
        assert "beer" not in visitor.page.text(".ri-top")
        other.clean()


@pytest.mark.parametrize(
    "query",
    [
        "scenario=../../etc/passwd",
        "scenario=<script>alert(1)</script>",
        "scenario=e1-picking-waves&set=periods%3D1000000000",
        "scenario=e1-picking-waves&b=warehouses.Hub.policy.type%3D%22os:system%22",
        "day=-5",
        "x=" + "y" * 9000,
    ],
)
def test_a_hostile_link_is_refused_in_words(visitor: Visitor, query: str) -> None:
    visitor.go(f"/compare?{query}")
    visitor.page.wait_for("document.querySelector('.ri-error')")
    assert not visitor.sees("Traceback")
    assert visitor.page.evaluate("document.querySelectorAll('.ri script').length") == 0
    visitor.ready()  # what was there before still works


def test_forged_messages_change_nothing(visitor: Visitor) -> None:
    visitor.go("/compare?scenario=e1-picking-waves&day=50")
    visitor.ready()
    shell = "document.querySelector('.ri-player-shell').__vue__"
    bar = "document.querySelector('.ri-top').__vue__"
    for message in ("{day: 1e9}", "{day: 'x', site: {}}", "[]", "null", "{site: '<img src=x onerror=alert(1)>'}"):
        visitor.page.evaluate(f"{shell}.seen({message})")
    for path in ("'//example.org'", "'javascript:alert(1)'", "{}", "null"):
        visitor.page.evaluate(f"{bar}.go({path})")
    visitor.page.evaluate(
        "document.querySelectorAll('.v-select').forEach(e => e.__vue__.$emit('change', '../../etc/passwd'))"
    )
    visitor.page.pause(1)
    assert "day=50" in visitor.page.evaluate(f"{bar}.link")
    assert visitor.page.evaluate("location.pathname") == "/compare"
    assert not visitor.sees("Traceback")
    visitor.press("Bullwhip")
    visitor.see("variance of the orders")


def test_hostile_files_are_refused_in_words(visitor: Visitor, tmp_path: Path) -> None:
    visitor.go("/network?scenario=beer-game")
    text = dumps_toml(ripieno.load("beer-game"))
    hostile: dict[str, Any] = {
        "code.toml": text.replace('"sterman"', '"os:system"', 1),
        "deep.json": "[" * 3000,
        "large.toml": "x = 1\n" * 400_000,
        "long.toml": text.replace("periods = 36", "periods = 100000"),
        "markup.toml": '"<img src=x onerror=alert(1)>" = 3',
    }
    for name, content in hostile.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
        visitor.page.upload("input[type=file]", tmp_path / name)
        visitor.page.wait_for(
            "document.querySelector('.ri-error') || /allowed/.test(document.querySelector('.ri-upload').textContent)"
        )
        visitor.page.pause(0.3)
        assert not visitor.sees("Traceback")
        assert visitor.page.evaluate("document.querySelectorAll('img[src=x]').length") == 0
    visitor.see("beer-game")


def test_every_page_stands_on_a_phone_and_in_the_dark(chromium: Chromium, site: str) -> None:
    with chromium.page(390, 844, dark=True) as page:
        visitor = Visitor(page, site)
        for path in (
            "/",
            "/stories",
            "/compare",
            "/bullwhip",
            "/scorecards",
            "/ledger",
            "/network",
            "/experiments",
            "/methods",
        ):
            visitor.go(path)
            page.pause(0.5)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
            assert page.evaluate("document.documentElement.classList.contains('ri-dark')"), path
            assert page.evaluate("document.querySelectorAll('h1').length") == 1, path
            assert _nameless(page) == [], path
        visitor.clean()


def _nameless(page: Page) -> list[str]:
    """Buttons, links and fields without a name that could be spoken."""
    script = """[...document.querySelectorAll('.ri button, .ri a, .ri input, .ri select')].filter(e => {
      const label = e.id && document.querySelector(`label[for="${CSS.escape(e.id)}"]`) || e.closest('label');
      const said = label && label.textContent.trim();
      const name = e.getAttribute('aria-label') || e.textContent.trim() || e.title || said;
      return !name && e.type !== 'hidden' && e.offsetParent;
    }).map(e => e.outerHTML.slice(0, 120))"""
    found: list[str] = page.evaluate(script)
    return found


def test_the_keyboard_reaches_what_matters(visitor: Visitor) -> None:
    visitor.go("/methods")
    visitor.page.press("Tab")
    assert visitor.page.evaluate("document.activeElement.textContent.trim()") == "Skip to the page"
    reached = set()
    for _ in range(12):
        visitor.page.press("Tab")
        reached.add(visitor.page.evaluate("document.activeElement.textContent.trim()"))
    assert {"Stories", "Compare", "Network", "Experiments", "Methods", "Copy link"} <= reached


def test_a_full_server_says_so(chromium: Chromium, tmp_path: Path) -> None:
    with served(tmp_path / "log.txt", "--sessions", "1") as small, chromium.page() as first, chromium.page() as second:
        one = Visitor(first, small)
        one.go("/methods")
        second.goto(small)
        second.wait_for("document.querySelector('.ri-error')")
        assert "1 visitors are here, as many as may be" in second.text(".ri")
        one.press("Network")
        one.see("Change values")
        first.goto("about:blank")
        first.pause(1)
        two = Visitor(second, small)
        two.go("/methods")


def test_the_log_holds_no_traceback(site: str, log: Path) -> None:
    assert "Traceback" not in log.read_text(encoding="utf-8", errors="replace")
