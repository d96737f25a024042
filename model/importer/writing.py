"""Writing a file so that it is there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from ..schema.problems import ScenarioError


def write(path: Path, text: str, *, replace: bool = False) -> None:
    """Write ``text`` to ``path`` by way of a temporary file beside it; a file that is there needs ``replace``."""
    if path.suffix.lower() == ".json":
        raise ScenarioError(f"{path}: a scenario is written as TOML; give a name that ends in .toml")
    if path.is_dir():
        raise ScenarioError(f"{path}: is a folder; name a file in it")
    if path.exists() and not replace:
        raise ScenarioError(f"{path}: is there already; choose another name, or replace it with --force")
    if not path.parent.is_dir():
        raise ScenarioError(f"{path}: there is no folder {path.parent}; make it first")
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
