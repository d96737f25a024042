from __future__ import annotations

from itertools import product

from ..parameters import Point, Space
from .base import Design


class Grid(Design):
    """Every combination of the parameters' values (or ``levels`` of their ranges); the last parameter varies fastest.

    Without parameters it is the one point of the scenario as it stands.
    """

    def sample(self, space: Space) -> list[Point]:
        """The product of the values."""
        space.require_values()
        values = [parameter.grid(name) for name, parameter in space.parameters.items()]
        return space.points(product(*values))
