"""Recovery: how long the service of the network suffers after a shock, and how much of it is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...agents.numeric import add_all, total
from ...agents.order_rules import TINY
from ...agents.quantity import Array


class Recovery:
    """The service of the markets before and after the first dated shock.

    1. Short of a period is what all markets are owed at its end and what they lost in it.
    2. Usual is the mean of it over the periods between the warm-up and the shock.
    3. The worst period is the one at or after the shock with the largest shortage (the first of several). The network
       has recovered in the first period after it in which the shortage is back to what is usual; where it was never
       larger than usual, at once.
    """

    def __init__(self, lanes: Sequence[Any], shock: int, runs: int) -> None:
        self.lanes = list(lanes)
        self.shock = shock
        self.period = 0
        self.before = 0
        nothing = np.zeros(runs)
        self.short_before = self.unmet_before = self.unmet_after = nothing
        self.after = 0
        self.worst = nothing
        self.recovered = nothing
        self.waiting = nothing > 0  # for the shortage to come down from its worst

    def account(self) -> None:
        """Note the shortage of the period."""
        short = add_all([total(lane.owed + lane.lost) for lane in self.lanes])
        unmet = add_all([total(lane.unmet) for lane in self.lanes])
        if self.period < self.shock:
            self.before = self.before + 1
            self.short_before = self.short_before + short
            self.unmet_before = self.unmet_before + unmet
        else:
            self.after = self.after + 1
            self.unmet_after = self.unmet_after + unmet
            self._follow(short)
        self.period = self.period + 1

    def _follow(self, short: Array) -> None:
        usual = self.usual_shortage()
        worse = (short > usual) & (short > self.worst)
        back = self.waiting & ~worse & (short <= usual)
        self.recovered = np.where(back, float(self.period - self.shock), self.recovered)
        self.worst = np.where(worse, short, self.worst)
        self.waiting = (self.waiting | worse) & ~back

    def close_warm_up(self) -> None:
        """What was usual is counted from here on."""
        self.before = 0
        self.short_before = self.short_before * 0.0
        self.unmet_before = self.unmet_before * 0.0

    def usual_shortage(self) -> Array:
        """Mean shortage of the periods before the shock, with a margin for rounding."""
        return self.short_before / max(self.before, 1) * (1.0 + TINY) + TINY

    def time(self) -> Array:
        """Periods from the shock until recovery, ``[runs]``; missing before the shock and where there is none yet."""
        return np.where(self.waiting | (self.after == 0), np.nan, self.recovered)

    def lost(self) -> Array:
        """Units not served at once since the shock beyond what was usual, ``[runs]``; missing before the shock."""
        usual = self.unmet_before / max(self.before, 1)
        return self.unmet_after - usual * self.after if self.after else np.full(len(usual), np.nan)
