"""The budgets of the player, measured and printed: run with ``pytest -s -m browser tests/browser/test_budgets.py``.

Sizes are asserted. Times depend on the machine and on what else it does, so they are printed and asserted nowhere.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from ripieno.model.schema import Scenario, with_values
from ripieno.visualization.export import export
from ripieno.visualization.player import script, style
from ripieno.visualization.recording import Recording, record

from .chromium import Chromium, Page
from .networks import wide
from .test_player import show

pytestmark = pytest.mark.browser
PAIR_BYTES = 250_000
"""Of a pair of worlds with 30 sites and 365 days."""
SCRIPT_BYTES = 60_000
SCRUB = """(async () => { const found = []; for (let k = 0; k < 80; k++) { const before = performance.now();
  player.seek(1 + (k * 37) % player.recording.periods);
  await new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)));
  found.push(performance.now() - before); } return found.sort((a, b) => a - b); })()"""
TURNS = """(async () => { player.seek(1); player.setSpeed(10); player.play(); let turns = 0;
  const from = performance.now(); await new Promise(done => { const turn = () => { turns++;
  if (performance.now() - from < 3000) requestAnimationFrame(turn); else done(); }; turn(); });
  player.pause(); return turns / 3; })()"""


def pair(scenario: Scenario) -> bytes:
    """The scenario against itself with shops that hold more."""
    shops = [site.name for site in scenario.warehouses if site.name.startswith("Shop")]
    other = with_values(scenario, {f"warehouses.{name}.policy.level": 75 for name in shops})
    return record(scenario, other).to_bytes()


def test_the_script_that_is_sent_is_small() -> None:
    print(f"player: {len(script().encode()):,} bytes of JavaScript, {len(style().encode()):,} of CSS")
    assert len(script().encode()) < SCRIPT_BYTES
    assert not [line for line in script().splitlines() if line.startswith("//")]


@pytest.mark.parametrize(("regions", "shops", "days"), [(2, 14, 365), (9, 10, 120)], ids=["31 sites", "100 sites"])
def test_scrubbing_and_playing(chromium: Chromium, tmp_path: Path, regions: int, shops: int, days: int) -> None:
    scenario = wide(regions, shops, days)
    content = pair(scenario)
    sites = len(list(scenario.sites()))
    assert len(content) < PAIR_BYTES * max(sites / 30, 1) * max(days / 365, 1)
    where = export(Recording.from_bytes(content), tmp_path / "page.html").as_uri()
    with chromium.page() as page:
        measured(page, where, f"{sites} sites, {days} days, {len(content):,} bytes")
        assert page.errors == []


def measured(page: Page, where: str, about: str) -> None:
    """Print what scrubbing and playing take."""
    show(page, where)
    first = page.evaluate("performance.now()")
    took = page.evaluate(SCRUB)
    turns = page.evaluate(TURNS)
    assert page.evaluate("player.day") > 5
    print(
        f"{about}: first picture within {first:.0f} ms; scrub median {took[40]:.0f} ms, p95 {took[76]:.0f} ms; "
        f"page at {turns:.0f} Hz while playing"
    )
