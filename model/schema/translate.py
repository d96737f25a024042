"""From pydantic's errors to problems that name place, value and cure."""

from __future__ import annotations

import typing
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from .problems import NO_VALUE, Problem, Refused, Step, brief, listing, nearest

_WRONG_TYPE = {
    "string_type": ("is not a text", 'put it in quotes, as in "name"'),
    "int_type": ("is not a whole number", "give a whole number without quotes"),
    "float_type": ("is not a number", "give a number without quotes"),
    "bool_type": ("is neither true nor false", "write true or false without quotes"),
    "list_type": ("is not a list", "write [ ... ], or [[name]] tables for a list of tables"),
    "dict_type": ("is not a table", "write a table {key = value}"),
    "model_type": ("is not a table", "write a table {key = value}"),
}


def problems_of(error: ValidationError, model: type[BaseModel], raw: Any) -> list[Problem]:
    """All problems in an error that ``model`` raised about ``raw``, with places relative to ``raw``."""
    found: list[Problem] = []
    for item in error.errors(include_url=False):
        place = place_in(raw, item["loc"])
        cause = (item.get("ctx") or {}).get("error")
        if isinstance(cause, Refused):
            found += [_named(problem.under(*place), raw) for problem in cause.problems]
        else:
            found.append(_problem(item, place, model))
    return found


def place_in(raw: Any, loc: Iterable[Step]) -> tuple[Step, ...]:
    """A location with the names of list entries instead of their positions, where they have one."""
    place: list[Step] = []
    for step in loc:
        inner = _step(raw, step)
        if isinstance(raw, list | tuple) and isinstance(inner, Mapping):
            step = entry_name(inner) or step
        place.append(step)
        raw = inner
    return tuple(place)


def entry_name(entry: Mapping[str, Any]) -> str | None:
    """The name by which people find an entry of a list: its name, its ends (a lane), or its site (of a market)."""
    if isinstance(entry.get("name"), str):
        return str(entry["name"])
    if isinstance(entry.get("from"), str) and isinstance(entry.get("to"), str):
        return f"{entry['from']}->{entry['to']}"
    if isinstance(entry.get("site"), str) and "kind" not in entry:
        return str(entry["site"])
    return None


def _problem(item: Any, place: tuple[Step, ...], model: type[BaseModel]) -> Problem:
    kind, value = item["type"], item["input"]
    table = model_at(model, item["loc"][:-1])
    if kind == "extra_forbidden":
        return Problem(place, "is not a key here", nearest(str(place[-1]), keys_of(table)), value)
    if kind == "missing":
        info = field_of(table, str(item["loc"][-1])) if table else None
        meaning = f" ({info.description})" if info and info.description else ""
        return Problem(place, "is missing", f"add {place[-1]}{meaning}")
    if kind == "literal_error":
        words = [word.strip("'") for word in item["ctx"]["expected"].replace(" or ", ", ").split(", ")]
        cure = nearest(value, words) if isinstance(value, str) else f"give one of {listing(words)}"
        return Problem(place, "is not one of the choices", cure, value)
    what, cure = _WRONG_TYPE.get(kind, (item["msg"], "correct it"))
    if kind == "model_type" and isinstance(value, str) and "name" in keys_of(model_at(model, item["loc"])):
        cure = f"write {{name = {brief(value)}}}"
    return Problem(place, what, cure, NO_VALUE if isinstance(value, BaseModel) else value)


def field_of(table: type[BaseModel], key: str) -> FieldInfo | None:
    """The field that stands behind a key of the file."""
    return next((info for name, info in table.model_fields.items() if key == (info.alias or name)), None)


def model_at(model: type[BaseModel] | None, loc: Iterable[Step]) -> type[BaseModel] | None:
    """The table class at a location within another."""
    for step in loc:
        if model is None or isinstance(step, int):
            continue
        model = next((held_table(f.annotation) for n, f in model.model_fields.items() if step in (n, f.alias)), None)
    return model


def keys_of(model: type[BaseModel] | None) -> list[str]:
    """The keys that a table may have, as they stand in a file; those that are not built yet come last."""
    if model is None:
        return []
    declared = getattr(model, "declared", {})
    names = {
        info.alias or name: getattr(declared.get(name), "built", True) for name, info in model.model_fields.items()
    }
    return sorted(names, key=lambda name: not names[name])


def held_table(annotation: Any) -> Any:
    """The table class that an annotation such as ``list[Lane]`` or ``Lane | None`` holds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (held_table(argument) for argument in typing.get_args(annotation))
    return next((kind for kind in found if kind is not None), None)


def _named(problem: Problem, raw: Any) -> Problem:
    """A problem found inside a value, its steps into lists named like all others."""
    return Problem(place_in(raw, problem.place), problem.what, problem.cure, problem.value)


def _step(raw: Any, step: Step) -> Any:
    if isinstance(raw, Mapping):
        return raw.get(step)
    if isinstance(raw, list | tuple):
        return _entry(raw, step)
    return None


def _entry(entries: list[Any] | tuple[Any, ...], step: Step) -> Any:
    if isinstance(step, int):
        return entries[step] if step < len(entries) else None
    return next((entry for entry in entries if isinstance(entry, Mapping) and entry_name(entry) == step), None)
