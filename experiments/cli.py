"""The command ``ripieno run``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from .simulate import Result


Source = Annotated[str, typer.Argument(help="A scenario file, or the name of a bundled scenario.")]
Runs = Annotated[int | None, typer.Option(min=1, max=1_000_000, help="Replications; left out, the scenario's.")]
Seed = Annotated[
    int | None, typer.Option(min=0, max=10**15, help="Seed of all random numbers; left out, the scenario's.")
]
Periods = Annotated[int | None, typer.Option(min=1, help="Horizon; left out, the scenario's.")]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a value by its dotted key; repeat.")
]
Audit = Annotated[bool, typer.Option("--audit", help="Check the balance of goods after every period.")]
Series = Annotated[bool, typer.Option("--series", help="Write every quantity of every period; needs -o.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="DIR", help="Folder for the tables; replaces earlier ones.")
]
Csv = Annotated[bool, typer.Option("--csv", help="Write CSV instead of Parquet; needs -o.")]

NARROWEST = 140  # columns where the output is no terminal: a file or a pipe has no width


def run(
    scenario: Source,
    runs: Runs = None,
    seed: Seed = None,
    periods: Periods = None,
    settings: Settings = None,
    audit: Audit = False,
    series: Series = False,
    output: Output = None,
    csv: Csv = False,
) -> None:
    """Simulate a scenario; print or write its results."""
    from ..model.schema import load, with_values
    from .output import check_folder
    from .progress import simulate_with_progress

    if output is not None:
        check_folder(output)
    elif series or csv:
        typer.echo(f"note: {'--series' if series else '--csv'} is about files and needs -o DIR", err=True)
    changes = dict(setting(text) for text in settings or [])
    changes |= {"periods": periods} if periods is not None else {}
    world = load(scenario)
    world = with_values(world, changes) if changes else world
    result = simulate_with_progress(world, runs=runs, seed=seed, series=series and output is not None, audit=audit)
    _print_tables(result)
    if audit:
        typer.echo("audit: goods balanced in every period of every run")
    if output is not None:
        for path in result.save(output, csv=csv):
            typer.echo(f"wrote {path}")


def _print_tables(result: Result) -> None:
    from rich.console import Console

    from .overview import tables

    console = Console()
    console = console if console.is_terminal else Console(width=max(console.width, NARROWEST))
    for table in tables(result):
        console.print(table)


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
