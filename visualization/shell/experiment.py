"""The results of an experiment: paired dots, a regime map, fans, and files."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import solara

from ...model.schema import dumps_toml
from .. import plans
from ..caps import tries_out
from ..cells import Cell, Factor, result_table, results, study_file
from ..exporting import zipped
from ..fields import written
from ..pairing import Paired, joined
from ..session import use_session
from ..work_hook import use_job
from .markup import figure, interval, note, span, table, text
from .paired import readable, units_of
from .parts import Press, Waiting, box, html


@solara.component
def Results(held: Mapping[str, Any], values: Sequence[Any], metric: str, stale: bool) -> Any:
    """What is known of the cells that are done."""
    session = use_session()
    cells, factors, counts = held["cells"], held["factors"], held["counts"]
    found = results(cells, values, counts, metric)
    if not found:
        return
    unit = units_of(cells[0].a.period).get(metric, "")
    if stale:
        html('<p class="ri-note">Inputs changed, run again.</p>')
    with box("ri-stale" if stale else "", []):
        with box("ri-card", []):
            rest = "" if len(found) == len(cells) else f" ({len(found)} of {len(cells)} cells are done)"
            html(f"<h2>{text(readable(metric).capitalize())}, A less B{rest}</h2>" + dots(found, factors, unit))
        with box("ri-columns", []):
            Map(found, factors, metric, unit)
            Fans(cells[0], held["runs"])
        Files(held, values, metric, session)


def dots(found: Sequence[tuple[Cell, Paired]], factors: Sequence[Factor], unit: str) -> str:
    """One row a cell, all on one scale."""
    reach = 1.1 * max(
        (abs(x) for _, each in found for x in (each.low, each.high, each.difference) if x == x), default=1.0
    )
    rows = []
    for cell, pair in found:
        name = ", ".join(f"{_short(each.key)} = {written(x)}" for each, x in zip(factors, cell.values, strict=True))
        mark = f'<div class="ri-wide">{interval(pair.difference, pair.low, pair.high, reach)}</div>'
        numbers = [figure(pair.a), figure(pair.b), span(pair.difference, pair.low, pair.high)]
        rows.append([text(name or "as it stands"), *numbers, mark])
    caption = (
        f"{text(unit)}; 95 % intervals over {found[0][1].count} pairs. Diamond: lower in A; circle: higher; hollow: "
        f"covers zero."
    )
    return table(["cell", "A", "B", "A − B", ""], rows, caption, numbers=(1, 2, 3))


def _short(key: str) -> str:
    """The last two steps of a key, which tell most."""
    return ".".join(key.split(".")[-3:])


@solara.component
def Map(found: Sequence[tuple[Cell, Paired]], factors: Sequence[Factor], metric: str, unit: str) -> Any:
    """Where the sign turns, over the first two factors; the third at its first value."""
    chosen = [(cell, each) for cell, each in found if cell.values[2:] == found[0][0].values[2:]]
    drawn = solara.use_memo(lambda: _map(chosen, factors, metric, unit), [chosen])
    with box("ri-card", []):
        html("<h2>Where the sign turns</h2>" + drawn)


def _map(chosen: Sequence[tuple[Cell, Paired]], factors: Sequence[Factor], metric: str, unit: str) -> str:
    from ..figures import as_bytes, regime_map

    numbers = [all(isinstance(value, int | float) for value in factor.values) for factor in factors[:2]]
    if len(numbers) < 2 or not all(numbers):
        return '<p class="ri-quiet">A map needs two factors with numbers.</p>'
    rows = result_table(chosen, factors)
    if len(rows) < 4:
        return '<p class="ri-quiet">The map appears when four cells are done.</p>'
    x, y = factors[0].key, factors[1].key
    try:
        drawing = regime_map(rows, x, y, f"{readable(metric)}, A less B", ("", "", unit))
    except (ValueError, RuntimeError):
        return '<p class="ri-quiet">The cells that are done lie on one line: no map yet.</p>'
    return _image(
        as_bytes(drawing, "svg"),
        f"Map of {readable(metric)}, A less B, over {x} and {y}; the table above has the numbers",
    )


@solara.component
def Fans(cell: Cell, runs: int) -> Any:
    """The spread of the cost over runs, period by period, in the first cell."""
    session = use_session()
    count = min(runs, 4 if tries_out(cell.a) or tries_out(cell.b) else 60)
    unit = plans.orders([cell.a, cell.b], cell.a.seed, count)
    progress, start, job = use_job(session.jobs, unit.key, lambda: [unit], auto=False)
    with box("ri-card", []):
        html("<h2>Fans over runs</h2>")
        Press("Draw the cost of the first cell over time", start, disabled=progress.busy)
        Waiting(progress, job, "Simulating")
        drawn = solara.use_memo(
            lambda: _fans(progress.values[0], cell.a.period) if progress.values else "", [progress.key]
        )
        if drawn:
            html(drawn)


def _fans(worlds: Sequence[Mapping[str, Any]], period: str) -> str:
    import numpy as np
    import pandas as pd

    from ..figures import as_bytes, fan_chart

    window, frames = 7, []
    for name, world in zip("AB", worlds, strict=True):
        money = world["money"]
        smooth = np.apply_along_axis(lambda row: np.convolve(row, np.ones(window) / window, "valid"), 0, money)
        step, run = np.indices(smooth.shape)
        frames.append(
            pd.DataFrame({"arm": name, "run": run.ravel(), "period": step.ravel() + window, "value": smooth.ravel()})
        )
    drawing = fan_chart(pd.concat(frames), f"cost, mean of {window} {period}s", f"money per {period}", period=period)
    return _image(
        as_bytes(drawing, "svg"),
        f"Cost per {period} in A and B: the median over runs, and the bands that hold half and nine tenths of them",
    )


def _image(svg: bytes, about: str) -> str:
    return (
        f'<img class="ri-figure" alt="{text(about)}" src="data:image/svg+xml;base64,{base64.b64encode(svg).decode()}">'
    )


@solara.component
def Files(held: Mapping[str, Any], values: Sequence[Any], metric: str, session: Any) -> Any:
    """Downloads: tables, figures, the study file, and the command that repeats it."""
    choice = session.choice.peek()
    base = session.base()

    def pack() -> bytes:
        return packed(held, values, metric, base, choice)

    with box("ri-card", []):
        about = "The same from the command line, in the folder of the files:"
        html(
            f"<h2>Take it with you</h2><p class='ri-quiet'>{about}</p>"
            "<pre>ripieno study run study.toml -o results</pre>"
        )
        with solara.FileDownload(pack, filename=f"{base.name}-experiment.zip", mime_type="application/zip"):
            Press("Tables, figures and study file", lambda: None)
        if not held["factors"] and not choice.other:
            html(note("A and B are the same here."))


def _by_cell(values: Sequence[Any], counts: Sequence[int]) -> tuple[Any, Any]:
    """All runs with the number of their cell, counted from 0 in the order of the results."""
    import pandas as pd

    place, tables = 0, []
    for cell, count in enumerate(counts):
        if place + count <= len(values):
            tables.append([frame.assign(cell=cell) for frame in joined(values[place : place + count])])
        place += count
    networks, agents = zip(*tables, strict=True)
    return pd.concat(networks, ignore_index=True), pd.concat(agents, ignore_index=True)


def packed(held: Mapping[str, Any], values: Sequence[Any], metric: str, base: Any, choice: Any) -> bytes:
    """Everything about an experiment as one archive."""
    import io

    from ..exporting import provenance
    from ..figures import as_bytes, paired_dots
    from ..worlds import Worlds, changed

    found = results(held["cells"], values, held["counts"], metric)
    rows = result_table(found, held["factors"])
    network, agents = _by_cell(values, held["counts"])
    files: dict[str, bytes | str] = {"results.csv": rows.to_csv(index=False, lineterminator="\n")}
    for name, frame in (("runs", network), ("agents", agents)):
        buffer = io.BytesIO()
        frame.to_parquet(buffer, index=False)
        files[f"{name}.parquet"] = buffer.getvalue()
    named = rows.assign(cell=[", ".join(map(str, cell.values)) or "as it stands" for cell, _ in found])
    drawing = paired_dots(named, label=f"{readable(metric)}, A less B", rows=("cell",))
    files |= {f"results.{kind}": as_bytes(drawing, kind) for kind in ("png", "svg", "pdf")}
    plain_base = changed(base, choice.changes)
    files["study.toml"] = study_file(plain_base, choice, held["factors"], metric, held["runs"])
    files["base.toml"] = dumps_toml(plain_base)
    first = held["cells"][0]
    return zipped(files | {"provenance.json": provenance(Worlds(first.a, first.b, ("A", "B"), first.a.seed))})
