"""The commands of the model: ``ripieno check`` and ``ripieno import``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

NARROWEST = 200
"""Columns that are printed at least when the output is not a terminal, so that tables in files are not cut."""

app = typer.Typer(name="model", help="Scenarios: check them, or make them from tables.", no_args_is_help=True)


@app.command("check")
def check(
    scenario: Annotated[str, typer.Argument(help="A scenario file, or the name of a bundled scenario.")],
    all_rows: Annotated[bool, typer.Option("--all", help="Show all rows of long tables.")] = False,
    levers: Annotated[bool, typer.Option("--levers", help="Show what agents may choose and negotiate.")] = False,
) -> None:
    """Validate a scenario; print the network and every default that was filled in."""
    from .schema import load
    from .schema.overview import ROWS, overview

    checked = load(scenario)
    if checked.orchestration is not None:
        _check_planning(checked)
    console = _console()
    for piece in overview(checked, most=10**9 if all_rows else ROWS):
        console.print(Text(piece) if isinstance(piece, str) else piece)
    if levers:
        from .lever_table import lever_table

        console.print(lever_table(checked))
    console.print(Text(f"{scenario}: the scenario is sound"))


@app.command("import")
def import_tables(
    folder: Annotated[Path, typer.Argument(help="A folder with sites.csv, lanes.csv, markets.csv, ...")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The scenario file to write.")],
    periods: Annotated[int | None, typer.Option(help="Horizon; left out, the length of the demand data.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the scenario; left out, that of the folder.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the output file if it is there.")] = False,
) -> None:
    """Make a scenario from a folder of CSV tables."""
    from .importer import import_folder, unread, write

    text = import_folder(folder, periods=periods, name=name)
    write(output, text, replace=force)
    for path in unread(folder):
        typer.echo(f"{path}: not read, its name is not that of a table", err=True)
    typer.echo(f"{output}: written")


def _check_planning(scenario: Any) -> None:
    """Raise `ScenarioError` where the orchestration names something that the world does not have."""
    from .supply_chain import SupplyChain

    SupplyChain(scenario).dispose()


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=max(console.width, NARROWEST))
