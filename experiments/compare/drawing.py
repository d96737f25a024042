"""The figures of a comparison, and the tables behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from ...visualization import figures
from ..overview import summarised
from ..sweeps.metrics import COST
from .findings import Findings
from .looked_at import unit_of
from .pairing import outcome
from .story import course

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CARDS = 30  # owners on the scorecards; more would not fit a page
DOCKS = 8
NETWORK = "network"


class Drawn(NamedTuple):
    """A figure, or the bytes of its file, with the text below it and the words for readers who cannot see it."""

    figure: Any
    caption: str
    alt: str


def drawings(findings: Findings) -> dict[str, Drawn]:
    """The figures that the runs have something to show in, by name."""
    made = {name: draw(findings) for name, draw in FIGURES.items()}
    return {name: drawn for name, drawn in made.items() if drawn is not None}


def picture(findings: Findings) -> Figure:
    """One figure for a first look: the quadrants, or the cost of the arms where there are not two owners and two arms.

    Raises `ValueError` when no run has a cost.
    """
    drawn = _quadrants(findings) or _costs(findings)
    if drawn is None:
        raise ValueError("no cost line of the scenario has a rate, so that there is nothing to draw")
    return drawn.figure  # type: ignore[no-any-return]


def _costs(findings: Findings) -> Drawn | None:
    lines = [str(name) for name in findings.summary.columns if str(name).startswith(COST)]
    lines = [name for name in lines if name != "cost_per_unit" and (findings.summary[name] != 0).any()]
    if not lines:
        return None
    groups = findings.summary.groupby("arm", sort=False)
    rows = [(arm, name, part[name].mean()) for arm, part in groups for name in lines]
    table = pd.DataFrame(rows, columns=["arm", "line", "value"])
    table["line"] = table["line"].str.removeprefix(COST).str.replace("_", " ")
    totals = _means(findings.summary, "cost", ["arm"])
    figure = figures.cost_bars(table, unit=unit_of(findings.scenario, "cost"), totals=totals)
    caption = "What the money goes on, arm by arm; the total with its 95 % interval over the runs, not paired."
    return Drawn(figure, caption, f"Cost lines of the arms {', '.join(findings.arms)}")


def _paired(findings: Findings) -> Drawn | None:
    rows = findings.paired
    rows = rows[(rows["metric"] == "cost") & (rows["control"] == findings.reference)]
    if rows.empty:
        return None
    label = f"cost, difference from {findings.reference}"
    runs = _differences(findings) if findings.runs > 1 else None
    figure = figures.paired_dots(rows, label, unit_of(findings.scenario, "cost"), rows=("arm",), runs=runs)
    caption = "Mean paired difference with its 95 % interval; the small dots are single runs."
    return Drawn(figure, f"{label.capitalize()}. {caption}", f"{label} of {', '.join(findings.others)}")


def _scorecards(findings: Findings) -> Drawn | None:
    scores = findings.scores
    if scores["owner"].nunique() < 2:
        return None
    largest = scores.assign(size=scores["relative"].abs()).groupby("owner")["size"].max().nlargest(CARDS)
    table = pd.concat([scores[scores["owner"].isin(set(largest.index))], _network(findings)], ignore_index=True)
    figure = figures.scorecards(table[["owner", "arm", "relative", "outcome"]], NETWORK)
    caption = (
        f"Each owner's own score, change from {findings.reference}; below, the cost of the network. Blue is better, "
        "vermilion worse; faint means small, grey that it cannot be told from no change."
    )
    return Drawn(figure, caption, f"Scorecards of the owners and the network under {', '.join(findings.others)}")


def _quadrants(findings: Findings) -> Drawn | None:
    scores = findings.scores
    if scores["owner"].nunique() < 2 or scores["relative"].isna().all():
        return None
    figure = figures.quadrants(scores, findings.reference, findings.arms)
    caption = (
        "One dot an owner and arm: its own score against the network's cost. Upper left is local bias: "
        "good for itself, bad for all."
    )
    return Drawn(figure, caption, f"Own scores against the network's cost under {', '.join(findings.others)}")


def _bullwhip(findings: Findings) -> Drawn | None:
    name = f"bullwhip_end_{findings.scenario.period}"
    table = _agents(findings, name, "echelon ", "echelon")
    if table.empty:
        return None
    figure = figures.bullwhip_by_echelon(table, explanation="variance of orders / variance of outside demand")
    caption = "How much more the orders of an echelon vary than outside demand, with 95 % intervals over the runs."
    return Drawn(figure, caption, f"Bullwhip ratio by echelon under {', '.join(findings.arms)}")


def _docks(findings: Findings) -> Drawn | None:
    table = _agents(findings, "dock_queue", "", "dock")
    if table.empty:
        return None
    longest = table.groupby("dock", sort=False)["estimate"].max()
    longest = longest[longest > 0].nlargest(DOCKS)
    if longest.empty:
        return None
    table = table[table["dock"].isin(set(longest.index))]
    figure = figures.arm_dots(table, "queue at the dock", "trucks", rows="dock")
    caption = (
        "Trucks that wait for a door at the end of a period, mean over periods, with 95 % intervals over the runs."
    )
    rest = "" if len(longest) < DOCKS else f" The {DOCKS} docks with the longest queues."
    return Drawn(figure, f"{caption}{rest}", f"Queues at docks under {', '.join(findings.arms)}")


def _negotiation(findings: Findings) -> Drawn | None:
    if findings.ledger.empty:
        return None
    period = findings.scenario.period
    figure = figures.negotiation_course(course(findings.ledger, findings.runs), period, f"money per {period}")
    caption = (
        "Above, packages by what became of them; below, the gains of those adopted, predicted and realised, cumulated. "
        "Means over the runs; a package that was not reviewed yet counts as predicted alone."
    )
    return Drawn(figure, caption, "Packages and their gains over time")


FIGURES: Mapping[str, Callable[[Findings], Drawn | None]] = {
    "paired": _paired,
    "costs": _costs,
    "scorecards": _scorecards,
    "quadrants": _quadrants,
    "bullwhip": _bullwhip,
    "docks": _docks,
    "negotiation": _negotiation,
}


def _network(findings: Findings) -> pd.DataFrame:
    rows = findings.paired
    rows = rows[(rows["metric"] == "cost") & (rows["control"] == findings.reference)]
    words = {"lower": "wins", "higher": "loses", "open": "open"}
    told = [words[outcome(row)] for _, row in rows.iterrows()]
    return rows[["arm", "relative"]].assign(owner=NETWORK, outcome=told)


def _differences(findings: Findings) -> pd.DataFrame:
    """The cost of each run less that of the reference with the same random numbers."""
    wide = findings.summary.pivot(index="replication", columns="arm", values="cost")
    rest = wide[list(findings.others)].sub(wide[findings.reference], axis=0)
    return rest.melt(var_name="arm", value_name="difference")


def _agents(findings: Findings, metric: str, prefix: str, name: str) -> pd.DataFrame:
    """Means of a metric of agents by arm, with intervals: the column ``name``, arm, estimate, low, high."""
    rows = findings.agents[(findings.agents["metric"] == metric) & findings.agents["agent"].str.startswith(prefix)]
    rows = rows.assign(**{name: rows["agent"].str.removeprefix(prefix)})
    return _means(rows, "value", [name, "arm"])


def _means(table: pd.DataFrame, column: str, by: list[str]) -> pd.DataFrame:
    rows = []
    for key, part in table.groupby(by, sort=False):
        mean, half = summarised(part[column])
        rows.append((*key, mean, mean - half, mean + half))
    return pd.DataFrame(rows, columns=[*by, "estimate", "low", "high"])
