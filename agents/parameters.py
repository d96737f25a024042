"""Declared parameters of the replaceable parts: policies, forecasts, demand, sourcing and allocation rules.

A part is a dataclass; each field is declared once with its meaning, unit and bounds::

    @dataclass
    class BaseStock(Policy):
        level: Number = parameter("order-up-to level", unit="units", minimum=0)

The scenario schema, its error messages, the reference pages and the negotiable levers read that declaration.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from typing import Any, TypeAlias

from .quantity import Array

Number: TypeAlias = float | Array
"""A value for every product and run: a float, or an array that broadcasts to ``[products, runs]``."""


@dataclass(frozen=True)
class Parameter:
    """What one field of a part means and which values it takes.

    ``minimum`` and ``maximum`` are inclusive, ``above`` is exclusive. ``whole`` asks for an integer, which is then
    part of the structure: it may not differ between the design points of one batch. ``per_product`` allows a table
    ``{product: number}`` in a scenario. ``part`` names the family (``"forecasts"``) of which the value is a member.
    ``grid`` makes it a lever: the candidate values from which an agent may choose; ``factors`` does so too, by factors
    of the value that the scenario gives. A ``responsive`` lever answers to the state of the day, the others lay down
    how things are done.
    """

    meaning: str
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    whole: bool = False
    per_product: bool = True
    choices: tuple[str, ...] = ()
    part: str = ""
    grid: tuple[float, ...] = ()
    factors: tuple[float, ...] = ()
    responsive: bool = False

    @property
    def is_lever(self) -> bool:
        """Whether an agent may negotiate it."""
        return bool(self.grid or self.factors)


def parameter(meaning: str, *, default: Any = MISSING, **declaration: Any) -> Any:
    """A dataclass field that carries its `Parameter`; a default that is a class is called to make a fresh value."""
    metadata = {"parameter": Parameter(meaning, **declaration)}
    if isinstance(default, type):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


def parameters_of(kind: type) -> dict[str, Parameter]:
    """The declared parameters of a part, by field name, in the order of declaration."""
    return {f.name: f.metadata["parameter"] for f in fields(kind) if "parameter" in f.metadata}


def levers_of(kind: type) -> dict[str, Parameter]:
    """The parameters of a part that an agent may negotiate: those that declare a grid."""
    return {name: declared for name, declared in parameters_of(kind).items() if declared.is_lever}


def take_over(part: Any, fresh: Any) -> None:
    """Give a part in use the parameters of a freshly built one of the same kind; its memory stays as it is."""
    for name, declared in parameters_of(type(part)).items():
        if declared.part and getattr(part, name) is not None:
            take_over(getattr(part, name), getattr(fresh, name))
        else:
            setattr(part, name, getattr(fresh, name))


def plainly(parameter: Number, value: float) -> bool:
    """Whether a parameter is that plain number in all runs, which is known without looking into an array."""
    return isinstance(parameter, (float, int)) and parameter == value
