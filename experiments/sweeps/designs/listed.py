from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field, field_validator

from ..errors import StudyError, fault, nearest
from ..parameters import Point, Space, is_value
from .base import Design


class Listed(Design):
    """Points written down one by one: ``points = [{"warehouses.W.policy.level" = 20, ...}, ...]``.

    A name is a parameter of the study or, without being declared there, a dotted key of the scenario.
    """

    name_in_scenario: ClassVar[str] = "list"
    points: list[dict[str, Any]] = Field(min_length=1, description="the points, a table each")

    @field_validator("points")
    @classmethod
    def _same_names(cls, points: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for number, point in enumerate(points, 1):
            for name, value in point.items():
                if not is_value(value):
                    raise fault("is not a number, text or truth value", "give a single value", name, value=value)
            if set(point) != set(points[0]):
                raise fault(f"point {number} names other parameters than the first", "give every point the same ones")
        return points

    def quick(self, most: int = 8) -> Design:
        """At most ``most`` points, spread over the list."""
        chosen = [len(self.points) * place // most for place in range(most)]
        return self.model_copy(update={"points": [self.points[i] for i in dict.fromkeys(chosen)]})

    def names(self, space: Space) -> list[str]:
        """The names that are not parameters of the study."""
        return [name for name in self.points[0] if name not in space.parameters]

    def sample(self, space: Space) -> list[Point]:
        """The points, their parameters in the order of the study."""
        return ordered([dict(point) for point in self.points], space)


def ordered(points: list[Point], space: Space) -> list[Point]:
    """Points with their parameters in the order of the study; raises `StudyError` where one is left out."""
    for name in space.parameters:
        if points and name not in points[0]:
            cure = f"add it to every point, or remove parameters.{name}; {nearest(name, points[0])}"
            raise StudyError(f"design: the points give no value for the parameter {name}; {cure}")
    return [{name: point[name] for name in space.parameters} for point in points]
