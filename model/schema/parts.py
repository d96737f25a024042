"""Checking the replaceable parts of a scenario against their declarations: ``{type = "base-stock", level = 20}``.

In a scenario a part is a `PartSpec`, plain validated data; `building.build_part` makes the engine's object of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...agents.plugins import family as members_of
from ...agents.plugins import find
from .building import build_part, for_product
from .partspec import NOUNS, PartSpec
from .problems import Problem, Refused, nearest, refuse
from .slots import Slot, slots_of
from .values import check_list, check_number, check_strings, check_truth, check_word


def check_part(value: Any, family: str) -> PartSpec:
    """The part that a scenario gives as a table with a ``type``, or as a text if it needs no parameters.

    Raises `Refused` with every problem of the table.
    """
    if isinstance(value, PartSpec) and value.family == family:
        return value
    table = _as_table(value, family)
    slots = slots_of(_class(table["type"], family))
    problems = [_unknown(name, table[name], slots) for name in table if name != "type" and name not in slots]
    given: dict[str, Any] = {}
    for slot in slots.values():
        try:
            _take(table.get(slot.name), slot, given)
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(*problems)
    spec = PartSpec.of(family, table["type"], given)
    check_together(spec)
    return spec


def _as_table(value: Any, family: str) -> Mapping[str, Any]:
    table = {"type": value} if isinstance(value, str) else value
    if not isinstance(table, Mapping):
        cure = f'give a table such as {{type = "{_example(family)}"}}'
        raise refuse(f"is not a {NOUNS.get(family, family)}", cure, value)
    if "type" not in table:
        raise refuse("has no type", f"add type = one of {', '.join(_names(family))}", dict(table))
    return table


def _take(value: Any, slot: Slot, given: dict[str, Any]) -> None:
    """Check one parameter and note it among those given; one with a default may be left out."""
    if value is not None:
        try:
            given[slot.name] = check_slot(value, slot)
        except Refused as refused:
            raise Refused(*(problem.under(slot.name) for problem in refused.problems)) from None
    elif slot.required:
        raise Refused(Problem((slot.name,), "is missing", f"add {slot.name} ({slot.declared.meaning})"))


def check_slot(value: Any, slot: Slot) -> Any:
    """One parameter's value, checked."""
    match slot.kind:
        case "part":
            return check_part(value, slot.declared.part)
        case "word":
            return check_word(value, slot.declared)
        case "truth":
            return check_truth(value)
        case "list":
            return check_list(value, slot.declared)
        case "names":
            return check_strings(value)
        case _:
            return check_number(value, slot.declared)


def check_together(spec: PartSpec) -> None:
    """Ask the part itself (its optional method ``check() -> str | None``) whether its values fit each other."""
    if not hasattr(find(spec.family, spec.type), "check") or _holds_arrays(spec):
        return
    views = {f" (for {product})": for_product(spec, product) for product in _products_named(spec)} or {"": spec}
    for which, view in views.items():
        complaint = build_part(view, ()).check()
        if complaint:
            raise refuse(f"{complaint}{which}", "change its values", _shown(spec))


def _class(name: Any, family: str) -> type:
    if not isinstance(name, str):
        raise Refused(Problem(("type",), "is not a text", f"give one of {', '.join(_names(family))}", name))
    try:
        return find(family, name)
    except LookupError as error:
        cure = str(error) if ":" in name else nearest(name, _names(family))
        raise Refused(Problem(("type",), f"is not a known {NOUNS.get(family, family)}", cure, name)) from error
    except Exception as error:  # whatever a module does while it is imported
        if ":" not in name:
            raise
        cure = f"correct the module: {type(error).__name__}: {error}"
        raise Refused(Problem(("type",), "fails when it is imported", cure, name)) from error


def _names(family: str) -> list[str]:
    return list(members_of(family))


def _example(family: str) -> str:
    return next(iter(_names(family)), "their.module:Class")


def _unknown(name: str, value: Any, slots: Mapping[str, Slot]) -> Problem:
    return Problem((name,), "is not a parameter of this part", nearest(name, slots), value)


def _products_named(spec: PartSpec) -> list[str]:
    """All products that appear in a table of the part or of a part within it."""
    named: dict[str, None] = {}
    for value in spec.given().values():
        if isinstance(value, PartSpec):
            named |= dict.fromkeys(_products_named(value))
        elif isinstance(value, dict):
            named |= dict.fromkeys(value)
    return list(named)


def _holds_arrays(spec: PartSpec) -> bool:
    values = [
        item for value in spec.given().values() for item in (value.values() if isinstance(value, dict) else [value])
    ]
    return any(_holds_arrays(v) if isinstance(v, PartSpec) else isinstance(v, np.ndarray) for v in values)


def _shown(spec: PartSpec) -> dict[str, Any]:
    return {"type": spec.type} | {k: v for k, v in spec.given().items() if not isinstance(v, PartSpec)}
