"""The report of a regime map, and the folder that it is written to."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ...visualization import figures
from ..output import check_folder, write_folder
from ..report import Report, written
from .coordinates import COORDINATES, NAMES
from .gains import Gains
from .map_pictures import Slice
from .regime_map import MAP_FILE, RegimeMap, dumps_map
from .rule import PAYS, sentences

REPORT_FILE, TABLE_FILE = "regime_map.html", "regime_map.csv"
PICTURE = "figure-map-{arm}.{kind}"
KINDS = ("svg", "png")
FEW_VALUES = 3
NEAR = 0.02
"""Points whose whole interval lies within this share of the cost are counted as near zero."""
PERCENT = dict.fromkeys(("relative", "relative_low", "relative_high", "fees"), "%")


def save_map(gains: Gains, made: RegimeMap, drawn: Sequence[Slice], folder: Path) -> list[Path]:
    """Write the page, the map that `ripieno advise` reads, the table of gains and the pictures; returns the paths.

    An earlier map in the folder is replaced as a whole; everything is made before anything is written, and
    ``provenance.json`` comes last. Raises `OSError` where the folder cannot be written to.
    """
    check_folder(folder)
    pictures = {PICTURE.format(arm=s.arm, kind=kind): figures.as_bytes(s.figure, kind) for s in drawn for kind in KINDS}
    shown = [(one, pictures[PICTURE.format(arm=one.arm, kind="svg")]) for one in drawn]
    contents = {
        MAP_FILE: dumps_map(made),
        TABLE_FILE: gains.table.to_csv(index=False, lineterminator="\n").encode(),
        **pictures,
        REPORT_FILE: map_report(gains, made, shown).html().encode(),
    }
    for kind in KINDS:
        for path in folder.glob(PICTURE.format(arm="*", kind=kind)):
            path.unlink()
    return write_folder(folder, contents, {"study": gains.study, **gains.facts})


def map_report(gains: Gains, made: RegimeMap, shown: Sequence[tuple[Slice, Any]]) -> Report:
    """The page; ``shown`` are the slices with their pictures."""
    report = Report(f"Regime map: {gains.study}", "Where orchestration pays, and where local optimisation is enough.")
    if gains.quick:
        report.text("The study was run in its quick version, cut down for looking: no verdict follows from this map.")
    report.text(
        f"A gain is the cost of the network under the control less that under the orchestrated arm, paired by run, as "
        f"a share of the control's cost. What agreements and moves are charged in the runs is in the cost; beside that "
        f"governance is taken to cost {_percent(made.overhead)} of the control's cost. It pays where the whole 95 % "
        f"interval lies above that. Only points of one study are mapped: the region it varies, its networks, its costs."
    )
    _coordinates(report, made)
    _counts(report, gains, made)
    _rule(report, made)
    _surface(report, made, shown)
    _points(report, gains)
    report.section("How to do it again").code(_again(gains, made))
    report.section("Provenance").facts(gains.facts)
    return report


def _coordinates(report: Report, made: RegimeMap) -> None:
    report.section("The space")
    rows = [
        (c.name.replace("_", " "), c.unit, *_range(made.rows[c.name]), c.name in made.axes.names, c.meaning)
        for c in COORDINATES
    ]
    names = ["coordinate", "unit", "least", "largest", "values", "on the map", "meaning"]
    report.table(pd.DataFrame(rows, columns=names), "Regime coordinates of the design points, measured in their worlds")
    few = [c.replace("_", " ") for c in made.axes.names if made.rows[c].nunique() <= FEW_VALUES]
    if few:
        said = ", ".join(few)
        report.text(f"Few values are known of {said}: what they do cannot be told from what else goes with them.")


def _counts(report: Report, gains: Gains, made: RegimeMap) -> None:
    report.section("Gains, counted")
    table = gains.table
    marked = table.assign(
        pays=table["relative_low"] > made.overhead,
        loses=table["relative_high"] < made.overhead,
        near=(table["relative_low"] > -NEAR) & (table["relative_high"] < NEAR),
    )
    counted = marked.groupby(["arm", "control"], sort=False).agg(
        points=("point", "size"), pays=("pays", "sum"), loses=("loses", "sum"), near=("near", "sum"),
        median=("relative", "median"), least=("relative", "min"), largest=("relative", "max"),
    )  # fmt: skip
    counted = counted.assign(**{name: 100 * counted[name] for name in ("median", "least", "largest")}).reset_index()
    units = dict.fromkeys(("median", "least", "largest"), "%")
    labels = {"near": f"interval within ±{100 * NEAR:g} %", "arm": "orchestrated arm"}
    report.table(counted, "Design points by what orchestration gains there", units=units, labels=labels)


def _rule(report: Report, made: RegimeMap) -> None:
    right = made.right
    report.section("A rule to read")
    report.text(*(f"{sentence[0].upper()}{sentence[1:]}." for sentence in sentences(made.rule)))
    better = "better than" if right["low"] > right["base"] else "not shown to be better than"
    report.text(
        f"Grown without a design point, such a rule is right there in {_percent(right['accuracy'])} of cases "
        f"[{_percent(right['low'])}, {_percent(right['high'])}] over {right['points']} points. That is {better} always "
        f"saying what most other points say, which is right in {_percent(right['base'])}. "
        f"{PAYS.capitalize()} at {_percent(right['pays'])} of the rows."
    )


def _surface(report: Report, made: RegimeMap, shown: Sequence[tuple[Slice, Any]]) -> None:
    report.section("The map")
    found, against = made.quality, made.against
    trusted = "" if found["explained"] > 0 else " It says less than the mean of all points: do not read the picture."
    report.text(
        f"The surface is a Gaussian process's mean over the logarithms of the coordinates, fitted to the gains over "
        f"{against}. At design points that it has not seen it errs by {_percent(found['error'])} (root mean square) "
        f"and explains {_percent(found['explained'])} of the variance; 95 % of the errors stay within "
        f"{_percent(found['reach'])}.{trusted} The thick line is where the gain equals the overhead; in the hatched "
        f"band that cannot be told, by surfaces of design points drawn with replacement."
    )
    for one, picture in shown:
        alt = f"Map of the gain of {one.arm} over {against} over {' and '.join(one.names)}"
        report.figure(picture, one.caption, alt)
    if not shown:
        report.text("No arm varies in two coordinates, so that there is nothing to draw.")


def _points(report: Report, gains: Gains) -> None:
    report.section("All points")
    shown = gains.table.assign(**{name: 100 * gains.table[name] for name in PERCENT})
    shown = shown.assign(estimate=shown["relative"], low=shown["relative_low"], high=shown["relative_high"])
    columns = ["point", "arm", "control", *NAMES, "estimate", "low", "high", "control_mean", "fees", "count"]
    units = {"estimate": "%", "control_mean": f"money per {gains.period}", "fees": "%"}
    labels = {"estimate": "gain", "control_mean": "cost of the control", "fees": "agreements", "count": "runs"}
    report.table(shown[columns], "Gains with 95 % intervals", units=units, labels=labels)


def _again(gains: Gains, made: RegimeMap) -> str:
    more = f" --overhead {made.overhead:g}" if made.overhead else ""
    command = f"ripieno regimes {shlex.quote(gains.study)} --against {made.against}{more} -o map"
    return f"{command}\nripieno advise SCENARIO --map map"


def _range(values: pd.Series) -> tuple[float, float, int]:
    return float(values.min()), float(values.max()), int(values.nunique())


def _percent(share: float) -> str:
    return f"{written(100 * share, 3)} %"
