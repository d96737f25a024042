"""A carrier moves the goods of its lanes with whole trucks, of which it may have a limited number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .numeric import add_all, at_least, positive
from .parameters import Number
from .pipeline import Pipeline
from .quantity import Array, quantity
from .site import Actor
from .trucks import Trucks

TINY = 1e-9  # of a truck: what rounding may take from a share of a fleet


class Carrier(Actor):
    """Sends trucks off by its dispatch rule; a truck is away until it is unloaded and back.

    Of a fleet a share may be reserved: rounded down to whole trucks, it is kept for the lanes with reserved loads. All
    other lanes together never have more trucks away than there are besides.
    """

    away: Array = quantity("trucks away: on the road, at a dock or on the way back", unit="trucks", over="rows",
                           tally="total")  # fmt: skip
    owned: Array = quantity("trucks of the fleet", unit="trucks", over="rows", tally="total")

    rows = ("trucks",)

    def __init__(self, model: Any, name: str) -> None:
        super().__init__(model, name)
        self.none: Array = np.zeros((1, self.runs))
        self.away = self.owned = self.none
        self.way_back = Pipeline(self.none)
        self.lanes: list[Trucks] = []
        self.others: Others | None = None  # lanes without reserved loads; None where no trucks are reserved

    def configure(self, *, fleet: Number | None, reserved: Number | None = None) -> None:
        """Set the number of trucks (``None``: as many as are needed) and the share that is reserved, if any is."""
        self.fleet = fleet
        self.owned = self.none if fleet is None else self.none + np.floor(fleet)
        if reserved is not None:
            self.others = Others(self.none) if self.others is None else self.others
            self.others.owned = self.owned - np.floor(self.owned * reserved + TINY)

    def advance(self) -> None:
        """Begin a period: trucks on the way back come nearer, and those that are back are free."""
        self.way_back.advance()
        self.away = self.away - self.way_back.take_due()
        if self.others is not None:
            self.others.advance()

    def send(self, lanes: Sequence[Trucks]) -> None:
        """Send trucks to these lanes; where there are too few, each gets its part of what it wants."""
        wanted = [trucks.wanted(self.model.period) for trucks in lanes]
        if self.fleet is not None:
            wanted = self.within_fleet(lanes, wanted)
        for trucks, leaving in zip(lanes, wanted, strict=True):
            trucks.load_up(leaving)
            self.leave(trucks, leaving)

    def within_fleet(self, lanes: Sequence[Trucks], wanted: Sequence[Array]) -> list[Array]:
        """The trucks that there are for each lane; for those without reserved loads within what is not reserved."""
        if self.others is not None:
            free = iter(rationed([w for t, w in zip(lanes, wanted, strict=True) if not t.reserved],
                                 positive(self.others.owned - self.others.away)))  # fmt: skip
            wanted = [w if t.reserved else next(free) for t, w in zip(lanes, wanted, strict=True)]
        return rationed(wanted, positive(self.owned - self.away))

    def leave(self, lane: Trucks, trucks: Array) -> None:
        """Count trucks as away on a lane."""
        self.away = self.away + trucks
        if self.others is not None and not lane.reserved:
            self.others.away = self.others.away + trucks

    def come_back(self, lane: Trucks, trucks: Array, time: int) -> None:
        """Let trucks that were unloaded on a lane return; without a way back they are free at once."""
        if time == 0:
            self.away = self.away - trucks
        else:
            self.way_back.send(trucks, time)
        if self.others is not None and not lane.reserved:
            self.others.come_back(trucks, time)


def rationed(wanted: Sequence[Array], free: Array) -> list[Array]:
    """Whole trucks for each lane, all together no more than are ``free``, in proportion to what is ``wanted``.

    The sums of the parts are rounded down, from the first lane on, so that each lane gets its part but for less than
    one truck, and all that are free leave.
    """
    if not wanted:
        return []
    if len(wanted) == 1:
        return [np.minimum(wanted[0], free)]
    all_wanted = add_all(list(wanted))
    part = np.where(all_wanted > free, free / at_least(all_wanted, 1.0), 1.0)
    given, so_far, before = [], np.zeros_like(part), np.zeros_like(part)
    for lane in wanted:
        so_far = so_far + lane
        upto = np.floor(so_far * part + TINY)
        given.append(upto - before)
        before = upto
    return given


class Others:
    """The trucks of the lanes without reserved loads: how many there may be, are away and are on the way back."""

    def __init__(self, none: Array) -> None:
        self.owned = self.away = none
        self.way_back = Pipeline(none)

    def advance(self) -> None:
        """Begin a period."""
        self.way_back.advance()
        self.away = self.away - self.way_back.take_due()

    def come_back(self, trucks: Array, time: int) -> None:
        """Let unloaded trucks return."""
        if time == 0:
            self.away = self.away - trucks
        else:
            self.way_back.send(trucks, time)


class Crew:
    """Those who load the trucks of a carrier on some of its lanes; all lanes, unless levels of sites act in turn."""

    def __init__(self, carrier: Carrier, lanes: Sequence[Trucks]) -> None:
        self.carrier = carrier
        self.lanes = [trucks for trucks in lanes if trucks.leads]

    def load(self) -> None:
        """Send trucks to the lanes, which take turns to come first: what rounding leaves goes to the last ones."""
        first = self.carrier.model.period % len(self.lanes) if self.lanes else 0
        self.carrier.send([*self.lanes[first:], *self.lanes[:first]])
