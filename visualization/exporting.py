"""What a page hands out as files: with the scenario, the seed, the code's hash and the command line that repeats it."""

from __future__ import annotations

import io
import shlex
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..model.schema import dumps_toml
from . import plans
from .jobs import Service, Ticket
from .pairing import column, joined, paired
from .worlds import Worlds

if TYPE_CHECKING:
    import pandas as pd

RUNS = 20


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    """Files as one archive, the same bytes for the same contents."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def scenario_files(worlds: Worlds) -> dict[str, str]:
    """Both worlds as scenario files, and how to simulate them."""
    commands = [
        f"ripieno run {name}.toml --runs {RUNS} --seed {worlds.seed} -o {name}" for name in ("world-a", "world-b")
    ]
    about = f"A: {worlds.names[0]}\nB: {worlds.names[1]}\n\nBoth see the same random numbers. To simulate them:\n\n"
    texts = {"world-a.toml": dumps_toml(worlds.a), "world-b.toml": dumps_toml(worlds.b)}
    return texts | {"README.txt": about + "\n".join(commands) + "\n"}


def scenarios_zip(worlds: Worlds) -> bytes:
    """Both worlds as scenario files."""
    return zipped(scenario_files(worlds))


def tables_zip(worlds: Worlds, service: Service, csv: bool) -> bytes:
    """The tables of the paired runs, the scenarios and the provenance."""
    tables = dict(zip(("network", "agents"), joined(_runs(worlds, service)), strict=True))
    made: dict[str, bytes | str] = {
        f"{name}.{'csv' if csv else 'parquet'}": table_bytes(t, csv) for name, t in tables.items()
    }
    return zipped(made | scenario_files(worlds) | {"provenance.json": provenance(worlds)})


def table_bytes(frame: pd.DataFrame, csv: bool) -> bytes:
    """A table as a file; worlds are called by their letters."""
    named = frame.assign(world=["AB"[point] if point < 2 else str(point) for point in frame["point"]]).drop(
        columns="point"
    )
    if csv:
        return named.to_csv(index=False, lineterminator="\n").encode()
    buffer = io.BytesIO()
    named.to_parquet(buffer, index=False)
    return buffer.getvalue()


def provenance(worlds: Worlds) -> bytes:
    """The provenance that the command line writes as well: versions, machine, code hash, seed, scenarios."""
    import ripieno

    with tempfile.TemporaryDirectory() as folder:
        found = ripieno.simulate([worlds.a, worlds.b], runs=1, seed=worlds.seed, periods=worlds.a.warm_up + 1)
        found.save(Path(folder), csv=True)
        return (Path(folder) / "provenance.json").read_bytes()


def figures_zip(worlds: Worlds, service: Service) -> bytes:
    """Figures for print: the paired differences and the bullwhip by echelon, each as PNG, SVG and PDF."""
    import pandas as pd

    from .figures import as_bytes, paired_dots

    network, _ = joined(_runs(worlds, service))
    files: dict[str, bytes | str] = {}
    for name in ("cost", "fill_rate", "stock"):
        each = paired(column(network, 0, name), column(network, 1, name))
        label = f"{name.replace('_', ' ')}: {worlds.names[0]} less {worlds.names[1]}"
        rows = pd.DataFrame([{"arm": "A − B", "estimate": each.difference, "low": each.low, "high": each.high}])
        figure = paired_dots(rows, label=label, rows=("arm",))
        files |= {f"{name}.{kind}": as_bytes(figure, kind) for kind in ("png", "svg", "pdf")}
    return zipped(files | scenario_files(worlds))


def page(recording: bytes, worlds: Worlds, service: Service) -> bytes:
    """The recording as a page that plays without a server."""
    from .export import page as stand_alone
    from .recording import Recording

    return stand_alone(Recording.from_bytes(recording)).encode()


def command_line(scenario: str, settings: Mapping[str, Any], seed: int, runs: int) -> str:
    """The command that simulates a bundled scenario with other values."""
    parts = ["ripieno", "run", scenario, "--runs", str(runs), "--seed", str(seed)]
    for key, value in settings.items():
        written = str(value).lower() if isinstance(value, bool) else str(value)
        parts += ["--set", f"{key}={written}"]
    return shlex.join(parts)


def _runs(worlds: Worlds, service: Service) -> list[Any]:
    return list(service.work(plans.paired_runs([worlds.a, worlds.b], worlds.seed, RUNS), Ticket()))
