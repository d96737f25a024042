from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ..parameters import Space
from .base import Design, Sampled


class Morris(Sampled):
    """Elementary effects: ``trajectories`` walks that change one parameter at a time on a grid of ``levels``.

    It has ``trajectories`` (D + 1) points for D parameters. Source: Morris (1991), Technometrics 33(2). It grows by
    new trajectories.
    """

    trajectories: int = Field(ge=1, description="number of walks")
    levels: int = Field(4, ge=2, description="values of each parameter that are visited")

    def unit(self, space: Space) -> NDArray[np.float64]:
        """The trajectories ``[points, parameters]``, one after the other, drawn by `SALib.sample.morris`."""
        from SALib.sample import morris

        return np.asarray(morris.sample(space.problem(), self.trajectories, num_levels=self.levels, seed=self.seed))

    def extended(self, more: int, seed: int) -> list[Design]:
        """These trajectories and new ones."""
        return [self, self.model_copy(update={"trajectories": more, "seed": seed})]

    def quick(self, most: int = 8) -> Design:
        """At most 4 trajectories, and not more than ``most``."""
        return self.model_copy(update={"trajectories": min(self.trajectories, 4, most)})
