"""The levers of a scenario as people see them."""

from __future__ import annotations

import numpy as np
from rich.table import Table
from rich.text import Text

from .levers import Lever, levers_of
from .schema import Scenario


def lever_table(scenario: Scenario) -> Table:
    """One row a lever: its name, whose it is, where it stands, and the values that may be chosen."""
    table = Table(title=Text("levers", style="bold"), title_justify="left")
    for column in ("lever", "owner", "now", "values", "kind"):
        table.add_column(Text(column), overflow="fold")
    for lever in levers_of(scenario.resolved()):
        values = ", ".join(f"{value:g}" for value in lever.grid) or "by trade"
        table.add_row(*map(Text, (lever.name, lever.owner, _now(lever), values, _kind(lever))))
    return table


def _now(lever: Lever) -> str:
    return f"{float(np.mean(lever.start)):g}"


def _kind(lever: Lever) -> str:
    words = ["responsive" if lever.responsive else "structural", *(["factor"] if lever.relative else [])]
    return ", ".join(words)
