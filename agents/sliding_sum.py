"""The sum of the latest values of a quantity: what a moving average and a limit on waiting look at."""

from __future__ import annotations

from .quantity import Units


class SlidingSum:
    """The sum of the last values, without the drift of adding the newest and taking off the oldest.

    The window is the tail of one block and the head of the next. The sums of all tails of a block are worked out
    once, when it is full, and the head is summed as it grows: about three additions a period whatever the length,
    of at most ``window`` terms each, so that integers stay exact and errors cannot pile up.
    """

    def __init__(self, window: int, filled_with: Units) -> None:
        self.window = window
        self.tails = _tail_sums([filled_with] * window)  # the longest tail last
        self.value = self.tails[-1]
        self.block: list[Units] = []
        self.head: Units | None = None

    def push(self, newest: Units) -> None:
        """Take in the newest value and forget the oldest."""
        if len(self.block) == self.window:
            self.tails = _tail_sums(self.block)
            self.block, self.head = [], None
        self.tails.pop()
        self.block.append(newest)
        self.head = newest if self.head is None else self.head + newest
        self.value = self.tails[-1] + self.head if self.tails else self.head


def _tail_sums(block: list[Units]) -> list[Units]:
    sums = [block[-1]]
    for value in reversed(block[:-1]):
        sums.append(sums[-1] + value)
    return sums
