"""Formulas in a study file: arithmetic over the study's parameters, for values that theory predicts."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

_BINARY: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_UNARY: dict[type[ast.unaryop], Callable[[float], float]] = {ast.USub: operator.neg, ast.UAdd: operator.pos}
_FUNCTIONS: dict[str, Callable[..., float]] = {
    "sqrt": math.sqrt, "exp": math.exp, "log": math.log, "min": min, "max": max,
}  # fmt: skip
LONGEST = 500


def names_in(formula: str) -> list[str]:
    """The parameters that a formula uses, each once; raises `ValueError` where it is not a formula.

    >>> names_in("1 + 2 * lead / window + 2 * (lead / window) ** 2")
    ['lead', 'window']
    """
    found: dict[str, float] = {}
    _walk(_parsed(formula), lambda name: found.setdefault(name, 1.0))
    return list(found)


def value_of(formula: str, values: Mapping[str, Any]) -> float:
    """The value of a formula at a design point; missing (NaN) where it has none, as at a division by zero.

    >>> value_of("beta / (2 - beta)", {"beta": 0.5})
    0.3333333333333333
    """
    try:
        return float(_walk(_parsed(formula), lambda name: float(values[name])))
    except (ArithmeticError, ValueError, TypeError):
        return math.nan


@lru_cache(maxsize=64)
def _parsed(formula: str) -> ast.expr:
    if len(formula) > LONGEST:
        raise ValueError(f"is longer than {LONGEST} characters")
    try:
        return ast.parse(formula.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        raise ValueError("is not arithmetic") from None


def _walk(node: ast.expr, named: Callable[[str], float]) -> float:
    """The value of a parsed formula, in which ``named`` gives the values of names."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return float(node.value)
    if isinstance(node, ast.Name | ast.Attribute):
        return named(dotted(node))
    if isinstance(node, ast.UnaryOp) and type(node.op) in _UNARY:
        return _UNARY[type(node.op)](_walk(node.operand, named))
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        return _real(_BINARY[type(node.op)], _walk(node.left, named), _walk(node.right, named))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS:
        return _real(_FUNCTIONS[node.func.id], *(_walk(argument, named) for argument in node.args))
    raise ValueError(f"holds {ast.unparse(node)!r}, which is not arithmetic")


def _real(function: Callable[..., float], *values: float) -> float:
    """A real value, or missing: names are looked for with stand-in values, at which a formula may have none."""
    try:
        value = function(*values)
    except (ArithmeticError, ValueError):
        return math.nan
    except TypeError:
        raise ValueError("gives a function another number of values than it takes") from None
    return math.nan if isinstance(value, complex) else value


def dotted(node: ast.expr) -> str:
    """The name of a parameter, which may have dots; raises `ValueError` for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    raise ValueError(f"holds {ast.unparse(node)!r}, which is not the name of a parameter")
