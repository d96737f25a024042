"""What a study varies: parameters, each a range or a list of values of one or several keys of the scenario."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from .errors import StudyError, fault

Value: TypeAlias = bool | int | float | str
Point: TypeAlias = dict[str, Value]
"""One design point: the value of every parameter by its name."""
SCENARIO = "scenario"
"""The key by which a parameter chooses one of the scenarios of the study."""
UNROUND = 0.3819660112501051
"""A share of a range at which hardly any range has a whole number."""


class Parameter(BaseModel):
    """One varied setting: a range from ``low`` to ``high`` or a list of ``values``.

    Its name in the study is the dotted key of the scenario that it sets, unless ``keys`` lists other ones. Where the
    design itself lists the values (``list``, ``csv``), it needs neither. A ``*`` in a key stands for any text, so that
    ``lanes.*.travel_time`` is that of every lane. With ``scale`` the value multiplies what stands at a key, with
    ``shift`` it is added; whole numbers stay whole. Several parameters may act on one key in that way, in their order.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    low: float | None = Field(None, description="lower end of the range")
    high: float | None = Field(None, description="upper end of the range")
    log: bool = Field(False, description="spread evenly on a logarithmic scale")
    integer: bool = Field(False, description="whole numbers only")
    values: list[Any] | None = Field(None, description="the values it takes, instead of a range")
    levels: int | None = Field(None, ge=2, description="how many values of the range a grid or one-at-a-time takes")
    base: Any = Field(None, description="its value while others vary (one-at-a-time); default the scenario's")
    keys: list[str] | None = Field(
        None, min_length=1, description="dotted keys that it sets together; default its name"
    )
    act: Literal["set", "scale", "shift"] = Field("set", description="what the value does to what stands at a key")

    @field_validator("values")
    @classmethod
    def _scalars(cls, values: list[Any] | None) -> list[Any] | None:
        for value in values or []:
            if not is_value(value):
                raise fault("is not a number, text or truth value", "give single values", value=value)
        if values is not None and (not values or len({(type(v), v) for v in values}) < len(values)):
            raise fault("is empty or names a value twice", "give each value once", value=values)
        return values

    @model_validator(mode="after")
    def _one_kind(self) -> Parameter:
        ranged = self.low is not None or self.high is not None
        if ranged and self.values is not None:
            raise fault("has both a range and values", "give low and high, or values = [...]")
        if ranged:
            self._check_range()
        elif self.log or self.integer or self.levels:
            raise fault("has no range, so log, integer and levels mean nothing", "remove them, or give low and high")
        return self

    def _check_range(self) -> None:
        if self.low is None or self.high is None or not math.isfinite(self.low) or not math.isfinite(self.high):
            raise fault("is only half a range", "give both low and high as finite numbers")
        if not self.low < self.high:
            raise fault(f"low = {self.low:g} is not below high = {self.high:g}", "make high larger")
        if self.log and self.low <= 0:
            raise fault("a logarithmic range starts above 0", "raise low, or remove log", "low", value=self.low)
        if self.integer and not (self.low.is_integer() and self.high.is_integer()):
            raise fault("the ends of an integer range are whole numbers", "round low and high, or remove integer")

    @model_validator(mode="after")
    def _numbers(self) -> Parameter:
        if self.act != "set" and not all(type(value) in (int, float) for value in self.values or []):
            raise fault("are not all numbers", f'give numbers, or act = "set" instead of "{self.act}"', "values")
        return self

    @property
    def neutral(self) -> Value | None:
        """The value that changes nothing, if there is one."""
        return {"set": None, "scale": 1, "shift": 0}[self.act]

    @property
    def free(self) -> bool:
        """Whether it has neither a range nor values, so that the design must list them."""
        return self.values is None and self.low is None

    @property
    def ends(self) -> list[Value]:
        """All values, or the two ends of the range."""
        if self.free:
            return []
        return list(self.values) if self.values is not None else self.scaled(np.array([0.0, 1.0]))

    @property
    def tried(self) -> list[Value]:
        """The values that are tried on a scenario beforehand: the ends and, for a range, one that is not round."""
        return self.ends if self.values is not None or self.free else [*self.ends, *self.scaled(np.array([UNROUND]))]

    @property
    def middle(self) -> Value:
        """The value in the middle of the range, or the first of the values."""
        return self.values[0] if self.values is not None else self.scaled(np.array([0.5]))[0]

    def scaled(self, unit: NDArray[np.float64]) -> list[Value]:
        """Numbers in [0, 1] as values: along the range, or by equal shares of the list of values."""
        if self.values is not None:
            index = np.minimum((unit * len(self.values)).astype(int), len(self.values) - 1)
            return [self.values[i] for i in index]
        low, high = float(self.low or 0.0), float(self.high or 0.0)
        if self.integer:
            # Every whole number gets an equal share of the range, the two ends included.
            low, high = (low - 0.5, high + 0.5) if self.log else (low, high + 1.0)
        spread = np.exp(np.log(low) + unit * (np.log(high) - np.log(low))) if self.log else low + unit * (high - low)
        if self.integer:
            whole = np.rint(spread) if self.log else np.floor(spread)
            return [int(v) for v in np.clip(whole, self.low, self.high)]
        return [float(v) for v in np.clip(spread, self.low, self.high)]

    def grid(self, name: str) -> list[Value]:
        """The values that a grid takes; raises `StudyError` for a range without ``levels``."""
        if self.values is not None:
            return list(self.values)
        if self.levels is None:
            cure = "give levels (how many values of the range), or values = [...]"
            raise StudyError(f"parameters.{name}: a grid cannot take every value of a range; {cure}")
        if self.integer:
            low, high = float(self.low or 0.0), float(self.high or 0.0)
            spread = np.geomspace(low, high, self.levels) if self.log else np.linspace(low, high, self.levels)
            return list(dict.fromkeys(int(v) for v in np.rint(spread)))
        return self.scaled(np.linspace(0.0, 1.0, self.levels))


@dataclass(frozen=True)
class Space:
    """The parameters of a study as a design sees them, the scenario's own values, and the folder of the study file."""

    parameters: Mapping[str, Parameter]
    base: Mapping[str, Value] = field(default_factory=dict)
    folder: Path | None = None

    def __len__(self) -> int:
        return len(self.parameters)

    def scaled(self, unit: NDArray[np.float64]) -> list[Point]:
        """Points of the unit cube ``[points, parameters]`` as design points."""
        self.require_values()
        columns = [parameter.scaled(unit[:, i]) for i, parameter in enumerate(self.parameters.values())]
        return self.points(zip(*columns, strict=True))

    def points(self, rows: Iterable[Sequence[Value]]) -> list[Point]:
        """Rows of values, one a parameter, as design points."""
        names = list(self.parameters)
        return [dict(zip(names, row, strict=True)) for row in rows]

    def require_values(self) -> None:
        """Raise `StudyError` if a parameter has neither a range nor values."""
        for name, parameter in self.parameters.items():
            if parameter.free:
                raise StudyError(f"parameters.{name}: has no values; give low and high, or values = [...]")

    def problem(self) -> dict[str, Any]:
        """The parameters as SALib describes a problem, in the unit cube: the study scales the sample itself."""
        return {"num_vars": len(self), "names": list(self.parameters), "bounds": [[0.0, 1.0]] * len(self)}


def is_value(value: object) -> bool:
    """Whether a study can vary or set such a value: a finite number, a text or a truth value."""
    return isinstance(value, bool | int | str) or (isinstance(value, float) and math.isfinite(value))
