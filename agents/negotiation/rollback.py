"""Watching what an adopted package really costs, and when to take it back.

Costs of neighbouring periods are alike, so the periods are put together into batches whose means are nearly
independent; the means before and after the adoption are then compared by their standard errors.

Source: Law & Kelton (1991), Simulation Modeling and Analysis, 2nd ed., section 9.5.3 (batch means).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..parameters import Number
from ..quantity import Array, Mask, Money

ROUNDING = 1e-9  # a rise by less than this share of the cost is no rise


@dataclass(frozen=True)
class Batches:
    """Means of batches so far: how many, their mean, and the sum of squares about it, each ``[runs]``."""

    count: Array
    mean: Array
    squares: Array

    @classmethod
    def none(cls, runs: int) -> Batches:
        """Nothing seen yet."""
        return cls(np.zeros(runs), np.zeros(runs), np.zeros(runs))

    def with_one_more(self, value: Array, added: Mask) -> Batches:
        """With another batch in some runs (Welford's recurrence)."""
        count = self.count + added
        off = value - self.mean
        mean = self.mean + off / np.maximum(count, 1.0)
        seen = Batches(count, mean, self.squares + off * (value - mean))
        return seen.where(added, self)

    def where(self, chosen: Mask, other: Batches) -> Batches:
        """These in the chosen runs, the others elsewhere."""
        mine, others = (self.count, self.mean, self.squares), (other.count, other.mean, other.squares)
        return Batches(*[np.where(chosen, a, b) for a, b in zip(mine, others, strict=True)])

    def squared_error(self) -> Array:
        """The square of the standard error of the mean; 0 before the second batch."""
        return self.squares / np.maximum(self.count - 1.0, 1.0) / np.maximum(self.count, 1.0)


class Monitor:
    """Compares the cost under a package on trial with the cost before it, in every run.

    1. Costs are averaged over batches of ``batch`` periods.
    2. Before a package is adopted, batches add to the baseline; while it is on trial, to the trial.
    3. `worse` is true where both have ``least`` batches and the mean of the trial exceeds that of the baseline by more
       than ``bar`` standard errors of their difference.

    Ask once, at the end of the trial: every further look is another chance of a false alarm. ``batch`` should be
    several times as long as costs are correlated, or the standard error is too small.
    """

    def __init__(self, runs: int, batch: int, least: int = 8, bar: Number = 2.5) -> None:
        if batch < 1 or least < 2:
            raise ValueError(f"a monitor needs batches of 1 period and 2 batches at least, not {batch} and {least}")
        self.batch, self.least, self.bar = batch, least, bar
        self.baseline = Batches.none(runs)
        self.trial = Batches.none(runs)
        self.on_trial: Mask = np.zeros(runs, dtype=bool)
        self._sum: Money = np.zeros(runs)
        self._periods: Array = np.zeros(runs)

    def observe(self, cost: Money, counts: Mask | None = None) -> None:
        """Note the cost of a period, ``[runs]``, in the runs in which it ``counts``."""
        self._sum = self._sum + cost
        self._periods = self._periods + 1.0
        full = self._periods == self.batch
        if counts is not None:
            self._clear(full & ~counts)
            full = full & counts
        mean = self._sum / self.batch
        self.trial = self.trial.with_one_more(mean, full & self.on_trial)
        self.baseline = self.baseline.with_one_more(mean, full & ~self.on_trial)
        self._clear(full)

    def begin(self, runs: Mask) -> None:
        """Put a package on trial in some runs: what is measured from now on belongs to it."""
        self.trial = Batches.none(len(self.on_trial)).where(runs, self.trial)
        self.on_trial = self.on_trial | runs
        self._clear(runs)

    def keep(self, runs: Mask) -> None:
        """End the trial in some runs with the package kept: the cost under it is the new baseline."""
        kept = runs & self.on_trial
        self.baseline = self.trial.where(kept, self.baseline)
        self._end(kept)

    def give_up(self, runs: Mask) -> None:
        """End the trial in some runs with the package taken back: the old baseline holds on."""
        self._end(runs & self.on_trial)

    def ready(self) -> Mask:
        """Where both sides have been seen for long enough."""
        enough = (self.trial.count >= self.least) & (self.baseline.count >= self.least)
        return enough & self.on_trial

    def rise(self) -> Money:
        """How much more a period costs under the package than before, ``[runs]``."""
        return self.trial.mean - self.baseline.mean

    def worse(self) -> Mask:
        """Where the package has made things worse beyond doubt, ``[runs]``."""
        error = np.sqrt(self.trial.squared_error() + self.baseline.squared_error())
        doubt = np.maximum(self.bar * error, ROUNDING * np.abs(self.baseline.mean))
        return self.ready() & (self.rise() > doubt)

    def _end(self, runs: Mask) -> None:
        self.on_trial = self.on_trial & ~runs
        self._clear(runs)

    def _clear(self, runs: Mask) -> None:
        self._sum = np.where(runs, 0.0, self._sum)
        self._periods = np.where(runs, 0.0, self._periods)
