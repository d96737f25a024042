"""Choosing the best of several arms with a stated chance of being right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...agents.quantity import Array
from .intervals import check_level

Draw = Callable[[tuple[str, ...], range], Array]


@dataclass(frozen=True)
class Selection:
    """The arm chosen, those that were still in question when the budget ended, and what it cost.

    ``replications`` is the number of replications of the arm that lived longest, ``runs`` the number over all arms.
    ``decided`` is false when the budget ended first; ``best`` is then only the best mean so far.
    """

    best: str
    candidates: tuple[str, ...]
    means: dict[str, float]
    replications: int
    runs: int
    decided: bool


@dataclass(frozen=True)
class KimNelson:
    """The fully sequential procedure KN: arms are dropped as soon as they are clearly not the best.

    With probability at least ``level`` it keeps the best arm, when that is better than every other by at least
    ``indifference`` (in the metric's unit). It holds for normal values, unequal variances and common random numbers,
    which make it cheaper. ``first`` runs of every arm estimate the variances; smaller values are better unless
    ``maximise``.

    With k arms, n0 = first and a = (1 - level) / (k - 1):
    1. eta = ((2 a)^(-2 / (n0 - 1)) - 1) / 2 and h2 = 2 eta (n0 - 1).
    2. S2_ij is the variance of X_i - X_j over the first n0 runs.
    3. After r runs drop arm i when its mean is worse than that of a living arm j by more than
       max(0, indifference / (2 r) (h2 S2_ij / indifference^2 - r)).
    4. Stop when one arm is left, or when r exceeds every h2 S2_ij / indifference^2; then take the best mean.

    Source: S.-H. Kim and B. L. Nelson (2001), A fully sequential procedure for indifference-zone selection in
    simulation, ACM Transactions on Modeling and Computer Simulation 11, 251-273 (with c = 1).
    """

    indifference: float
    level: float = 0.95
    first: int = 20
    maximise: bool = False

    def __post_init__(self) -> None:
        check_level(self.level)
        if not self.indifference > 0 or self.first < 2:
            raise ValueError(f"indifference must be above 0 and first at least 2: {self.indifference}, {self.first}")

    def reach(self, first_stage: Array) -> Array:
        """h2 S2_ij / indifference^2 for every pair of arms: after that many runs a pair is decided by its means.

        ``first_stage`` is ``[arms, first]``.
        """
        arms = len(first_stage)
        chance = (1 - self.level) / max(arms - 1, 1)
        eta = ((2 * chance) ** (-2 / (self.first - 1)) - 1) / 2
        spread = (first_stage[:, None, :] - first_stage[None, :, :]).var(axis=2, ddof=1)
        return 2 * eta * (self.first - 1) * spread / self.indifference**2  # type: ignore[no-any-return]

    def survivors(self, means: Array, reach: Array, runs: int) -> NDArray[np.bool_]:
        """Which of the living arms stay after ``runs`` runs of each; ``means`` is ``[living arms]``."""
        loss = -means if self.maximise else means
        slack = np.maximum(0.0, self.indifference / (2 * runs) * (reach - runs))
        return np.asarray((loss[:, None] <= loss[None, :] + slack).all(axis=1))


def select_best(draw: Draw, arms: Sequence[str], procedure: KimNelson, step: int = 10, most: int = 10_000) -> Selection:
    """Run the procedure on a simulator that makes ``step`` replications at a time of the arms still in question.

    ``draw(names, replications)`` returns the metric as ``[names, replications]``, with common random numbers if it
    can. Raises `ValueError` for a missing value, since a selection over incomplete runs has no stated chance.
    """
    names = tuple(arms)
    values = _drawn(draw, names, range(procedure.first))
    reach = procedure.reach(values)
    alive = np.arange(len(names))
    sums, made, total = values.sum(axis=1), procedure.first, values.size
    alive = alive[procedure.survivors(sums / made, reach, made)]
    while len(alive) > 1 and made < most and made <= reach[np.ix_(alive, alive)].max():
        size = min(step, most - made)
        fresh = _drawn(draw, tuple(names[i] for i in alive), range(made, made + size))
        total += fresh.size
        alive, sums, made = _screen(procedure, reach, alive, (sums, made), fresh)
    return _selection(procedure, names, alive, sums, (made, total, reach))


def subset_containing_best(values: Array, level: float = 0.95, maximise: bool = False) -> NDArray[np.bool_]:
    """Which arms cannot be ruled out as the best, from a fixed number of runs ``[arms, runs]``.

    The chance that the best arm is among them is at least ``level``, for normal values and common random numbers:
    arm i stays when its mean is not worse than that of any j by more than t S_ij / sqrt(n), with t the
    1 - (1 - level) / (k - 1) quantile of Student and S_ij the deviation of the paired difference. Replications with a
    missing value in any arm are left out of all.

    Source: B. L. Nelson, J. Swann, D. Goldsman and W. Song (2001), Simple procedures for selecting the best simulated
    system when the number of alternatives is large, Operations Research 49, 950-963 (Bonferroni form).
    """
    from scipy.stats import t

    check_level(level)
    table = np.asarray(values, dtype=float)
    kept = table[:, ~np.isnan(table).any(axis=0)]
    arms, runs = kept.shape
    if runs < 2:
        raise ValueError(f"screening needs two complete replications, not {runs}")
    quantile = t.ppf(1 - (1 - level) / max(arms - 1, 1), runs - 1)
    slack = quantile * (kept[:, None, :] - kept[None, :, :]).std(axis=2, ddof=1) / np.sqrt(runs)
    loss = -kept.mean(axis=1) if maximise else kept.mean(axis=1)
    return (loss[:, None] <= loss[None, :] + slack).all(axis=1)  # type: ignore[no-any-return]


def _drawn(draw: Draw, names: tuple[str, ...], replications: range) -> Array:
    values = np.asarray(draw(names, replications), dtype=float)
    if values.shape != (len(names), len(replications)):
        raise ValueError(f"draw returned {values.shape} instead of {(len(names), len(replications))}")
    if not np.isfinite(values).all():
        raise ValueError(f"draw returned a missing or infinite value for replications {replications}")
    return values


def _screen(
    procedure: KimNelson, reach: Array, alive: NDArray[np.intp], so_far: tuple[Array, int], fresh: Array
) -> tuple[NDArray[np.intp], Array, int]:
    """Look after every single replication of a batch, as the procedure asks."""
    sums, made = so_far
    rows = np.arange(len(alive))
    for column in fresh.T:
        sums = sums.copy()
        sums[alive] = sums[alive] + column[rows]
        made = made + 1
        stays = procedure.survivors(sums[alive] / made, reach[np.ix_(alive, alive)], made)
        alive, rows = alive[stays], rows[stays]
        if len(alive) == 1:
            break
    return alive, sums, made


def _selection(
    procedure: KimNelson,
    names: tuple[str, ...],
    alive: NDArray[np.intp],
    sums: Array,
    spent: tuple[int, int, Array],
) -> Selection:
    made, total, reach = spent
    means = sums[alive] / made
    best = int(np.argmax(means) if procedure.maximise else np.argmin(means))
    decided = len(alive) == 1 or made > reach[np.ix_(alive, alive)].max()
    living = tuple(names[i] for i in alive)
    return Selection(living[best], living, dict(zip(living, means.tolist(), strict=True)), made, total, bool(decided))
