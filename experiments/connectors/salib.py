"""SALib: a scenario as a problem and a model function.

::

    from SALib.sample import sobol
    model = SalibModel(load("beer-game"), {"warehouses.Retailer.policy.level": (10, 40)}, ["cost"], replications=20)
    X = sobol.sample(model.problem, 256, calc_second_order=False)
    indices = sobol_indices(model.problem, model.replicated(X)[:, :, 0])     # intervals know about replications
    Y = model.evaluate(X)                                                    # or plain SALib: sobol.analyze(problem, Y)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...agents.quantity import Array
from ...model.schema import Scenario
from .evaluation import Evaluation, Ranges


class SalibModel:
    """A scenario with ranges of some of its numbers, as SALib wants it.

    See `Evaluation` for ``ranges``, ``replications`` and ``seed``; all points share the random numbers of each
    replication, so a difference between two points is due to their parameters.
    """

    def __init__(
        self, scenario: Scenario, ranges: Ranges, metrics: Sequence[str], replications: int = 1, seed: int = 0
    ) -> None:
        self.evaluation = Evaluation(scenario, dict(ranges), tuple(metrics), replications, seed)

    @property
    def problem(self) -> dict[str, Any]:
        """SALib's description: ``num_vars, names, bounds, outputs``; made anew, since SALib writes into it."""
        bounds = [[float(low), float(high)] for low, high in self.evaluation.ranges.values()]
        outputs = list(self.evaluation.metrics)
        return {"num_vars": len(bounds), "names": self.evaluation.names, "bounds": bounds, "outputs": outputs}

    def evaluate(self, points: Array) -> Array:
        """Means over replications, ``[points]`` for one metric and ``[points, metrics]`` for several.

        A metric that is missing in some replication is missing in the mean: SALib has no reading of half a mean.
        """
        means = np.asarray(self.evaluation(points).mean(axis=1))
        return means[:, 0] if means.shape[1] == 1 else means

    def replicated(self, points: Array) -> Array:
        """Single runs, ``[points, replications, metrics]``."""
        return self.evaluation(points)
