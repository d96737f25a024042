"""Writing a comparison to a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...visualization import figures
from ..output import REPORT, check_folder, provenance, scenario_as_file, tables_as_files, write_folder
from ..report.pictures import LARGEST_SVG
from .arms import scenario_file
from .drawing import Drawn, drawings
from .findings import Findings
from .reporting import comparison_report

TABLES = ("summary", "agents", "ledger", "paired", "gap", "scores")


def save(findings: Findings, folder: Path, csv: bool = False) -> list[Path]:
    """Write the tables as Parquet (or CSV), the scenario of each arm, the figures as SVG and PNG, and the report.

    The results of an earlier call in the same folder are replaced as a whole, other files stay, and
    ``provenance.json`` comes last, as `ripieno.experiments.output.write_folder` does it. Raises `OSError` when the
    folder cannot be written to.
    """
    check_folder(folder)
    about = about_of(findings)
    drawn = drawings(findings)
    contents = tables_as_files(((name, getattr(findings, name)) for name in TABLES), csv)
    contents |= {
        scenario_file(arm): scenario_as_file(world, findings.seed, findings.runs)
        for arm, world in findings.worlds.items()
    }
    pictures = _pictures(drawn)
    shown = {name: one._replace(figure=_on_the_page(name, pictures)) for name, one in drawn.items()}
    contents |= pictures
    contents[REPORT] = comparison_report(findings, shown, about).html().encode()
    return write_folder(folder, contents, about)


def about_of(findings: Findings) -> dict[str, Any]:
    """What the comparison was made with."""
    made = provenance([findings.scenario], findings.seed, findings.runs)
    return made | {"arms": list(findings.arms), "reference": findings.reference}


def _on_the_page(name: str, pictures: dict[str, bytes]) -> bytes:
    """The picture as it is in the folder; where the SVG is very large, the PNG."""
    vector = pictures[f"figure-{name}.svg"]
    return vector if len(vector) <= LARGEST_SVG else pictures[f"figure-{name}.png"]


def _pictures(drawn: dict[str, Drawn]) -> dict[str, bytes]:
    return {
        f"figure-{name}.{kind}": figures.as_bytes(one.figure, kind)
        for name, one in drawn.items()
        for kind in ("svg", "png")
    }
