"""The notebook runs as it stands, and says what its text says."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[3]
PATH = ROOT / "docs" / "notebooks" / "one_study.ipynb"


def read() -> Any:
    return nbformat.read(PATH, as_version=4)  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    notebook = read()
    place = {"metadata": {"path": str(tmp_path_factory.mktemp("notebook"))}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=place).execute()
    return notebook


def printed(notebook: Any) -> str:
    """Everything that its cells print."""
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    return "\n".join(output.text for output in outputs if output.output_type == "stream")


def test_it_rebuilds_the_study(executed: Any) -> None:
    text = printed(executed)
    assert "96 runs made, then 0" in text
    assert "trucks leave when 1.0 full" in text
    assert "Haulier.score in local is lower, compared with network -> supported (100% of 3 points, 0 against)" in text
    assert "cost in local is higher, compared with network -> only here (67% of 3 points, 1 against)" in text


def test_pairing_pays(executed: Any) -> None:
    found = re.search(r"standard error ([\d.]+), unpaired ([\d.]+)", printed(executed))
    assert found is not None
    paired, apart = (float(number) for number in found.groups())
    assert paired < apart


def test_it_draws_the_figure(executed: Any) -> None:
    drawn = [
        output for cell in executed.cells if cell.cell_type == "code" for output in cell.outputs if "data" in output
    ]
    assert any("image/svg+xml" in output.data for output in drawn)


def test_it_is_kept_without_outputs_and_has_a_reader_in_mind() -> None:
    notebook = read()
    nbformat.validate(notebook)
    kinds = [cell.cell_type for cell in notebook.cells]
    assert all(not cell.outputs and cell.execution_count is None for cell in notebook.cells if cell.cell_type == "code")
    assert kinds[0] == "markdown"
    # Text before every piece of code.
    assert all(before == "markdown" for before, kind in pairwise(kinds) if kind == "code")
