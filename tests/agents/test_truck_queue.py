"""The queue of all runs together against one list of trucks for each run."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ripieno.agents.quantity import Array
from ripieno.agents.truck_queue import FIRST_ROWS, SINGLE, Convoy, Entries, Served, TruckQueue, joined

PRODUCTS = 2
Truck = tuple[int, int, float, float]  # lane, arrival, goods of each product


def convoy(draw: Random, runs: int, capacity: float) -> Convoy:
    """Up to three trucks in each run, the last of them with any load."""
    trucks = np.array([draw.choice((0, 0, 1, 2, 3)) for _ in range(runs)], dtype=float)
    part = np.array([draw.random() for _ in range(runs)])
    load = np.where(trucks > 0, np.maximum((trucks - part) * capacity, 0.01), 0.0)
    mix = np.array([draw.random() for _ in range(runs)])
    return Convoy(trucks, np.stack([load * mix, load * (1 - mix)]), load, np.full(runs, capacity))


def as_trucks(came: Convoy, run: int, lane: int, period: int) -> list[Truck]:
    """The trucks of one run, one by one."""
    found, load = [], float(came.load[run])
    shares = came.goods[:, run] / load if load else came.goods[:, run]
    for _ in range(int(came.trucks[run])):
        own = min(load, float(came.capacity[run]))
        load -= own
        found.append((lane, period, own * float(shares[0]), own * float(shares[1])))
    return found


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.integers(1, 7), st.integers(1, 60), st.integers(0, 6))
def test_it_is_a_list_of_trucks_for_each_run(seed: int, runs: int, periods: int, doors: int) -> None:
    draw = Random(seed)
    queue, lists = TruckQueue(runs), [deque[Truck]() for _ in range(runs)]
    for period in range(periods):
        for lane in range(3):
            came = convoy(draw, runs, 10.0)
            queue.join(came, lane, period)
            for run, trucks in enumerate(lists):
                trucks.extend(as_trucks(came, run, lane, period))
        serve(queue, lists, np.array([float(draw.randint(0, doors)) for _ in range(runs)]))
        assert queue.waiting.tolist() == [len(trucks) for trucks in lists]


def serve(queue: TruckQueue, lists: list[deque[Truck]], room: Array) -> None:
    """Take as many trucks as there is room for out of the queue and out of the lists, and compare them."""
    wanted = [min(int(room[run]), len(trucks)) for run, trucks in enumerate(lists)]
    parts = queue.take(room)
    if parts:
        entries = joined(parts)
        for run, lane, arrived, count, *goods in zip(
            entries.at, entries.lane, entries.arrived, entries.trucks, *entries.goods, strict=True
        ):
            taken = [lists[run].popleft() for _ in range(int(count))]
            wanted[run] -= len(taken)
            for product in range(PRODUCTS):
                assert abs(sum(truck[2 + product] for truck in taken) - goods[product]) < 1e-9
            assert all(truck[:2] == (lane, arrived) for truck in taken)
    assert not any(wanted)


def single(trucks: float, load: float, capacity: float) -> Convoy:
    return Convoy(np.array([trucks]), np.array([[load]]), np.array([load]), np.array([capacity]))


def taken(queue: TruckQueue, most: float) -> list[tuple[float, float]]:
    """Trucks and goods of what is taken out, group by group."""
    return [(part.trucks.item(), part.goods.item()) for part in queue.take(np.array([most]))]


def test_what_comes_out_in_the_end_is_what_went_in_to_the_last_bit() -> None:
    """The last truck of a convoy takes all that is left, so nothing is lost to rounding."""
    queue, load = TruckQueue(1), 0.1 + 0.2 + 0.3
    queue.join(single(3.0, load, 0.25), 0, 0)
    goods = [taken(queue, 1.0)[0][1] for _ in range(3)]
    assert load - goods[0] - goods[1] == goods[2]
    assert goods[0] == pytest.approx(0.25)
    assert queue.waiting.item() == 0.0
    assert sum(count for count, _ in taken(queue, 5.0)) == 0.0


def test_trucks_that_met_on_the_way_may_leave_the_last_one_empty() -> None:
    """Three trucks with 4 each arrive together as two full ones of 6 and an empty one."""
    queue = TruckQueue(1)
    queue.join(single(3.0, 12.0, 6.0), 0, 0)
    assert [taken(queue, 1.0) for _ in range(3)] == [[(1, 6)], [(1, 6)], [(1, 0)]]


def test_trucks_that_hold_more_than_they_could_now_keep_it() -> None:
    """A capacity that has been lowered while they were on the way."""
    queue = TruckQueue(1)
    queue.join(single(2.0, 12.0, 4.0), 0, 0)
    (first,), (second,) = taken(queue, 1.0), taken(queue, 1.0)
    assert first[1] + second[1] == 12.0


def test_groups_that_are_gone_are_dropped() -> None:
    queue = TruckQueue(2)
    for period in range(100):
        for run in range(2):
            truck = np.array([1.0, 0.0])[:: 1 if run == 0 else -1]
            queue.join(Convoy(truck, truck[None], truck, truck), 0, period)
        queue.take(np.array([1.0, 0.0]))
    assert len(queue.groups) <= SINGLE
    assert queue.waiting.tolist() == [0, 100]
    arrived = [int(joined(queue.take(np.array([0.0, 1.0]))).arrived[0]) for _ in range(100)]
    assert arrived == list(range(100))
    assert not queue.groups
    assert queue.take(np.ones(2)) == []


@pytest.mark.parametrize("seed", range(4))
def test_a_run_has_the_same_bits_alone_and_where_others_have_long_queues(seed: int) -> None:
    """The first run never has more than a few trucks; the others let its groups go to the backlog."""
    draw, runs, periods = Random(seed), 5, 120
    together, alone = TruckQueue(runs), TruckQueue(1)
    for period in range(periods):
        for lane in range(2):
            came = convoy(draw, runs, 10.0)
            together.join(came, lane, period)
            alone.join(Convoy(came.trucks[:1], came.goods[:, :1], came.load[:1], came.capacity[:1]), lane, period)
        room = np.array([6.0, *(float(draw.choice((0, 1, 2))) for _ in range(runs - 1))])
        assert summed(together.take(room), runs)[:, 0].tolist() == summed(alone.take(room[:1]), 1)[:, 0].tolist()
    assert together.backlog is not None
    assert alone.backlog is None
    assert len(together.backlog.trucks) > FIRST_ROWS


def test_a_remainder_without_a_truck_stays_where_it_is() -> None:
    """What rounding left on the way in a run is not unloaded because a truck comes in another one."""
    queue = TruckQueue(2)
    goods = np.array([[-1e-17, 3.0]])
    queue.join(Convoy(np.array([0.0, 1.0]), goods, goods[0], np.full(2, 5.0)), 0, 0)
    (served,) = queue.take(np.ones(2))
    assert isinstance(served, Served)
    assert served.goods.tolist() == [[0.0, 3.0]]


def summed(parts: Sequence[Served | Entries], runs: int) -> Array:
    """Trucks and goods of each run, ``[numbers, runs]``, added up in their order."""
    if not parts:
        return np.zeros((1 + PRODUCTS, runs))
    entries = joined(parts)
    return np.stack([np.bincount(entries.at, row, runs) for row in (entries.trucks, *entries.goods)])
