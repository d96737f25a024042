"""The commands ``ripieno regimes`` and ``ripieno advise``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..cli import NARROWEST, Output, Periods, Seed, Settings, Source, setting
from ..compare.cli import Workers, progress
from ..sweeps.cli import reporting

if TYPE_CHECKING:
    from .advice import Advice
    from .regime_map import RegimeMap

Folder = Annotated[Path, typer.Argument(metavar="RESULTS", help="The folder of a study with orchestrated arms.")]
Into = Annotated[
    Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the page, the map, the pictures.")
]
Against = Annotated[str, typer.Option(metavar="KIND", help="What orchestration is compared with: selfish or opt.")]
Replications = Annotated[
    int | None,
    typer.Option("--runs", min=2, max=1_000_000, help="Replications of each arm; left out, 128, or 8 with --quick."),
]
Quick = Annotated[bool, typer.Option("--quick", help="A look with 8 runs: no verdict.")]
OnMap = Annotated[
    Path | None, typer.Option("--map", metavar="DIR", help="A regime map to look the network up on, from `regimes`.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
Overhead = Annotated[
    float,
    typer.Option(
        min=0.0, max=10.0, help="What governance costs beside what the runs charge, as a share of the control's cost."
    ),
]
Axes = Annotated[
    str | None, typer.Option(metavar="X,Y", help="The coordinates to draw; left out, the two that gains follow most.")
]


def regimes(
    results: Folder, output: Into, against: Against = "selfish", overhead: Overhead = 0.0, axes: Axes = None
) -> None:
    """Map where orchestration pays, from the results of a study; write page, pictures, table and rule."""
    from ..output import check_folder
    from .gains import gains_of
    from .map_pictures import slices
    from .map_report import save_map
    from .regime_map import make_map
    from .rule import sentences

    with reporting():
        pair = _pair(axes)
        check_folder(output)
        gains = gains_of(results)
        made = make_map(gains, against, overhead)
        drawn = list(slices(made, pair))
        paths = save_map(gains, made, drawn, output)
    for sentence in sentences(made.rule):
        typer.echo(sentence)
    right = made.right
    typer.echo(f"right at {right['accuracy']:.0%} of left-out points; always saying the same: {right['base']:.0%}")
    for path in paths:
        typer.echo(f"wrote {path}")


def _pair(text: str | None) -> tuple[str, str] | None:
    from ..sweeps.errors import StudyError, nearest
    from .coordinates import NAMES

    if text is None:
        return None
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in NAMES:
            raise StudyError(f"--axes {text}: {name!r} is not a coordinate; {nearest(name, NAMES)}")
    if len(set(names)) != 2:
        raise StudyError(f"--axes {text}: a map has two coordinates; name two, as in --axes volatility,distance")
    return names[0], names[1]


def advise(
    scenario: Source,
    runs: Replications = None,
    quick: Quick = False,
    seed: Seed = None,
    periods: Periods = None,
    settings: Settings = None,
    on_map: OnMap = None,
    output: Output = None,
    as_json: AsJson = False,
    workers: Workers = None,
) -> None:
    """Say what orchestration and each of its ingredients are worth in a network, and how sure that is."""
    from ...model.schema import load
    from ..compare.comparison import prepared
    from ..output import check_folder
    from ..sweeps.machine import usable_cores
    from .advice import FULL_RUNS, QUICK_RUNS
    from .advice import advise as measured
    from .advice_report import dumps_advice, save_advice
    from .ingredients import worlds_for

    with reporting():
        if output is not None:
            check_folder(output)
        values = dict(setting(text) for text in settings or [])
        values |= {name: value for name, value in (("seed", seed), ("periods", periods)) if value is not None}
        world = prepared(load(scenario), {"given": {}}, values)["given"]
        regime_map = _map(on_map, world.period)
        count = runs or (QUICK_RUNS if quick else FULL_RUNS)
        with progress(worlds_for(world)[0], count) as advance:
            advice = measured(world, count, quick, regime_map, advance, workers or usable_cores())
    if as_json:
        typer.echo(dumps_advice(advice), nl=False)
    else:
        _print(advice)
    for path in save_advice(advice, output) if output is not None else []:
        typer.echo(f"wrote {path}", err=as_json)


def _map(source: Path | None, period: str) -> RegimeMap | None:
    """The map that is named, or the one that comes with the package, if there is one for such periods.

    Raises `StudyError` for one that is named and counts in other periods: decision paths could not be compared.
    """
    from ..sweeps.errors import StudyError
    from .regime_map import MAP_FILE, read_map

    bundled = Path(__file__).parents[1] / "findings" / MAP_FILE
    if source is None and not bundled.is_file():
        return None
    found = read_map(bundled if source is None else source)
    if found.period == period:
        return found
    if source is None:
        return None
    raise StudyError(f"{source}: is a map in {found.period}s, and the scenario counts in {period}s; leave --map out")


def _print(advice: Advice) -> None:
    from rich.console import Console

    from .advice_terminal import pieces

    console = Console()
    console = console if console.is_terminal else Console(width=max(console.width, NARROWEST))
    for piece in pieces(advice):
        console.print(piece, highlight=False)
