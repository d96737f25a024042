"""Network: choose, bring, change and hand out a scenario; run it and see what the changes do."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import solara

from ...model.schema import Scenario, ScenarioError, dumps_toml
from ...model.schema.world import plain
from .. import plans
from ..caps import TooMuch, estimate
from ..choice import OWN, Choice
from ..csv_tables import csv_tables
from ..editing import edit, undo
from ..exporting import command_line, zipped
from ..fields import entries, fields_of, rows_of, settings_of, value_in, written
from ..pairing import joined
from ..session import plainly, use_session
from ..shell.editing import Choose, ScenarioSelect, SeedField
from ..shell.markup import note, table, text
from ..shell.paired import paired_markup, single_markup
from ..shell.parts import Goto, Press, Waiting, box, html, title
from ..shell.widgets import FieldsView, UploadView
from ..uploads import scenario_from
from ..work_hook import use_job
from ..worlds import changed
from . import Page

RUNS = 20


@solara.component
def Network() -> Any:
    """The page."""
    session = use_session()
    choice: Choice = session.choice.value
    base, world = session.base(), session.worlds().a
    title("Network", "The world that is simulated: choose one, bring your own, change what you like.")
    Bring()
    with box("ri-row", []):
        ScenarioSelect()
        SeedField()
        Downloads(world)
    html(f"<p>{summary(world)}</p>")
    with box("ri-card", []):
        html("<h2>Change values</h2>")
        Editor(base, world, choice)
    if choice.changes:
        with box("ri-card", []):
            html("<h2>What you changed</h2>" + changes_markup(base, choice))
            Press("Undo all", lambda: undo(session, "*"))
    Run(base, world, choice)


def summary(world: Scenario) -> str:
    """The size of a world in one line."""
    full = world.resolved()
    counts = {
        "site": len(list(full.sites())), "market": len(full.markets), "lane": len(full.lanes),
        "carrier": len(full.carriers), "product": len(full.products),
    }  # fmt: skip
    named = [f"{count} {name}{'' if count == 1 else 's'}" for name, count in counts.items()]
    parts = (
        f"{', '.join(named)}; {full.periods} "
        f"{full.period}s, of which {full.warm_up} are warm-up. {RUNS} runs take about "
        f"{max(estimate(world, RUNS), 0.1):.1f} s."
    )
    return (
        f"<strong>{text(world.name)}</strong>: {text(world.description)}<br><span class='ri-quiet'>{text(parts)}</span>"
    )


def changes_markup(base: Scenario, choice: Choice) -> str:
    """The changed keys with what they were and are."""
    rows = [
        [
            f"<code>{text(key)}</code>",
            text(written(value_in(base.resolved(), key))),
            f'<span class="ri-changed">{text(written(value))}</span>',
        ]
        for key, value in choice.changes
    ]
    command = ""
    if choice.scenario != OWN:
        seed = base.seed if choice.seed is None else choice.seed
        line = command_line(choice.scenario, dict(choice.changes), seed, RUNS)
        command = f"<p class='ri-quiet'>The same from the command line:</p><pre>{text(line)}</pre>"
    return table(["key", "was", "is"], rows, numbers=(1, 2)) + command


@solara.component
def Bring() -> Any:
    """Bring a scenario: a TOML or JSON file, or CSV tables."""
    session = use_session()
    error, complain = solara.use_state("")

    def take(files: Any) -> None:
        try:
            own = scenario_from(files, session.caps)
        except (TooMuch, ScenarioError) as refused:
            complain(plainly(refused))
            return
        complain("")
        session.own.value = own
        session.change(Choice(scenario=OWN))

    caps = session.caps
    hint = (
        f"one TOML or JSON file, or CSV tables (sites.csv, lanes.csv, markets.csv, …); at most "
        f"{caps.upload_bytes / 1e6:g} MB"
    )
    UploadView(label="Bring your own", hint=hint, accept=".toml,.json,.csv", most_files=caps.files,
               most_bytes=caps.upload_bytes, event_files=take)  # fmt: skip
    if error:
        html(note(error, "ri-error"))


@solara.component
def Downloads(world: Scenario) -> Any:
    """The scenario with its changes as a file."""
    trouble, complain = solara.use_state("")

    def tables() -> bytes:
        try:
            found = zipped(csv_tables(world))
        except TooMuch as refused:
            complain(str(refused))
            return zipped({"README.txt": str(refused)})
        complain("")
        return found

    def as_json() -> bytes:
        return json.dumps(plain(world), indent=1, ensure_ascii=False).encode()

    ways: list[tuple[str, str, Callable[[], bytes]]] = [
        ("TOML", f"{world.name}.toml", lambda: dumps_toml(world).encode()),
        ("JSON", f"{world.name}.json", as_json),
        ("CSV", f"{world.name}-csv.zip", tables),
    ]
    with box("ri-row ri-tight", []):
        for label, name, make in ways:
            with solara.FileDownload(make, filename=name):
                Press(f"Save as {label}", lambda: None)
        if trouble:
            html(note(trouble, "ri-error"))


@solara.component
def Editor(base: Scenario, world: Scenario, choice: Choice) -> Any:
    """Fields of one entry at a time."""
    session = use_session()
    errors, complain = solara.use_state({})
    names = ["the whole world", *entries(base)]
    entry, choose = solara.use_state(names[min(len(names) - 1, 1)])
    entry = entry if entry in names else names[0]
    full = world.resolved()
    fields = settings_of(full) if entry == names[0] else fields_of(full, entry)
    rows = rows_of(fields, base.resolved(), dict(choice.changes), errors)
    touched = [name for name in names if any(key.startswith(f"{name}.") for key, _ in choice.changes)]
    Choose("Entry", names, entry, choose, "ri-field long")
    if touched:
        with box("ri-pick", []):
            html("<span class='ri-quiet'>changed:</span>")
            for name in touched:
                Press(name, lambda name=name: choose(name), pressed=name == entry)
    FieldsView(
        name="network", rows=rows, event_change=lambda message: complain(edit(session, message, errors)),
        event_undo=lambda key: undo(session, key),
    )  # fmt: skip


@solara.component
def Run(base: Scenario, world: Scenario, choice: Choice) -> Any:
    """Run the world as it stands, beside itself without the changes."""
    session = use_session()
    seed = session.worlds().seed
    plain_world = changed(base, (("seed", seed),))
    points = [world, plain_world] if choice.changes else [world]
    plan = plans.paired_runs(points, seed, RUNS)
    progress, start, job = use_job(session.jobs, plan[-1].key, lambda: plan, auto=False)
    stale = bool(progress.values) and progress.key != plan[-1].key
    with box("ri-card", []):
        html(f"<h2>Run it {RUNS} times</h2>")
        with box("ri-row", []):
            Press("Run again" if stale else "Run", start, main=True, disabled=progress.busy)
            Goto("Compare in the player", "/compare")
        Waiting(progress, job, "Simulating")
        if stale:
            html('<p class="ri-note">Inputs changed, run again.</p>')
        if progress.values:
            network, _ = joined(progress.values)
            names = ("with your changes", "without them")
            pair = network["point"].nunique() > 1
            markup = paired_markup(network, names, world.period) if pair else single_markup(network, world.period)
            html(markup, "ri-stale" if stale else "")


PAGE = Page("network", "Network", 3, Network)
