"""Putting design points side by side: one scenario whose numbers are arrays over the runs."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .common import Table
from .partspec import PartSpec
from .resolve import resolved
from .scenario import Scenario
from .translate import entry_name
from .world import Memo


class StructureDiffers(ValueError):
    """Design points that differ in more than numbers and therefore cannot share one engine; ``key`` says where."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"{key} differs between the design points, but it is part of the structure, not a plain number"
        )
        self.key = key


def stack(scenarios: Sequence[Scenario], point_of_run: NDArray[np.integer[Any]]) -> Scenario:
    """One resolved scenario in which every number that differs between the design points is an array ``[runs]``.

    ``point_of_run[r]`` is the position in ``scenarios`` of the design point of run ``r``. Tables that two points share
    are compared by identity first, so that points made by `with_values` from one scenario are stacked quickly.

    Raises `StructureDiffers`, naming the key, if anything else than a number differs.
    """
    points = [resolved(scenario) for scenario in scenarios]
    first = points[0]
    runs = np.asarray(point_of_run)
    stacked: Scenario = first.changed(**_merged_fields(points, runs, ()))
    stacked._memo = Memo(settled=True)
    stacked._memo.frame = first._memo.frame
    return stacked


def groups(scenarios: Sequence[Scenario]) -> list[list[int]]:
    """Positions of design points that may be stacked together, in order of first appearance."""
    seen: dict[int, Hashable] = {}
    found: dict[Hashable, list[int]] = {}
    points = [resolved(scenario) for scenario in scenarios]
    shapes: dict[Hashable, int] = {}
    for position, point in enumerate(points):
        found.setdefault(_shape(point, seen, shapes), []).append(position)
    return list(found.values())


def _merged_fields(tables: Sequence[Any], runs: NDArray[Any], path: tuple[str, ...]) -> dict[str, Any]:
    """The fields of tables of one kind that are not the very same object in all of them, merged."""
    fields = type(tables[0]).model_fields
    merged = {}
    for name in fields:
        values = [table.__dict__[name] for table in tables]
        if not _same(values):
            merged[name] = _merge(values, runs, (*path, fields[name].alias or name))
    return merged


def _merge(values: Sequence[Any], runs: NDArray[Any], path: tuple[str, ...]) -> Any:
    first = values[0]
    if _same(values):
        return first
    if any(type(value) is not type(first) for value in values):
        raise StructureDiffers(".".join(path))
    if isinstance(first, float):
        return _number(values, runs)
    if isinstance(first, PartSpec):
        _agree([value.type for value in values], (*path, "type"))
        return PartSpec.of(first.family, first.type, _merge_tables([value.given() for value in values], runs, path))
    if isinstance(first, Table):
        return first.changed(**_merged_fields(values, runs, path))
    if isinstance(first, dict):
        return _merge_tables(values, runs, path)
    if isinstance(first, list) and first and isinstance(first[0], Table):
        _agree([len(value) for value in values], path)
        columns = zip(*values, strict=True)
        return [_merge(column, runs, (*path, _name(column[0], i))) for i, column in enumerate(columns)]
    _agree(values, path)
    return first


def _merge_tables(tables: Sequence[Mapping[str, Any]], runs: NDArray[Any], path: tuple[str, ...]) -> dict[str, Any]:
    _agree([sorted(table) for table in tables], path)
    return {key: _merge([table[key] for table in tables], runs, (*path, key)) for key in tables[0]}


def _number(values: Sequence[float], runs: NDArray[Any]) -> Any:
    array = np.array(values, dtype=np.float64)
    return values[0] if (array == array[0]).all() else array[runs]


def _agree(values: Sequence[Any], path: tuple[str, ...]) -> None:
    if any(value != values[0] for value in values):
        raise StructureDiffers(".".join(path))


def _same(values: Sequence[Any]) -> bool:
    first = values[0]
    return all(value is first for value in values)


def _name(entry: Any, position: int) -> str:
    return getattr(entry, "name", None) or entry_name(entry.__dict__) or str(position + 1)


def _shape(held: Any, seen: dict[int, Hashable], shapes: dict[Hashable, int]) -> Hashable:
    """What of a value is structure, as something to compare; shared tables are looked at once."""
    if isinstance(held, float):
        return float
    if not isinstance(held, Table | PartSpec | list | dict):
        return (type(held), held)
    if id(held) not in seen:
        shape = _shape_of_table(held, seen, shapes)
        seen[id(held)] = shapes.setdefault(shape, len(shapes))
    return seen[id(held)]


def _shape_of_table(held: Any, seen: dict[int, Hashable], shapes: dict[Hashable, int]) -> Hashable:
    if isinstance(held, PartSpec):
        return ("part", held.type, _shape(held.given(), {}, shapes))
    if isinstance(held, Table):
        return (type(held), *(_shape(held.__dict__[name], seen, shapes) for name in type(held).model_fields))
    if isinstance(held, dict):
        return ("dict", *((key, _shape(held[key], seen, shapes)) for key in sorted(held)))
    if held and isinstance(held[0], Table):
        return ("list", *(_shape(item, seen, shapes) for item in held))
    return ("values", repr(held))
