"""What is on the way, by hand."""

from __future__ import annotations

import numpy as np
from ripieno.agents.pipeline import Pipeline
from ripieno.agents.quantity import Array


def units(*runs: float) -> Array:
    return np.array([runs])


def test_goods_arrive_after_their_delay() -> None:
    way = Pipeline(units(0.0))
    way.send(units(5.0), 2)
    way.send(units(1.0), 0)
    arrivals = []
    for _ in range(4):
        arrivals.append(way.take_due().item())
        way.advance()
    assert arrivals == [1.0, 0.0, 5.0, 0.0]


def test_what_is_sent_into_the_same_slot_adds_up() -> None:
    way = Pipeline(units(0.0))
    way.send(units(5.0), 1)
    way.send(units(2.0), 1)
    assert way.content().item() == 7.0
    way.advance()
    assert way.take_due().item() == 7.0


def test_what_is_not_taken_stays_due() -> None:
    way = Pipeline(units(0.0))
    way.send(units(5.0), 1)
    way.send(units(2.0), 2)
    way.advance()
    way.advance()
    assert way.take_due().item() == 7.0


def test_every_run_has_its_own_delay() -> None:
    way = Pipeline(units(0.0, 0.0, 0.0))
    way.send_each(units(4.0, 5.0, 6.0), np.array([2, 0, 1]), (0, 1, 2))
    arrivals = []
    for _ in range(3):
        arrivals.append(way.take_due()[0].tolist())
        way.advance()
    assert arrivals == [[0.0, 5.0, 0.0], [0.0, 0.0, 6.0], [4.0, 0.0, 0.0]]


def test_nothing_moves_in_a_frozen_run() -> None:
    way = Pipeline(units(0.0, 0.0))
    way.send(units(4.0, 4.0), 1)
    way.advance_unless(np.array([True, False]))
    assert way.take_due()[0].tolist() == [0.0, 4.0]
    way.advance_unless(np.array([False, True]))
    assert way.take_due()[0].tolist() == [4.0, 0.0]
    assert way.content()[0].tolist() == [0.0, 0.0]


def test_what_was_sent_is_not_changed_by_what_follows() -> None:
    way, sent = Pipeline(units(0.0)), units(5.0)
    way.send(sent, 1)
    way.send(units(2.0), 1)
    way.advance()
    assert sent.item() == 5.0
