from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ..parameters import Space
from .base import Design, Sampled, seeded


class Sobol(Sampled):
    """The first ``points`` of a scrambled Sobol sequence; a power of two covers the space most evenly.

    Sources: Sobol (1967), Owen (1998). It grows along the same sequence.
    """

    points: int = Field(ge=1, description="number of points")

    def unit(self, space: Space) -> NDArray[np.float64]:
        """The sequence ``[points, parameters]``, drawn by `scipy.stats.qmc.Sobol`."""
        from scipy.stats import qmc

        with warnings.catch_warnings():
            # SciPy warns where the number is not a power of two; the documentation of this design says so instead.
            warnings.simplefilter("ignore", UserWarning)
            return np.asarray(qmc.Sobol(len(space), **seeded(self.seed)).random(self.points))

    def extended(self, more: int, seed: int) -> list[Design]:
        """A longer piece of the same sequence."""
        return [self.model_copy(update={"points": self.points + more})]

    def quick(self, most: int = 8) -> Design:
        """At most ``most`` points."""
        return self.model_copy(update={"points": min(self.points, most)})
