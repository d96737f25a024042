"""What the wheel holds: every module and its data, and nothing else."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pytest

NOT_SHIPPED = ("tests", "docs", "build", "dist", ".venv", "out", ".git", "*.egg-info", "__pycache__")
DATA = ("*.toml", "*.json", "*.csv", "*.js", "*.css", "*.vue", "*.md", "*.recording")
SUPPLIED_BY = {
    "SALib": "salib",
    "mesa": "mesa",
    "networkx": "mesa",
    "distributed": "dask",
    "pydantic_core": "pydantic",
    "tomli_w": "tomli-w",
    "reacton": "solara",
    "traitlets": "solara",
    "uvicorn": "solara",
}
NOT_IMPORTED = {"solara-assets", "ipyvue"}
"""Read or imported by solara; declared because of their versions."""


@pytest.fixture(scope="module")
def settings(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_folder_is_a_listed_package(settings: dict[str, Any], sources: list[Any]) -> None:
    folders = {source.path.rpartition("/")[0] for source in sources}
    expected = {".".join(["ripieno", *filter(None, folder.split("/"))]) for folder in folders}
    listed = settings["tool"]["setuptools"]["packages"]
    assert sorted(listed) == sorted(expected)


def test_every_package_has_an_init_file(root: Path, sources: list[Any]) -> None:
    missing = {path for source in sources if not ((path := (root / source.path).parent) / "__init__.py").exists()}
    assert not missing


def test_the_root_holds_no_other_modules(root: Path) -> None:
    assert sorted(path.name for path in root.glob("*.py")) == ["__init__.py", "__main__.py"]


def test_every_imported_library_is_declared(settings: dict[str, Any], sources: list[Any]) -> None:
    assert _libraries(sources) <= _declared(settings["project"]["dependencies"], *_extras(settings))


def test_every_dependency_is_imported(settings: dict[str, Any], sources: list[Any]) -> None:
    assert _declared(settings["project"]["dependencies"], *_extras(settings)) <= _libraries(sources) | NOT_IMPORTED


def _extras(settings: dict[str, Any]) -> list[list[str]]:
    return [names for extra, names in settings["project"]["optional-dependencies"].items() if extra != "dev"]


def _declared(*groups: list[str]) -> set[str]:
    return {re.split(r"[\[<>=! ]", name)[0].lower() for group in groups for name in group}


def _libraries(sources: list[Any]) -> set[str]:
    names = {name.split(".")[0] for source in sources for node in ast.walk(source.tree) for name in _roots(node)}
    outside = {name for name in names if name and name not in sys.stdlib_module_names and name != "ripieno"}
    return {SUPPLIED_BY.get(name, name).lower() for name in outside}


def _roots(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
        named = [given.value for given in node.args[:1] if isinstance(given, ast.Constant)]
        return [name for name in named if isinstance(name, str) and not name.startswith(".")]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []


def test_the_wheel_holds_the_package_and_nothing_else(root: Path, tmp_path: Path, sources: list[Any]) -> None:
    if _setuptools() < 77:
        pytest.skip("building needs setuptools 77 in this environment: pip install -e '.[dev]'")
    copy = tmp_path / "checkout"
    shutil.copytree(root, copy, ignore=shutil.ignore_patterns(*NOT_SHIPPED[2:]))
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(copy)],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = [name for name in zipfile.ZipFile(wheel).namelist() if not name.endswith("/")]
    inside = {name.removeprefix("ripieno/") for name in names if name.startswith("ripieno/")}
    folders = {path.split("/")[0] for path in names} - {"ripieno"}
    data = {path.relative_to(root).as_posix() for path in _data_files(root, sources)}
    assert inside == {source.path for source in sources} | data | {"py.typed"}
    assert all(folder.endswith(".dist-info") for folder in folders)
    assert any(name.endswith("licenses/LICENSE") for name in names)


def _data_files(root: Path, sources: list[Any]) -> set[Path]:
    folders = {root / source.folder for source in sources if source.folder}
    return {path for folder in folders for pattern in DATA for path in folder.rglob(pattern)}


def _setuptools() -> int:
    try:
        return int(version("setuptools").split(".")[0])
    except PackageNotFoundError:
        return 0
