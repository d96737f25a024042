"""What is on the way: goods in transit, orders in the post, work in production."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .quantity import Array, Units


class Pipeline:
    """Slot k holds what arrives k periods from now; ``advance`` brings everything one period nearer.

    A delay is a whole number of periods, the same for all runs (`send`) or one for each run (`send_each`).
    """

    def __init__(self, zeros: Units) -> None:
        self.zeros = zeros
        self.slots: list[Units] = [zeros]

    def send(self, amount: Units, delay: int) -> None:
        """Put ``amount`` on the way so that it arrives in ``delay`` periods."""
        slots = self.slots
        while len(slots) <= delay:
            slots.append(self.zeros)
        slots[delay] = amount if slots[delay] is self.zeros else slots[delay] + amount

    def send_each(self, amount: Units, delay: Array, support: Sequence[int]) -> None:
        """As `send` with a delay for each run, ``[runs]``, that takes its values in ``support``."""
        for value in support:
            self.send(np.where(delay == value, amount, 0.0), value)

    def take_due(self) -> Units:
        """Take out what arrives now."""
        due = self.slots[0]
        self.slots[0] = self.zeros
        return due

    def advance(self) -> None:
        """Bring everything one period nearer; what was due and not taken stays due."""
        slots = self.slots
        if len(slots) == 1:
            return
        if slots[0] is not self.zeros:
            slots[1] = slots[0] + slots[1]
        del slots[0]
        slots.append(self.zeros)

    def advance_unless(self, frozen: NDArray[np.bool_]) -> None:
        """As `advance` in the runs that are not ``frozen`` ``[runs]``; nothing moves in the others."""
        before = [*self.slots]
        self.advance()
        self.slots = [np.where(frozen, old, new) for old, new in zip(before, self.slots, strict=True)]

    def content(self, slots: int | None = None) -> Units:
        """Everything on the way, or what is in the next ``slots`` slots."""
        held = self.zeros
        for slot in self.slots[:slots]:
            held = held if slot is self.zeros else held + slot
        return held
