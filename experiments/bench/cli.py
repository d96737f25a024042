"""The command ``ripieno bench``."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from .measure import Effort, Measurement, as_rows
from .workloads import WORKLOADS


def bench(
    as_json: Annotated[bool, typer.Option("--json", help="Print the list of measurements as JSON.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="A fifth of the periods: seconds, with more noise.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Also 16,384 runs and 2,000 sites: minutes.")] = False,
    repetitions: Annotated[int, typer.Option(min=1, help="Repetitions, of which the median is reported.")] = 5,
) -> None:
    """Measure the speed of the standard workloads on this machine, in CPU time unless it says otherwise.

    Ratios compare with a reference of the same session: above 1, the measured one is better than the reference.
    """
    effort = Effort(repetitions, periods=200 if quick else 1_000, large=full)
    log = Console(stderr=True)
    found: list[Measurement] = []
    for workload in WORKLOADS:
        log.print(f"measuring {workload.__name__.replace('_', ' ')}", style="dim")
        found += workload(effort)
    if as_json:
        print(json.dumps(as_rows(found), indent=2))
    else:
        Console().print(_table(found))


def _table(measurements: list[Measurement]) -> Table:
    table = Table("measurement", "value", "unit", "ratio", "reference", box=None, header_style="bold")
    for column in (1, 3):
        table.columns[column].justify = "right"
    for row in measurements:
        ratio = "" if row.ratio is None else f"{row.ratio:,.3g}"
        table.add_row(row.name, f"{row.value:,.4g}", row.unit, ratio, row.reference or "")
    return table
