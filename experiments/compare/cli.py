"""The command ``ripieno compare``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from ..cli import NARROWEST, Csv, Output, Periods, Runs, Seed, Settings, Source, setting

if TYPE_CHECKING:
    from ...model.schema import Scenario
    from .findings import Findings
    from .running import Advance

Names = Annotated[
    str,
    typer.Option(
        "--arms",
        metavar="NAMES",
        help="Of none, opt, selfish, orch, opt-then-orch, orch-then-opt, interleaved, central; with commas.",
    ),
]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Processes, in which arms are simulated; left out, one for each core.")
]


def compare(
    scenario: Source,
    arms: Names = "none,opt,selfish,orch",
    runs: Runs = None,
    seed: Seed = None,
    periods: Periods = None,
    settings: Settings = None,
    output: Output = None,
    csv: Csv = False,
    workers: Workers = None,
) -> None:
    """Simulate a scenario under each arm on the same random numbers, and compare."""
    from ...model.schema import load
    from ..output import check_folder
    from ..sweeps.machine import usable_cores
    from .arms import arms_in
    from .comparison import compare_worlds, prepared

    if output is not None:
        check_folder(output)
    elif csv:
        typer.echo("note: --csv is about files and needs -o DIR", err=True)
    values = dict(setting(text) for text in settings or [])
    values |= {name: value for name, value in (("seed", seed), ("periods", periods)) if value is not None}
    worlds = prepared(load(scenario), arms_in(arms), values)
    with progress(worlds, runs) as advance:
        found = compare_worlds(worlds, runs, advance=advance, workers=workers or usable_cores())
    _print(found)
    if output is not None:
        for path in found.save(output, csv=csv):
            typer.echo(f"wrote {path}")


@contextmanager
def progress(worlds: Mapping[str, Scenario], runs: int | None) -> Iterator[Advance]:
    """A bar on a terminal, plain lines otherwise; of all arms together."""
    from ..sweeps.progress import Progress

    total = (runs or next(iter(worlds.values())).runs) * len(worlds)
    terminal = sys.stderr.isatty()
    done = 0
    with Progress(quiet=not terminal) as bar:

        def advance(arm: str, made: int) -> None:
            nonlocal done
            done += made
            bar.update(done, total, note=arm)
            # A line whenever an arm begins or is done, however long ago the last one was.
            if not terminal:
                typer.echo(f"{done} of {total} runs, {arm}", err=True)

        yield advance


def _print(found: Findings) -> None:
    from rich.console import Console

    from .terminal import pieces

    console = Console()
    console = console if console.is_terminal else Console(width=max(console.width, NARROWEST))
    for piece in pieces(found):
        console.print(piece, highlight=False)
