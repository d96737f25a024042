"""Sections of a study's report on who gains what: the parts of the gap to the best setting, and coalitions."""

from __future__ import annotations

import pandas as pd

from ..compare.gap import BEST, NEEDED, gap_parts
from ..report import Report
from .coalitions import ALL, attributed
from .findings import Findings

METRIC = "cost"
SHOWN = ["part", "from", "to", "gain", "gain_low", "gain_high", "share", "share_low", "share_high", "note"]
LABELS = {"gain_low": "low", "gain_high": "high", "share_low": "share, low", "share_high": "share, high"}


def gains(report: Report, findings: Findings) -> None:
    """What the gain of orchestration is made of, and how much of the possible gain it is."""
    frame = findings.merged.frame
    if METRIC not in frame or not set(NEEDED) <= set(frame["arm"]):
        return
    report.section("What the gain is made of")
    ends = f", what remains (orch to {BEST})" if BEST in set(frame["arm"]) else ""
    report.text(
        f"Model quality (opt to selfish), shared objective (selfish to orch){ends}: gains in cost a period, paired by "
        "replication, with 95 % intervals, and as shares of the whole with Fieller's. Over all design points costs are "
        "shares of what opt costs at the point on average, so that every point counts alike."
    )
    report.table(
        gap_parts(over_points(frame), METRIC)[SHOWN], "Over all design points, as a share of opt", labels=LABELS
    )
    tables = [gap_parts(at, METRIC).assign(point=point) for point, at in frame.groupby("point", sort=False)]
    rows = findings.placed(pd.concat(tables, ignore_index=True))
    unit = findings.unit(METRIC)
    report.table(
        rows[["point", *findings.parameters, *SHOWN]], "At every design point", units={"gain": unit}, labels=LABELS
    )


def over_points(runs: pd.DataFrame) -> pd.DataFrame:
    """One row an arm and replication: the mean over the points of the cost as a share of the mean cost of opt there.

    A replication that lacks a point in an arm has no value there.
    """
    base = runs[runs["arm"] == NEEDED[0]].groupby("point")[METRIC].mean()
    shares = runs.assign(share=runs[METRIC] / runs["point"].map(base))
    wide = shares.pivot(index=["arm", "replication"], columns="point", values="share").mean(axis=1, skipna=False)
    return wide.rename(METRIC).reset_index()


def attribution(report: Report, findings: Findings) -> None:
    """The Shapley value of every player, where the study has coalitions."""
    coalitions = findings.study.coalitions
    if coalitions is None:
        return
    table = findings.placed(attributed(coalitions, findings.merged.frame))
    table["relative"] = 100 * table["relative"]
    report.section("Who does it")
    report.text(
        f"What each player adds to the {coalitions.metric} of the network when it joins those who may move levers, on "
        "average over all orders of joining (Shapley value). The values of a point add up to the difference between "
        f"everybody and nobody, which is the row {ALL}."
    )
    mean = table.groupby("player", sort=False)["relative"].mean().reset_index()
    units = {"estimate": findings.unit(coalitions.metric), "relative": "%"}
    shares = {"relative": "mean over the points, as a share of nobody's"}
    report.table(mean, f"Over all design points: {coalitions.metric}", units={"relative": "%"}, labels=shares)
    report.table(table, "At every design point", units=units, labels={"relative": "relative to nobody"})
