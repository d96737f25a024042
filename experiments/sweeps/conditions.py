"""Conditions in a study file: at which design points something is expected."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any

from .formulas import LONGEST, dotted

_COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.GtE: operator.ge,
    ast.Gt: operator.gt,
}


def named_in(condition: str) -> list[str]:
    """The parameters that a condition compares, each once; raises `ValueError` where it is not a condition.

    >>> named_in("lead <= 2 and network == 'tree'")
    ['lead', 'network']
    """
    return list(dict.fromkeys(_names(_parsed(condition))))


def holds(condition: str, point: Mapping[str, Any]) -> bool:
    """Whether a design point fulfils a condition; a text is neither more nor less than a number.

    >>> holds("1 < lead <= 2 and not network == 'tree'", {"lead": 2, "network": "chain"})
    True
    """
    return _true(_parsed(condition), point)


@lru_cache(maxsize=64)
def _parsed(condition: str) -> ast.expr:
    if len(condition) > LONGEST:
        raise ValueError(f"is longer than {LONGEST} characters")
    try:
        parsed = ast.parse(condition.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        raise ValueError("is not a condition") from None
    if not list(_names(parsed)):
        raise ValueError("compares no parameter")
    return parsed


def _names(node: ast.expr) -> list[str]:
    if isinstance(node, ast.BoolOp):
        return [name for part in node.values for name in _names(part)]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return _names(node.operand)
    if isinstance(node, ast.Compare) and all(type(op) in _COMPARED for op in node.ops):
        sides = [node.left, *node.comparators]
        return [dotted(side) for side in sides if not isinstance(_constant(side), float | str)]
    raise ValueError(f"holds {ast.unparse(node)!r}, which is not a comparison")


def _true(node: ast.expr, point: Mapping[str, Any]) -> bool:
    if isinstance(node, ast.BoolOp):
        found = (_true(part, point) for part in node.values)
        return all(found) if isinstance(node.op, ast.And) else any(found)
    if isinstance(node, ast.UnaryOp):
        return not _true(node.operand, point)
    assert isinstance(node, ast.Compare)
    sides = [_side(side, point) for side in (node.left, *node.comparators)]
    return all(_compared(op, *pair) for op, pair in zip(node.ops, pairwise(sides), strict=True))


def _compared(op: ast.cmpop, left: Any, right: Any) -> bool:
    try:
        return bool(_COMPARED[type(op)](left, right))
    except TypeError:
        return False


def _side(node: ast.expr, point: Mapping[str, Any]) -> Any:
    value = _constant(node)
    return point[dotted(node)] if value is None else value


def _constant(node: ast.expr) -> float | str | None:
    """The number or text that stands there, or nothing where a parameter does."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _constant(node.operand)
        return -inner if isinstance(inner, float) else None
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return float(node.value)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
