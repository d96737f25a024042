"""The keys of a scenario as fields of a form: label, unit, meaning, value, what it was, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..agents.parameters import Parameter
from ..model.schema import PartSpec, Scenario, ScenarioError, get_value
from ..model.schema.common import Table
from ..model.schema.slots import slots_of_spec

LISTS = ("suppliers", "factories", "warehouses", "markets", "lanes", "carriers")
SETTINGS = ("periods", "warm_up")
NOT_HERE = ("name", "from", "to", "type", "owner", "site")
"""Keys that name or join entries: they are changed in a file, not in a form."""


@dataclass(frozen=True)
class Field:
    """One single value of a scenario that a form can change."""

    key: str
    label: str
    unit: str
    meaning: str
    value: Any
    choices: tuple[str, ...] = ()


def entries(scenario: Scenario) -> list[str]:
    """The entries of a scenario as ``warehouses.Hub``, in the order of the file."""
    found = []
    for which in LISTS:
        found += [f"{which}.{entry.name}" for entry in getattr(scenario, which)]
    return found


def fields_of(scenario: Scenario, entry: str) -> list[Field]:
    """The fields of one entry of a resolved scenario, those without a value left out."""
    which, _, name = entry.partition(".")
    if which not in LISTS:
        return []
    held = next((each for each in getattr(scenario, which) if each.name == name), None)
    return [] if held is None else list(_walk(held, entry, "", scenario.period))


def settings_of(scenario: Scenario) -> list[Field]:
    """The fields of the world as a whole."""
    made = []
    for name in SETTINGS:
        parameter = Scenario.declared[name].parameter
        made.append(_field(name, name, parameter, getattr(scenario, name), scenario.period))
    return made


def _walk(held: Any, key: str, label: str, period: str) -> Iterator[Field]:
    for name, value, parameter in _children(held):
        if name in NOT_HERE:
            continue
        inner, shown = f"{key}.{name}", f"{label} {name.replace('_', ' ')}".strip()
        steps = value.items() if isinstance(value, Mapping) else [("", value)]
        for step, item in steps:
            path, words = (f"{inner}.{step}", f"{shown} {step}") if step else (inner, shown)
            if isinstance(item, Table | PartSpec):
                yield from _walk(item, path, words, period)
            elif isinstance(item, bool | int | float | str):
                yield _field(path, words, parameter, item, period)


def _children(held: Any) -> Iterator[tuple[str, Any, Parameter]]:
    if isinstance(held, PartSpec):
        slots, given = slots_of_spec(held), held.given()
        for name, slot in slots.items():
            yield name, given.get(name, slot.usual()), slot.declared
        return
    for name, info in type(held).model_fields.items():
        if type(held).declared[name].built:
            yield info.alias or name, getattr(held, name), type(held).declared[name].parameter


def _field(key: str, label: str, parameter: Parameter, value: Any, period: str) -> Field:
    unit = parameter.unit.replace("periods", f"{period}s").replace("period", period)
    choices = ("true", "false") if isinstance(value, bool) else tuple(map(str, parameter.choices))
    return Field(key, label, unit, parameter.meaning, value, choices)


def written(value: Any) -> str:
    """A value as it stands in a field."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def value_in(scenario: Scenario, key: str) -> Any:
    """The value of a key, or nothing where it has none."""
    try:
        return get_value(scenario, key)
    except ScenarioError:
        return None


def rows_of(
    fields: list[Field], base: Scenario, changed: Mapping[str, Any], errors: Mapping[str, tuple[str, str]]
) -> list[dict[str, Any]]:
    """Fields as a form shows them; ``errors`` gives the text that was refused and why."""
    rows = []
    for field in fields:
        refused, error = errors.get(field.key, ("", ""))
        row = {
            "key": field.key, "label": field.label, "unit": field.unit, "meaning": field.meaning,
            "value": refused if error else written(field.value), "error": error,
            "changed": field.key in changed, "was": written(value_in(base, field.key)) if field.key in changed else "",
            "choices": list(field.choices) or None, "number": isinstance(field.value, int | float),
        }  # fmt: skip
        rows.append(row)
    return rows
