"""The paired result of many runs as one table: means, difference with its interval, and a mark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import solara

from ...model.metrics.base import all_metrics
from .. import plans
from ..caps import estimate, tries_out
from ..pairing import Paired, column, joined, paired
from ..session import use_session
from ..work_hook import use_job
from ..worlds import Worlds
from .markup import figure, interval, span, swatch, table, text, unit
from .parts import Press, Waiting, box, html

RUNS = 20
METRICS = (
    "cost", "fill_rate", "mean_backlog", "stock", "working_capital", "in_transit", "dock_wait", "dock_queue",
    "departures", "truck_fill",
)  # fmt: skip


@solara.component
def PairedTable(auto: bool = True, worlds: Worlds | None = None) -> Any:
    """Twenty runs of both worlds on the same random numbers, compared; they begin when ``auto`` is true.

    The worlds are those of the session; others that are given begin when they are asked for.
    """
    session = use_session()
    asked, worlds = worlds is not None, worlds or session.worlds()
    plan = plans.paired_runs([worlds.a, worlds.b], worlds.seed, RUNS)
    key = plan[0].key
    slow = asked or tries_out(worlds.a) or tries_out(worlds.b)
    progress, start, job = use_job(session.jobs, key, lambda: plan, auto=auto and not slow)
    with box("ri-card", []):
        html(f"<h2>{RUNS} runs of both, paired</h2>")
        Waiting(progress, job, f"Simulating {RUNS} runs of both worlds")
        if progress.values:
            network, _ = joined(progress.values)
            html(paired_markup(network, worlds.names, worlds.a.period), "ri-stale" if progress.key != key else "")
        if slow and not progress.busy and progress.key != key:
            seconds = estimate(worlds.a, RUNS) + estimate(worlds.b, RUNS)
            Press(f"Run {RUNS} pairs, about {seconds:.0f} s", start)
        elif progress.state == "cancelled":
            Press("Run again", start)


def paired_markup(network: Any, names: tuple[str, str], period: str) -> str:
    """The table of the network's metrics in both worlds."""
    found = {name: paired(column(network, 0, name), column(network, 1, name)) for name in chosen(network.columns)}
    units = units_of(period)
    count = max((each.count for each in found.values()), default=0)
    rows = [row(name, units.get(name, ""), each) for name, each in found.items() if each.count]
    head = [
        "",
        swatch("a", "A"),
        swatch("b", "B"),
        "A − B, 95 % interval",
        '<span class="ri-unseen">lower or higher</span>',
    ]
    caption = (
        f"Means over {count} pairs of runs with the same random numbers. A: {text(names[0])}. B: {text(names[1])}. "
        "Diamond: lower in A; circle: higher in A; hollow: the interval covers zero."
    )
    return table(head, rows, caption, numbers=(1, 2, 3))


def single_markup(network: Any, period: str) -> str:
    """The table of the network's metrics in one world: means over runs with their interval."""
    units = units_of(period)
    rows = []
    for name in chosen(network.columns):
        found = paired(column(network, 0, name), 0 * column(network, 0, name))
        rows.append(
            [
                f"{text(readable(name))}{unit(units.get(name, ''))}",
                figure(found.a),
                f"[{figure(found.low)}, {figure(found.high)}]",
            ]
        )
    return table(["", "mean", "95 % interval"], rows, f"Means over {len(network)} runs.", numbers=(1, 2))


def row(name: str, unit_name: str, each: Paired) -> list[str]:
    """One metric as a row of cells."""
    reach = 1.15 * max((abs(x) for x in (each.low, each.high, each.difference) if x == x), default=0.0) or 1.0
    words = "higher" if each.low > 0 else "lower" if each.high < 0 else "undecided"
    mark = (
        f'<div class="ri-wide">{interval(each.difference, each.low, each.high, reach)}<span class="ri-unseen">'
        f"{words}</span></div>"
    )
    cells = [f"{text(readable(name))}{unit(unit_name)}", figure(each.a), figure(each.b)]
    return [*cells, span(each.difference, each.low, each.high), mark]


def chosen(columns: Sequence[str]) -> list[str]:
    """The metrics that a table shows, in a fixed order, with the bullwhip among them."""
    bullwhip = [name for name in columns if name.startswith("bullwhip_")]
    return [name for name in (*METRICS[:2], *bullwhip, *METRICS[2:]) if name in columns]


def readable(name: str) -> str:
    """A metric's name as words."""
    return name.replace("_", " ")


def units_of(period: str) -> dict[str, str]:
    """The units of all metrics in the words of a scenario."""
    return {
        metric.named(period): metric.unit.replace("periods", f"{period}s").replace("period", period)
        for metric in all_metrics()
    }
