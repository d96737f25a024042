"""What the tests of the how-tos on real data share: the script of the page, and the data if they are here."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

import pytest

HOWTO = Path(__file__).resolve().parents[3] / "docs" / "howto"


@pytest.fixture(scope="module")
def script(request: pytest.FixtureRequest) -> Any:
    """The script that the test module names ``SCRIPT``, as a module."""
    name = request.module.SCRIPT
    spec = importlib.util.spec_from_file_location(name, HOWTO / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def data(request: pytest.FixtureRequest) -> Path:
    """The file or folder that the test module names ``DATA``; its tests skip where it is not to be found."""
    root = os.environ.get("RIPIENO_DATA")
    found: Path = Path(root or "") / request.module.DATA
    if not root or not found.exists():
        pytest.skip(f"the recorded data are looked for in $RIPIENO_DATA/{request.module.DATA}")
    return found
