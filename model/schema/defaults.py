"""Which defaults were filled in when a scenario was resolved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .common import Declared, Table
from .partspec import PartSpec
from .scenario import Scenario
from .slots import slots_of_spec

LISTS = ("products", "suppliers", "factories", "warehouses", "markets", "lanes")

SKIPPED = (*LISTS[1:], "outages", "interventions", "name", "origin", "destination")
OWN_NAME = "its own name"


@dataclass
class Filled:
    """One default: the key, with a star for the name of the entry, its value and unit, and the entries that have it."""

    key: str
    value: Any
    unit: str
    entries: list[str] = field(default_factory=list)


def filled_in(scenario: Scenario) -> list[Filled]:
    """All values of the resolved scenario that its file does not give; equal ones of one list are put together."""
    full = scenario.resolved()
    found: dict[tuple[str, str], Filled] = {}
    for key, value, unit in _fields(scenario, full, ""):
        found[key, ""] = Filled(key, value, unit)
    for which in LISTS:
        given = {entry.name: entry for entry in getattr(scenario, which)}
        for entry in getattr(full, which):
            for key, value, unit in _fields(given.get(entry.name), entry, f"{which}.*."):
                shown = OWN_NAME if key.endswith(".owner") else value
                same = found.setdefault((key, repr(shown)), Filled(key, shown, unit))
                same.entries.append(entry.name)
    return list(found.values())


def _fields(given: Table | None, full: Table, before: str) -> Iterator[tuple[str, Any, str]]:
    """Key, value and unit of what a table has although it was not given."""
    for name, info in type(full).model_fields.items():
        declared: Declared = type(full).declared[name]
        value = getattr(full, name)
        key = before + (info.alias or name)
        was_given = given is not None and name in given.model_fields_set
        if not declared.built or value is None or name in SKIPPED or (not before and name == "products"):
            continue
        if isinstance(value, Table):
            yield from _fields(getattr(given, name) if was_given else None, value, f"{key}.")
        elif isinstance(value, PartSpec):
            yield from _parameters(getattr(given, name) if was_given else None, value, f"{key}.")
        elif name == "demand":
            yield from _demands(getattr(given, name) if was_given else None, value, f"{key}.")
        elif not was_given and value not in ([], ""):
            yield key, value, declared.parameter.unit


def _parameters(given: PartSpec | None, full: PartSpec, before: str) -> Iterator[tuple[str, Any, str]]:
    known = given.given() if given is not None else {}
    if given is None:
        yield f"{before}type", full.type, ""
    for name, value in full.given().items():
        if isinstance(value, PartSpec):
            yield from _parameters(known.get(name), value, f"{before}{name}.")
        elif name not in known and value != "":
            yield f"{before}{name}", value, slots_of_spec(full)[name].declared.unit


def _demands(given: Any, full: dict[str, PartSpec], before: str) -> Iterator[tuple[str, Any, str]]:
    for product, process in full.items():
        own = given if isinstance(given, PartSpec) else (given or {}).get(product)
        yield from _parameters(own, process, before if isinstance(given, PartSpec) else f"{before}{product}.")
