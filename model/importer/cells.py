"""From the text of a cell to the value of a key, as the schema declares it."""

from __future__ import annotations

import typing
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ...agents.plugins import find
from ..schema.common import Declared, Table
from ..schema.csvfile import is_number
from ..schema.problems import Refused, refuse
from ..schema.slots import Slot, slots_of
from ..schema.translate import held_table

SEPARATOR = ";"
FIELDS = ":"
TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def value_of(text: str, key: str, kind: type[Table], row: Mapping[str, str]) -> Any:
    """The value of a cell in the column ``key`` of a table; ``row`` tells the types of its parts.

    Numbers, truth values and lists (separated by ``;``) are recognised by the declaration of the key; raises
    `Refused` for a text where a number belongs.
    """
    steps = key.split(".")
    declared, annotation, rest = _declared(kind, steps)
    if declared is None:
        return _guess(text)
    if declared.kind == "part" or annotation == "demand":
        family = declared.parameter.part or "demand"
        return _of_part(text, family, rest, key, row)
    if declared.kind in ("number", "whole", "slots"):
        return _numbers(text, key) if declared.kind == "slots" and SEPARATOR in text else _number(text)
    if declared.kind == "numbers":
        return _numbers(text, key)
    if declared.kind == "truth":
        return _truth(text)
    return _other(text, annotation, rest)


def steps_of(key: str, names: Collection[str]) -> list[str]:
    """The steps of a dotted column; ``names`` are those of products that contain dots themselves.

    >>> steps_of("initial_stock.ale.1", {"ale.1"})
    ['initial_stock', 'ale.1']
    """
    parts = key.split(".")
    steps: list[str] = []
    while parts:
        ends = range(len(parts), 1, -1) if steps else ()
        end = next((end for end in ends if ".".join(parts[:end]) in names), 1)
        steps.append(".".join(parts[:end]))
        parts = parts[end:]
    return steps


def nested(row: Mapping[str, Any], names: Collection[str] = ()) -> dict[str, Any]:
    """A row with dotted columns as nested tables; ``policy`` beside ``policy.level`` becomes the policy's type."""
    table: dict[str, Any] = {}
    for key, value in row.items():
        *before, last = steps_of(key, names)
        inner = table
        for step in before:
            held = inner.get(step, {})
            inner[step] = held if isinstance(held, dict) else {"type": held}
            inner = inner[step]
        inner[last] = {"type": value} | inner[last] if isinstance(inner.get(last), dict) else value
    return table


def _declared(kind: type[Table], steps: Sequence[str]) -> tuple[Declared | None, Any, list[str]]:
    """The declaration of a dotted column, its type, and the steps that lead further inside it."""
    names = {info.alias or name: name for name, info in kind.model_fields.items()}
    if steps[0] not in names:
        return None, None, []
    name = names[steps[0]]
    annotation = kind.model_fields[name].annotation
    inner = held_table(annotation)
    if inner is not None and len(steps) > 1 and typing.get_origin(annotation) is not list:
        return _declared(inner, steps[1:])
    return kind.declared[name], "demand" if name == "demand" else annotation, list(steps[1:])


def _of_part(text: str, family: str, rest: Sequence[str], key: str, row: Mapping[str, str]) -> Any:
    """A parameter of a part, or a part within it; the types are in the row's own columns."""
    if not rest or rest[-1] == "type":
        return text
    before = key[: -len(".".join(rest)) - 1]
    slot = _slot(family, row.get(f"{before}.type") or row.get(before, ""), rest[0])
    if slot is None and len(rest) > 1:
        deeper = f"{before}.{rest[0]}"  # demand.beer.mean: a process for each product
        slot = _slot(family, row.get(f"{deeper}.type") or row.get(deeper, ""), rest[1])
    if slot is None:
        return _guess(text)
    if slot.kind == "part" and len(rest) > 1:
        return _of_part(text, slot.declared.part, rest[1:], key, row)
    readers: dict[str, Any] = {"number": _number, "word": str, "truth": _truth, "part": str}
    return _numbers(text, key) if slot.kind == "list" else readers[slot.kind](text)


def _slot(family: str, type_: str, name: str) -> Slot | None:
    try:
        return slots_of(find(family, type_)).get(name)
    except LookupError:
        return None


def _other(text: str, annotation: Any, rest: Sequence[str]) -> Any:
    """A key that pydantic checks: a name stays a text, lists of names or numbers are split, all else is guessed."""
    members = {typing.get_origin(item) or item for item in (annotation, *typing.get_args(annotation))}
    row = held_table(annotation)
    if list in members and not rest and row is not None and all(d.kind == "number" for d in row.declared.values()):
        return _rows(text, list(row.model_fields))
    if list in members and not rest:
        return [item.strip() for item in text.split(SEPARATOR) if item.strip()]
    if members & {str, typing.Literal} and int not in members:
        return text
    return _numbers(text, "") if SEPARATOR in text else _guess(text)


def _rows(text: str, fields: Sequence[str]) -> list[dict[str, int | float]]:
    """A list of small tables of numbers, such as the brackets of a tariff: ``0:0.5; 100:0.4``."""
    rows = [[part.strip() for part in item.split(FIELDS)] for item in text.split(SEPARATOR) if item.strip()]
    if any(len(row) != len(fields) for row in rows):
        pattern = FIELDS.join(field.upper() for field in fields)
        raise refuse(f"is not a list of {pattern}", f"write {pattern} for each, with {SEPARATOR} between them", text)
    return [dict(zip(fields, map(_number, row), strict=True)) for row in rows]


def _guess(text: str) -> Any:
    """A number if it reads as one, else the text."""
    try:
        return _number(text)
    except Refused:
        return text


def _number(text: str) -> int | float:
    if not is_number(text):
        raise refuse("is not a number", "give a number, or leave the cell blank for the default", text)
    return int(text) if text.lstrip("+-").isdecimal() and len(text) < 20 else float(text)


def _numbers(text: str, key: str) -> list[int | float]:
    return [_number(item.strip()) for item in text.split(SEPARATOR) if item.strip()]


def _truth(text: str) -> bool:
    if text.lower() not in TRUTHS:
        raise refuse("is neither true nor false", "write true or false", text)
    return TRUTHS[text.lower()]
