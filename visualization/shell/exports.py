"""Downloads of a comparison; each is made when it is asked for."""

from __future__ import annotations

from typing import Any

import solara

from ..exporting import figures_zip, page, scenarios_zip, tables_zip
from ..session import use_session
from ..worlds import Worlds
from .parts import Press, box, html

RUNS = 20


@solara.component
def ExportPanel(recording: bytes, worlds: Worlds) -> Any:
    """The list of downloads; the page that plays is there once there is a ``recording``."""
    session = use_session()
    name = worlds.a.name
    with box("ri-card", []):
        html(
            "<h2>Export</h2><p class='ri-quiet'>Every file says which scenario, seed and code it comes from. "
            "The picture of a day is a button below the player.</p>"
        )
        with box("ri-row", []):
            if recording:
                _file(
                    "Page that plays (HTML)", f"{name}.html", lambda: page(recording, worlds, session.jobs), "text/html"
                )
            _file(
                "Tables (CSV)", f"{name}-csv.zip", lambda: tables_zip(worlds, session.jobs, csv=True), "application/zip"
            )
            _file(
                "Tables (Parquet)",
                f"{name}-parquet.zip",
                lambda: tables_zip(worlds, session.jobs, csv=False),
                "application/zip",
            )
            _file("Both scenarios (TOML)", f"{name}-scenarios.zip", lambda: scenarios_zip(worlds), "application/zip")
            _file(
                "Figures for print (PNG, SVG, PDF)",
                f"{name}-figures.zip",
                lambda: figures_zip(worlds, session.jobs),
                "application/zip",
            )


def _file(label: str, name: str, make: Any, kind: str) -> None:
    with solara.FileDownload(make, filename=name, mime_type=kind):
        Press(label, lambda: None)
