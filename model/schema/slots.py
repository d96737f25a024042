"""The parameters of a replaceable part as a scenario sees them: kind of value, declaration and default."""

from __future__ import annotations

import types
import typing
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Any, Literal

import numpy as np

from ...agents.parameters import Parameter
from ...agents.plugins import find, scenario_name
from . import limits
from .partspec import PartSpec

Kind = Literal["number", "word", "truth", "list", "names", "part"]
_SEQUENCES = {list, tuple, Sequence, np.ndarray}


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

    @property
    def needs_all(self) -> bool:
        """Whether a table ``{product: number}`` has to name every product, as there is no number to fill in."""
        return self.required or self.usual() is None

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
    found = {}
    for f in fields(kind):
        if "parameter" in f.metadata:
            declared = _limited(f.metadata["parameter"])
            found[f.name] = Slot(f.name, declared, _kind(hints.get(f.name), declared), f.default, f.default_factory)
    return found


def _limited(declared: Parameter) -> Parameter:
    """Whole numbers are lengths of memories and calendars: without a bound of their own they get one."""
    if not declared.whole or declared.maximum is not None:
        return declared
    return replace(declared, maximum=limits.PERIODS)


def slots_of_spec(spec: PartSpec) -> dict[str, Slot]:
    """The parameters that a part of this type takes, by name."""
    return slots_of(find(spec.family, spec.type))


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
    if any(typing.get_args(member) == (str,) for member in members):
        return "names"
    many = {typing.get_origin(member) for member in members} & _SEQUENCES
    return "list" if many and not members & {float, int} else "number"


def _plain(value: Any, slot: Slot) -> Any:
    """A default as plain data: parts become specs, sequences lists; what a file cannot hold becomes ``None``."""
    if slot.kind == "part" and is_dataclass(value) and not isinstance(value, type):
        held = slots_of(type(value))
        plain = {name: _plain(getattr(value, name), inner) for name, inner in held.items()}
        given = {name: item for name, item in plain.items() if item is not None}
        return PartSpec.of(slot.declared.part, scenario_name(type(value)), given)
    if slot.kind == "names":
        return list(value)
    if slot.kind == "list" and value is not None:
        return np.asarray(value, dtype=np.float64).tolist()
    if slot.kind == "number" and value is not None:
        return None if not np.all(np.isfinite(value)) else int(value) if slot.declared.whole else float(value)
    return value
