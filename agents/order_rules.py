"""From what a policy wants to the order that is placed: minimum, multiple, cap, calendar, forced orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .numeric import positive
from .parameters import Number, plainly
from .quantity import Units

TINY = 1e-9  # units: less than this is rounding, neither an order nor a reason for the next multiple


@dataclass
class OrderRules:
    """What may be ordered, and when. Each rule that is not used costs nothing.

    1. Negative wishes become zero, unless goods may be returned.
    2. A positive order is raised to the minimum, then up to a multiple, then cut to the cap.
    3. Outside its calendar (every ``review_period`` periods, from ``phase`` on) a site orders nothing.
    4. Forced and scripted orders replace the wish as it is.
    """

    minimum: Number | None = None
    multiple: Number | None = None
    cap: Number | None = None
    returns: bool = False
    review_period: Number = 1  # a whole number, or one for each run [runs]
    phase: Number = 0  # likewise
    forced: Sequence[tuple[int, Number]] = ()  # (until, quantity): fixed orders while period < until
    script: Sequence[float] = field(default_factory=tuple)

    def __post_init__(self) -> None:
        """Collect the rules that are used, in the order in which they act."""
        used = {
            self._not_negative: not self.returns,
            self._at_least_minimum: self.minimum is not None,
            self._in_multiples: self.multiple is not None,
            self._within_cap: self.cap is not None,
            self._when_due: not plainly(self.review_period, 1),
        }
        self._used = [rule for rule, in_use in used.items() if in_use]
        self.in_use = bool(self._used or self.script or self.forced)
        self.plain = self._used == [self._not_negative] and not self.script and not self.forced

    def due(self, period: int) -> Any:
        """Whether the calendar lets the site order: a bool, or one for each run."""
        return (period - self.phase) % self.review_period == 0

    def __call__(self, wanted: Units, period: int) -> Units:
        """The order for a wish ``[products, runs]``."""
        if self.plain:
            return positive(wanted)
        if self.script or self.forced:
            fixed = self._fixed(period)
            if fixed is not None:
                return np.zeros_like(wanted) + fixed
        for rule in self._used:
            wanted = rule(wanted, period)
        return wanted

    def _not_negative(self, wanted: Units, period: int) -> Units:
        return positive(wanted)

    def _at_least_minimum(self, wanted: Units, period: int) -> Units:
        return wanted if self.minimum is None else np.where(wanted > TINY, np.maximum(wanted, self.minimum), wanted)

    def _in_multiples(self, wanted: Units, period: int) -> Units:
        return wanted if self.multiple is None else _up_to_multiple(wanted, self.multiple)

    def _within_cap(self, wanted: Units, period: int) -> Units:
        cap = np.inf if self.cap is None else self.cap
        if self.multiple is not None:
            in_steps = np.asarray(self.multiple) > 0
            step = np.where(in_steps, self.multiple, 1.0)
            cap = np.where(in_steps, np.floor(cap / step + TINY) * step, cap)
        return np.minimum(wanted, cap)

    def _when_due(self, wanted: Units, period: int) -> Units:
        return np.where(self.due(period), wanted, 0.0)

    def _fixed(self, period: int) -> Number | None:
        if period < len(self.script):
            return self.script[period]
        for until, amount in self.forced:
            if period < until:
                return amount
        return None


def _up_to_multiple(wanted: Units, multiple: Number) -> Units:
    """The least multiple that is not below the wish; a multiple of zero is no multiple."""
    positive = np.asarray(multiple) > 0
    step = np.where(positive, multiple, 1.0)
    return np.where(positive, np.ceil(wanted / step - TINY) * step, wanted)
