"""A lane between two sites, and one to a market, by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
from ripieno.agents.lane import Lane, MarketLane
from ripieno.agents.order_rules import OrderRules
from ripieno.agents.quantity import Array


def handed_over(way: Lane) -> Array:
    """What a lane without trucks hands over."""
    goods = way.receive()
    assert goods is not None
    return goods


def lane(kind: type[Lane] = Lane, runs: int = 1, **settings: Any) -> Lane:
    origin = SimpleNamespace(name="A", products=("goods",), runs=runs, zeros=np.zeros((1, runs)))
    made = kind("A->B", origin, SimpleNamespace(name="B", wanted=("goods",)))
    made.configure(**settings)
    return made


def units(*runs: float) -> Array:
    return np.array([runs])


def test_an_order_is_owed_then_shipped_then_received() -> None:
    way = lane()
    way.travel_time = 2
    way.place(units(10.0), 0)
    assert (way.owed.item(), way.on_order.item()) == (10.0, 10.0)
    way.pick(units(7.0))
    assert (way.owed.item(), way.set_aside.item(), way.unmet.item()) == (3.0, 7.0, 3.0)
    way.dispatch(0)
    assert (way.shipped.item(), way.set_aside.item(), way.in_transit.item()) == (7.0, 0.0, 7.0)
    received = []
    for _ in range(3):
        received.append(handed_over(way).item())
        way.advance()
    assert received == [0.0, 0.0, 7.0]
    assert (way.on_order.item(), way.in_transit.item()) == (3.0, 0.0)


def test_an_order_is_booked_when_it_has_arrived() -> None:
    way = lane()
    way.order_delay = 2
    way.place(units(10.0), 0)
    assert (way.owed.item(), way.on_order.item()) == (0.0, 10.0)
    way.advance()
    way.book_due()
    assert way.owed.item() == 0.0
    way.advance()
    way.book_due()
    assert (way.owed.item(), way.booked.item()) == (10.0, 10.0)


def test_old_debts_are_not_unmet_demand() -> None:
    way = lane()
    way.start(in_transit=[], orders=[], backlog=units(5.0))
    way.place(units(4.0), 0)
    way.pick(units(6.0))
    assert (way.owed.item(), way.unmet.item()) == (3.0, 3.0)
    way.place(units(1.0), 1)
    way.pick(units(0.0))
    assert (way.owed.item(), way.unmet.item()) == (4.0, 1.0)


def test_an_order_that_is_dropped_is_not_on_order() -> None:
    way = lane(lost_sales=True)
    way.place(units(10.0), 0)
    way.pick(units(7.0))
    assert (way.owed.item(), way.lost.item(), way.on_order.item()) == (0.0, 3.0, 7.0)


def test_the_start_fills_the_pipelines() -> None:
    way = lane()
    way.travel_time, way.order_delay = 2, 1
    way.start(in_transit=[units(4.0), units(5.0)], orders=[units(6.0)], backlog=units(2.0))
    assert (way.in_transit.item(), way.owed.item(), way.on_order.item()) == (9.0, 2.0, 17.0)
    assert handed_over(way).item() == 4.0


def test_outages_stop_orders_shipments_and_receipts_run_by_run() -> None:
    way, out = lane(runs=2), np.array([True, False])
    way.no_ordering = way.no_shipping = way.no_receiving = out
    way.configure()
    way.place(units(10.0, 10.0), 0)
    assert way.owed.tolist() == [[0.0, 10.0]]
    way.owed = units(10.0, 10.0)
    way.pick(units(10.0, 10.0))
    way.dispatch(0)
    assert (way.shipped.tolist(), way.set_aside.tolist()) == ([[0.0, 10.0]], [[10.0, 0.0]])
    way.transit.send(units(3.0, 3.0), 0)
    way.in_transit = way.in_transit + units(3.0, 3.0)
    assert handed_over(way).tolist() == [[0.0, 3.0]]
    assert way.waiting.tolist() == [[3.0, 0.0]]
    way.no_receiving = np.array([False, False])
    assert handed_over(way).tolist() == [[3.0, 0.0]]


def test_a_market_without_travel_time_has_its_goods_at_once() -> None:
    way = lane(MarketLane)
    way.travel_time = 0
    way.place(units(10.0), 0)
    way.pick(units(10.0))
    way.dispatch(0)
    assert (way.received.item(), way.in_transit.item()) == (10.0, 0.0)


def test_a_market_further_away_waits_for_them() -> None:
    way = lane(MarketLane)
    way.travel_time = 1
    way.place(units(10.0), 0)
    way.pick(units(10.0))
    way.dispatch(0)
    way.advance()
    assert handed_over(way).item() == 10.0


def test_a_lane_has_order_rules_of_its_own() -> None:
    way = lane()
    way.place(units(10.0), 0)
    assert way.ordered.item() == 10.0
    way.configure(orders=OrderRules(cap=4.0, returns=True))
    way.place(units(10.0), 1)
    assert (way.ordered.item(), way.owed.item()) == (4.0, 14.0)
