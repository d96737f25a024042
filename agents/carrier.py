"""A carrier moves the goods of its lanes with whole trucks, of which it may have a limited number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .numeric import positive
from .parameters import Number
from .pipeline import Pipeline
from .quantity import Array, quantity
from .site import Actor
from .trucks import Trucks


class Carrier(Actor):
    """Sends trucks off by its dispatch rule; a truck is away until it is unloaded and back."""

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

    def configure(self, *, fleet: Number | None) -> None:
        """Set the number of trucks; ``None``: as many as are needed."""
        self.fleet = fleet
        self.owned = self.none if fleet is None else self.none + np.floor(fleet)

    def advance(self) -> None:
        """Begin a period: trucks on the way back come nearer, and those that are back are free."""
        self.way_back.advance()
        self.away = self.away - self.way_back.take_due()

    def send(self, lanes: Sequence[Trucks]) -> None:
        """Send trucks to these lanes, one lane after the other, as far as there are any."""
        for trucks in lanes:
            wanted = trucks.wanted(self.model.period)
            if self.fleet is not None:
                wanted = np.minimum(wanted, positive(self.owned - self.away))
            trucks.load_up(wanted)
            self.away = self.away + wanted

    def come_back(self, trucks: Array, time: int) -> None:
        """Let unloaded trucks return; without a way back they are free at once."""
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
        """Send trucks to the lanes in the order of the file."""
        self.carrier.send(self.lanes)
