"""Outages: when ordering, shipping, transport, receipts or production of a site or a lane stand still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..agents.quantity import Array, Mask

FLAGS = {
    "ordering": "no_ordering",
    "shipping": "no_shipping",
    "transit": "no_transit",
    "receiving": "no_receiving",
    "production": "no_production",
}


@dataclass
class Outage:
    """One outage: its targets, and when it is down.

    A cyclic list of states, or ``(start, length, every)``, is the same in all runs. A random one goes down with
    probability 1 / ``mean_up`` a period and comes back with 1 / ``mean_down``, so both spells are geometric.
    """

    kind: str
    targets: Sequence[Any]  # lanes, or the site itself for ordering and production
    runs: int
    states: Sequence[bool] = ()
    window: tuple[int, int, int | None] | None = None
    spells: tuple[Any, Any] | None = None  # mean_up, mean_down
    stream: Any = None
    down: Mask = field(init=False)

    def __post_init__(self) -> None:
        self.down = np.zeros(self.runs, dtype=bool)

    def advance(self, period: int) -> None:
        """Set the state of this period."""
        if self.spells is not None:
            self.down = self._drawn(period, *self.spells)
        elif self.window is not None:
            self.down = np.full(self.runs, self._in_window(period, *self.window))
        else:
            self.down = np.full(self.runs, bool(self.states[period % len(self.states)]))

    def _drawn(self, period: int, mean_up: Any, mean_down: Any) -> Mask:
        u: Array = self.stream.uniforms(period)[0]
        down: Mask = np.where(self.down, u >= 1.0 / mean_down, u < 1.0 / mean_up)
        return down

    @staticmethod
    def _in_window(period: int, start: int, length: int, every: int | None) -> bool:
        since = period - start
        return since >= 0 and (since if every is None else since % every) < length


class Outages:
    """All outages of a world; several on one target add up."""

    def __init__(self, outages: Sequence[Outage]) -> None:
        self.outages = list(outages)
        self.flags = {(id(target), FLAGS[o.kind]): target for o in self.outages for target in o.targets}
        self.raise_flags()

    def advance(self, period: int) -> None:
        """Set the flags of this period on all targets."""
        for outage in self.outages:
            outage.advance(period)
        self.raise_flags()

    def forget_those_to_come(self, period: int) -> None:
        """Let no outage happen that comes once, at a date after this period; those that come again are a calendar."""
        for outage in self.outages:
            if outage.window is not None and outage.window[2] is None and outage.window[0] > period:
                outage.window = (outage.window[0], 0, None)

    def raise_flags(self) -> None:
        """Tell every target whether it is stopped."""
        fresh: dict[tuple[int, str], Mask] = {}
        for outage in self.outages:
            for target in outage.targets:
                key = (id(target), FLAGS[outage.kind])
                fresh[key] = fresh[key] | outage.down if key in fresh else outage.down
        for (target_id, flag), down in fresh.items():
            setattr(self.flags[target_id, flag], flag, down)
