"""The source tree as the architecture tests see it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("agents", "model", "experiments", "visualization")


class Source(NamedTuple):
    """One file of the package: its path from the root, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def folder(self) -> str:
        """The top-level folder, empty for a file at the root."""
        return self.path.split("/")[0] if "/" in self.path else ""

    @property
    def module(self) -> str:
        """The import name."""
        parts = ["ripieno", *self.path.removesuffix(".py").split("/")]
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def package(self) -> str:
        """The import name of the package against which relative imports are resolved."""
        return self.module if self.path.endswith("__init__.py") else self.module.rpartition(".")[0]


def _read(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path.relative_to(ROOT).as_posix(), text, ast.parse(text))


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def sources() -> list[Source]:
    """Every Python file of the package, without the tests."""
    paths = [*ROOT.glob("*.py"), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))]
    return [_read(path) for path in sorted(paths)]
