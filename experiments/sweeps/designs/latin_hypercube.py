from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ..parameters import Space
from .base import Design, Sampled, seeded


class LatinHypercube(Sampled):
    """A Latin hypercube: each parameter's range is cut into ``points`` equal parts and every part is visited once.

    Source: McKay, Beckman and Conover (1979), Technometrics 21(2). It grows by a second hypercube of new points,
    since one hypercube is not part of a larger one.
    """

    aliases: ClassVar[tuple[str, ...]] = ("lhs",)
    points: int = Field(ge=1, description="number of points")

    def unit(self, space: Space) -> NDArray[np.float64]:
        """The hypercube ``[points, parameters]``, drawn by `scipy.stats.qmc.LatinHypercube`."""
        from scipy.stats import qmc

        return np.asarray(qmc.LatinHypercube(len(space), **seeded(self.seed)).random(self.points))

    def extended(self, more: int, seed: int) -> list[Design]:
        """This hypercube and another one."""
        return [self, self.model_copy(update={"points": more, "seed": seed})]

    def quick(self, most: int = 8) -> Design:
        """At most ``most`` points."""
        return self.model_copy(update={"points": min(self.points, most)})
