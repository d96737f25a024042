"""The command ``ripieno validate``."""

from __future__ import annotations

import json
from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console

from .collect import chosen_families, family_names, measured
from .report import summary, tables
from .targets import Effort, Target

MISSED = 1


def validate(
    as_json: Annotated[bool, typer.Option("--json", help="Print the list of targets as JSON.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Smaller samples, and so wider bands.")] = False,
    only: Annotated[
        str | None, typer.Option("--only", metavar="PATTERN", help="Targets of this name: sterman, 'chen/*/orders'.")
    ] = None,
) -> None:
    """Measure every target from the literature on this engine, through ordinary scenarios.

    Exit code 1 when a target is missed.
    """
    found = _measure_all(Effort(quick), only)
    if not found:
        families = ", ".join(family_names())
        raise typer.BadParameter(
            f"no target is called {only!r}; names begin with one of {families}, as in 'chen/*/orders'"
        )
    if as_json:
        typer.echo(json.dumps([target.as_row() for target in found], indent=2, allow_nan=False))
    else:
        _print(found)
    if any(target.verdict == "miss" for target in found):
        raise typer.Exit(MISSED)


def _measure_all(effort: Effort, only: str | None) -> list[Target]:
    """Measure family by family; say on standard error how far it is."""
    log = Console(stderr=True)
    found: list[Target] = []
    for family in chosen_families(only):
        begun = perf_counter()
        targets: list[Target] = []
        with log.status(f"measuring {family}") as shown:
            for target in measured(family, effort, only):
                targets = [*targets, target]
                shown.update(f"measuring {family}: {len(targets)} targets")
        missed = sum(target.verdict == "miss" for target in targets)
        if targets:
            note = f"measured {family}: {len(targets)} targets, {missed} missed, {perf_counter() - begun:.1f} s"
            log.print(note, style="dim", highlight=False)
        found += targets
    return found


def _print(targets: list[Target]) -> None:
    console = Console()
    wide = console if console.is_terminal else Console(width=max(console.width, 170))
    for table in tables(targets):
        wide.print(table)
        wide.print()
    for line in summary(targets):
        wide.print(line, highlight=False, markup=False)
