"""The queue of all runs together against one list of trucks for each run."""

from __future__ import annotations

from collections import deque

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from ripieno.agents.quantity import Array
from ripieno.agents.truck_queue import Convoy, Served, TruckQueue

PRODUCTS = 2
Truck = tuple[int, int, float, float]  # lane, arrival, goods of each product


def convoy(draw: np.random.Generator, runs: int, capacity: float) -> Convoy:
    """Up to three trucks in each run, the last of them with any load."""
    trucks = draw.integers(0, 4, runs) * (draw.random(runs) < 0.6)
    load = np.where(trucks > 0, np.maximum((trucks - draw.random(runs)) * capacity, 0.01), 0.0)
    mix = draw.random(runs)
    return Convoy(trucks.astype(float), np.stack([load * mix, load * (1 - mix)]), load, np.full(runs, capacity))


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
@given(st.integers(0, 10**6), st.integers(1, 7), st.integers(1, 60), st.integers(1, 6))
def test_it_is_a_list_of_trucks_for_each_run(seed: int, runs: int, periods: int, doors: int) -> None:
    draw = np.random.Generator(np.random.PCG64(seed))
    queue, lists = TruckQueue(runs), [deque[Truck]() for _ in range(runs)]
    for period in range(periods):
        for lane in range(3):
            came = convoy(draw, runs, 10.0)
            queue.join(came, lane, period)
            for run, trucks in enumerate(lists):
                trucks.extend(as_trucks(came, run, lane, period))
        serve(queue, lists, draw.integers(0, doors + 1, runs).astype(float))
        assert queue.waiting.tolist() == [len(trucks) for trucks in lists]


def serve(queue: TruckQueue, lists: list[deque[Truck]], room: Array) -> None:
    """Take trucks out of the queue and out of the lists, and compare them."""
    served = np.zeros(len(lists))
    for group in queue.take(room):
        served = served + group.trucks
        for run, trucks in enumerate(lists):
            taken = [trucks.popleft() for _ in range(int(group.trucks[run]))]
            for product in range(PRODUCTS):
                assert abs(sum(truck[2 + product] for truck in taken) - group.goods[product, run]) < 1e-9
            assert all(truck[:2] == (group.lane, group.arrived) for truck in taken)
    assert all(served[run] == room[run] or not trucks for run, trucks in enumerate(lists))


def one_by_one(queue: TruckQueue, count: int) -> list[Served]:
    """The first trucks of a queue of one run, one at a time."""
    found = [served for _ in range(count) for served in queue.take(np.ones(queue.waiting.shape)) if served.trucks.any()]
    assert len(found) == count
    return found


def test_what_comes_out_in_the_end_is_what_went_in_to_the_last_bit() -> None:
    """The last truck of a convoy takes all that is left, so nothing is lost to rounding."""
    queue, load = TruckQueue(1), 0.1 + 0.2 + 0.3
    queue.join(Convoy(np.array([3.0]), np.array([[load]]), np.array([load]), np.array([0.25])), 0, 0)
    goods = [served.goods.item() for served in one_by_one(queue, 3)]
    assert goods[0] == goods[1]
    assert load - goods[0] - goods[1] == goods[2]
    assert not queue.waiting.any()


def test_groups_that_are_gone_are_dropped() -> None:
    queue, truck = TruckQueue(2), np.array([1.0, 0.0])
    for period in range(100):
        queue.join(Convoy(truck, (truck * period)[None], truck * period, truck * 1000.0), 0, period)
    assert len(queue.groups) == 100
    assert [served.arrived for served in one_by_one(queue, 100)] == list(range(100))
    assert not queue.waiting.any()
    assert not queue.groups
