"""The load that has come within the longest wait: what of a waiting load is not old yet."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from .numeric import add_all
from .parameters import Number
from .quantity import Array
from .sliding_sum import SlidingSum


class RecentLoad:
    """The sum of what came in the latest looks, as many as the longest wait has periods.

    For a wait that is one number for good that is a `SlidingSum`. With a wait that differs between the runs, or that
    has changed, the sum goes from the newest to the oldest, in each run as far back as its own wait: what other runs
    remember does not touch its bits. What is old when a wait is made longer stays old.
    """

    def __init__(self, longest_wait: Number, none: Array) -> None:
        self.none = none
        self.value = none
        self.sum: SlidingSum | None = None
        self.latest: deque[Array] = deque()  # the newest first
        self._set(longest_wait, ())
        if isinstance(longest_wait, int) and longest_wait > 0:
            self.sum = SlidingSum(longest_wait, none)

    def limit(self, longest_wait: Number) -> None:
        """Set the longest wait, a whole number of periods or one for each run."""
        plain = isinstance(longest_wait, int) and isinstance(self.longest_wait, int)
        if plain and longest_wait == self.longest_wait:
            return
        self.sum = None
        self._set(longest_wait, [came * counts for came, counts in zip(self.latest, self.counted, strict=False)])

    def push(self, newest: Array) -> None:
        """Take in the load that has come since the last look."""
        self.latest.appendleft(newest)
        if self.sum is not None:
            self.sum.push(newest)
            self.value = self.sum.value
        else:
            recent = [came * counts for came, counts in zip(self.latest, self.counted, strict=False)]
            self.value = add_all(recent) if recent else self.none

    def _set(self, longest_wait: Number, latest: Sequence[Array]) -> None:
        """Remember as many looks as count in any run, and for each of them where it counts, as 1 and 0."""
        self.longest_wait = longest_wait
        self.counted = [np.greater(longest_wait, age) * 1.0 for age in range(int(np.max(longest_wait)))]
        self.latest = deque(latest[: len(self.counted)], maxlen=len(self.counted))
