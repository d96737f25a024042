"""The report of a comparison: one page with what it comes to, the tables and the figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..overview import span
from ..report import Report, merged
from .arms import ARMS, scenario_file
from .drawing import Drawn
from .findings import Findings
from .gap import BEST
from .looked_at import Shown, shown_first, unit_of
from .pairing import outcome, row_of
from .story import packages, told
from .verdicts import caution, further, of_arm, verdicts

CYCLES_SHOWN = 40
LABELS = {"p_holm": "p (Holm)", "control_mean": "before", "relative": "relative change"}
PERCENT = {"relative": "%"}
WORDS = {"lower": "better", "higher": "worse", "open": "cannot be told"}
SIGNS = {True: "better", False: "worse", None: "open"}


def comparison_report(findings: Findings, drawn: Mapping[str, Drawn], about: Mapping[str, Any]) -> Report:
    """The page; ``drawn`` are its figures, ``about`` the provenance."""
    scenario = findings.scenario
    report = Report(f"{scenario.name}: {', '.join(findings.arms)}", scenario.description)
    runs = f"{findings.runs} run{'s' * (findings.runs != 1)} an arm, seed {findings.seed}, {span(scenario)}"
    report.text(
        f"The same world under each arm, on the same random numbers: {runs}. Differences are paired by run; "
        "intervals are 95 %. A difference is told from 0 when p, corrected by Holm for the comparisons beside it, "
        "is at most 5 %."
    )
    _verdicts(report, findings)
    for part in (_network, _gap, _owners, _flows, _negotiation, _all):
        part(report, findings, drawn)
    _again(report, findings)
    report.section("Provenance").facts({name: value for name, value in about.items() if name != "files"})
    return report


def _verdicts(report: Report, findings: Findings) -> None:
    report.section("What it comes to")
    if len(findings.arms) < 2:
        report.text(*verdicts(findings))
        return
    report.text(*caution(findings))
    for arm in findings.others:
        row = row_of(findings.paired, "cost", arm, findings.reference)
        report.verdict(WORDS["open" if row is None else outcome(row)], of_arm(findings, arm))
    report.text(*further(findings))


def _network(report: Report, findings: Findings, drawn: Mapping[str, Drawn]) -> None:
    report.section("The network")
    shown = shown_first(findings.scenario, findings.summary)
    means = findings.summary.groupby("arm", sort=False)[[metric.name for metric in shown]].mean().reset_index()
    units = {metric.name: metric.unit for metric in shown}
    labels = {metric.name: metric.title for metric in shown}
    report.table(means, "Means over the runs", units=units, labels=labels)
    rows = findings.paired[findings.paired["control"] == findings.reference]
    parts = [_read(rows[rows["metric"] == metric.name], metric) for metric in shown]
    if len(rows):
        table = pd.concat(parts, ignore_index=True)
        columns = ["metric", "arm", "control_mean", "estimate", "low", "high", "unit", "relative", "p_holm", "reading"]
        caption = f"Difference from {findings.reference}; open: cannot be told from 0"
        report.table(_percent(table)[columns], caption, units=PERCENT, labels=LABELS)
    _figures(report, drawn, "paired", "costs")


def _read(rows: pd.DataFrame, metric: Shown) -> pd.DataFrame:
    """The differences of one metric, and whether they are for the better."""
    readings = [SIGNS[metric.good(outcome(row))] for _, row in rows.iterrows()]
    return rows.assign(metric=metric.title, unit=metric.unit, reading=readings)


def _gap(report: Report, findings: Findings, drawn: Mapping[str, Drawn]) -> None:
    if findings.gap.empty:
        return
    report.section("The gap")
    report.text(
        "A gain is how much lower the cost is at the end of an arrow than at its start. The arm "
        f"{BEST} is the best setting found on the simulator itself. Model quality is what a better evaluator brings "
        "each agent for itself (opt to selfish), the shared objective what negotiation adds (selfish to orch). Shares "
        "have Fieller's interval; where the gap cannot be told from 0 there is no share, and the table says why."
    )
    gap = findings.gap
    table = pd.DataFrame(
        {
            "part": gap["part"],
            "from": gap["from"],
            "to": gap["to"],
            "gain": _intervals(gap, "gain"),
            "gap": gap["gap_from"] + " to " + gap["gap_to"],
            "share": _intervals(gap, "share", 100).where(gap["note"] == "", gap["note"]),
        }
    )
    units = {"gain": f"money per {findings.scenario.period}", "share": "%"}
    report.table(table, "Gains in the cost, and as shares of a gap", units=units, labels={"gap": "share of the gap"})


def _intervals(table: pd.DataFrame, name: str, factor: float = 1.0) -> pd.Series:
    """An estimate with its interval as text, row by row."""
    names = (name, f"{name}_low", f"{name}_high")
    return merged(factor * table[list(names)], names, 3)[name]


def _percent(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(relative=100 * table["relative"])


def _owners(report: Report, findings: Findings, drawn: Mapping[str, Drawn]) -> None:
    scores = findings.scores
    if scores["owner"].nunique() < 2:
        return
    report.section("Who wins, who loses")
    report.text(
        "An owner's own score is what it paid less what it was paid, per period: the less the better. Paid is what its "
        "agreements in force pay it, less what it pays. The p-values are corrected over the owners of an arm."
    )
    _figures(report, drawn, "scorecards", "quadrants")
    columns = ["owner", "arm", "control_mean", "estimate", "low", "high", "relative", "p_holm", "outcome", "paid"]
    unit = f"money per {findings.scenario.period}"
    units = {"control_mean": unit, "estimate": unit, "paid": unit}
    kept = columns if scores["paid"].any() else columns[:-1]
    units = {name: text for name, text in units.items() if name in kept} | PERCENT
    told = scores[(scores["outcome"] != "open") | (scores["paid"] != 0)]
    caption = f"Own scores, change from {findings.reference}: {len(told)} of {len(scores)} are told from 0, or paid"
    report.table(_percent(told)[kept], caption, units=units, labels=LABELS)


def _flows(report: Report, findings: Findings, drawn: Mapping[str, Drawn]) -> None:
    if {"bullwhip", "docks"} & set(drawn):
        report.section("Orders and docks")
        _figures(report, drawn, "bullwhip", "docks")


def _negotiation(report: Report, findings: Findings, drawn: Mapping[str, Drawn]) -> None:
    if findings.ledger.empty:
        return
    report.section("The negotiation")
    _figures(report, drawn, "negotiation")
    unit = f"money per {findings.scenario.period}"
    counted = packages(findings.ledger)
    units = {"predicted_gain": unit, "realised_gain": unit}
    report.table(counted, f"Packages over {findings.runs} runs", units=units, most=60)
    for arm in dict.fromkeys(findings.ledger["arm"]):
        lines = list(told(findings.ledger, arm, 0, findings.scenario.period))
        cut = f", the first {CYCLES_SHOWN} of {len(lines)} cycles" if len(lines) > CYCLES_SHOWN else ""
        report.text(f"Run 0 under {arm}{cut}:" if lines else f"Nothing was proposed in run 0 under {arm}.")
        report.text(*lines[:CYCLES_SHOWN])


def _all(report: Report, findings: Findings, drawn: Mapping[str, Drawn]) -> None:
    rows = findings.paired[findings.paired["control"] == findings.reference]
    if rows.empty:
        return
    report.section("All metrics of the network")
    table = rows.assign(unit=[unit_of(findings.scenario, str(name)) for name in rows["metric"]])
    columns = ["metric", "arm", "control_mean", "estimate", "low", "high", "relative", "p_holm", "unit"]
    caption = f"Difference from {findings.reference}; each metric is corrected over its arms"
    report.table(_percent(table)[columns], caption, units=PERCENT, labels=LABELS)


def _again(report: Report, findings: Findings) -> None:
    report.section("How to do it again")
    known = [f"{arm}: {ARMS[arm]}." for arm in findings.arms if arm in ARMS]
    report.text("Each arm has its scenario beside this page, with all defaults, seed and number of runs.", *known)
    if set(findings.arms) <= set(ARMS):
        source = scenario_file(findings.reference)
        report.code(f"ripieno compare {source} --arms {','.join(findings.arms)} -o again")
    else:
        report.code("\n".join(f"ripieno run {scenario_file(arm)}" for arm in findings.arms))


def _figures(report: Report, drawn: Mapping[str, Drawn], *names: str) -> None:
    for name in names:
        if name in drawn:
            report.figure(*drawn[name])
