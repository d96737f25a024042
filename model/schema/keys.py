"""Dotted keys, ``warehouses.R1.policy.level``: finding the place in a scenario that one names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .common import Declared, Table
from .partspec import PartSpec
from .problems import Problem, Refused, Step, nearest
from .products import DEFAULT_PRODUCT
from .slots import slots_of_spec
from .translate import keys_of
from .world import World


@dataclass(frozen=True)
class Place:
    """Where a dotted key leads: the steps to it (fields, positions in lists, keys of tables) and the value there."""

    key: str
    path: tuple[Step, ...]
    value: Any
    number: bool
    left_out: bool = False
    """Whether the last step is a product that the table leaves out."""

    @property
    def plain_number(self) -> bool:
        """Whether it holds a float that may differ between the design points of one batch."""
        return self.number and isinstance(self.value, float | np.ndarray)


def find(scenario: World, key: str) -> list[Place]:
    """The place that a dotted key names (several if it stands for the demand of all products of a market).

    Raises `Refused` with the nearest known name if the key leads nowhere.
    """
    steps = key.split(".")
    known = scenario.index().entries.get(steps[0])
    name, rest = (None, steps) if known is None else _longest(known, steps[1:])
    if known is not None and name is not None:  # the quick way: names are indexed
        found = _walk(getattr(scenario, steps[0])[known[name]], rest, (steps[0], known[name]), key)
    else:
        found = _walk(scenario, steps, (), key)
    for place in found:
        if place.left_out:
            _known_product(scenario, place)
    return found


def _known_product(scenario: World, place: Place) -> None:
    products = [product.name for product in scenario.products] or [DEFAULT_PRODUCT]
    name = str(place.path[-1])
    if name not in products:
        before = place.key[: -len(name) - 1].split(".")
        raise Refused(Problem((*before, name), "is not a product here", nearest(name, products)))


def _walk(held: Any, steps: list[str], path: tuple[Step, ...], key: str, number: bool = False) -> list[Place]:
    if not steps:
        return [Place(key, path, held, number)]
    done = tuple(key.split(".")[: key.count(".") + 1 - len(steps)])
    if isinstance(held, PartSpec):
        return _into_part(held, steps, path, key, done)
    if isinstance(held, Table):
        return _into_table(held, steps, path, key, done)
    if isinstance(held, list) and held and isinstance(held[0], Table):
        index, rest = _entry(held, steps, done)
        return _walk(held[index], rest, (*path, index), key)
    if isinstance(held, dict):
        return _into_dict(held, steps, path, key, number)
    raise Refused(Problem((*done, *steps), "leads nowhere", f"{'.'.join(done)} is {_kind_of(held)}; stop there"))


def _into_part(
    spec: PartSpec, steps: list[str], path: tuple[Step, ...], key: str, done: tuple[str, ...]
) -> list[Place]:
    slots = slots_of_spec(spec)
    name, rest = steps[0], steps[1:]
    if name != "type" and name not in slots:
        raise Refused(Problem((*done, name), f'is not a parameter of "{spec.type}"', nearest(name, [*slots, "type"])))
    given = spec.given()
    held = spec.type if name == "type" else given[name] if name in given else slots[name].usual()
    number = name != "type" and slots[name].kind == "number" and not slots[name].declared.whole
    return _walk(held, rest, (*path, name), key, number)


def _into_table(table: Table, steps: list[str], path: tuple[Step, ...], key: str, done: tuple[str, ...]) -> list[Place]:
    fields = type(table).model_fields
    by_key = {info.alias or name: name for name, info in fields.items()}
    if steps[0] not in by_key:
        raise Refused(Problem((*done, steps[0]), "is not a key here", nearest(steps[0], keys_of(type(table)))))
    name = by_key[steps[0]]
    declared: Declared = type(table).declared[name]
    if not declared.built:
        raise Refused(Problem((*done, steps[0]), "is not part of this version yet", "remove it"))
    return _walk(getattr(table, name), steps[1:], (*path, name), key, declared.kind in ("number", "slots"))


def _into_dict(held: dict[str, Any], steps: list[str], path: tuple[Step, ...], key: str, number: bool) -> list[Place]:
    name, rest = _longest(list(held), steps)
    if name is not None:
        return _walk(held[name], rest, (*path, name), key, number)
    if held and all(isinstance(item, PartSpec) for item in held.values()):
        return [place for name in held for place in _walk(held[name], steps, (*path, name), key)]
    if number:
        return [Place(key, (*path, ".".join(steps)), None, False, left_out=True)]
    return _nowhere(held, steps, key) if held else [Place(key, (*path, *steps), None, False)]


def _nowhere(held: Mapping[str, Any], steps: list[str], key: str) -> list[Place]:
    done = key.split(".")[: key.count(".") + 1 - len(steps)]
    raise Refused(Problem((*done, steps[0]), "is not a key here", nearest(steps[0], held)))


def _entry(held: list[Any], steps: list[str], done: tuple[str, ...]) -> tuple[int, list[str]]:
    """The position of an entry that the steps begin with, by its name or, without names, counted from 1."""
    names = [getattr(entry, "name", None) or getattr(entry, "site", None) for entry in held]
    name, rest = _longest([item for item in names if item is not None], steps)
    if name is not None:
        return names.index(name), rest
    if steps[0].isdecimal() and 1 <= int(steps[0]) <= len(names) and names[int(steps[0]) - 1] is None:
        return int(steps[0]) - 1, steps[1:]
    known = [item or str(i + 1) for i, item in enumerate(names)]
    raise Refused(Problem((*done, steps[0]), "is not the name of an entry", nearest(steps[0], known)))


def _longest(names: Collection[str], steps: list[str]) -> tuple[str | None, list[str]]:
    """The longest name that the steps begin with: names may contain dots themselves."""
    known = names if isinstance(names, dict) else set(names)
    for count in range(len(steps), 0, -1):
        name = ".".join(steps[:count])
        if name in known:
            return name, steps[count:]
    return None, steps


def _kind_of(value: Any) -> str:
    if value is None:
        return "not set"
    return "a list" if isinstance(value, list) else "a single value"


def leaf_keys(scenario: World) -> list[str]:
    """All dotted keys of a scenario that hold a single value or a list of numbers."""
    return list(_leaves(scenario, ()))


def _leaves(held: Any, before: tuple[str, ...]) -> Iterator[str]:
    if isinstance(held, Table | PartSpec):
        items: Any = _children(held)
    elif isinstance(held, dict):
        items = held.items()
    elif isinstance(held, list) and held and isinstance(held[0], Table):
        items = ((getattr(e, "name", None) or getattr(e, "site", None) or str(i + 1), e) for i, e in enumerate(held))
    else:
        yield ".".join(before)
        return
    for name, item in items:
        yield from _leaves(item, (*before, name))


def _children(held: Table | PartSpec) -> Iterator[tuple[str, Any]]:
    if isinstance(held, PartSpec):
        given = held.given()
        yield "type", held.type
        yield from ((n, given[n] if n in given else slot.usual()) for n, slot in slots_of_spec(held).items())
        return
    for name, info in type(held).model_fields.items():
        value = getattr(held, name)
        if type(held).declared[name].built and value != []:
            yield info.alias or name, value
