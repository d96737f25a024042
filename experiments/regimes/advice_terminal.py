"""An advice on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from rich.table import Table
from rich.text import Text

from ..overview import span
from ..report import merged, written
from ..report.numbers import probability
from .advice import Advice
from .coordinates import COORDINATES
from .words import RULE, recommendation

STYLES = {"gains": "green", "pays": "green", "loses": "red", "costs": "red", "open": "dim"}


def pieces(advice: Advice) -> Iterator[Table | Text]:
    """Tables and lines in the order in which they are read."""
    found, period = advice.found, advice.found.scenario.period
    yield Text(
        f"{found.scenario.name}: {advice.runs} runs an arm with seed {found.seed}, {span(found.scenario)}", "bold"
    )
    yield _place(advice)
    yield _table(advice.against, "control", f"what orchestration gains, money per {period} [95 %]")
    yield _table(advice.ingredients, "ingredient", f"what it is worth, money per {period} [95 %]")
    said = recommendation(advice)
    yield Text(f"\n{said.word}", "bold")
    yield from (Text(f"• {sentence}") for sentence in (*said.sentences, *advice.notes))
    yield Text(f"The rule: {RULE}", "dim")


def _place(advice: Advice) -> Table:
    table = Table()
    ends = [] if advice.map is None else ["on the map from", "to"]
    for heading, justify in (
        ("coordinate", "left"),
        ("here", "right"),
        *((end, "right") for end in ends),
        ("unit", "left"),
    ):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type]
    for name, unit, _ in COORDINATES:
        known = [] if advice.map is None else [advice.map.rows[name].min(), advice.map.rows[name].max()]
        cells = [written(float(value), 3) for value in (advice.place[name], *known)]
        table.add_row(name.replace("_", " "), *cells, unit)
    return table


def _table(rows: pd.DataFrame, name: str, heading: str) -> Table:
    table = Table()
    table.add_column(name, no_wrap=True)
    for title in (heading, "of the cost", "p (Holm)"):
        table.add_column(title, justify="right")
    table.add_column("")
    for (_, row), interval in zip(rows.iterrows(), merged(rows)["estimate"], strict=True):
        share = f"{written(100 * float(row['relative']), 3)} %"
        outcome = Text(row["outcome"], STYLES[row["outcome"]])
        table.add_row(row[name], interval, share, probability(row["p_holm"]), outcome)
    return table
