"""Who imports whom: one way between the folders, no circles, relative inside, light at the start."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple

import pytest

ALLOWED = {
    "agents": {"agents"},
    "model": {"agents", "model"},
    "experiments": {"agents", "model", "experiments"},
    "visualization": {"agents", "model", "visualization"},
}
SHARED = "ripieno.visualization.figures"  # pictures of tables, drawn by the pages and in the reports of experiments
HEAVY = ("dask", "distributed", "matplotlib", "mesa", "networkx", "numpy", "pandas", "pyarrow", "pydantic", "scipy")


class Import(NamedTuple):
    """One import of a module of this package: its target, its line, and whether it runs on import."""

    target: str
    line: int
    at_once: bool


def imports(tree: ast.Module, package: str, modules: set[str]) -> Iterator[Import]:
    """Every import of one of ``modules`` in a file; those for type checking only do not run at once."""
    for node, at_once in _statements(tree.body, True):
        for name in _imported_names(node, package):
            target = name if name in modules else name.rpartition(".")[0]
            if target in modules:
                yield Import(target, node.lineno, at_once)


def _statements(body: list[ast.stmt], at_once: bool) -> Iterator[tuple[ast.stmt, bool]]:
    for node in body:
        yield node, at_once
        lazy = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or (
            isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        )
        yield from _statements(list(_blocks(node)), at_once and not lazy)


def _blocks(node: ast.stmt) -> Iterator[ast.stmt]:
    for field in ("body", "orelse", "finalbody"):
        yield from getattr(node, field, [])
    for handler in getattr(node, "handlers", []):
        yield from handler.body
    for case in getattr(node, "cases", []):
        yield from case.body


def _imported_names(node: ast.stmt, package: str) -> list[str]:
    """Full names that a statement imports: a name after ``from`` may be a module or something in it."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = node.module or ""
    if node.level:
        home = package.split(".")[: len(package.split(".")) - (node.level - 1)]
        base = ".".join([*home, *([node.module] if node.module else [])])
    return [f"{base}.{alias.name}" for alias in node.names]


def graph(sources: list[Any], lazy: bool) -> dict[str, set[str]]:
    """Module to the modules it imports, at once or with the lazy ones as well."""
    modules = {source.module for source in sources}
    return {
        source.module: {
            found.target
            for found in imports(source.tree, source.package, modules)
            if (lazy or found.at_once) and found.target != source.module
        }
        for source in sources
        if source.folder
    }


def circle(edges: Mapping[str, set[str]]) -> list[str]:
    """The modules of one circle, or nothing."""
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("lazy", [False, True], ids=["at once", "with lazy ones"])
def test_no_circles(sources: list[Any], lazy: bool) -> None:
    assert not circle(graph(sources, lazy))


def test_folders_import_one_way(sources: list[Any]) -> None:
    modules = {source.module for source in sources}
    wrong = [
        f"{source.path}:{found.line} imports {found.target}"
        for source in sources
        if source.folder
        for found in imports(source.tree, source.package, modules)
        if not _allowed(source.folder, found.target)
    ]
    assert not wrong


def _allowed(folder: str, target: str) -> bool:
    if target == "ripieno":  # the public API, for the pages
        return folder == "visualization"
    if folder == "experiments" and (target == SHARED or target.startswith(f"{SHARED}.")):
        return True
    return target.split(".")[1] in ALLOWED[folder]


def test_imports_inside_the_folders_are_relative(sources: list[Any]) -> None:
    absolute = [
        f"{source.path}:{node.lineno}"
        for source in sources
        if source.folder in ("agents", "model", "experiments")
        for node in ast.walk(source.tree)
        if (isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").split(".")[0] == "ripieno")
        or (isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "ripieno" for alias in node.names))
    ]
    assert not absolute


@pytest.mark.parametrize(
    "statement",
    ["import ripieno", "import ripieno.agents, ripieno.model, ripieno.experiments"],
    ids=["the package", "its folders"],
)
def test_importing_is_light(statement: str) -> None:
    assert not _heavy_after(statement)


def test_the_help_of_the_command_line_is_light() -> None:
    code = (
        "import contextlib\nfrom ripieno.__main__ import main\nwith contextlib.suppress(SystemExit): main(['--help'])"
    )
    assert not _heavy_after(code)


def test_a_heavy_import_is_seen() -> None:
    assert _heavy_after("import numpy") == ["numpy"]


def _heavy_after(code: str) -> list[str]:
    """The heavy libraries that a fresh interpreter holds after running ``code``."""
    script = f"{code}\nimport json, sys\nprint('\\n' + json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize(
    ("line", "target", "at_once"),
    [
        ("from .b import name", "ripieno.agents.b", True),
        ("from . import b", "ripieno.agents.b", True),
        ("from ..model import c", "ripieno.model.c", True),
        ("import ripieno.model.c", "ripieno.model.c", True),
        ("def f():\n    from .b import name", "ripieno.agents.b", False),
        ("if TYPE_CHECKING:\n    from .b import name", "ripieno.agents.b", False),
        ("try:\n    from .b import name\nexcept ImportError:\n    pass", "ripieno.agents.b", True),
    ],
)
def test_imports_are_resolved(line: str, target: str, at_once: bool) -> None:
    modules = {"ripieno.agents.a", "ripieno.agents.b", "ripieno.model.c"}
    (found,) = imports(ast.parse(line), "ripieno.agents", modules)
    assert (found.target, found.at_once) == (target, at_once)


def test_a_circle_is_seen() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}})
    assert not circle({"a": {"b"}, "b": {"c"}})
