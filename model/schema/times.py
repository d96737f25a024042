"""Travel and unloading times: a whole number of periods, or drawn for each shipment or truck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, TypeAlias

import numpy as np
from pydantic import ValidationError, WithJsonSchema, model_validator

from ...agents.parameters import Parameter
from ...agents.quantity import Array
from . import limits
from .common import Number, Table, number, numbers, other, whole
from .problems import Problem, Refused, nearest, refuse
from .translate import problems_of
from .values import check_number

_FIXED = Parameter("travel time", unit="periods", minimum=0, maximum=limits.TIME, whole=True)


class UniformPeriods(Table):
    """A whole number of periods, each from ``low`` to ``high`` equally likely."""

    type: Literal["uniform-periods"] = other("which distribution")
    low: int = whole("shortest time", unit="periods", maximum=limits.TIME)
    high: int = whole("longest time", unit="periods", maximum=limits.TIME)

    @model_validator(mode="after")
    def _ordered(self) -> UniformPeriods:
        if self.low > self.high:
            raise Refused(Problem(("low",), f"is more than high = {self.high}", "exchange the two", self.low))
        return self


class Choice(Table):
    """One of several whole numbers of periods, with given probabilities (equal ones if left out)."""

    type: Literal["choice"] = other("which distribution")
    values: list[float] = numbers("possible times", unit="periods", minimum=0, maximum=limits.TIME, whole=True)
    probabilities: list[float] | None = numbers("their probabilities, which add up to 1", minimum=0, default=None)

    @model_validator(mode="after")
    def _matching(self) -> Choice:
        if not self.values:
            raise Refused(Problem(("values",), "is empty", "name at least one time", []))
        if self.probabilities is None:
            return self
        if len(self.probabilities) != len(self.values):
            what = f"has {len(self.probabilities)} entries for {len(self.values)} values"
            raise Refused(Problem(("probabilities",), what, "give one for each value", self.probabilities))
        if abs(sum(self.probabilities) - 1) > 1e-9:
            raise Refused(Problem(("probabilities",), "do not add up to 1", "correct them", self.probabilities))
        return self


class GeometricPeriods(Table):
    """A whole number of periods from 1 on, without memory: an exponential time as far as periods tell it.

    After each period it ends with the same probability, 1 / mean; what would last longer than ``longest`` lasts that
    long. The mean is therefore shorter than ``mean`` by the part (1 - 1 / mean) ** longest.
    """

    type: Literal["geometric"] = other("which distribution")
    mean: Number = number("mean time, but for the cut at the longest one", unit="periods", minimum=1)
    longest: int = whole("longest time; at 14 means one time in a million is cut", unit="periods",
                         minimum=1, maximum=limits.TIME)  # fmt: skip


RandomTime: TypeAlias = UniformPeriods | Choice | GeometricPeriods
KINDS: dict[str, type[RandomTime]] = {
    "uniform-periods": UniformPeriods, "choice": Choice, "geometric": GeometricPeriods,
}  # fmt: skip
Time: TypeAlias = Annotated[
    Any,
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 0}, *({"see": kind.__name__} for kind in KINDS.values())]}
    ),
]
"""An int, a `UniformPeriods`, a `Choice` or a `GeometricPeriods`."""


def check_time(value: Any) -> int | RandomTime | None:
    """A travel time from a scenario; raises `Refused`."""
    if value is None or isinstance(value, RandomTime):
        return value
    if not isinstance(value, Mapping):
        return int(check_number(value, _FIXED))
    kind = KINDS.get(str(value.get("type")))
    if kind is None:
        cure = nearest(str(value.get("type")), KINDS)
        raise refuse("is not a known way to draw a time", cure, dict(value))
    try:
        return kind.model_validate(dict(value))
    except ValidationError as error:
        raise Refused(*problems_of(error, kind, value)) from None


def longest(time: int | RandomTime) -> int:
    """The longest time that can occur, in periods."""
    if isinstance(time, UniformPeriods):
        return time.high
    if isinstance(time, GeometricPeriods):
        return time.longest
    return int(max(time.values)) if isinstance(time, Choice) else time


def shortest(time: int | RandomTime) -> int:
    """The shortest time that can occur, in periods."""
    if isinstance(time, UniformPeriods):
        return time.low
    if isinstance(time, GeometricPeriods):
        return 1
    return int(min(time.values)) if isinstance(time, Choice) else time


def distribution(time: RandomTime) -> tuple[list[int], Sequence[float] | Array]:
    """The possible times and their probabilities, ``[times]`` or ``[times, runs]``."""
    if isinstance(time, GeometricPeriods):
        return list(range(1, time.longest + 1)), geometric(time.mean, time.longest)
    if isinstance(time, UniformPeriods):
        support = list(range(time.low, time.high + 1))
        return support, [1.0 / len(support)] * len(support)
    support = [int(value) for value in time.values]
    return support, time.probabilities or [1.0 / len(support)] * len(support)


def geometric(mean: Number, longest: int) -> Array:
    """The probabilities of 1 to ``longest`` periods, the last one with all that would take longer.

    Products one after another, and no powers, whose bits depend on how many runs there are.
    """
    ends = 1.0 / np.asarray(mean, dtype=np.float64)
    goes_on = np.multiply.accumulate(np.stack([np.ones_like(ends), *[1.0 - ends] * (longest - 1)]), axis=0)
    return np.concatenate([goes_on[:-1] * ends, goes_on[-1:]])
