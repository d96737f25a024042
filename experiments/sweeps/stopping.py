"""How many replications each setting gets: a fixed number, or as many as the sequential rule asks for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...agents.quantity import Array
from .ledger import BoolArray, Ledger
from .plan import IntArray, Plan


def wanted_counts(ledger: Ledger) -> IntArray:
    """The number of replications of each setting, as far as the finished runs can tell.

    With a sequential rule it can grow once more runs are finished. It depends on the values of the first replications
    alone, so that every process and every order of running comes to the same numbers in the end.
    """
    plan = ledger.plan
    rule = plan.prepared.study.replications
    if not rule.sequential:
        return np.full(len(plan.settings), plan.most, dtype=np.int64)
    counts = np.full(len(plan.settings), rule.first, dtype=np.int64)
    tried = ledger.done | ledger.failed
    for settings in plan.setting_of:
        counts[settings] = np.maximum(counts[settings], _Point(ledger, settings, tried[settings]).count())
    return counts


@dataclass(frozen=True)
class _Point:
    """One design point: the setting of each of its arms, all of which get the same number of replications.

    ``tried[arm, replication]`` says which of its runs are finished or have failed.
    """

    ledger: Ledger
    settings: IntArray
    tried: BoolArray

    def count(self) -> int:
        """The first of ``first``, ``first + step``, ... replications that satisfies the rule or is not finished yet."""
        rule = self.ledger.plan.prepared.study.replications
        made = rule.first
        while made < rule.maximum and self.tried[:, :made].all() and not self._reached(made):
            made = min(made + rule.step, rule.maximum)
        return made

    def _reached(self, made: int) -> bool:
        values = self.ledger.values[self.settings, :made]
        control = self._control(self.ledger.plan)
        if control is None:
            return all(self._narrow(row, row) for row in values)
        others = [i for i in range(len(values)) if i != control]
        return all(self._narrow(values[i] - values[control], values[control]) for i in others)

    def _control(self, plan: Plan) -> int | None:
        control = plan.prepared.study.control
        return plan.arms.index(control) if control is not None and len(plan.arms) > 1 else None

    def _narrow(self, values: Array, scale: Array) -> bool:
        """Whether the interval of the mean of ``values`` is narrow enough, relative to the mean of ``scale`` if asked.

        Where no run has a value there is nothing to wait for.
        """
        if np.isnan(values).all():
            return True
        from ..statistics.sequential import Sequential

        rule = self.ledger.plan.prepared.study.replications
        width = float(rule.half_width or 0.0)
        if rule.relative:
            # r / (1 + r) of the estimated mean: the error relative to the true mean is then at most r (Law, 9.4.1).
            width = width / (1 + width) * abs(float(np.nanmean(scale)))
        if not width > 0:
            return False
        return Sequential(half_width=width, level=rule.confidence, first=2, most=rule.maximum).reached(values)
