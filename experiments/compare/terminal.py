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
    yield network_table(findings)
    if not findings.gap.empty:
        yield gap_table(findings)
    if findings.scores["owner"].nunique() > 1:
        yield owners_table(findings)
    yield from _negotiation(findings)
    for sentence in verdicts(findings):
        yield Text(f"• {sentence}")


def network_table(findings: Findings) -> Table:
    """A row an arm: the mean of each metric, and below it the paired difference from the reference."""
    shown = shown_first(findings.scenario, findings.summary)
    runs = f"{findings.runs} run{'s' * (findings.runs != 1)} an arm"
    title = f"{findings.scenario.name}: {runs} with seed {findings.seed}, {span(findings.scenario)}"
    table = Table(title=title, title_justify="left", caption=_note(findings), caption_justify="left")
    table.add_column("arm", no_wrap=True)
    for metric in shown:
        table.add_column(f"{metric.title}\n{metric.unit}", justify="right")
    means = findings.summary.groupby("arm", sort=False)[[metric.name for metric in shown]].mean()
    for arm in findings.arms:
        table.add_row(arm, *(_cell(findings, arm, metric, float(means.loc[arm, metric.name])) for metric in shown))
    return table


def gap_table(findings: Findings) -> Table:
    """A row a part of the gap in the cost."""
    period = findings.scenario.period
    title = "the gap in the cost: what an arm closes of it, and what the gain is made of"
    table = Table(title=title, title_justify="left")
    for heading, justify in (("part", "left"), ("from → to", "left"), ("of the gap", "left")):
        table.add_column(heading, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    table.add_column(f"gain\nmoney per {period}", justify="right")
    table.add_column("share of the gap", justify="right")
    for _, row in findings.gap.iterrows():
        share = row["note"] or _interval(row, "share", 100, " %")
        ends = f"{row['from']} → {row['to']}", f"{row['gap_from']} → {row['gap_to']}"
        table.add_row(row["part"], *ends, _interval(row, "gain"), share)
    return table


def owners_table(findings: Findings) -> Table:
    """A row an owner: its own score in the reference, and how it changes under each arm; the network last."""
    scores, period = findings.scores, findings.scenario.period
    largest = scores.assign(size=scores["estimate"].abs()).groupby("owner", sort=False)["size"].max()
    owners = [name for name in largest.index if name in set(largest.nlargest(OWNERS_SHOWN).index)]
    rest = len(largest) - len(owners)
    title = f"own scores (paid less received, the less the better): change from {findings.reference}, ± 95 %"
    table = Table(title=title, title_justify="left", caption_justify="left")
    table.caption = f"and {rest} more, which change less" if rest else None
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
    return table


def _negotiation(findings: Findings) -> Iterator[Table | Text]:
    if findings.ledger.empty:
        return
    counted = packages(findings.ledger)
    yield packages_table(findings, counted)
    for arm in dict.fromkeys(findings.ledger["arm"]):
        lines = list(told(findings.ledger, arm, 0, findings.scenario.period))
        yield Text(f"{arm}, the first {min(len(lines), CYCLES_SHOWN)} of {len(lines)} cycles of run 0:")
        yield from (Text(f"  {line}") for line in lines[:CYCLES_SHOWN])


def packages_table(findings: Findings, counted: pd.DataFrame) -> Table:
    """The packages adopted most often, over all runs."""
    period, runs = findings.scenario.period, findings.runs
    table = Table(title=f"packages over {runs} runs; gains are means in money per {period}", title_justify="left")
    table.add_column("arm", no_wrap=True)
    table.add_column("package")
    for heading in ("proposed", "adopted", "kept", "rolled back", "predicted gain", "realised gain"):
        table.add_column(heading, justify="right")
    for _, row in counted.groupby("arm", sort=False).head(PACKAGES_SHOWN).iterrows():
        counts = [str(row[name]) for name in ("proposed", "adopted", "kept", "rolled_back")]
        gains = [written(float(row[name]), 3) for name in ("predicted_gain", "realised_gain")]
        table.add_row(row["arm"], str(row["package"]), *counts, *gains)
    rest = len(counted) - int(counted.groupby("arm", sort=False).size().clip(upper=PACKAGES_SHOWN).sum())
    table.caption = f"and {rest} more packages" if rest else None
    return table


def _note(findings: Findings) -> str | None:
    if len(findings.arms) < 2:
        return None
    return (
        f"below each mean: difference from {findings.reference} on the same random numbers ± half the 95 % interval;\n"
        "pt: percentage points; ✔ better, ✘ worse, no sign: not told from 0 (p > 0.05, corrected by Holm)"
    )


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
