"""The sections of a study's report, one function each, in the order of the page."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from ...agents.quantity import Array
from ..report import Report
from ..statistics import equivalence_table, main_effects, morris_indices, sobol_indices
from .choices import chosen
from .designed import designed
from .designs.morris import Morris
from .designs.saltelli import Saltelli
from .findings import Findings, provenance_of
from .gains import attribution, gains
from .parameters import Space
from .pointwise import point_names, pointwise
from .predictions import LEVELS
from .splitting import splits

DRAWN_ROWS = 40
"""More comparisons than this are counted and mapped, not drawn one by one."""
EFFECT_METRICS, EFFECT_FIGURES = 3, 6
FAILURES_SHOWN = 10
CUTS_SHOWN = 2
LABELS = {"p_holm": "p (Holm)", "control_mean": "control", "relative": "relative to control"}


def caution(report: Report, findings: Findings) -> None:
    """What a reader has to know before anything else: a cut-down study, missing or failed runs."""
    if findings.study.quick:
        report.text("This is the quick version of the study, cut down for looking. It gives no verdicts.")
    if findings.merged.missing:
        report.text(f"{findings.merged.missing:,} runs of the study are not finished; this report leaves them out.")
    failures = [f for f in findings.store.failures() if not _made(findings, f)]
    if failures:
        errors = pd.DataFrame([{"replication": f["replication"], "error": f["error"]} for f in failures])
        report.table(errors, f"{len(failures)} runs failed", most=FAILURES_SHOWN)


def expectations(report: Report, findings: Findings) -> None:
    """The predictions, a verdict each, and the numbers behind them."""
    if not findings.judged:
        return
    report.section("What was expected, and what came")
    for one in findings.judged:
        claim = f"{one.prediction.claim}: " if one.prediction.claim else ""
        said, counts = f"{claim}{one.sentence}.", one.verdict
        report.verdict(counts.verdict, f"{said} {_counted(counts)}{_sources(one.prediction.reasons)}")
    unheard = [
        p for p in findings.study.predictions if p.where and all(p is not one.prediction for one in findings.judged)
    ]
    for prediction in unheard:
        report.text(f"Of {prediction.metric}, where {prediction.where}: no finished design point lies there.")
    for one in findings.judged:
        if one.prediction.expected not in LEVELS:
            continue
        kept = ["point", *findings.parameters, "estimate", "low", "high", "predicted", "came"]
        rows = findings.placed(one.rows)[kept].rename(columns={"came": "as predicted"})
        unit = findings.unit(one.prediction.metric)
        report.table(rows, f"{one.prediction.metric}, {one.arm}", units={"estimate": unit, "predicted": unit})


def where(report: Report, findings: Findings) -> None:
    """In which part of the design each prediction came, by the best cuts through single parameters."""
    rows = []
    for one in findings.judged:
        points = findings.placed(one.rows)
        came = (points["came"] == "yes").to_numpy()
        if 0 < came.sum() < len(came):
            rows += [
                (one.sentence, c.condition, 100 * c.inside, c.points_inside, 100 * c.outside, c.points_outside)
                for c in splits(points, findings.parameters, came)[:CUTS_SHOWN]
            ]
    if not rows:
        return
    report.section("Where it came, and where not")
    report.text(
        "For each prediction the cuts through one parameter that divide best the points at which it came from the "
        "others. They are found in the same runs that they describe: a rule to be tested on new points, not a result."
    )
    names = ["prediction", "where", "came there", "points there", "came elsewhere", "points elsewhere"]
    report.table(pd.DataFrame(rows, columns=names), "Best cuts", units={"came there": "%", "came elsewhere": "%"})


def comparison(report: Report, findings: Findings) -> None:
    """The arms against the control: counted over the design, and drawn for the primary outcome."""
    table = findings.differences
    if table.empty:
        return
    control = findings.study.control
    report.section(f"Compared with {control}")
    report.text(
        f"Differences are arm − {control}, paired by replication: both runs of a pair share their random numbers. "
        "Intervals are 95 % unless the study says otherwise; p-values are corrected over the rows of a metric."
    )
    labels = {"relative": "mean relative difference"}
    report.table(_summary(table), "Over all design points", units={"relative": "%"}, labels=labels)
    _equivalence(report, findings)
    primary = table[table["metric"] == table["metric"].iloc[0]]
    _draw_differences(report, findings, primary)
    columns = ["point", *findings.parameters, "arm", "estimate", "low", "high", "control_mean", "relative", "p_holm"]
    metric = str(primary["metric"].iloc[0])
    units = {"estimate": findings.unit(metric), "control_mean": findings.unit(metric)}
    report.table(primary[columns], f"{metric}: difference from {control}", units=units, labels=LABELS)


def effects(report: Report, findings: Findings) -> None:
    """How the first metrics depend on the parameters, arm by arm."""
    from ...visualization import figures

    if not findings.parameters or findings.merged.frame["replication"].nunique() < 2:
        return
    report.section("What the parameters do")
    report.text(
        "Means at each setting of one parameter over everything else in this design. The intervals are those of the "
        "replications; with few design points, what the other parameters happen to be at a setting shows too."
    )
    frame, arms = findings.merged.frame, _drawn_arms(findings)
    most = min(EFFECT_METRICS, max(EFFECT_FIGURES // len(arms), 1))
    for metric in [name for name in findings.compared if findings.known(name)][:most]:
        for arm in arms:
            runs = frame[frame["arm"] == arm]
            # A metric that a scenario does not have says nothing about the points at which that one was chosen.
            runs = runs[runs.groupby("point")[metric].transform("count") > 0]
            varied = [name for name in findings.parameters if runs[name].nunique() > 1]
            if not varied:
                continue
            table = main_effects(runs, varied, metric)
            picture = figures.main_effects(table, metric, findings.unit(metric))
            where = f" in {arm}" if len(findings.plan.arms) > 1 else ""
            alt = f"Main effects of {', '.join(varied)} on {metric}{where}"
            caption = f"{metric}{where}: mean at each setting over everything else, with 95 % intervals."
            report.figure(picture, caption, alt)


def sensitivity(report: Report, findings: Findings) -> None:
    """Sobol or Morris indices, where the design was made for them."""
    designs = findings.study.design
    if not isinstance(designs[0], Saltelli | Morris) or not all(type(d) is type(designs[0]) for d in designs):
        return
    space = findings.plan.prepared.space
    if [point for design in designs for point in design.sample(space)] != findings.plan.points:
        return  # drawn by another version of the sampler, so that the blocks of the design are not known
    report.section("Sensitivity")
    for metric in [name for name in findings.compared if findings.known(name)][:EFFECT_METRICS]:
        for arm in findings.plan.arms:
            try:
                report.table(_indices(designs, space, _by_point(findings, metric, arm)), f"{metric}, {arm}")
            except ValueError as error:
                report.text(f"{metric}, {arm}: no indices, {error}.")


def means(report: Report, findings: Findings) -> None:
    """Every metric at every point and arm."""
    report.section("All means")
    table = findings.means
    kept = ["metric", "point", *findings.parameters, *(["arm"] if len(findings.plan.arms) > 1 else [])]
    table = table.assign(unit=[findings.unit(metric) for metric in table["metric"]])
    columns = [*kept, "estimate", "low", "high", "unit", "count", "missing"]
    report.table(table.sort_values("metric", kind="stable", key=_order(table))[columns], "Means with 95 % intervals")


def again(report: Report, findings: Findings) -> None:
    """How to do it again, and what it was made with."""
    report.section("How to do it again")
    folder = shlex.quote(findings.store.folder.name or "study")
    report.text("The study's folder holds study.toml with everything filled in. Run it, check it, and report it:")
    report.code(
        f"ripieno study run {folder}/study.toml -o again\n"
        "ripieno study verify again --sample 20\n"
        "ripieno study report again"
    )
    report.section("Provenance").facts(provenance_of(findings))


SECTIONS: tuple[Callable[[Report, Findings], None], ...] = (
    caution, expectations, pointwise, designed, where, chosen, comparison, gains, attribution, effects, sensitivity,
    means, again,
)  # fmt: skip


def _drawn_arms(findings: Findings) -> list[str]:
    """The arms whose effects are drawn: all, but of coalitions only nobody and everybody."""
    arms = findings.plan.arms
    return (
        arms if findings.study.coalitions is None else [arms[0], arms[2 ** len(findings.study.coalitions.players) - 1]]
    )


def _made(findings: Findings, failure: dict[str, Any]) -> bool:
    """Whether a run that once failed does not belong to the study any more or has been made since."""
    setting = findings.plan.index.get(failure["key"])
    rows = findings.merged.frame["replication"].to_numpy() == failure["replication"]
    return setting is None or bool((rows & (findings.merged.setting == setting)).any())


def _counted(counts: Any) -> str:
    share = f"It came at {counts.share:.0%} of {counts.points:,} points [{counts.low:.0%}, {counts.high:.0%}]"
    against = f", the contrary at {counts.against:,}" if counts.against else ""
    missing = f"; {counts.missing:,} have no interval" if counts.missing else ""
    return f"{share}{against}{missing}."


def _sources(reasons: dict[str, str]) -> str:
    heads = {"refuted": "It would be refuted if"}
    return "".join(f" {heads.get(name, name.capitalize())}: {text}." for name, text in reasons.items())


def _summary(table: pd.DataFrame) -> pd.DataFrame:
    """One row a metric and arm: in how many points it is lower, higher or neither, and the mean difference."""
    marked = table.assign(lower=table["high"] < 0, higher=table["low"] > 0)
    groups = marked.groupby(["metric", "arm"], sort=False)
    found = groups.agg(
        points=("point", "size"), lower=("lower", "sum"), higher=("higher", "sum"), relative=("relative", "mean")
    ).reset_index()  # fmt: skip
    found = found.assign(open=found["points"] - found["lower"] - found["higher"], relative=100 * found["relative"])
    return found[["metric", "arm", "points", "lower", "open", "higher", "relative"]]


def _equivalence(report: Report, findings: Findings) -> None:
    """In how many points the arms are equivalent to the control, where the study gives a margin."""
    wanted = findings.study.comparison
    if wanted is None or wanted.equivalence is None:
        return
    metrics = list(dict.fromkeys(findings.differences["metric"]))
    alpha = 1 - wanted.confidence
    table = equivalence_table(findings.merged.frame, metrics, wanted.control, None, wanted.equivalence, alpha)
    counted = table.groupby(["metric", "arm"], sort=False).agg(
        points=("point", "size"), equivalent=("equivalent", "sum")
    )
    margin = f"within {100 * wanted.equivalence:.3g} % of {wanted.control}"
    report.table(counted.reset_index(), f"Equivalent: {margin}, by two one-sided tests at {100 * alpha:.3g} %")


def _draw_differences(report: Report, findings: Findings, primary: pd.DataFrame) -> None:
    from ...visualization import figures

    metric = str(primary["metric"].iloc[0])
    label, unit = f"{metric}: difference from {findings.study.control}", findings.unit(metric)
    if len(primary) <= DRAWN_ROWS:
        called = zip(point_names(primary, findings.parameters), primary["arm"], strict=True)
        several = primary["arm"].nunique() > 1
        names = [", ".join(filter(None, (point, arm if several or not point else ""))) for point, arm in called]
        named = primary.assign(row=names)
        picture = figures.paired_dots(named, label, unit, rows=("row",))
        report.figure(picture, f"{label}, with intervals, one line a design point.", f"{label} at every design point")
        return
    numeric = [name for name in findings.parameters if pd.api.types.is_numeric_dtype(primary[name])]
    for arm in dict.fromkeys(primary["arm"]):
        rows = primary[primary["arm"] == arm]
        pair = _strongest(rows, numeric)
        if len(pair) == 2 and len(rows) >= DRAWN_ROWS // 2:
            picture = figures.regime_map(rows, pair[0], pair[1], label, ("", "", unit))
            caption = f"{arm}: {label} over the two parameters that it follows most; the others vary too."
            report.figure(picture, caption, f"Map of the {label} in {arm} over {pair[0]} and {pair[1]}")


def _strongest(rows: pd.DataFrame, names: list[str]) -> list[str]:
    """The two parameters whose ranks follow those of the difference most closely, in the order of the study."""
    ranked = rows["estimate"].rank()
    strength = {name: abs(float(rows[name].rank().corr(ranked))) for name in names}
    best = sorted(names, key=lambda name: -np.nan_to_num(strength[name]))[:2]
    return [name for name in names if name in best]


def _by_point(findings: Findings, metric: str, arm: str) -> Array:
    """A metric as ``[points, replications]``; missing where a run is."""
    runs = findings.merged.frame[findings.merged.frame["arm"] == arm]
    wide = runs.pivot(index="point", columns="replication", values=metric)
    return wide.reindex(range(len(findings.plan.points))).to_numpy(dtype=float)


def _indices(designs: list[Any], space: Space, values: Array) -> pd.DataFrame:
    if isinstance(designs[0], Saltelli):
        return sobol_indices(space.problem(), values, second_order=designs[0].second_order)
    points = np.concatenate([design.unit(space) for design in designs])
    return morris_indices(space.problem() | {"num_levels": designs[0].levels}, points, values)


def _order(table: pd.DataFrame) -> Callable[[pd.Series], pd.Series]:
    places = {metric: place for place, metric in enumerate(dict.fromkeys(table["metric"]))}
    return lambda column: column.map(places)
