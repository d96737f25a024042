"""The replaceable parts in a scenario: ``{type = "base-stock", level = 20}`` checked against the part's declaration.

In a scenario a part is a `PartSpec`, plain validated data; `build_part` makes the engine's object of it.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, PrivateAttr

from ...agents.parameters import Parameter
from ...agents.plugins import family as members_of
from ...agents.plugins import find, scenario_name
from .problems import Problem, Refused, ScenarioError, nearest, refuse
from .values import check_list, check_number, check_truth, check_word

NOUNS = {
    "policies": "policy",
    "forecasts": "forecast",
    "demand": "demand process",
    "sourcing": "sourcing rule",
    "allocation": "allocation rule",
}
Kind = Literal["number", "word", "truth", "list", "part"]


class PartSpec(BaseModel):
    """A policy, forecast, demand process, sourcing or allocation rule as the scenario gives it.

    ``type`` is its name; its parameters are further attributes: numbers, tables ``{product: number}``, after
    `stack` arrays ``[runs]``, words, lists, or further parts.
    """

    model_config = ConfigDict(extra="allow", frozen=True)
    type: str
    _family: str = PrivateAttr(default="")

    @classmethod
    def of(cls, family: str, type_: str, values: Mapping[str, Any]) -> PartSpec:
        """Make a spec from values that are already checked."""
        spec = cls.model_construct(type=type_, **values)
        spec._family = family
        return spec

    @property
    def family(self) -> str:
        """The sub-package of ``agents`` that the part belongs to, such as ``"policies"``."""
        return self._family

    def given(self) -> dict[str, Any]:
        """The parameters by name."""
        return dict(self.__pydantic_extra__ or {})

    def replacing(self, **values: Any) -> PartSpec:
        """The same part with other (already checked) values of some parameters."""
        return PartSpec.of(self.family, self.type, self.given() | values)


@dataclass(frozen=True)
class Slot:
    """One parameter of a part: its declaration, which kind of value it takes, and its default if it has one."""

    name: str
    declared: Parameter
    kind: Kind
    default: Any = MISSING
    factory: Any = MISSING

    @property
    def required(self) -> bool:
        """Whether the scenario has to give it."""
        return self.default is MISSING and self.factory is MISSING

    def usual(self) -> Any:
        """The default as plain data for a scenario; ``None`` if there is none that a file could hold."""
        value = self.factory() if self.factory is not MISSING else self.default
        return None if value is MISSING else _plain(value, self)


@cache
def slots_of(kind: type) -> dict[str, Slot]:
    """The parameters of a part class by name."""
    try:
        hints = typing.get_type_hints(kind)
    except (NameError, TypeError):
        hints = {}
    return {
        f.name: Slot(
            f.name,
            f.metadata["parameter"],
            _kind(hints.get(f.name), f.metadata["parameter"]),
            f.default,
            f.default_factory,
        )
        for f in fields(kind)
        if "parameter" in f.metadata
    }


def slots_of_spec(spec: PartSpec) -> dict[str, Slot]:
    """The parameters that a part of this type takes, by name."""
    return slots_of(find(spec.family, spec.type))


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
            raise refuse(f"{complaint}{which}", "change one of the two values", _shown(spec))


def completed(spec: PartSpec) -> PartSpec:
    """The part with the defaults of the parameters that the scenario leaves out."""
    slots = slots_of_spec(spec)
    given = spec.given()
    full: dict[str, Any] = {}
    for name, slot in slots.items():
        value = given[name] if name in given else slot.usual()
        if value is not None:
            full[name] = completed(value) if isinstance(value, PartSpec) else value
    return PartSpec.of(spec.family, spec.type, full)


def for_product(spec: PartSpec, product: str) -> PartSpec:
    """The part as one product sees it: every table ``{product: number}`` replaced by that product's number."""
    slots = slots_of_spec(spec)
    narrowed: dict[str, Any] = {}
    for name, value in spec.given().items():
        if isinstance(value, PartSpec):
            narrowed[name] = for_product(value, product)
        elif not isinstance(value, dict):
            narrowed[name] = value
        elif product in value:
            narrowed[name] = value[product]
        elif slots[name].required:
            raise Refused(_no_value(name, value, product))
    return PartSpec.of(spec.family, spec.type, narrowed)


def missing_products(spec: PartSpec, products: Sequence[str]) -> Iterator[Problem]:
    """Problems of tables ``{product: number}`` that name unknown products or leave out one without a default."""
    slots = slots_of_spec(spec)
    for name, value in spec.given().items():
        if isinstance(value, PartSpec):
            yield from (problem.under(name) for problem in missing_products(value, products))
        elif isinstance(value, dict):
            for product in value:
                if product not in products:
                    yield Problem((name, product), "is not a product here", nearest(product, products), value[product])
            if slots[name].required:
                yield from (_no_value(name, value, product) for product in products if product not in value)


def build_part(spec: PartSpec, products: Sequence[str]) -> Any:
    """The engine's object: an instance of the part's class.

    Tables ``{product: number}`` become arrays ``[products, 1]`` (``[products, runs]`` if their numbers are arrays)
    in the order of ``products``; single numbers stay numbers; nested parts become instances.
    """
    kind = find(spec.family, spec.type)
    slots = slots_of(kind)
    return kind(**{name: _built(value, slots[name], products) for name, value in spec.given().items()})


def expand(value: Any, products: Sequence[str], missing: Any = MISSING) -> Any:
    """A number as the engine uses it: a table becomes an array ``[products, 1 or runs]``, all else stays.

    ``missing`` stands for products that the table leaves out. Raises `ScenarioError` if that is needed but not given.
    """
    if not isinstance(value, Mapping):
        return value
    lacking = [product for product in products if product not in value]
    if lacking and missing is MISSING:
        raise ScenarioError(f"{dict(value)} has no value for {', '.join(lacking)}; add it to the table")
    rows = [np.atleast_1d(np.asarray(value.get(product, missing), dtype=np.float64)) for product in products]
    if not rows:
        return np.zeros((0, 1))
    return np.stack([np.asarray(row) for row in np.broadcast_arrays(*rows)])


def _built(value: Any, slot: Slot, products: Sequence[str]) -> Any:
    if isinstance(value, PartSpec):
        return build_part(value, products)
    if isinstance(value, dict):
        return expand(value, products, MISSING if slot.required else slot.usual())
    return value


def _kind(hint: Any, declared: Parameter) -> Kind:
    """Which kind of value a parameter takes, from its declaration and its type."""
    union = typing.get_origin(hint) in (typing.Union, types.UnionType)
    members = set(typing.get_args(hint)) if union else {hint}
    if declared.part:
        return "part"
    if declared.choices or str in members:
        return "word"
    if bool in members:
        return "truth"
    many = {typing.get_origin(member) for member in members} & _SEQUENCES
    return "list" if many and not members & {float, int} else "number"


_SEQUENCES = {list, tuple, Sequence, np.ndarray}


def _plain(value: Any, slot: Slot) -> Any:
    """A default as plain data: parts become specs, sequences lists; what a file cannot hold becomes ``None``."""
    if slot.kind == "part" and is_dataclass(value) and not isinstance(value, type):
        held = slots_of(type(value))
        plain = {name: _plain(getattr(value, name), inner) for name, inner in held.items()}
        given = {name: item for name, item in plain.items() if item is not None}
        return PartSpec.of(slot.declared.part, scenario_name(type(value)), given)
    if slot.kind == "list" and value is not None:
        return np.asarray(value, dtype=np.float64).tolist()
    if slot.kind == "number" and value is not None:
        return None if not np.all(np.isfinite(value)) else int(value) if slot.declared.whole else float(value)
    return value


def _class(name: Any, family: str) -> type:
    if not isinstance(name, str):
        raise Refused(Problem(("type",), "is not a text", f"give one of {', '.join(_names(family))}", name))
    try:
        return find(family, name)
    except LookupError as error:
        cure = str(error) if ":" in name else nearest(name, _names(family))
        raise Refused(Problem(("type",), f"is not a known {NOUNS.get(family, family)}", cure, name)) from error


def _names(family: str) -> list[str]:
    return list(members_of(family))


def _example(family: str) -> str:
    return next(iter(_names(family)), "their.module:Class")


def _unknown(name: str, value: Any, slots: Mapping[str, Slot]) -> Problem:
    return Problem((name,), "is not a parameter of this part", nearest(name, slots), value)


def _no_value(name: str, table: Mapping[str, Any], product: str) -> Problem:
    return Problem((name,), f"has no value for {product}", f"add {product} to the table", dict(table))


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
