"""Small functions, few parameters, short files."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, TypeAlias

import pytest

MOST_LINES_OF_A_FUNCTION = 40
MOST_PARAMETERS = 6
MOST_LINES_OF_A_FILE = 300

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(function: Function) -> int:
    """Lines of a function, without its docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def parameters(function: Function) -> int:
    """Parameters that a caller can give, without self and cls."""
    every = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return len([parameter for parameter in every if parameter.arg not in ("self", "cls")])


def code_lines(text: str) -> int:
    """Lines that are neither blank nor a comment."""
    return sum(1 for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))


def test_functions_are_short(sources: list[Any]) -> None:
    long = [
        f"{source.path}:{function.lineno} {function.name}: {length(function)} lines"
        for source in sources
        for function in functions(source.tree)
        if length(function) > MOST_LINES_OF_A_FUNCTION
    ]
    assert not long


def test_functions_have_few_parameters(sources: list[Any]) -> None:
    wide = [
        f"{source.path}:{function.lineno} {function.name}: {parameters(function)} parameters"
        for source in sources
        if not source.path.rpartition("/")[2].startswith("cli")  # the parameters of a command are its options
        for function in functions(source.tree)
        if parameters(function) > MOST_PARAMETERS
    ]
    assert not wide


def test_files_are_short(sources: list[Any]) -> None:
    long = {source.path: lines for source in sources if (lines := code_lines(source.text)) > MOST_LINES_OF_A_FILE}
    assert not long


@pytest.mark.parametrize(
    ("text", "lines", "given"),
    [
        ("def f(self, a, *, b):\n    '''one\n    two'''\n    return a\n", 2, 2),
        ("def f():\n    a = 1\n\n    return a\n", 4, 0),
    ],
)
def test_the_rules_count_what_they_say(text: str, lines: int, given: int) -> None:
    (function,) = functions(ast.parse(text))
    assert (length(function), parameters(function)) == (lines, given)


def test_blank_lines_and_comments_do_not_count() -> None:
    assert code_lines("a = 1\n\n  # why\nb = 2\n") == 2
