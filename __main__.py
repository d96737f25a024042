"""The command line: joins the commands of the folders, and imports the module of a command only when it is used."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, NamedTuple

import typer


class Command(NamedTuple):
    """One command: its name, the module and function (or Typer application) behind it, and its line in the help."""

    name: str
    module: str
    function: str
    help: str


COMMANDS = (
    Command("run", "ripieno.experiments.cli", "run", "Simulate a scenario; print or write its results."),
    Command("compare", "ripieno.experiments.compare.cli", "compare", "Compare the same world under each arm."),
    Command("check", "ripieno.model.cli", "check", "Validate a scenario; print the network and every default."),
    Command("import", "ripieno.model.cli", "import_tables", "Make a scenario from a folder of CSV tables."),
    Command(
        "study", "ripieno.experiments.sweeps.cli", "app", "Run many settings of a scenario; keep and compare them."
    ),
    Command("regimes", "ripieno.experiments.regimes.cli", "regimes", "Map where orchestration pays, from a study."),
    Command("advise", "ripieno.experiments.regimes.cli", "advise", "Say what pays in a given network, and how sure."),
    Command("validate", "ripieno.experiments.validation.cli", "validate", "Measure every target from the literature."),
    Command("bench", "ripieno.experiments.bench.cli", "bench", "Measure the speed of the standard workloads."),
    Command("serve", "ripieno.visualization.cli", "serve", "Start the browser application."),
    Command(
        "recordings", "ripieno.visualization.cli", "recordings", "Make or check the recordings that the pages play."
    ),
)

BAD_INPUT = 2


def application(chosen: str | None) -> typer.Typer:
    """The command line with the ``chosen`` command in full and one line of help for every other one."""
    app = typer.Typer(name="ripieno", add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
    app.callback()(_options)
    for command in COMMANDS:
        if command.name != chosen:
            app.command(command.name, help=command.help)(_not_loaded)
            continue
        target = getattr(import_module(command.module), command.function)
        if isinstance(target, typer.Typer):
            app.add_typer(target, name=command.name, help=command.help)
        else:
            app.command(command.name)(target)
    return app


def _not_loaded() -> None:
    """Stands in the list of help for a command that this call does not use."""


def _show_version(wanted: bool) -> None:
    if wanted:
        from ripieno import __version__

        typer.echo(f"ripieno {__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Ripieno: an agent-based supply-chain simulator that advances thousands of runs at once."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; bad input ends with one message on standard error and exit code 2."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    chosen = next((argument for argument in given if not argument.startswith("-")), None)
    try:
        application(chosen)(given, prog_name="ripieno")
    except (ValueError, OSError) as error:
        message = _message_of(error)
        if message is None:
            raise
        print(f"ripieno: {message}", file=sys.stderr)
        raise SystemExit(BAD_INPUT) from None


def _message_of(error: ValueError | OSError) -> str | None:
    """What to tell the user about an error that their input caused; nothing for one that is ours."""
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else None
    from ripieno.model.schema import ScenarioError

    return str(error) if isinstance(error, ScenarioError) else None


if __name__ == "__main__":
    main()
