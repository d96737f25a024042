"""Watching what an adopted package really costs, and when to take it back.

Costs of neighbouring periods are alike, so the periods are put together into batches whose means are nearly
independent. Costs rise and fall with outside demand, whatever is agreed on, so the means before and after the adoption
are compared as they would be at the same demand, and by the standard error of that difference.

Sources: Law & Kelton (1991), Simulation Modeling and Analysis, 2nd ed., section 9.5.3 (batch means); Snedecor &
Cochran (1989), Statistical Methods, 8th ed., chapter 18 (analysis of covariance).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from ..numeric import add_all
from ..parameters import Number
from ..quantity import Array, Mask, Money

ROUNDING = 1e-9  # a rise by less than this share of the cost is no rise


@dataclass(frozen=True)
class Batches:
    """Means of batches so far, each ``[runs]``: how many, their mean and that of the demand, and the sums of squares
    and of products about these.
    """

    count: Array
    mean: Array
    squares: Array
    demand: Array
    demand_squares: Array
    products: Array

    @classmethod
    def none(cls, runs: int) -> Batches:
        """Nothing seen yet."""
        return cls(*np.zeros((len(fields(cls)), runs)))

    def with_one_more(self, value: Array, demand: Array, added: Mask) -> Batches:
        """With another batch in some runs (Welford's recurrence)."""
        count = self.count + added
        off, away = value - self.mean, demand - self.demand
        mean, driver = (old + gap / np.maximum(count, 1.0) for old, gap in ((self.mean, off), (self.demand, away)))
        squares, others = self.squares + off * (value - mean), self.demand_squares + away * (demand - driver)
        seen = Batches(count, mean, squares, driver, others, self.products + away * (value - mean))
        return seen.where(added, self)

    def where(self, chosen: Mask, other: Batches) -> Batches:
        """These in the chosen runs, the others elsewhere."""
        pairs = [(getattr(self, field.name), getattr(other, field.name)) for field in fields(self)]
        return Batches(*[np.where(chosen, mine, theirs) for mine, theirs in pairs])

    def squared_error(self, slope: Array) -> Array:
        """The square of the standard error of the mean about that slope; 0 before the second batch."""
        squares = self.squares - slope * (2.0 * self.products - slope * self.demand_squares)
        return np.maximum(squares, 0.0) / np.maximum(self.count - 1.0, 1.0) / np.maximum(self.count, 1.0)

    def sums(self) -> Array:
        """What spread within such batches adds up to over several of them: degrees of freedom, squares of the cost and
        of the demand, and products, ``[4, runs]``.
        """
        return np.stack([np.maximum(self.count - 1.0, 0.0), self.squares, self.demand_squares, self.products])


class Monitor:
    """Compares the cost under a package on trial with the cost before it, in every run.

    1. Costs are averaged over batches of ``batch`` periods.
    2. Before a package is adopted, batches add to the baseline; while it is on trial, to the trial.
    3. How cost follows demand is the slope within all baselines and trials so far, taken together; the rise is the
       difference of the means less that slope times the difference of the demand.
    4. `worse` is true where both have ``least`` batches and the rise is more than ``bar`` standard errors of it.

    The first ``settling`` batches of a trial, and those after one that has failed, do not count: stocks move to other
    levels then, which costs or saves something once.

    Ask once, at the end of the trial: every further look is another chance of a false alarm. ``batch`` should be
    several times as long as costs are correlated, or the standard error is too small.
    """

    def __init__(self, runs: int, batch: int, least: int = 8, bar: Number = 2.5, settling: int = 0) -> None:
        if batch < 1 or least < 2:
            raise ValueError(f"a monitor needs batches of 1 period and 2 batches at least, not {batch} and {least}")
        self.batch, self.least, self.bar, self.settling = batch, least, bar, settling
        self.baseline = Batches.none(runs)
        self.trial = Batches.none(runs)
        self.on_trial: Mask = np.zeros(runs, dtype=bool)
        self.past: Array = np.zeros((4, runs))  # the sums of baselines and trials that are over
        self._left_out: Array = np.zeros(runs)  # batches that will not count
        self._sum: Money = np.zeros(runs)
        self._demand: Array = np.zeros(runs)
        self._periods: Array = np.zeros(runs)

    def observe(self, cost: Money, counts: Mask | None = None, demand: Array | float = 0.0) -> None:
        """Note the cost of a period and the outside demand, ``[runs]``, in the runs in which it ``counts``."""
        self._sum = self._sum + cost
        self._demand = self._demand + demand
        self._periods = self._periods + 1.0
        full = self._periods == self.batch
        if counts is not None:
            self._clear(full & ~counts)
            full = full & counts
        settled = full & (self._left_out <= 0.0)
        self._left_out = np.maximum(self._left_out - full, 0.0)
        mean, driver = self._sum / self.batch, self._demand / self.batch
        self.trial = self.trial.with_one_more(mean, driver, settled & self.on_trial)
        self.baseline = self.baseline.with_one_more(mean, driver, settled & ~self.on_trial)
        self._clear(full)

    def begin(self, runs: Mask) -> None:
        """Put a package on trial in some runs: what is measured from now on belongs to it."""
        self.trial = Batches.none(len(self.on_trial)).where(runs, self.trial)
        self.on_trial = self.on_trial | runs
        self._left_out = np.where(runs, self.settling, self._left_out)
        self._clear(runs)

    def keep(self, runs: Mask) -> None:
        """End the trial in some runs with the package kept: the cost under it is the new baseline."""
        kept = runs & self.on_trial
        self.past = self.past + np.where(kept, self.baseline.sums(), 0.0)
        self.baseline = self.trial.where(kept, self.baseline)
        self._end(kept)

    def give_up(self, runs: Mask) -> None:
        """End the trial in some runs with the package taken back: the old baseline holds on."""
        failed = runs & self.on_trial
        self.past = self.past + np.where(failed, self.trial.sums(), 0.0)
        self._left_out = np.where(failed, self.settling, self._left_out)
        self._end(failed)

    def ready(self) -> Mask:
        """Where both sides have been seen for long enough."""
        enough = (self.trial.count >= self.least) & (self.baseline.count >= self.least)
        return enough & self.on_trial

    def rise(self) -> Money:
        """How much more a period costs under the package than before, at the same demand, ``[runs]``."""
        return self.trial.mean - self.baseline.mean - self._slope() * (self.trial.demand - self.baseline.demand)

    def error(self) -> Money:
        """The standard error of the rise, ``[runs]``: those of the two means, each by its own spread about the slope,
        and that of the slope.
        """
        freedom, squares, demand, products = self._sums()
        slope = self._slope()
        left = np.maximum(squares - slope * products, 0.0) / np.maximum(freedom - (demand > 0.0), 1.0)
        apart = np.square(self.trial.demand - self.baseline.demand)
        of_slope = left * apart / np.where(demand > 0.0, demand, np.inf)
        return np.asarray(np.sqrt(self.trial.squared_error(slope) + self.baseline.squared_error(slope) + of_slope))

    def worse(self) -> Mask:
        """Where the package has made things worse beyond doubt, ``[runs]``."""
        doubt = np.maximum(self.bar * self.error(), ROUNDING * np.abs(self.baseline.mean))
        return self.ready() & (self.rise() > doubt)

    def _sums(self) -> Array:
        """The spread within all baselines and trials so far, see `Batches.sums`."""
        return add_all([self.past, self.baseline.sums(), np.where(self.on_trial, self.trial.sums(), 0.0)])

    def _slope(self) -> Array:
        """How much more a period costs for one unit more of outside demand, ``[runs]``."""
        _, _, demand, products = self._sums()
        return np.where(demand > 0.0, products / np.where(demand > 0.0, demand, 1.0), 0.0)

    def _end(self, runs: Mask) -> None:
        self.on_trial = self.on_trial & ~runs
        self._clear(runs)

    def _clear(self, runs: Mask) -> None:
        self._sum, self._demand = np.where(runs, 0.0, self._sum), np.where(runs, 0.0, self._demand)
        self._periods = np.where(runs, 0.0, self._periods)
