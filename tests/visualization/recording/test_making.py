"""A recording in the making: what is asked for in between is its beginning, and changes nothing of what comes of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import ripieno
from ripieno.model.schema import Scenario, with_values
from ripieno.visualization.recording import Making, Recording, RecordingError, record
from ripieno.visualization.worlds import armed

from .conftest import DAYS

PLANS = {
    "periods": 100,
    "warm_up": 20,
    "orchestration.arm": "selfish",
    "orchestration.first": 30,
    "orchestration.cadence": 20,
    "orchestration.search.history": 20,
    "orchestration.search.singles": 3,
    "orchestration.search.rounds": 2,
}


@pytest.fixture(scope="module")
def planned() -> tuple[Scenario, Scenario]:
    """Two short worlds in which packages are tried out: each for itself, and together."""
    first = with_values(ripieno.load("serial-owners"), {"orchestration": {"arm": "none"}})
    first = with_values(first, PLANS)
    return first, armed(first, "orch")


def test_what_is_asked_for_in_between_changes_nothing(planned: tuple[Scenario, Scenario]) -> None:
    whole = record(*planned)
    with Making(planned) as making:
        for _ in range(100):
            making.step()
            if making.done % 7 == 0:
                making.recording().to_bytes()
        assert making.recording().to_bytes() == whole.to_bytes()
    assert [event for event in whole.worlds[1].events if event.kind == "negotiation"]


def test_worlds_side_by_side_are_those_that_run_alone(planned: tuple[Scenario, Scenario]) -> None:
    pair = record(*planned)
    for world, scenario in zip(pair.worlds, planned, strict=True):
        (alone,) = record(scenario).worlds
        assert alone.fields == world.fields
        assert alone.events == world.events


def test_the_beginning_says_so_and_has_the_same_numbers(regional: Scenario, other: Scenario, pair: Recording) -> None:
    with Making([regional, other]) as making:
        for _ in range(33):
            making.step()
        begun = making.recording()
    assert (begun.periods, begun.horizon) == (33, DAYS)
    assert (pair.periods, pair.horizon) == (DAYS, 0)
    assert Recording.from_bytes(begun.to_bytes()) == begun
    for so_far, world in zip(begun.worlds, pair.worlds, strict=True):
        assert (so_far.label, so_far.provenance) == (world.label, world.provenance)
        assert set(so_far.fields) == set(world.fields)
        for name, field in so_far.fields.items():
            whole, steps = world[name], (field.step, world[name].step)
            error = sum(float(np.max(step)) for step in steps if step is not None)
            assert np.allclose(field.values(), whole.values()[:, :33], rtol=0, atol=0.51 * error, equal_nan=True), name
    assert [(event.kind, event.start, event.end) for event in begun.worlds[0].events] == [
        ("outage", 20, 25),
        ("intervention", 30, 33),
    ]


def test_a_horizon_that_is_no_horizon_is_refused() -> None:
    beer = record(ripieno.load("beer-game"))
    for horizon in (1, 36, 10**6):
        with pytest.raises(RecordingError, match="damaged"):
            Recording.from_bytes(replace(beer, horizon=horizon).to_bytes())
