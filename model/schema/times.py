"""Travel times: a whole number of periods, or drawn per shipment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import ValidationError, WithJsonSchema, model_validator

from ...agents.parameters import Parameter
from . import limits
from .common import Table, numbers, other, whole
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


RandomTime: TypeAlias = UniformPeriods | Choice
_KINDS: dict[str, type[UniformPeriods] | type[Choice]] = {"uniform-periods": UniformPeriods, "choice": Choice}
Time: TypeAlias = Annotated[
    Any,
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0}, {"see": "UniformPeriods"}, {"see": "Choice"}]}),
]
"""An int, a `UniformPeriods` or a `Choice`."""


def check_time(value: Any) -> int | RandomTime | None:
    """A travel time from a scenario; raises `Refused`."""
    if value is None or isinstance(value, UniformPeriods | Choice):
        return value
    if not isinstance(value, Mapping):
        return int(check_number(value, _FIXED))
    kind = _KINDS.get(str(value.get("type")))
    if kind is None:
        cure = nearest(str(value.get("type")), _KINDS)
        raise refuse("is not a known way to draw a time", cure, dict(value))
    try:
        return kind.model_validate(dict(value))
    except ValidationError as error:
        raise Refused(*problems_of(error, kind, value)) from None


def longest(time: int | RandomTime) -> int:
    """The longest time that can occur, in periods."""
    if isinstance(time, UniformPeriods):
        return time.high
    return int(max(time.values)) if isinstance(time, Choice) else time


def shortest(time: int | RandomTime) -> int:
    """The shortest time that can occur, in periods."""
    if isinstance(time, UniformPeriods):
        return time.low
    return int(min(time.values)) if isinstance(time, Choice) else time


def distribution(time: RandomTime) -> tuple[list[int], list[float]]:
    """The possible times and their probabilities."""
    if isinstance(time, UniformPeriods):
        support = list(range(time.low, time.high + 1))
        return support, [1.0 / len(support)] * len(support)
    support = [int(value) for value in time.values]
    return support, time.probabilities or [1.0 / len(support)] * len(support)
