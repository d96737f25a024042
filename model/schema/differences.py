"""What differs between design points: the keys and their values, found without looking at what they share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .common import Table
from .partspec import PartSpec
from .slots import slots_of_spec
from .translate import entry_name
from .world import World

Found = tuple[str, list[Any]]


def differences(scenarios: Sequence[World]) -> dict[str, list[Any]]:
    """Every dotted key whose value is not the same in all scenarios, with its value in each (``None`` where it is not).

    Tables that the scenarios share are skipped by identity, so that points made by `with_values` are compared quickly.
    """
    return dict(_tables(list(scenarios), ())) if scenarios else {}


def _differing(values: list[Any], path: tuple[str, ...]) -> Iterator[Found]:
    first = values[0]
    if all(value is first for value in values):
        return
    if any(type(value) is not type(first) for value in values):
        yield ".".join(path), [_shown(value) for value in values]
    elif isinstance(first, PartSpec):
        yield from _parts(values, path)
    elif isinstance(first, Table):
        yield from _tables(values, path)
    else:
        yield from _plain(values, path)


def _plain(values: list[Any], path: tuple[str, ...]) -> Iterator[Found]:
    first = values[0]
    if isinstance(first, dict):
        keys = dict.fromkeys(key for value in values for key in value)
        for key in keys:
            yield from _differing([value.get(key) for value in values], (*path, str(key)))
    elif isinstance(first, list) and _same_entries(values):
        for position, entries in enumerate(zip(*values, strict=True)):
            yield from _differing(list(entries), (*path, _name(first[position], position)))
    elif any(value != first for value in values):
        yield ".".join(path), [_shown(value) for value in values]


def _tables(tables: list[Any], path: tuple[str, ...]) -> Iterator[Found]:
    for name, info in type(tables[0]).model_fields.items():
        yield from _differing([table.__dict__[name] for table in tables], (*path, info.alias or name))


def _parts(parts: list[PartSpec], path: tuple[str, ...]) -> Iterator[Found]:
    if any(part.type != parts[0].type for part in parts):
        yield ".".join((*path, "type")), [part.type for part in parts]
        return
    given = [part.given() for part in parts]
    for name, slot in slots_of_spec(parts[0]).items():
        if any(name in values for values in given):
            yield from _differing([values.get(name, slot.usual()) for values in given], (*path, name))


def _same_entries(lists: list[list[Any]]) -> bool:
    """Whether the lists hold tables of the same names."""
    if any(not items or not isinstance(items[0], Table) for items in lists):
        return False
    names = [[_name(entry, i) for i, entry in enumerate(items)] for items in lists]
    return all(other == names[0] for other in names[1:])


def _name(entry: Any, position: int) -> str:
    return getattr(entry, "name", None) or entry_name(entry.__dict__) or str(position + 1)


def _shown(value: Any) -> Any:
    """Single values as they are; of a table, as much as a cell can hold."""
    return value if value is None or isinstance(value, str | int | float) else str(value)
