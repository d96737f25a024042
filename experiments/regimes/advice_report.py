"""The page of an advice, and the folder that it is written to."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ...visualization import figures
from ..compare.arms import scenario_file
from ..output import check_folder, provenance, scenario_as_file, write_folder
from ..overview import span
from ..report import Report
from .advice import COLUMNS, MARGIN, Advice
from .coordinates import COORDINATES
from .gains import FEES
from .ingredients import ORCH
from .words import RULE, recommendation

REPORT_FILE, JSON_FILE = "advice.html", "advice.json"
LABELS = {"p_holm": "p (Holm)", "relative": "of the cost"}
PERCENT = {"relative": "%"}


def save_advice(advice: Advice, folder: Path) -> list[Path]:
    """Write the page, the tables as CSV, the advice as JSON and the scenario of each arm; returns the paths.

    Earlier results in the folder are replaced as a whole, everything is made before anything is written, and
    ``provenance.json`` comes last. Raises `OSError` where the folder cannot be written to.
    """
    check_folder(folder)
    found = advice.found
    about = provenance([found.scenario], found.seed, advice.runs) | {"arms": list(found.arms)}
    tables = {"ingredients": advice.ingredients, "against": advice.against, "summary": found.summary}
    contents = {
        f"{name}.csv": table.to_csv(index=False, lineterminator="\n").encode() for name, table in tables.items()
    }
    contents["coordinates.csv"] = places(advice).to_csv(index=False, lineterminator="\n").encode()
    contents |= {
        scenario_file(arm): scenario_as_file(world, found.seed, advice.runs) for arm, world in found.worlds.items()
    }
    contents[JSON_FILE] = dumps_advice(advice).encode()
    contents[REPORT_FILE] = advice_report(advice, about).html().encode()
    return write_folder(folder, contents, about)


def dumps_advice(advice: Advice) -> str:
    """The advice as JSON."""
    return json.dumps(as_table(advice), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def as_table(advice: Advice) -> Mapping[str, Any]:
    """The advice as nested tables of plain values, missing ones as nothing."""
    said = recommendation(advice)
    reading = None if advice.reading is None else advice.reading._asdict()
    whole = {
        "scenario": advice.found.scenario.name,
        "runs": advice.runs,
        "seed": advice.found.seed,
        "verdict": said.word,
        "recommendation": list(said.sentences),
        "notes": advice.notes,
        "coordinates": advice.place,
        "map": reading,
        "mean_cost": advice.means,
        "charged": advice.charged,
        "against": advice.against.to_dict("records"),
        "ingredients": advice.ingredients.to_dict("records"),
    }
    return {key: _plain(value) for key, value in whole.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def advice_report(advice: Advice, about: dict[str, Any]) -> Report:
    """The page; ``about`` is the provenance."""
    found, said = advice.found, recommendation(advice)
    report = Report(f"Advice for {found.scenario.name}", found.scenario.description)
    first, *rest = said.sentences
    report.verdict(said.word, first).text(*rest, *advice.notes)
    _against(report, advice)
    _ingredients(report, advice)
    _place(report, advice)
    _again(report, advice)
    report.section("Provenance").facts({name: value for name, value in about.items() if name != "files"})
    return report


def _against(report: Report, advice: Advice) -> None:
    found, period = advice.found, advice.found.scenario.period
    report.section("Is orchestration worth it?")
    report.text(
        f"{advice.runs} runs of each arm with seed {found.seed}, {span(found.scenario)}, on the same random numbers. "
        "Differences are paired by run, with 95 % intervals; p is corrected by Holm over the rows of a table."
    )
    rows = [(arm, mean, mean - advice.means[ORCH]) for arm, mean in advice.means.items()]
    unit = f"money per {period}"
    means = pd.DataFrame(rows, columns=["arm", "cost", "above orch"])
    report.table(means, "Mean cost of the network", units={"cost": unit, "above orch": unit})
    shown = _percent(advice.against)[["control", "estimate", "low", "high", "relative", "p_holm", "outcome"]]
    report.table(shown, "What orchestration gains over each control", {"estimate": unit} | PERCENT, LABELS)
    row = advice.gain_over(advice.best)
    margin = MARGIN * abs(float(row["control_mean"]))
    drawn = _turned(advice.against)
    picture = figures.paired_dots(drawn, "cost under orch less cost under the control", unit, ("control",), margin)
    caption = f"With 95 % intervals; the zone is ±{100 * MARGIN:g} % of the cost of {advice.best}."
    report.figure(picture, caption, "Differences of the cost between orchestration and each control")
    report.text(
        f"In the orchestrated arm running agreements costs {advice.charged[FEES]:.4g} {unit}; it is in its cost."
    )


def _ingredients(report: Report, advice: Advice) -> None:
    unit = f"money per {advice.found.scenario.period}"
    report.section("Which ingredients pay?")
    report.text(
        "Each ingredient is left out alone, as the study ingredients does; its worth is the cost without it less the "
        f"cost with all four. Small: shown to be within ±{100 * MARGIN:g} % of the orchestrated cost."
    )
    table = _percent(advice.ingredients)
    columns = ["ingredient", "estimate", "low", "high", "relative", "p_holm", "outcome", "small"]
    units = {"estimate": unit} | PERCENT
    report.table(table[columns], "What each ingredient is worth", units, LABELS | {"estimate": "worth [interval]"})
    margin = MARGIN * abs(advice.means[ORCH])
    label = "cost without it, less cost with all"
    picture = figures.paired_dots(advice.ingredients, label, unit, ("ingredient",), margin)
    caption = f"With 95 % intervals; the zone is ±{100 * MARGIN:g} % of the orchestrated cost."
    report.figure(picture, caption, "What leaving out each ingredient costs")


def _place(report: Report, advice: Advice) -> None:
    report.section("Where the network lies")
    report.table(places(advice), "Its regime coordinates, and the range of the map")
    if advice.map is None:
        report.text("No map was given; --map DIR reads one that ripieno regimes made.")


def places(advice: Advice) -> pd.DataFrame:
    """The coordinates of the network; with a map their range there, and whether the network is within it."""
    rows = []
    for name, unit, meaning in COORDINATES:
        row: dict[str, Any] = {"coordinate": name, "here": advice.place[name], "unit": unit}
        if advice.map is not None:
            known = advice.map.rows[name]
            within = name not in advice.reading.beyond if advice.reading else False
            row |= {"least on the map": known.min(), "largest on the map": known.max(), "within": within}
        rows.append(row | {"meaning": meaning})
    return pd.DataFrame(rows)


def _again(report: Report, advice: Advice) -> None:
    report.section("The rule, and how to do it again")
    report.text(RULE, "The folder holds the scenario of each arm with all defaults, seed and number of runs.")
    report.code("\n".join(f"ripieno run {scenario_file(arm)}" for arm in advice.found.arms))


def _percent(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(relative=100 * table["relative"])


def _turned(table: pd.DataFrame) -> pd.DataFrame:
    """Differences the other way round."""
    return table.assign(estimate=-table["estimate"], low=-table["high"], high=-table["low"])[["control", *COLUMNS]]
