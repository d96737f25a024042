"""Which parameters matter: Sobol and Morris indices by SALib, with intervals that know about replications."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...agents.quantity import Array
from .intervals import check_level, resampler

Problem = Mapping[str, Any]
Indices = Callable[[NDArray[np.intp], Array], Array]


def sobol_indices(
    problem: Problem,
    values: Array,
    level: float = 0.95,
    resamples: int = 200,
    second_order: bool = False,
    seed: int = 0,
) -> pd.DataFrame:
    """First-order and total Sobol indices of the mean over replications.

    ``values`` is ``[points, replications]`` at the points of SALib's Sobol sample of ``problem`` (made with
    ``calc_second_order=second_order``); ``[points]`` counts as one replication. One row a parameter and index:
    ``parameter, index`` (``S1`` or ``ST``), ``estimate, low, high, blocks, replications, missing``. A second-order
    design adds ``S2`` of every pair, whose ``parameter`` is ``"first, second"``.

    The intervals are percentile bootstraps that draw replications and blocks of the design anew together, so they
    contain the noise of the simulation and that of the design. A block with a missing value is left out as a whole
    and counted in ``missing``. What remains of the noise in the mean biases ST upwards; ``attrs["noise_share"]`` is
    its share of the variance between points, and more replications make it small.

    Source: A. Saltelli et al. (2010), Variance based sensitivity analysis of model output, Computer Physics
    Communications 181, 259-270; computed by SALib.
    """
    from SALib.analyze import sobol

    problem = _own(problem)
    names = _names(problem)
    pairs = np.triu_indices(len(names), 1) if second_order else None
    blocks = _Blocks(values, 2 * len(names) + 2 if second_order else len(names) + 2)
    rows = [(name, index) for index in ("S1", "ST") for name in names]
    rows += [] if pairs is None else [(f"{names[i]}, {names[j]}", "S2") for i, j in zip(*pairs, strict=True)]

    def indices(chosen: NDArray[np.intp], means: Array) -> Array:
        flat = means[chosen].ravel()
        if np.ptp(flat) == 0:
            return np.full(len(rows), np.nan)
        # SALib's own resampling is not used; a seed keeps it away from NumPy's global generator.
        found = sobol.analyze(problem, flat, calc_second_order=second_order, num_resamples=2, seed=1)
        return np.concatenate([found["S1"], found["ST"], [] if pairs is None else found["S2"][pairs]])

    return _bootstrapped(blocks, indices, rows, (level, resamples, seed))


def morris_indices(
    problem: Problem,
    points: Array,
    values: Array,
    level: float = 0.95,
    resamples: int = 200,
    seed: int = 0,
) -> pd.DataFrame:
    """Morris' elementary effects of the mean over replications.

    ``points`` is SALib's Morris sample ``[points, parameters]`` and ``values`` is ``[points, replications]``. One row
    a parameter and index: ``mu`` (mean effect), ``mu_star`` (mean absolute effect), ``sigma`` (spread of the effects:
    curvature and interaction), all in units of the metric over the parameter's whole range. Columns, intervals and
    missing values as in `sobol_indices`, a block being a trajectory. Noise left in the mean raises mu_star and sigma.

    The number of levels is read from ``problem["num_levels"]``, 4 when it is not there.
    Source: M. D. Morris (1991), Technometrics 33, 161-174; F. Campolongo et al. (2007), Environmental Modelling &
    Software 22, 1509-1518; computed by SALib.
    """
    from SALib.analyze import morris

    problem = _own(problem)
    size = _dimensions(problem) + 1
    blocks = _Blocks(values, size)
    design = np.asarray(points, dtype=float).reshape(-1, size, len(problem["bounds"]))[blocks.kept]
    levels = int(problem.get("num_levels", 4))

    def indices(chosen: NDArray[np.intp], means: Array) -> Array:
        x, y = design[chosen].reshape(-1, design.shape[2]), means[chosen].ravel()
        found = morris.analyze(problem, x, y, num_resamples=2, num_levels=levels, seed=1)
        return np.concatenate([np.asarray(found[key], dtype=float) for key in ("mu", "mu_star", "sigma")])

    rows = [(name, index) for index in ("mu", "mu_star", "sigma") for name in _names(problem)]
    return _bootstrapped(blocks, indices, rows, (level, resamples, seed))


class _Blocks:
    """The values of the complete blocks of a design: ``[blocks, points of a block, replications]``."""

    def __init__(self, values: Array, size: int) -> None:
        table = np.asarray(values, dtype=float)
        table = table[:, None] if table.ndim == 1 else table
        if table.ndim != 2 or len(table) % size or not len(table):
            raise ValueError(f"the design has blocks of {size} points; values of shape {table.shape} do not fit")
        if np.isinf(table).any():
            raise ValueError("a value is infinite; a missing value is written as NaN")
        blocks = table.reshape(-1, size, table.shape[1])
        self.kept = ~np.isnan(blocks).any(axis=(1, 2))
        self.values = blocks[self.kept]
        self.missing = int((~self.kept).sum())
        if len(self.values) < 2:
            raise ValueError(f"{len(self.values)} complete blocks are left of {len(blocks)}; indices need two")

    def noise_share(self) -> float:
        """The variance of the means that comes from too few replications, over their variance between points."""
        flat = self.values.reshape(-1, self.values.shape[2])
        replications = flat.shape[1]
        between = flat.mean(axis=1).var()
        if replications < 2 or between == 0:
            return np.nan
        # What all points share in a replication (common random numbers) shifts them alike and does no harm.
        own = flat - flat.mean(axis=0)
        return float(own.var(axis=1, ddof=1).mean() / replications / between)


def _bootstrapped(
    blocks: _Blocks, indices: Indices, rows: list[tuple[str, str]], how: tuple[float, int, int]
) -> pd.DataFrame:
    level, resamples, seed = how
    check_level(level)
    count, _, replications = blocks.values.shape
    estimate = indices(np.arange(count), blocks.values.mean(axis=2))
    rng = resampler(seed)
    drawn = np.empty((resamples, len(rows)))
    for i in range(resamples):
        chosen = rng.integers(replications, size=replications)
        drawn[i] = indices(rng.integers(count, size=count), blocks.values[:, :, chosen].mean(axis=2))
    tail = (1 - level) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    table = pd.DataFrame(rows, columns=["parameter", "index"]).assign(estimate=estimate, low=low, high=high)
    table = table.assign(blocks=count, replications=replications, missing=blocks.missing)
    table.attrs["noise_share"] = blocks.noise_share()
    return table


def _own(problem: Problem) -> dict[str, Any]:
    """A copy, since SALib writes into the problem that it is given."""
    return {key: list(value) if isinstance(value, list) else value for key, value in problem.items()}


def _names(problem: Problem) -> list[str]:
    groups = problem.get("groups")
    return list(dict.fromkeys(groups)) if groups else list(problem["names"])


def _dimensions(problem: Problem) -> int:
    return len(_names(problem))
