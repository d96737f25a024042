"""The player in a real browser: it plays, shows the numbers of the recording, and is usable by hand, key and ear."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ripieno.visualization.export import export
from ripieno.visualization.recording import Recording, record

from .chromium import Chromium, Page
from .networks import DAYS, regional_pair, wide

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def recording() -> Recording:
    return regional_pair()


@pytest.fixture(scope="module")
def address(recording: Recording, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("page")
    where: Path = export(recording, folder / "regional.html", title="Early or full?")
    return where.as_uri()


@pytest.fixture
def page(chromium: Chromium, address: str) -> Iterator[Page]:
    """The exported page, loaded; at the end it has logged no error and asked for nothing."""
    with chromium.page() as opened:
        show(opened, address)
        yield opened
        assert opened.errors == []
        assert opened.outside() == []


def show(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for("window.player && window.player.recording")
    page.wait_for("document.querySelector('.rp-map canvas').dataset.drawn")


def day(page: Page) -> int:
    return int(page.evaluate("player.day"))


def settle(page: Page) -> None:
    """Wait until the next picture has been drawn, and what is spoken has followed."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 160)))")


def colours(page: Page, canvas: str) -> list[int]:
    """How often each colour occurs on a canvas."""
    counted: list[int] = page.evaluate(
        f"(() => {{ const c = document.querySelector('{canvas}');"
        "const d = new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer);"
        "const n = new Map(); d.forEach(v => n.set(v, (n.get(v) || 0) + 1));"
        "return [...n.values()].sort((a, b) => b - a); })()"
    )
    return counted


def test_every_number_arrives(page: Page, recording: Recording) -> None:
    for place, world in enumerate(recording.worlds):
        sums: dict[str, list[float]] = page.evaluate(
            f"Object.fromEntries(Object.entries(player.recording.worlds[{place}].fields).map(([name, f]) =>"
            " [name, Array.from({length: f.rows}, (_, r) => f.row(r).reduce((s, v, t) => s + (v || 0) * (t + 1), 0))]))"
        )
        assert set(sums) == set(world.fields)
        for name, field in world.fields.items():
            values = np.nan_to_num(field.values()) @ np.arange(1, DAYS + 1)
            assert np.allclose(sums[name], values, rtol=1e-4, atol=1e-2), name


def test_it_plays_and_pauses(page: Page) -> None:
    before = colours(page, ".rp-map canvas")
    assert len(before) > 30  # sites, lanes and trucks, not an empty ground
    page.click(".rp-play")
    page.wait_for("player.day > 3")
    assert page.evaluate("document.querySelector('.rp-play').getAttribute('aria-label')") == "Pause"
    page.click(".rp-play")
    assert not page.evaluate("player.playing")
    stopped = day(page)
    page.pause(0.3)
    assert day(page) == stopped
    assert colours(page, ".rp-map canvas") != before


def test_it_stops_at_the_end_and_starts_again(page: Page) -> None:
    page.evaluate(f"player.seek({DAYS - 1}); player.setSpeed(50); player.play()")
    page.wait_for("!player.playing")
    assert day(page) == DAYS
    page.evaluate("player.play()")
    page.wait_for(f"player.day < {DAYS // 2}")
    page.evaluate("player.pause()")


def test_scrubbing_and_the_page_loop_are_quick(page: Page) -> None:
    took = page.evaluate(
        "(async () => { const found = []; for (let k = 0; k < 60; k++) { const before = performance.now();"
        f" player.seek(1 + (k * 37) % {DAYS});"
        " await new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)));"
        " found.push(performance.now() - before); } return found.sort((a, b) => a - b); })()"
    )
    turns = page.evaluate(
        "(async () => { player.seek(1); player.setSpeed(10); player.play(); let turns = 0;"
        " const from = performance.now(); await new Promise(done => { const turn = () => { turns++;"
        " if (performance.now() - from < 2000) requestAnimationFrame(turn); else done(); }; turn(); });"
        " player.pause(); return turns / 2; })()"
    )
    print(f"scrub: median {took[30]:.0f} ms, 95 % within {took[57]:.0f} ms; page loop {turns:.0f} Hz while playing")
    assert day(page) > 5


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["ArrowRight"], 31),
        (["ArrowLeft", "ArrowLeft"], 28),
        (["Shift+ArrowRight"], 37),
        (["Shift+ArrowLeft"], 23),
        (["Home"], 1),
        (["End"], DAYS),
        (["Home", "ArrowLeft"], 1),
    ],
)
def test_keys_move_the_day(page: Page, keys: list[str], expected: int) -> None:
    page.evaluate("player.seek(30); document.querySelector('.ripieno-player').focus()")
    for key in keys:
        held, _, name = key.rpartition("+")
        page.press(name, *([held] if held else []))
    assert day(page) == expected


def test_keys_play_change_the_speed_and_the_view(page: Page) -> None:
    page.evaluate("document.querySelector('.ripieno-player').focus()")
    page.press(" ")
    assert page.evaluate("player.playing")
    page.press(" ")
    assert not page.evaluate("player.playing")
    speed = float(page.evaluate("document.querySelector('.rp-speed').value"))
    page.press("]")
    assert float(page.evaluate("document.querySelector('.rp-speed').value")) > speed
    page.press("[")
    assert float(page.evaluate("document.querySelector('.rp-speed').value")) == speed
    page.press("m")
    assert page.text(".rp-tools button:nth-child(2)") == "Map"
    page.press("?")
    assert page.evaluate("document.querySelector('.rp-help').open")
    page.press("Escape")
    page.wait_for("!document.querySelector('.rp-help').open")


def test_keys_are_left_alone_outside_the_player(page: Page) -> None:
    page.evaluate("player.seek(30); document.activeElement.blur()")
    page.press("ArrowRight")
    page.press(" ")
    assert day(page) == 30
    assert not page.evaluate("player.playing")


def test_shortcuts_of_the_browser_are_left_alone(page: Page) -> None:
    page.evaluate("player.seek(30); document.querySelector('.ripieno-player').focus()")
    page.press("ArrowRight", "Control")
    page.press("d", "Control")
    assert day(page) == 30
    assert page.evaluate("document.querySelectorAll('.rp-map').length") == 2


def test_space_works_on_a_focused_control(page: Page) -> None:
    page.evaluate("document.querySelector('.rp-tools button').focus()")
    page.press(" ")
    page.wait_for("document.querySelector('.rp-tools button').getAttribute('aria-pressed') === 'true'")
    assert not page.evaluate("player.playing")


def test_the_drawer_shows_the_numbers_of_both_runs(page: Page, recording: Recording) -> None:
    page.evaluate("player.seek(47)")
    row = next(k for k, site in enumerate(recording.network.sites) if site.name == "Hanover")
    page.click(f".rp-map:nth-child(2) .rp-site:nth-of-type({row + 1})")
    assert page.evaluate("player.site") == "Hanover"
    cells = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('.rp-numbers tbody tr')].map(r =>"
        " [r.cells[0].textContent, [r.cells[1].textContent, r.cells[2].textContent]]))"
    )
    for label, name in (
        ("Stock", "sites/stock"),
        ("Ordered", "sites/ordered"),
        ("Inventory position", "sites/position"),
    ):
        truth = [world[name].values()[row, 46] for world in recording.worlds]
        assert [float(text.replace(",", "").replace("−", "-")) for text in cells[label]] == pytest.approx(
            truth, rel=0.01, abs=0.5
        )
    words = page.text(".rp-words")
    assert "A: Day 47: ordered" in words
    assert "raised to" in words
    assert "Own cost" in page.text(".rp-own")
    assert page.evaluate("document.querySelectorAll('.rp-site[aria-pressed=true]').length") == 2  # one on each map
    page.press("Escape")
    assert page.evaluate("player.site") is None
    assert page.evaluate("document.querySelector('.rp-drawer').hidden")


def test_focus_fades_the_rest(page: Page) -> None:
    page.evaluate("player.seek(40)")
    settle(page)
    dark = (
        "(() => { const c = document.querySelector('.rp-map canvas');"
        " const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0;"
        " for (let k = 0; k < d.length; k += 4) n += d[k] + d[k + 1] + d[k + 2] < 200; return n; })()"
    )
    before = page.evaluate(dark)
    page.evaluate("player.focus('Timisoara')")
    settle(page)
    assert page.evaluate(dark) < 0.6 * before


def test_enter_reaches_a_site_and_chooses_it(page: Page) -> None:
    page.evaluate("document.querySelector('.ripieno-player').focus()")
    page.press("Enter")
    assert page.evaluate("document.activeElement.classList.contains('rp-site')")
    page.press("Enter")
    page.wait_for("player.site")
    page.press("ArrowRight")  # keys go on working on a site
    assert day(page) == 2


def test_every_site_is_a_button_that_says_its_value(page: Page, recording: Recording) -> None:
    page.evaluate("player.seek(25)")
    settle(page)
    spoken = page.evaluate("[...document.querySelectorAll('.rp-map .rp-site')].map(b => b.getAttribute('aria-label'))")
    sites = recording.network.sites
    assert len(spoken) == 2 * len(sites)
    for site, text in zip(sites, spoken, strict=False):
        assert text.startswith(f"{site.name}, {site.kind}. day 25. A: stock ")
        assert "units" in text
    small = page.evaluate(
        "[...document.querySelectorAll('.rp-site')].filter(b => b.offsetWidth < 24 || b.offsetHeight < 24).length"
    )
    assert small == 0


def test_difference_mode(page: Page, recording: Recording) -> None:
    page.evaluate("player.seek(60)")
    page.click(".rp-tools button")
    assert page.evaluate("document.querySelectorAll('.rp-map').length") == 1
    settle(page)
    assert "B − A" in page.text(".rp-map figcaption")
    truth = recording.worlds[1]["network/cost"].values()[0, 59] - recording.worlds[0]["network/cost"].values()[0, 59]
    shown = page.text(".rp-figures span:nth-child(2) b").replace("−", "-").replace(",", "").replace("+", "")
    factor = 1000 if " k" in shown else 1
    assert float(shown.split()[0]) * factor == pytest.approx(truth, rel=0.02, abs=0.6)
    page.click(".rp-chart:nth-child(4) figcaption button")
    queues = [world["network/queue"].values()[0] for world in recording.worlds]
    column = (
        "[...document.querySelectorAll('.rp-chart:nth-child(4) tbody td')].map(c => c.textContent.replace('−', '-'))"
    )
    assert [int(text) for text in page.evaluate(column)] == [int(b - a) for a, b in zip(*queues, strict=True)]
    page.evaluate("document.querySelector('.ripieno-player').focus()")
    page.press("d")
    assert page.evaluate("document.querySelectorAll('.rp-map').length") == 2


def test_charts_have_a_table_twin(page: Page, recording: Recording) -> None:
    page.click(".rp-chart:nth-child(4) figcaption button")
    rows = page.evaluate(
        "[...document.querySelectorAll('.rp-chart:nth-child(4) tbody tr')]"
        ".map(r => [...r.cells].map(c => c.textContent))"
    )
    queues = [world["network/queue"].values()[0] for world in recording.worlds]
    assert [[int(cell) for cell in row] for row in rows] == [
        [t + 1, int(queues[0][t]), int(queues[1][t])] for t in range(DAYS)
    ]
    page.evaluate("document.querySelector('.rp-chart:nth-child(2) figcaption button').click()")
    heads = page.evaluate("[...document.querySelectorAll('.rp-chart:nth-child(2) thead th')].map(c => c.textContent)")
    assert heads == ["Day", *(f"{name} {world}" for name in ("Demand", *recording.network.echelons) for world in "AB")]


def test_charts_and_maps_are_on_one_clock(page: Page) -> None:
    x, y = page.middle(".rp-chart:nth-child(3) canvas")
    page.send("Input.dispatchMouseEvent", type="mousePressed", x=x, y=y, button="left", clickCount=1)
    page.send("Input.dispatchMouseEvent", type="mouseReleased", x=x, y=y, button="left", clickCount=1)
    settle(page)
    assert 30 < day(page) < 60
    drawn = page.evaluate("[...document.querySelectorAll('.rp-map canvas')].map(c => c.dataset.drawn)")
    assert drawn == [str(day(page))] * 2
    assert page.evaluate("Number(document.querySelector('.rp-slider').value)") == day(page)


def test_marks_lead_to_their_events(page: Page) -> None:
    marks = page.evaluate("[...document.querySelectorAll('.rp-mark')].map(m => m.getAttribute('aria-label'))")
    assert marks[0] == "Day 21: Outage at Linz: no production"
    assert "Berlin homes.demand_factor = 1.5" in marks[1]
    page.click(".rp-mark.rp-intervention")
    assert day(page) == 61


def test_the_page_says_what_it_is(page: Page, recording: Recording) -> None:
    text = page.text("main")
    assert "Early or full?" in text
    assert "A: Trucks leave early. B: Trucks leave <full>. Both on the same random numbers" in text
    assert "carriers.Long haul.dispatch.threshold" in text
    assert recording.worlds[1].provenance["scenario hash"] in text


@pytest.mark.parametrize("dark", [False, True])
def test_themes(chromium: Chromium, address: str, dark: bool) -> None:
    with chromium.page(dark=dark) as page:
        show(page, address)
        assert page.evaluate("document.querySelector('.ripieno-player').dataset.theme") == ("dark" if dark else "light")
        assert brightness(page) < 60 if dark else brightness(page) > 200
        page.evaluate(f"player.setTheme('{'light' if dark else 'dark'}')")  # the page that holds it knows better
        assert brightness(page) > 200 if dark else brightness(page) < 60
        assert page.errors == []


def brightness(page: Page) -> float:
    """Of the corner of the first map, 0 to 255."""
    corner = page.evaluate(
        "Array.from(document.querySelector('.rp-map canvas').getContext('2d').getImageData(3, 3, 1, 1).data)"
    )
    return float(sum(corner[:3])) / 3


def test_a_phone_has_one_column(chromium: Chromium, address: str) -> None:
    with chromium.page(390, 844) as page:
        show(page, address)
        page.evaluate("player.focus('Hanover')")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        tops = page.evaluate("[...document.querySelectorAll('.rp-map')].map(m => m.getBoundingClientRect().top)")
        assert tops[1] > tops[0] + 250
        wide_ones = page.evaluate(
            "[...document.querySelectorAll('.rp-chart, .rp-map, .rp-drawer')].filter(e => e.offsetWidth > 390).length"
        )
        assert wide_ones == 0
        assert page.errors == []


def test_reduced_motion_is_respected(chromium: Chromium, recording: Recording, tmp_path: Path) -> None:
    where = export(recording, tmp_path / "moving.html", options={"autoplay": True}).as_uri()
    with chromium.page(still=True) as page:
        show(page, where)
        page.pause(0.3)
        assert not page.evaluate("player.playing")
        page.evaluate("player.setSpeed(2); player.play()")
        page.pause(0.15)
        seen = colours(page, ".rp-map canvas")
        page.pause(0.1)
        assert colours(page, ".rp-map canvas") == seen  # nothing moves between two days
    with chromium.page() as page:
        show(page, where)
        page.wait_for("player.playing && player.day > 1")


def test_groups_open_on_click(chromium: Chromium, tmp_path: Path) -> None:
    where = export(record(wide()), tmp_path / "wide.html").as_uri()
    with chromium.page() as page:
        show(page, where)
        count = "document.querySelectorAll('.rp-site').length"
        assert page.evaluate(count) == 1 + 8 + 8  # the plant, the hubs, and the shops of each region
        page.evaluate("[...document.querySelectorAll('.rp-site')].find(b => /region 3/.test(b.ariaLabel)).click()")
        assert page.evaluate(count) == 1 + 8 + 7 + 9
        page.evaluate("player.focus('Shop 5.2')")
        assert page.evaluate(count) == 1 + 8 + 6 + 18
        assert page.text(".rp-drawer h3") == "Shop 5.2"
        page.evaluate("document.querySelector('.ripieno-player').focus()")
        page.press("Escape")
        page.press("Escape")
        assert page.evaluate(count) == 17
        assert page.errors == []


def mounted(page: Page, content: bytes, options: dict[str, Any]) -> None:
    """A second player in the page, as another page would mount it."""
    packed = base64.b64encode(content).decode()
    page.evaluate(
        "(() => { const box = document.createElement('div'); box.id = 'second'; document.body.append(box);"
        " window.days = []; window.sites = []; window.failed = '';"
        f" const bytes = Uint8Array.from(atob('{packed}'), c => c.charCodeAt(0));"
        f" window.second = RipienoPlayer.mount(box, bytes, {{...{json.dumps(options)},"
        " onday: d => days.push(d), onfocus: s => sites.push(s)});"
        " second.ready.catch(e => { window.failed = e.message; }); })()"
    )


def test_mounting_and_taking_away(page: Page, recording: Recording) -> None:
    mounted(page, recording.to_bytes(), {"day": 12, "site": "Linz", "compact": True, "theme": "dark"})
    page.evaluate("second.seek(15)")  # before it is ready: remembered
    page.wait_for("second.recording")
    page.wait_for("days.length")
    assert page.evaluate("[second.day, second.site, days.at(-1)]") == [15, "Linz", 15]
    assert page.evaluate("document.querySelector('#second .rp-charts').hidden")
    page.evaluate("second.focus(null); second.focus('nobody'); second.seek(1e9); second.seek(NaN)")
    settle(page)
    assert page.evaluate("[sites, second.day]") == [["Linz", None], DAYS]
    page.evaluate("second.destroy(); second.seek(3)")
    assert page.evaluate("document.querySelector('#second').childElementCount") == 0


def test_a_destroyed_player_hears_nothing_more(page: Page, recording: Recording) -> None:
    mounted(page, recording.to_bytes(), {})
    page.evaluate("second.ready")
    page.evaluate("second.destroy()")
    page.emulate(1440, 900, dark=True)
    page.wait_for("document.querySelector('.ripieno-player').dataset.theme === 'dark'")
    assert page.evaluate("document.querySelector('#second').dataset.theme") == "light"


def test_another_recording_keeps_day_and_site(page: Page, recording: Recording) -> None:
    mounted(page, recording.to_bytes(), {"day": 12, "site": "Linz"})
    page.evaluate("second.ready")
    packed = base64.b64encode(recording.to_bytes()).decode()
    page.evaluate(f"second.load(Uint8Array.from(atob('{packed}'), c => c.charCodeAt(0)))")
    assert page.evaluate("[second.day, second.site]") == [12, "Linz"]
    page.evaluate("second.destroy()")


def test_it_starts_by_itself_whichever_recording_is_ready_first(page: Page, recording: Recording) -> None:
    mounted(page, recording.to_bytes(), {"day": 12, "autoplay": True})
    packed = base64.b64encode(recording.to_bytes()).decode()
    page.evaluate(f"void second.load(Uint8Array.from(atob('{packed}'), c => c.charCodeAt(0)))")
    page.wait_for("second.recording && second.playing && second.day > 12")
    page.evaluate("second.pause()")
    page.evaluate(f"second.load(Uint8Array.from(atob('{packed}'), c => c.charCodeAt(0)))")
    page.wait_for("second.recording")
    assert not page.evaluate("second.playing")
    page.evaluate("second.destroy()")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda content: b"", "no recording"),
        (lambda content: b"PNG" + content, "no recording"),
        (lambda content: content[:4] + b"\x09" + content[5:], "version 9"),
        (lambda content: content[:-300], "damaged or cut off"),
        (lambda content: content[:400] + b"\xff" * 40 + content[440:], "damaged or cut off"),
    ],
)
def test_damaged_bytes_end_in_one_message(page: Page, recording: Recording, damage: Any, message: str) -> None:
    mounted(page, damage(recording.to_bytes()), {})
    page.wait_for("window.failed")
    assert message in page.evaluate("failed")
    assert message in page.text("#second [role=alert]")
