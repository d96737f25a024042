"""How a key of the scenario is declared: once, with its meaning, unit, bounds and default.

The checks, their messages, the reference page and the JSON schema all read that declaration. A key that is declared
``built=False`` exists so that its place in the file is settled; setting it is refused until the physics is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, WithJsonSchema, field_validator
from pydantic.fields import FieldInfo

from ...agents.parameters import Parameter
from .limits import NAME_LENGTH
from .parts import check_part
from .problems import refuse
from .values import check_each, check_list, check_number, check_slots, check_text, check_truth, check_word

Number: TypeAlias = Annotated[Any, WithJsonSchema({})]
"""A float, a table ``{product: float}`` where declared so, or (after `stack`) an array ``[runs]``."""
PartField: TypeAlias = Annotated[Any, WithJsonSchema({})]
"""A `PartSpec`."""
Kind = Literal["number", "whole", "word", "truth", "numbers", "slots", "part", "other"]
REQUIRED: Any = ...


@dataclass(frozen=True)
class Declared:
    """The declaration of one key: what it means, what kind of value it takes, and whether its physics is built.

    ``per`` says of what a table may give one number each: ``"product"``, ``"part"`` (an input of a factory) or
    nothing. As ``json_schema_extra`` of the field it writes itself into the exported JSON schema.
    """

    parameter: Parameter
    kind: Kind
    built: bool = True
    per: str = ""

    def __call__(self, schema: dict[str, Any]) -> None:
        """Write the declaration into the JSON schema of the field."""
        schema.update(described(self))


def number(meaning: str, *, default: Any = REQUIRED, built: bool = True, per: str = "", **bounds: Any) -> Any:
    """A float; with ``per="product"`` or ``per="part"`` also a table. At least 0 unless ``minimum`` says otherwise."""
    if "above" not in bounds:
        bounds.setdefault("minimum", 0.0)
    return _key(meaning, default, Declared(Parameter(meaning, per_product=bool(per), **bounds), "number", built, per))


def whole(meaning: str, *, default: Any = REQUIRED, built: bool = True, **bounds: Any) -> Any:
    """A whole number; at least 0 unless ``minimum`` says otherwise."""
    bounds.setdefault("minimum", 0)
    return _key(meaning, default, Declared(Parameter(meaning, whole=True, per_product=False, **bounds), "whole", built))


def numbers(meaning: str, *, default: Any = REQUIRED, built: bool = True, **bounds: Any) -> Any:
    """A list of numbers."""
    return _key(meaning, default, Declared(Parameter(meaning, per_product=False, **bounds), "numbers", built))


def slots(meaning: str, *, unit: str) -> Any:
    """The start of a pipeline: a number or table for every slot, or a list of them by slot. Default 0."""
    parameter = Parameter(meaning, unit=unit, minimum=0.0)
    return _key(meaning, 0.0, Declared(parameter, "slots", per="product"))


def word(meaning: str, *, default: Any = REQUIRED, built: bool = True, choices: tuple[str, ...] = ()) -> Any:
    """A text, one of ``choices`` if there are any."""
    return _key(meaning, default, Declared(Parameter(meaning, choices=choices), "word", built))


def truth(meaning: str, *, default: Any = REQUIRED, built: bool = True) -> Any:
    """``true`` or ``false``."""
    return _key(meaning, default, Declared(Parameter(meaning), "truth", built))


def part(family: str, meaning: str, *, default: Any = REQUIRED, built: bool = True) -> Any:
    """A member of a family of replaceable parts."""
    return _key(meaning, default, Declared(Parameter(meaning, part=family), "part", built))


def other(meaning: str, *, default: Any = REQUIRED, built: bool = True, unit: str = "") -> Any:
    """Anything that pydantic checks by its type: names, lists of names, tables."""
    return _key(meaning, default, Declared(Parameter(meaning, unit=unit), "other", built))


def _key(meaning: str, default: Any, declared: Declared) -> Any:
    if callable(default):
        return Field(default_factory=default, description=meaning, json_schema_extra=declared)
    return Field(default, description=meaning, json_schema_extra=declared)


def described(declared: Declared) -> dict[str, Any]:
    """The declaration in the words of JSON schema, with ``unit`` and ``built`` beside them."""
    found: dict[str, Any] = {}
    parameter = declared.parameter
    if declared.kind in ("number", "whole", "numbers", "slots"):
        found = scalar_schema(parameter)
        if declared.per:
            found = {"anyOf": [found, {"type": "object", "additionalProperties": found}]}
        if declared.kind == "numbers":
            found = {"type": "array", "items": found}
        if declared.kind == "slots":
            found = {"anyOf": [*found["anyOf"], {"type": "array", "items": found}]}
    if declared.kind == "part":
        found = {"see": parameter.part}
    if parameter.choices:
        found["enum"] = list(parameter.choices)
    if parameter.unit:
        found["unit"] = parameter.unit
    return found if declared.built else found | {"built": False}


def scalar_schema(parameter: Parameter) -> dict[str, Any]:
    """The JSON schema of one number within the bounds of its declaration."""
    bounds = {"minimum": parameter.minimum, "maximum": parameter.maximum, "exclusiveMinimum": parameter.above}
    kind = "integer" if parameter.whole else "number"
    return {"type": kind} | {key: bound for key, bound in bounds.items() if bound is not None}


def declared_in(info: FieldInfo) -> Declared:
    """The declaration that a field carries; a field without one is of the kind ``other``."""
    extra = info.json_schema_extra
    return extra if isinstance(extra, Declared) else Declared(Parameter(info.description or ""), "other")


class Table(BaseModel):
    """A table of the scenario; unknown keys are refused, and it never changes once it is made."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True)
    declared: ClassVar[dict[str, Declared]] = {}

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Collect the declarations of the keys once the class is complete."""
        super().__pydantic_init_subclass__(**kwargs)
        cls.declared = {name: declared_in(info) for name, info in cls.model_fields.items()}

    @field_validator("*", mode="before")
    @classmethod
    def _declared_value(cls, value: Any, info: ValidationInfo) -> Any:
        """Check a value against the declaration of its key."""
        return check_declared(value, cls.declared[info.field_name or ""])

    def changed(self, **values: Any) -> Self:
        """The same table with other values, which must have been checked."""
        return self.model_copy(update=values)


class Named(Table):
    """A table with a name, by which dotted keys and other tables refer to it."""

    name: str = other("its name, unique in its list; no two sites or markets share one")

    @field_validator("name", mode="before")
    @classmethod
    def _name(cls, value: Any) -> Any:
        return check_name(value)


def check_declared(value: Any, declared: Declared) -> Any:
    """A value checked against its declaration; raises `Refused`."""
    if not declared.built and not _empty(value):
        raise refuse("is not part of this version yet", "remove it", value)
    if value is None or declared.kind == "other" or not declared.built:
        return check_text(value) if isinstance(value, str) else value
    check: Callable[[Any, Parameter], Any] = _CHECKS[declared.kind]
    return check(value, declared.parameter)


_CHECKS: Mapping[str, Callable[[Any, Parameter], Any]] = {
    "number": check_number,
    "whole": check_number,
    "word": check_word,
    "numbers": check_list,
    "slots": check_slots,
    "truth": lambda value, _: check_truth(value),
    "part": lambda value, parameter: check_part(value, parameter.part),
}


def check_name(value: Any, *, arrow: bool = False) -> str:
    """A name of an agent, product or lane: short, printable, and not to be mistaken for something else."""
    if not isinstance(value, str):
        raise refuse("is not a name", "give a text in quotes", value)
    if not value or value != value.strip() or not value.isprintable():
        raise refuse("cannot be a name", "use printable characters without blanks at either end", value)
    if len(value) > NAME_LENGTH:
        raise refuse(f"is longer than {NAME_LENGTH} characters", "shorten the name", value)
    if not arrow and "->" in value:
        raise refuse('contains "->", which is kept for lanes', "choose another name", value)
    if value.startswith(("*", "#", ".")) or value.endswith("."):
        raise refuse("cannot be a name", "start it with a letter or a digit and do not end it with a dot", value)
    return value


def check_names(value: Any) -> Any:
    """A list of names without repetition, or nothing."""
    if value is None:
        return None
    if not isinstance(value, list | tuple):
        raise refuse("is not a list of names", 'write ["one", "two"]', value)
    check_each(enumerate(value), check_name)
    twice = [name for i, name in enumerate(value) if name in value[:i]] if len(set(value)) < len(value) else []
    if twice:
        raise refuse(f'names "{twice[0]}" twice', "name it once", list(value))
    return list(value)


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, list) and not value)
