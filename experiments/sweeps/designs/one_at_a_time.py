from __future__ import annotations

from typing import ClassVar

from ..parameters import Point, Space
from .base import Design


class OneAtATime(Design):
    """The base point, then each parameter through its values (or ``levels``) while the others keep their base value.

    The base value of a parameter is its ``base``, else the scenario's own, else the middle of its range. A range
    without ``levels`` is taken at its two ends.
    """

    name_in_scenario: ClassVar[str] = "one-at-a-time"
    aliases: ClassVar[tuple[str, ...]] = ("oat",)

    def sample(self, space: Space) -> list[Point]:
        """The base point first; a value equal to the base is not repeated."""
        space.require_values()
        base = {name: space.base.get(name, parameter.middle) for name, parameter in space.parameters.items()}
        found: list[Point] = [base]
        for name, parameter in space.parameters.items():
            values = parameter.grid(name) if parameter.levels else parameter.ends
            found += [base | {name: value} for value in values if value != base[name]]
        return found
