"""The ODD document: all elements are there, and every process is where its link says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ODD = ROOT / "docs" / "research" / "odd.md"
CODE_LINK = re.compile(r"\[`([\w.]+)`\]\(([^)]+\.py)\)")
ANY_PY_LINK = re.compile(r"\]\([^)]+\.py\)")
ELEMENTS = (
    "1. Purpose and patterns",
    "2. Entities, state variables, and scales",
    "3. Process overview and scheduling",
    "4. Design concepts",
    "5. Initialization",
    "6. Input data",
    "7. Submodels",
)
CONCEPTS = (
    "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing", "Interaction",
    "Stochasticity", "Collectives", "Observation",
)  # fmt: skip


def defined(source: str) -> set[str]:
    """The classes and functions of a module, and the methods of its classes as ``Class.method``.

    >>> sorted(defined("class A:\\n    def b(self): ...\\ndef c(): ..."))
    ['A', 'A.b', 'c']
    """
    return set(_names(ast.parse(source)))


def _names(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name
        if isinstance(node, ast.ClassDef):
            yield from (f"{node.name}.{item.name}" for item in node.body if isinstance(item, ast.FunctionDef))


def missing(text: str, folder: Path) -> list[str]:
    """The links of a text to code that is not there."""
    found = []
    for name, target in CODE_LINK.findall(text):
        path = folder / target
        if not path.is_file() or name not in defined(path.read_text(encoding="utf-8")):
            found.append(f"{name} in {target}")
    return found


@pytest.fixture(scope="module")
def text() -> str:
    return ODD.read_text(encoding="utf-8")


def test_every_link_leads_to_the_class_or_function_that_it_names(text: str) -> None:
    assert len(CODE_LINK.findall(text)) > 50
    assert not missing(text, ODD.parent)


def test_every_link_to_code_names_something_in_it(text: str) -> None:
    assert len(ANY_PY_LINK.findall(text)) == len(CODE_LINK.findall(text))


def test_all_elements_and_design_concepts_are_there(text: str) -> None:
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == list(ELEMENTS)
    assert re.findall(r"^\*\*([A-Z][a-z ]+)\.\*\*", text.partition("## 4.")[2].partition("## 5.")[0], re.MULTILINE) == [
        *CONCEPTS
    ]


def test_every_process_of_a_table_is_linked(text: str) -> None:
    rows = [line for line in text.splitlines() if line.startswith("|") and not line.startswith(("|---", "| entity"))]
    bare = [line for line in rows if not CODE_LINK.search(line) and "| code |" not in line]
    assert not bare


def test_the_schedule_has_the_moments_of_the_engine_in_their_order(text: str) -> None:
    from ripieno.model.moments import SEQUENCES

    section = text.partition("## 3.")[2].partition("## 4.")[0]
    listed = re.findall(r"^\| ([a-z]+) \|", section, re.MULTILINE)
    assert [name for name in listed if name != "moment"] == list(SEQUENCES["serve-then-order"])


@pytest.mark.parametrize(
    "link",
    ["[`Nobody`](../../agents/site.py)", "[`Site.vanish`](../../agents/site.py)", "[`Site`](../../agents/nowhere.py)"],
)
def test_a_link_that_leads_nowhere_is_seen(link: str) -> None:
    assert missing(link, ODD.parent)
