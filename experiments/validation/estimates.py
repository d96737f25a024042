"""Estimates from independent replications, with their standard errors.

Variances are taken about the mean over all runs and periods together. The variance within a run, about the run's own
mean, is too small by the variance of that mean, which matters for short runs; here it is added back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...model.result import Result

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A number and its standard error over independent replications."""

    value: float
    error: float


def mean_of(values: Array) -> Estimate:
    """The mean over the replications ``[runs]``."""
    return Estimate(float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values))))


def ratio_of(numerator: Array, denominator: Array) -> Estimate:
    """The ratio of two means over paired replications ``[runs]``.

    Its error comes from the residuals numerator - ratio x denominator (delta method): Cochran (1977), Sampling
    Techniques, 3rd ed., section 2.11.
    """
    ratio = float(numerator.mean() / denominator.mean())
    residuals = numerator - ratio * denominator
    return Estimate(ratio, float(residuals.std(ddof=1) / abs(denominator.mean()) / np.sqrt(len(numerator))))


def about_common_mean(means: Array, variances: Array) -> Array:
    """Mean squares of each run about the mean over all runs, from the means and variances within runs ``[runs]``."""
    return np.asarray(variances + (means - means.mean()) ** 2)


@dataclass(frozen=True)
class Sample:
    """The replications of one scenario (``point``) among those that were simulated together."""

    result: Result
    point: int
    runs: int

    def agent(self, name: str, metric: str) -> Array:
        """A metric of a site, market or echelon by replication."""
        mine = range(self.point * self.runs, (self.point + 1) * self.runs)
        return np.asarray(self.result.agent(name, metric).reindex(mine), dtype=np.float64)

    def network(self, metric: str) -> Array:
        """A metric of the network by replication."""
        rows = self.result.summary[self.result.summary["run"] // self.runs == self.point]
        return np.asarray(rows[metric], dtype=np.float64)

    def orders(self, site: str) -> Array:
        """Mean squares of a site's orders."""
        return about_common_mean(self.agent(site, "mean_order"), self.agent(site, "order_variance_day"))

    def demand(self, market: str) -> Array:
        """Mean squares of a market's demand."""
        return about_common_mean(self.agent(market, "demand"), self.agent(market, "demand_variance_day"))

    def net_stock(self, site: str, variance_seen: Array) -> Array:
        """Mean squares of a site's net stock; ``variance_seen`` is that of what it is asked for, within runs."""
        variance = self.agent(site, "net_stock_amplification_day") * variance_seen
        return about_common_mean(self.agent(site, "stock") - self.agent(site, "mean_backlog"), variance)


def samples(result: Any, points: int) -> list[Sample]:
    """One sample for each of the scenarios that were simulated together."""
    runs = len(result.summary) // points
    return [Sample(result, point, runs) for point in range(points)]
