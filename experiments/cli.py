"""The command ``ripieno run``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer


def run(
    scenario: Annotated[str, typer.Argument(help="A scenario file, or the name of a bundled scenario.")],
    runs: Annotated[
        int | None, typer.Option(min=1, max=1_000_000, help="Replications; left out, the scenario's.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=10**15, help="Seed of all random numbers; left out, the scenario's.")
    ] = None,
    periods: Annotated[int | None, typer.Option(min=1, help="Horizon; left out, the scenario's.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a value by its dotted key; repeat.")
    ] = None,
    audit: Annotated[bool, typer.Option("--audit", help="Check the balance of goods after every period.")] = False,
    series: Annotated[bool, typer.Option("--series", help="Write every quantity of every period; needs -o.")] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="DIR", help="Folder for the tables; earlier results in it are replaced."
        ),
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV instead of Parquet; needs -o.")] = False,
) -> None:
    """Simulate a scenario; print or write its results."""
    from rich.console import Console

    from ..model.schema import load, with_values
    from .output import check_folder
    from .overview import tables
    from .progress import simulate_with_progress

    if output is not None:
        check_folder(output)
    elif series or csv:
        typer.echo(f"note: {'--series' if series else '--csv'} is about files and needs -o DIR", err=True)
    changes = dict(setting(text) for text in settings or [])
    changes |= {"periods": periods} if periods is not None else {}
    world = load(scenario)
    world = with_values(world, changes) if changes else world
    console = Console()
    result = simulate_with_progress(world, runs=runs, seed=seed, series=series and output is not None, audit=audit)
    wide = console if console.is_terminal else Console(width=max(console.width, 140))
    for table in tables(result):
        wide.print(table)
    if audit:
        typer.echo("audit: goods balanced in every period of every run")
    if output is not None:
        for path in result.save(output, csv=csv):
            typer.echo(f"wrote {path}")


def setting(text: str) -> tuple[str, Any]:
    """``KEY=VALUE`` as a pair; the value is read as TOML, and as a text where it is none.

    Raises `ScenarioError` when there is no ``=``.
    """
    import tomllib

    from ..model.schema import ScenarioError

    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise ScenarioError(f"--set {text!r} is not KEY=VALUE; write for example --set warehouses.R1.policy.level=30")
    try:
        return key.strip(), tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return key.strip(), value.strip()
