"""Ledger: what was proposed, who claimed what, who voted how, who was paid, and what came true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import solara
from reacton import ipyvuetify as v

from ...model.schema import Scenario
from ...model.schema.orchestration import Orchestration
from .. import plans
from ..caps import tries_out
from ..choice import Choice
from ..packages import IN_FORCE, Package, packages_of, unbalanced
from ..session import use_session
from ..shell.lanes import swim_lanes
from ..shell.markup import figure, note, table, text
from ..shell.parts import Press, Waiting, box, html, title, views
from ..work_hook import use_job
from . import Page

EXPLAINED = (
    "Nobody negotiates in this world, so its ledger is empty. Where an arm with orchestration plans (orch, selfish, "
    "interleaved, …), each package has a row here: the day, who gains and who loses by it, the claims, the "
    "transfers, the "
    "predicted and the realised gain, the votes, the days until it is in force, and what became of it."
)


@solara.component
def Ledger() -> Any:
    """The page."""
    session = use_session()
    choice: Choice = session.choice.value
    worlds = session.worlds()
    world = worlds.b if tries_out(worlds.b) or not tries_out(worlds.a) else worlds.a
    unit = plans.ledger(world, worlds.seed, 1)
    progress, start, job = use_job(session.jobs, unit.key, lambda: [unit], auto=tries_out(world))
    title("Ledger", "What the agents agreed on, what it was to bring, and what it brought.")
    views("/ledger")
    spec = world.orchestration
    if spec is None or not tries_out(world):
        html(note(EXPLAINED))
        Press(
            "Let packages be negotiated in B",
            lambda: session.change(replace(choice, arms=(choice.arms[0], "orch"))),
            main=True,
        )
        return
    html(f'<p class="ri-quiet">World {"B" if world is worlds.b else "A"}, arm {text(spec.arm)}, first run.</p>')
    Waiting(progress, job, "Simulating one run with its negotiation")
    if progress.state == "cancelled":
        Press("Run again", start)
    if progress.values:
        Found(progress.values[0], world, spec, progress.key != unit.key)


@solara.component
def Found(ledger: Any, world: Scenario, spec: Orchestration, stale: bool) -> Any:
    """The packages of the first run."""
    packages = packages_of(ledger, 0)
    chosen, choose = solara.use_state(0)
    if not packages:
        html(note("Nothing was proposed in this run: no package was worth it."))
        return
    package = packages[min(chosen, len(packages) - 1)]
    with box("ri-card ri-stale" if stale else "ri-card", []):
        html("<h2>From seen to in force</h2>" + swim_lanes(packages, spec, world.periods, world.period))
    with box("ri-card", []):
        html(
            f"<h2>{len(packages)} packages</h2>"
            + rows_markup(packages, world.period)
            + footer(packages, float(spec.overhead))
        )
        with box("ri-row", []):
            Pick(packages, choose)
            Jump(package)
        html(detail(package, world.period))


@solara.component
def Pick(packages: Sequence[Package], choose: Any) -> Any:
    """Choose the package that is shown in full."""
    names = [f"{place + 1}: day {package.day}, {package.status}" for place, package in enumerate(packages)]
    shown, show = solara.use_state(names[0])

    def pick(name: Any) -> None:
        if name in names:
            show(name)
            choose(names.index(name))

    v.Select(
        label="Package", items=names, v_model=shown if shown in names else names[0], on_v_model=pick, outlined=True,
        dense=True, hide_details=True, class_="ri-field",
    )  # fmt: skip


@solara.component
def Jump(package: Package) -> Any:
    """Go to the day of a package in the player."""
    session = use_session()
    router = solara.use_router()

    def go() -> None:
        session.look(day=package.day)
        router.push("/compare")

    Press(f"See day {package.day} in the player", go)


def rows_markup(packages: Sequence[Package], period: str) -> str:
    """One row a package."""
    rows = []
    for place, package in enumerate(packages):
        asked = [vote for vote in package.votes.values() if vote is not None]
        rows.append([
            f"{place + 1}", str(package.day), text(package.moves or package.what), text(package.proposer or "–"),
            text(", ".join(package.affected) or "–"), figure(-sum(package.claims.values())), figure(package.predicted),
            figure(package.realised), figure(package.paid), f"{sum(asked)} of {len(asked)}" if asked else "–",
            figure(package.delay), text(package.status),
        ])  # fmt: skip
    head = [
        "", text(period), "moves", "gains most", "affected", "claimed saving", "predicted gain", "realised gain",
        "transfers, sum", "votes for", f"delay ({text(period)}s)", "state",
    ]  # fmt: skip
    return table(
        head, rows, f"Money per {text(period)}; a gain is a saving of the network.", numbers=(1, 5, 6, 7, 8, 10)
    )


def footer(packages: Sequence[Package], overhead: float) -> str:
    """Whether the transfers add up to minus the overhead."""
    passed = [package for package in packages if package.status in IN_FORCE]
    if not any(any(package.transfers.values()) for package in passed):
        return '<p class="ri-quiet">No transfers were paid in this run.</p>'
    wrong = unbalanced(list(packages), overhead)
    total = figure(sum(package.paid for package in passed))
    sums = (
        f"Transfers of the {len(passed)} packages in force: {total} in sum; the overhead of an agreement is "
        f"{figure(overhead)}."
    )
    said = "They add up to minus the overhead, plus what a sponsor added, in every one." if not wrong else (
        f"In {len(wrong)} of them they do not add up to minus the overhead: day "
        f"{', '.join(str(each.day) for each in wrong[:8])}."
    )  # fmt: skip
    return f'<p class="ri-quiet">{sums} {said}</p>'


def detail(package: Package, period: str) -> str:
    """Who claimed what, voted how, and was paid."""
    words = {True: "for", False: "against", None: "not asked"}
    rows = [
        [text(owner), figure(claim), words[package.votes[owner]], figure(package.transfers[owner]),
         figure(package.transfers[owner] - claim)]
        for owner, claim in package.claims.items()
    ]  # fmt: skip
    caption = f"Day {package.day}: {text(package.moves or package.what)}. Money per {text(period)}."
    return table(
        ["owner", "claimed change of own cost", "vote", "is paid", "gains by it"], rows, caption, numbers=(1, 3, 4)
    )


PAGE = Page("ledger", "Ledger", 23, Ledger, under="compare")
