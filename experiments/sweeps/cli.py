"""The commands ``ripieno study ...``."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from .runner import Tally

app = typer.Typer(
    name="study", help="Studies: many settings of a scenario, run, kept and compared.", no_args_is_help=True
)

Name = Annotated[
    str, typer.Argument(metavar="NAME_OR_FILE", help="A built-in study, a study file, or a study's folder.")
]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a study.")]
Quick = Annotated[bool, typer.Option("--quick", help="A small version, for looking: no verdicts.")]
Workers = Annotated[int, typer.Option(help="Processes of this machine; 1 needs no Dask.")]
Scheduler = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Run on the Dask scheduler at this address.")]
Shard = Annotated[
    str | None, typer.Option(metavar="I/N", help="Make only part I of N, counted from 1, for job arrays.")
]
ChunkRuns = Annotated[int | None, typer.Option(help="Runs in a chunk; left out, as many as take a few seconds.")]
AllowChanged = Annotated[bool, typer.Option("--allow-changed", help="Go on with other code or another scenario.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Show no progress.")]

BAD_INPUT, INTERRUPTED = 2, 130


@app.command("list")
def list_studies() -> None:
    """The built-in studies."""
    from . import views

    with _reporting():
        views.show(views.built_in_table())


@app.command()
def show(study: Name, quick: Quick = False) -> None:
    """A study as it is resolved: scenario, parameters, design, replications, arms, metrics, predictions."""
    from . import views

    with _reporting():
        views.show(*views.study_view(_study(study, quick)))


@app.command()
def plan(
    study: Name,
    quick: Quick = False,
    points: Annotated[Path | None, typer.Option(help="Write the design points to this CSV file.")] = None,
) -> None:
    """Check a study completely and say what it would run; nothing is run."""
    from . import views

    with _reporting():
        views.show(*views.plan_view(_study(study, quick), points))


@app.command()
def run(
    study: Name,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="DIR", help="The study's folder.")] = None,
    workers: Workers = 1,
    scheduler: Scheduler = None,
    shard: Shard = None,
    quick: Quick = False,
    chunk_runs: ChunkRuns = None,
    allow_changed: AllowChanged = False,
    quiet: Quiet = False,
) -> None:
    """Run a study into a folder, or go on where it stopped."""
    from .errors import StudyError
    from .opening import open_study
    from .runner import Options, run_opened

    with _reporting():
        if output is None:
            if not Path(study).is_dir():
                raise StudyError(f"study run {study}: says not where to; give -o DIR")
            output = Path(study)
        options = Options(workers, scheduler, _shard(shard), chunk_runs, allow_changed, quiet, "run").checked()
        tally = _interruptible(lambda: run_opened(open_study(_study(study, quick), output, allow_changed), options))
    _finish(tally, output)


@app.command()
def extend(
    folder: Folder,
    points: Annotated[int, typer.Option(min=0, help="So many more points (samples, trajectories) of the design.")] = 0,
    replications: Annotated[int, typer.Option(min=0, help="So many more replications of every setting.")] = 0,
    study: Annotated[str | None, typer.Option(metavar="FILE", help="Another version of the study file.")] = None,
    workers: Workers = 1,
    scheduler: Scheduler = None,
    chunk_runs: ChunkRuns = None,
    allow_changed: AllowChanged = False,
    quiet: Quiet = False,
) -> None:
    """Add points or replications to a study and run them; no run is made again."""
    from .opening import extended, open_study
    from .reading import load_study
    from .runner import Options, run_opened

    with _reporting():
        options = Options(workers, scheduler, None, chunk_runs, allow_changed, quiet, "extend").checked()
        grown = extended(folder, points, replications, load_study(study) if study else None)
        tally = _interruptible(lambda: run_opened(open_study(grown, folder, allow_changed, extending=True), options))
    _finish(tally, folder)


@app.command()
def status(
    folder: Folder,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """How far a study is: finished and failed runs, sessions, and what changed since."""
    from . import views

    with _reporting():
        views.show(*views.status_view(folder, as_json))


@app.command()
def verify(
    folder: Folder,
    sample: Annotated[int, typer.Option(min=1, help="How many runs to make again.")] = 10,
    seed: Annotated[int, typer.Option(help="Which runs are picked.")] = 0,
) -> None:
    """Make some runs again, each alone, and compare every bit with the store."""
    from .store import Store
    from .verification import verify as verify_store

    with _reporting():
        result = verify_store(Store.open(folder), sample, seed)
    for difference in result.differences:
        typer.echo(str(difference), err=True)
    differing = len({(d.point, d.arm, d.replication) for d in result.differences})
    typer.echo(f"{folder}: {result.runs} runs made again, {differing} differ")
    raise typer.Exit(1 if differing else 0)


@app.command()
def report(
    folder: Folder,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to; left out, report.html in DIR.")
    ] = None,
) -> None:
    """Write one HTML page: predictions and verdicts, comparison, effects, and how to do it again."""
    from .reporting import write_report
    from .store import Store

    with _reporting():
        path = write_report(Store.open(folder), output)
    typer.echo(f"wrote {path}")


@app.command()
def verdicts(
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="DIR...", help="Folders of studies, or folders that hold such folders; a verdicts.csv to add to."
        ),
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="Write verdicts.csv and verdicts.md there.")
    ] = None,
    points: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write there what came at every point of each study.")
    ] = None,
) -> None:
    """One line for every claim that these studies decide: share of points, effect, p over all claims, verdict."""
    from . import claims, published, views

    with _reporting():
        table = claims.verdicts(folders)
        views.show(views.table_of(claims.SHOWN, claims.cells(table)))
        written = claims.write_verdicts(table, output) if output is not None else []
        if points is not None:
            written += published.write_points([path for path in folders if path.suffix != ".csv"], points)
    for path in written:
        typer.echo(f"wrote {path}")


@app.command()
def export(
    folder: Folder,
    output: Annotated[Path, typer.Option("--output", "-o", help="A new folder, or a file that ends in .zip.")],
    csv: Annotated[bool, typer.Option("--csv", help="The table as CSV instead of Parquet.")] = False,
    comses: Annotated[
        bool, typer.Option("--comses", help="A zip for a library of models: code, documents, results, their metadata.")
    ] = False,
    stress: Annotated[
        bool, typer.Option("--stress", help="Only the STRESS-ABS checklist of the study, as a Markdown file.")
    ] = False,
) -> None:
    """Write one table with one row a run, with study and provenance beside it; or an archive, or a checklist."""
    from .errors import StudyError
    from .exporting import export as export_store
    from .merging import table_hash
    from .store import Store

    with _reporting():
        if comses and stress:
            raise StudyError("--comses and --stress: give only one of them")
        if stress:
            from ..research.stress import write_checklist

            typer.echo(f"wrote {write_checklist(Store.open(folder), output)}")
            return
        if comses:
            from ..research.comses import archive

            merged = archive(Store.open(folder), output)
        else:
            merged = export_store(Store.open(folder), output, csv)
    missing = f"; {merged.missing} runs are not finished" if merged.missing else ""
    typer.echo(f"{output}: {len(merged.frame)} rows, table hash {table_hash(merged.frame)}{missing}")


def _study(source: str, quick: bool) -> Any:
    from .reading import load_study

    study = load_study(source)
    return study.cut_down() if quick else study


def _shard(text: str | None) -> tuple[int, int] | None:
    from .errors import StudyError

    if text is None:
        return None
    part, slash, parts = text.partition("/")
    if not (slash and part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts)):
        raise StudyError(f"--shard {text}: is not one of the parts of a whole; write 1/4, 2/4, 3/4 or 4/4")
    return int(part), int(parts)


def _finish(tally: Tally, folder: Path) -> None:
    made = f"{tally.added} made now in {tally.seconds:.1f} s" if tally.added else "nothing was left to do"
    typer.echo(f"{folder}: {tally.finished} of {tally.wanted} runs finished, {made}")
    if tally.failed:
        typer.echo(
            f"{tally.failed} runs failed; see `ripieno study status {folder}` and {folder / 'failures'}", err=True
        )
        raise typer.Exit(1)


def _interruptible(work: Any) -> Any:
    """Call ``work``; a request to terminate, as batch systems send it, ends it like an interrupt from the keyboard."""

    def interrupt(number: int, frame: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        return work()
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def reporting() -> Iterator[None]:
    """Turn what is wrong with the input into one message and exit code 2."""
    from ...model.schema import ScenarioError
    from .errors import StudyError

    try:
        yield
    except (StudyError, ScenarioError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(BAD_INPUT) from None


@contextmanager
def _reporting() -> Iterator[None]:
    """As `reporting`; an interrupt ends with exit code 130."""
    try:
        with reporting():
            yield
    except KeyboardInterrupt:
        typer.echo("interrupted; what is finished is kept, run again to go on", err=True)
        raise typer.Exit(INTERRUPTED) from None
