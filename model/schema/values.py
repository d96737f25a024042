"""Checking single values against their declaration: numbers, tables of numbers, words, truth values and lists."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from ...agents.parameters import Parameter
from . import limits
from .problems import Problem, Refused, nearest, refuse


def bounds_of(declared: Parameter) -> str:
    """The values that a parameter takes, in words: ``at least 0 units``."""
    unit = f" {declared.unit}" if declared.unit else ""
    words = []
    if declared.above is not None:
        words.append(f"more than {_short(declared.above)}")
    if declared.minimum is not None:
        words.append(f"at least {_short(declared.minimum)}")
    if declared.maximum is not None:
        words.append(f"at most {_short(declared.maximum)}")
    kind = "a whole number" if declared.whole else "a number"
    return f"{kind}{unit and ' of' + unit}" if not words else f"{kind} of {' and '.join(words)}{unit}"


def _short(bound: float) -> str:
    return str(int(bound)) if bound == int(bound) else f"{bound:g}"


def check_number(value: Any, declared: Parameter) -> Any:
    """One number, or a table ``{product: number}`` where that is declared; returns floats (ints if ``whole``).

    An array passes as it is: it holds the values of several design points, each of which was checked before.
    """
    if isinstance(value, np.ndarray) and value.ndim:
        return value
    if not isinstance(value, Mapping):
        return _scalar(value, declared)
    if not declared.per_product or declared.whole:
        raise refuse("is a table, but only one number fits here", f"give {bounds_of(declared)}", dict(value))
    return check_each(value.items(), lambda item: _scalar(item, declared))


def check_word(value: Any, declared: Parameter) -> str:
    """A text, one of the declared choices if there are any."""
    if not isinstance(value, str):
        raise refuse("is not a text", 'put it in quotes, as in "name"', value)
    if declared.choices and value not in declared.choices:
        raise refuse("is not one of the choices", nearest(value, declared.choices), value)
    return value


def check_text(value: str) -> str:
    """A text of reasonable length, all of whose characters can be printed, line breaks and tabs aside."""
    if len(value) > limits.TEXT_LENGTH:
        raise refuse(f"has {len(value)} characters", f"give at most {limits.TEXT_LENGTH}", value)
    if not value.translate({9: 32, 10: 32, 13: 32}).isprintable():
        raise refuse("holds a character that cannot be printed", "remove it", value)
    return value


def check_truth(value: Any) -> bool:
    """``true`` or ``false``, nothing else."""
    if not isinstance(value, bool | np.bool_):
        raise refuse("is neither true nor false", "write true or false without quotes", value)
    return bool(value)


def check_list(value: Any, declared: Parameter) -> list[Any]:
    """A list of numbers (or of lists of numbers), each within the declared bounds."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, list | tuple):
        raise refuse("is not a list", f"give a list, each entry {bounds_of(declared)}", value)
    if len(value) > limits.LIST_ENTRIES:
        raise refuse(f"has {len(value)} entries", f"give at most {limits.LIST_ENTRIES}")

    def entry(item: Any) -> Any:
        return check_list(item, declared) if isinstance(item, list | tuple) else _scalar(item, declared)

    return list(check_each(enumerate(value), entry).values())


def check_strings(value: Any) -> list[str]:
    """A list of texts."""
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise refuse("is not a list of texts", 'write ["one", "two"]', value)
    return [check_text(item) for item in value]


def check_slots(value: Any, declared: Parameter) -> Any:
    """The start of a pipeline: a number or table for every slot, or a list of them by slot."""
    if isinstance(value, list | tuple):
        return list(check_each(enumerate(value), lambda entry: check_number(entry, declared)).values())
    return check_number(value, declared)


def check_each(items: Iterable[tuple[Any, Any]], check: Callable[[Any], Any]) -> dict[Any, Any]:
    """Check all items, then report the problems of all of them together."""
    checked: dict[Any, Any] = {}
    problems: list[Problem] = []
    for step, item in items:
        try:
            checked[step] = check(item)
        except Refused as refused:
            problems += [problem.under(step) for problem in refused.problems]
    if problems:
        raise Refused(*problems)
    return checked


def _scalar(value: Any, declared: Parameter) -> float | int:
    number = _real(value, declared)
    within = (
        (declared.minimum is None or number >= declared.minimum)
        and (declared.maximum is None or number <= declared.maximum)
        and (declared.above is None or number > declared.above)
    )
    if not within:
        raise refuse("is out of bounds", f"give {bounds_of(declared)}", value)
    if not declared.whole:
        return number
    if number != int(number):
        raise refuse("is not a whole number", f"give {bounds_of(declared)}", value)
    return int(value)


def _real(value: Any, declared: Parameter) -> float:
    """The value as a finite float, or `Refused` with the cure for what it is instead."""
    if isinstance(value, str):
        raise refuse("is a text, not a number", f"give {bounds_of(declared)}, without quotes", value)
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real):
        raise refuse("is not a number", f"give {bounds_of(declared)}", value)
    real: Any = value
    if not isinstance(real, int) and not math.isfinite(real):
        raise refuse("is not finite", f"give {bounds_of(declared)}, or leave the key out for its default", float(real))
    if not -limits.MAGNITUDE <= real <= limits.MAGNITUDE:  # integers may be too long for a float
        cure = f"at most {limits.MAGNITUDE:g}" if declared.maximum is None else bounds_of(declared)
        raise refuse("is too large", f"give {cure}", value)
    return float(real)
