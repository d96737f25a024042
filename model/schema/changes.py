"""Scenarios that differ in some values: setting dotted keys, quickly where only numbers change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from pydantic import ValidationError

from .common import Table, check_declared
from .keys import Place, find
from .orders import LaneOrders
from .parts import check_slot, check_together
from .partspec import PartSpec
from .problems import Problem, Refused, Step, raise_all
from .resolve import AnyWorld, resolved
from .slots import slots_of_spec
from .translate import keys_of, problems_of
from .world import World, plain


def get_value(scenario: World, key: str) -> Any:
    """The value at a dotted key; raises `ScenarioError` with the nearest known key if there is none.

    A key that stands for the demand of all products gives ``{product: value}`` if they differ.
    """
    try:
        places = find(scenario, key)
    except Refused:
        places = _find(resolved(scenario), key)
    values = [place.value for place in places]
    if all(value is values[0] or np.array_equal(value, values[0]) for value in values[1:]):
        return values[0]
    return {str(place.path[3]): place.value for place in places}


def with_some(scenario: AnyWorld, values: Mapping[str, Any]) -> AnyWorld:
    """`with_values` without its look at the interventions, for the use of `timeline`.

    A resolved scenario gives a resolved one. Keys that exist only once defaults are filled in are set last.
    """
    was_resolved = scenario._memo.settled
    start = scenario._memo.source or scenario
    early = {key: value for key, value in values.items() if _known(start, key)}
    late = {key: value for key, value in values.items() if key not in early}
    result = _set_all(start, early)
    if late:
        result = _set_all(resolved(result), late)
    return resolved(result) if was_resolved else result


def _known(scenario: World, key: str) -> bool:
    try:
        find(scenario, key)
    except Refused:
        return False
    return True


def _set_all(scenario: AnyWorld, values: Mapping[str, Any]) -> AnyWorld:
    problems: list[Problem] = []
    structural = False
    touched: list[tuple[str, int, str]] = []
    result = scenario
    for key, value in values.items():
        try:
            for place in find(result, key):
                if _simple(place, value):
                    result = set_number(result, place, value)
                    touched.append((str(place.path[0]), int(place.path[1]), str(place.path[-1])))
                else:
                    result = set_anything(result, place, value)
                    structural = True
        except Refused as refused:
            problems += refused.problems
    raise_all(f"scenario {scenario.name}", problems)
    if structural:
        resolved(result)
    elif touched:
        result._memo.base = scenario._memo.base or scenario
        result._memo.touched = tuple(dict.fromkeys((*scenario._memo.touched, *touched)))
    return result


def _simple(place: Place, value: Any) -> bool:
    """Whether setting a value concerns nothing but the entry in which it lies (shares are weighed against others)."""
    single = value is not None and not isinstance(value, Mapping | list | tuple)
    in_list = len(place.path) > 1 and isinstance(place.path[1], int)
    return single and place.plain_number and in_list and place.path[-1] != "share"


def set_number(scenario: AnyWorld, place: Place, value: Any) -> AnyWorld:
    """The scenario with another number at a place that holds one: only the tables on the way to it are made anew."""
    try:
        result: AnyWorld = _put(scenario, place.path, value)
        result._memo.index = scenario.index()
        return result
    except Refused as refused:
        raise _at(place, refused) from None


def _put(table: Any, path: Sequence[Step], value: Any) -> Any:
    step, rest = path[0], path[1:]
    if isinstance(table, list):
        assert isinstance(step, int)
        return [*table[:step], _put(table[step], rest, value), *table[step + 1 :]]
    name = str(step)
    if isinstance(table, dict):
        return table | {name: _put(table[name], rest, value)}
    held = table.given().get(name) if isinstance(table, PartSpec) else getattr(table, name)
    if rest and not _holds_numbers(held):
        new = _put(held, rest, value)
    else:
        new = _checked(table, name, {**(held or {}), rest[0]: value} if rest else value)
    if not isinstance(table, PartSpec):
        changed = table.changed(**{name: new})
        if isinstance(changed, LaneOrders):
            changed.check_together()
        return changed
    spec = table.replacing(**{name: new})
    check_together(spec)
    return spec


def _holds_numbers(held: Any) -> bool:
    return isinstance(held, dict) and all(isinstance(item, float | np.ndarray) for item in held.values())


def _checked(table: Any, name: str, value: Any) -> Any:
    if isinstance(table, PartSpec):
        return check_slot(value, slots_of_spec(table)[name])
    return check_declared(value, type(table).declared[name])


def set_anything(scenario: AnyWorld, place: Place, value: Any) -> AnyWorld:
    """The scenario with any other value at a place; the entry of the list in which it lies is checked anew."""
    which = str(place.path[0])
    if len(place.path) == 1:
        mapping = {"name": scenario.name, "periods": scenario.periods} | ({} if value is None else {which: value})
        made = _validated(type(scenario), mapping, place, ())
        return scenario.changed(**{which: getattr(made, which)})
    entries = getattr(scenario, which)
    if isinstance(entries, Table):
        whole = _validated(type(entries), _replaced(plain(entries), place.path[1:], value), place, place.path[:1])
        return scenario.changed(**{which: whole})
    if len(place.path) == 2:
        cure = f"set the keys in it one by one, as in {place.key}.{next(iter(keys_of(type(place.value))))}"
        raise Refused(Problem(tuple(place.key.split(".")), "is a whole entry", cure, value))
    index = int(place.path[1])
    entry = _replaced(plain(entries[index]), _file_path(entries[index], place.path[2:]), value)
    made = _validated(type(entries[index]), entry, place, place.path[:2])
    return scenario.changed(**{which: [*entries[:index], made, *entries[index + 1 :]]})


def _validated(kind: type[Table], mapping: Any, place: Place, before: tuple[Step, ...]) -> Any:
    try:
        return kind.model_validate(mapping)
    except ValidationError as error:
        head = place.key.split(".")[: len(before)]
        raise Refused(*(problem.under(*head) for problem in problems_of(error, kind, mapping))) from None


def _replaced(mapping: Any, path: Sequence[Step], value: Any) -> Any:
    """Plain data with another value at a path; missing tables on the way are made."""
    if not path:
        return value
    if isinstance(mapping, list):
        index = int(path[0])
        return [*mapping[:index], _replaced(mapping[index], path[1:], value), *mapping[index + 1 :]]
    inner = mapping if isinstance(mapping, dict) else {}
    new = _replaced(inner.get(path[0]), path[1:], value)
    return {key: item for key, item in inner.items() if key != path[0]} | ({} if new is None else {path[0]: new})


def _file_path(entry: Table, path: Sequence[Step]) -> Sequence[Step]:
    """A path in the words of the file, where a lane's ends are ``from`` and ``to``."""
    info = type(entry).model_fields.get(str(path[0]))
    return [info.alias, *path[1:]] if info is not None and info.alias else path


def _find(scenario: World, key: str) -> list[Place]:
    try:
        return find(scenario, key)
    except Refused as refused:
        raise_all(f"scenario {scenario.name}", refused.problems)
        raise


def _at(place: Place, refused: Refused) -> Refused:
    """Problems of a value, placed at its key."""
    return Refused(*(Problem(tuple(place.key.split(".")), p.what, p.cure, p.value) for p in refused.problems))
