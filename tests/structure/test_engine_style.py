"""How code in the engine treats arrays: numbers are bound anew, never changed in place, and summed in a fixed order.

An update in place is a little faster and silently changes every other name of the same array. A sum whose order
depends on the shape makes a run differ from the same run in a larger batch in its last bit.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

ENGINE = ("agents", "model")

IN_PLACE_METHODS = {"fill", "itemset", "put", "resize", "setfield", "setflags", "sort"}
IN_PLACE_FUNCTIONS = {"copyto", "fill_diagonal", "place", "put", "put_along_axis", "putmask"}
SHAPE_DEPENDENT_SUMS = {"dot", "einsum", "inner", "matmul", "nansum", "tensordot", "vdot"}

# The helpers that own their memory: they write into arrays that they have allocated and not handed out.
WRITES_INTO_ITS_OWN_ARRAYS = {"agents/tally.py", "model/streams.py"}


def in_place(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Statements that change an array, or might, instead of binding a new one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AugAssign) and _belongs_to_an_object(node.target):
            yield node.lineno, f"augmented assignment to {ast.unparse(node.target)}"
        elif isinstance(node, ast.Call):
            yield from _call_in_place(node)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if _is_part_of_an_array(target):
                    yield node.lineno, f"assignment into {ast.unparse(target)}"


def _belongs_to_an_object(target: ast.expr) -> bool:
    while isinstance(target, ast.Subscript):
        target = target.value
    return isinstance(target, ast.Attribute)


def _is_part_of_an_array(target: ast.expr) -> bool:
    """Written with a slice or an ellipsis, ``x[:, 0] = y``, unlike an entry of a list or a dictionary."""
    if not isinstance(target, ast.Subscript):
        return False
    indices = target.slice.elts if isinstance(target.slice, ast.Tuple) else [target.slice]
    return any(isinstance(index, ast.Slice) or ast.unparse(index) == "..." for index in indices)


def _call_in_place(call: ast.Call) -> Iterator[tuple[int, str]]:
    if any(keyword.arg == "out" for keyword in call.keywords):
        yield call.lineno, f"out= in {ast.unparse(call.func)}"
    if not isinstance(call.func, ast.Attribute):
        return
    name, owner = call.func.attr, ast.unparse(call.func.value)
    if owner == "textwrap":
        return  # its fill() breaks lines
    if owner == "np" and len(call.args) > getattr(getattr(np, name, None), "nin", len(call.args)):
        yield call.lineno, f"a place for the result in {ast.unparse(call.func)}"
    if owner == "np":
        wrong = name in IN_PLACE_FUNCTIONS
    else:
        wrong = name in IN_PLACE_METHODS or (name == "at" and owner.startswith("np."))
    if wrong:
        yield call.lineno, f"{owner}.{name}() works in place"


def free_order_sums(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Sums of products and matrix products, whose order of additions NumPy chooses by the shape."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            yield node.lineno, "the operator @"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name, owner = node.func.attr, ast.unparse(node.func.value)
            if (owner == "np" and name in SHAPE_DEPENDENT_SUMS) or (name == "sum" and owner != "math"):
                yield node.lineno, f"{owner}.{name}()"


def _found(sources: list[Any], rule: Callable[[ast.AST], Iterator[tuple[int, str]]]) -> list[str]:
    return [
        f"{source.path}:{line} {what}"
        for source in sources
        if source.folder in ENGINE and source.path not in WRITES_INTO_ITS_OWN_ARRAYS
        for line, what in rule(source.tree)
    ]


def test_nothing_is_updated_in_place(sources: list[Any]) -> None:
    assert not _found(sources, in_place)


def test_sums_have_a_fixed_order(sources: list[Any]) -> None:
    assert not _found(sources, free_order_sums)


def test_the_exceptions_are_needed(sources: list[Any]) -> None:
    trees = {source.path: source.tree for source in sources}
    assert all(list(in_place(trees[path])) for path in WRITES_INTO_ITS_OWN_ARRAYS)


@pytest.mark.parametrize(
    "line",
    [
        "self.on_hand += arrived",
        "site.on_hand[0] -= served",
        "self.on_hand[:, 0] = 0",
        "memory[...] = 0",
        "np.add(a, b, out=a)",
        "np.add(a, b, a)",
        "np.copyto(a, b)",
        "np.add.at(a, index, b)",
        "self.slots.sort()",
        "self.queue.fill(0)",
    ],
)
def test_an_update_in_place_is_seen(line: str) -> None:
    assert list(in_place(ast.parse(line)))


@pytest.mark.parametrize("line", ["a @ b", "x.sum(0)", "np.sum(x, axis=0)", "np.dot(a, b)"])
def test_a_free_order_sum_is_seen(line: str) -> None:
    assert list(free_order_sums(ast.parse(line)))


@pytest.mark.parametrize(
    "line", ["self.on_hand = self.on_hand + arrived", "names[key] = x", "cells[a, 1] = x", "n += 1"]
)
def test_binding_anew_is_fine(line: str) -> None:
    assert not list(in_place(ast.parse(line)))
