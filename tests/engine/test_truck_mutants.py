"""A spoilt line in the physics of trucks is noticed, in worlds with trucks."""

from __future__ import annotations

import numpy as np
import pytest
from ripieno.agents.carrier import Carrier
from ripieno.agents.lane import Lane
from ripieno.agents.truck_queue import Group
from ripieno.agents.trucks import Trucks
from ripieno.model.schema import Scenario

from . import properties as law
from .haulage import truck_world_number
from .test_mutants import Mutant
from .test_trucks import Property, a_fleet_is_not_exceeded, trucks_add_up

WORLDS = 40

MUTANTS = [
    Mutant(
        "unloaded goods stay at the dock",
        Lane,
        "unload",
        "self.at_dock - unloaded",
        "self.at_dock",
        law.goods_are_conserved,
    ),
    Mutant(
        "what goes on trucks stays set aside",
        Trucks,
        "load_up",
        "self.lane.set_aside = self.left_behind",
        "pass",
        law.goods_are_conserved,
    ),
    Mutant(
        "an arrival is on the road for ever",
        Trucks,
        "queue_up",
        "self.lane.at_dock + goods",
        "self.lane.at_dock",
        law.goods_are_conserved,
    ),
    Mutant(
        "goods of a split convoy are unloaded twice",
        Group,
        "release",
        "left, self.goods - goods",
        "left, self.goods",
        trucks_add_up,
    ),
    Mutant(
        "a truck is lost on its way back",
        Carrier,
        "come_back",
        "self.way_back.send(trucks, time)",
        "self.way_back.send(trucks * 0.0, time)",
        trucks_add_up,
    ),
    Mutant("a truck that leaves stays at home", Carrier, "leave", "self.away + trucks", "self.away", trucks_add_up),
    Mutant("unloaded trucks vanish", Trucks, "unload", "self.unloaded(trucks)", "pass", trucks_add_up),
    Mutant("half a truck leaves", Trucks, "wanted", "np.floor(waiting", "0.5 * np.floor(waiting", trucks_add_up),
    Mutant(
        "trucks out of nowhere",
        Carrier,
        "within_fleet",
        "positive(self.owned - self.away)",
        "positive(self.owned + 1.0 - self.away)",
        a_fleet_is_not_exceeded,
    ),
    Mutant(
        "a batch shares its fleet",
        Carrier,
        "within_fleet",
        "positive(self.owned - self.away)",
        "positive(self.owned - self.away.max())",
        law.a_run_does_not_depend_on_its_batch,
    ),
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.what)
def test_a_spoilt_line_is_noticed(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutant.kind, mutant.method, mutant.compiled())
    with np.errstate(all="ignore"):
        noticed = any(fails(mutant.caught_by, truck_world_number(number)) for number in range(WORLDS))
    assert noticed, f"{mutant.caught_by.__name__} holds although {mutant.what}"


def fails(check: Property, scenario: Scenario) -> bool:
    """Whether a property does not hold in a world."""
    try:
        check(scenario)
    except AssertionError:
        return True
    return False
