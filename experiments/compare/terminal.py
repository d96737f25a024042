"""The comparison on a terminal: the network, the gap, the owners, the negotiation, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from rich.table import Table
from rich.text import Text

from ..overview import number, span
from ..report import written
from .findings import Findings
from .looked_at import Shown, change, difference, shown_first
from .pairing import outcome, row_of
from .story import packages, told
from .verdicts import verdicts

SIGNS = {True: ("✔", "green"), False: ("✘", "red"), None: ("", "dim")}
OWNERS_SHOWN, PACKAGES_SHOWN, CYCLES_SHOWN = 16, 8, 5


def pieces(findings: Findings) -> Iterator[Table | Text]:
    """Tables and lines in the order in which they are read."""
    yield from _network(findings)
    if not findings.gap.empty:
        yield from _gap(findings)
    if findings.scores["owner"].nunique() > 1:
        yield from _owners(findings)
    if not findings.ledger.empty:
        yield from _negotiation(findings)
    for sentence in verdicts(findings):
        yield Text(f"• {sentence}")


def _network(findings: Findings) -> Iterator[Table | Text]:
    """A row an arm: the mean of each metric, and below it the paired difference from the reference."""
    shown = shown_first(findings.scenario, findings.summary)
    runs = f"{findings.runs} run{'s' * (findings.runs != 1)} an arm"
    yield _title(f"{findings.scenario.name}: {runs} with seed {findings.seed}, {span(findings.scenario)}")
    table = Table()
    table.add_column("arm", no_wrap=True)
    for metric in shown:
        table.add_column(f"{metric.title}\n{metric.unit}", justify="right")
    for arm in findings.arms:
        means = findings.summary[findings.summary["arm"] == arm].mean(numeric_only=True)
        table.add_row(arm, *(_cell(findings, arm, metric, float(means[metric.name])) for metric in shown))
    yield table
    yield from _notes(findings)


def _gap(findings: Findings) -> Iterator[Table | Text]:
    """A row a part of the gap in the cost."""
    period = findings.scenario.period
    yield _title("the gap in the cost: what an arm closes of it, and what the gain is made of")
    table = Table()
    for heading, justify in (("part", "left"), ("from → to", "left"), ("of the gap", "left")):
        table.add_column(heading, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    table.add_column(f"gain\nmoney per {period}", justify="right")
    table.add_column("share of the gap", justify="right")
    for _, row in findings.gap.iterrows():
        share = row["note"] or _interval(row, "share", 100, " %")
        ends = f"{row['from']} → {row['to']}", f"{row['gap_from']} → {row['gap_to']}"
        table.add_row(row["part"], *ends, _interval(row, "gain"), share)
    yield table


def _owners(findings: Findings) -> Iterator[Table | Text]:
    """A row an owner: its own score in the reference, and how it changes under each arm; the network last."""
    scores, period = findings.scores, findings.scenario.period
    largest = scores.assign(size=scores["estimate"].abs()).groupby("owner", sort=False)["size"].max()
    owners = [name for name in largest.index if name in set(largest.nlargest(OWNERS_SHOWN).index)]
    rest = len(largest) - len(owners)
    yield _title(f"own scores (paid less received, the less the better): change from {findings.reference}, ± 95 %")
    table = Table()
    table.add_column("owner", no_wrap=True)
    table.add_column(f"{findings.reference}\nmoney per {period}", justify="right")
    for arm in findings.others:
        table.add_column(arm, justify="right")
    rows = scores.set_index(["owner", "arm"])
    for owner in owners:
        own = [rows.loc[(owner, arm)] for arm in findings.others]
        table.add_row(owner, number(float(own[0]["control_mean"])), *map(_owned, own))
    table.add_section()
    network = [row_of(findings.paired, "cost", arm, findings.reference) for arm in findings.others]
    mean = findings.summary.loc[findings.summary["arm"] == findings.reference, "cost"].mean()
    table.add_row("network", number(float(mean)), *(Text("–") if row is None else _marked(row) for row in network))
    yield table
    if rest:
        yield Text(f"and {rest} more, which change less")


def _negotiation(findings: Findings) -> Iterator[Table | Text]:
    """The packages adopted most often over all runs, and the first cycles of run 0 in words."""
    counted = packages(findings.ledger)
    yield _title(f"packages over {findings.runs} runs; gains are means in money per {findings.scenario.period}")
    yield _packages(counted)
    rest = len(counted) - int(counted.groupby("arm", sort=False).size().clip(upper=PACKAGES_SHOWN).sum())
    if rest:
        yield Text(f"and {rest} more packages")
    for arm in dict.fromkeys(findings.ledger["arm"]):
        lines = list(told(findings.ledger, arm, 0, findings.scenario.period))
        yield Text(f"{arm}, the first {min(len(lines), CYCLES_SHOWN)} of {len(lines)} cycles of run 0:")
        yield from (Text(f"  {line}") for line in lines[:CYCLES_SHOWN])


def _packages(counted: pd.DataFrame) -> Table:
    table = Table()
    table.add_column("arm", no_wrap=True)
    table.add_column("package")
    for heading in ("proposed", "adopted", "kept", "rolled back", "predicted gain", "realised gain"):
        table.add_column(heading, justify="right")
    for _, row in counted.groupby("arm", sort=False).head(PACKAGES_SHOWN).iterrows():
        counts = [str(row[name]) for name in ("proposed", "adopted", "kept", "rolled_back")]
        gains = [written(float(row[name]), 3) for name in ("predicted_gain", "realised_gain")]
        table.add_row(row["arm"], str(row["package"]), *counts, *gains)
    return table


def _title(words: str) -> Text:
    return Text(f"\n{words}", style="bold")


def _notes(findings: Findings) -> Iterator[Text]:
    if len(findings.arms) < 2:
        return
    reference = findings.reference
    yield Text(f"below each mean: difference from {reference} on the same random numbers ± half the 95 % interval")
    yield Text("pt: percentage points; ✔ better, ✘ worse, no sign: not told from 0 (p > 0.05, corrected by Holm)")


def _cell(findings: Findings, arm: str, metric: Shown, mean: float) -> Text:
    row = row_of(findings.paired, metric.name, arm, findings.reference)
    if row is None or pd.isna(row["estimate"]):
        return Text(number(mean))
    sign, style = SIGNS[metric.good(outcome(row))]
    return Text.assemble(number(mean), "\n", (f"{change(row, metric.unit)} {sign}".rstrip(), style))


def _owned(row: pd.Series) -> Text:
    text = _marked(row)
    paid = float(row["paid"])
    if abs(paid) > 0:
        text.append(f"\n{'is paid' if paid > 0 else 'pays'} {written(abs(paid), 3)}", style="dim")
    return text


def _marked(row: pd.Series) -> Text:
    told = outcome(row)
    sign, style = SIGNS[None if told == "open" else told == "lower"]
    return Text(f"{difference(row)} {sign}".rstrip(), style=style)


def _interval(row: pd.Series, name: str, factor: float = 1.0, unit: str = "") -> str:
    middle, low, high = (written(factor * float(row[key]), 3) for key in (name, f"{name}_low", f"{name}_high"))
    return f"{middle} [{low}, {high}]{unit}"
