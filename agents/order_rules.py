"""From the quantity that a policy wants to the order that is placed: minimum, multiple, cap, calendar, forced orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .numeric import positive
from .parameters import Number
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
    review_period: int = 1
    phase: Any = 0  # a whole number, or one for each run [runs]
    forced: Sequence[tuple[int, Number]] = ()  # (until, quantity): fixed orders while period < until
    script: Sequence[float] = field(default_factory=tuple)

    def due(self, period: int) -> Any:
        """Whether the calendar lets the site order: a bool, or one for each run."""
        return (period - self.phase) % self.review_period == 0

    def __call__(self, wanted: Units, period: int) -> Units:
        """The order for a wish ``[products, runs]``."""
        fixed = self._fixed(period)
        if fixed is not None:
            return np.zeros_like(wanted) + fixed
        allowed = wanted if self.returns else positive(wanted)
        if self.minimum is not None:
            allowed = np.where(allowed > TINY, np.maximum(allowed, self.minimum), allowed)
        if self.multiple is not None:
            allowed = _up_to_multiple(allowed, self.multiple)
        if self.cap is not None:
            allowed = np.minimum(allowed, self._cap())
        if self.review_period > 1:
            allowed = np.where(self.due(period), allowed, 0.0)
        return allowed

    def _cap(self) -> Number:
        assert self.cap is not None
        if self.multiple is None:
            return self.cap
        step = np.where(np.asarray(self.multiple) > 0, self.multiple, TINY)
        return np.floor(self.cap / step + TINY) * step

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
