"""Passing a decision upward when a vote keeps failing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..parameters import Number
from ..quantity import Array, Mask
from .governance.base import Ballot, Governance


class Escalation:
    """A ladder of rules: after so many failed cycles in a row the next one decides.

    ``ladder`` holds the rules from the first one up, ``after`` is how many cycles have to fail on each, a number or
    ``[runs]``. A package that passes, or `rest`, brings a run back to the first rule. Cycles without a proposal count
    for nothing.
    """

    def __init__(self, ladder: Sequence[Governance], after: Number, runs: int) -> None:
        if not ladder:
            raise ValueError("the ladder of rules is empty; give at least one rule")
        self.ladder = tuple(ladder)
        self.after = after
        self.failed: Array = np.zeros(runs)
        """Cycles that have failed in a row."""

    def level(self) -> Array:
        """The place ``[runs]`` of the rule that decides now, 0 for the first."""
        return np.minimum(np.floor(self.failed / self.after), len(self.ladder) - 1.0)

    def passes(self, ballot: Ballot) -> Mask:
        """Where a ballot would pass by the rule that decides now."""
        level, passed = self.level(), np.zeros(self.failed.shape, dtype=bool)
        for place, rule in enumerate(self.ladder):
            passed = np.where(level == place, rule.passes(ballot), passed)
        return passed

    def decide(self, ballot: Ballot, tabled: Mask) -> tuple[Mask, Array]:
        """Count a ballot in the runs in which something is ``tabled``: where it passes, and how long that takes."""
        level, wait = self.level(), np.zeros(tabled.shape)
        for place, rule in enumerate(self.ladder):
            wait = np.where(level == place, rule.wait(ballot), wait)
        passed = self.passes(ballot) & tabled
        self.failed = np.where(passed, 0.0, self.failed + tabled)
        return passed, np.where(tabled, wait, 0.0)

    def rest(self, runs: Mask) -> None:
        """Start from the first rule again in some runs."""
        self.failed = np.where(runs, 0.0, self.failed)
