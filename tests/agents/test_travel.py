"""Random travel times: the right values as often as declared, by inversion."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from ripieno.agents.travel import RandomTravel
from ripieno.model.schema.problems import Refused
from ripieno.model.schema.times import check_time, distribution, geometric, longest, shortest
from ripieno.model.streams import Streams


class Given:
    """The same uniform numbers every period."""

    def __init__(self, numbers: Any) -> None:
        self.numbers = np.array([numbers])

    def uniforms(self, period: int) -> Any:
        return self.numbers


def test_times_come_as_often_as_declared() -> None:
    probabilities = {1: 0.2, 3: 0.5, 4: 0.3}
    travel = RandomTravel(
        list(probabilities), list(probabilities.values()), Streams(2, np.arange(3_000)).stream("travel/a")
    )
    found = np.array([travel(period) for period in range(20)])
    assert set(np.unique(found)) == set(probabilities)
    for time, probability in probabilities.items():
        error = math.sqrt(probability * (1 - probability) / found.size)
        assert abs((found == time).mean() - probability) < 4 * error


def test_a_longer_time_belongs_to_a_larger_number() -> None:
    travel = RandomTravel([5, 1, 3], [0.25, 0.5, 0.25], Given([0.0001, 0.4999, 0.5001, 0.7499, 0.7501, 0.9999]))
    assert travel.support == (1, 3, 5)
    assert travel(0).tolist() == [1, 1, 3, 3, 5, 5]


def test_probabilities_that_round_still_reach_the_last_time() -> None:
    """Ten times 0.1 add up to less than 1 in floating point."""
    assert np.cumsum([0.1] * 10)[-1] < 1.0
    travel = RandomTravel(range(10), [0.1] * 10, Given([1 - 2.0**-53]))
    assert travel(0).tolist() == [9]


@pytest.mark.parametrize("time", [0, 7])
def test_one_time_alone_is_certain(time: int) -> None:
    assert RandomTravel([time], [1.0], Given([0.001, 0.999]))(3).tolist() == [time, time]


def test_a_run_alone_travels_as_in_a_batch() -> None:
    def times(replications: Any) -> Any:
        travel = RandomTravel([1, 2, 3], [0.3, 0.3, 0.4], Streams(2, replications).stream("travel/a"))
        return np.array([travel(period) for period in range(70)])

    together = times(np.arange(5))
    for run in range(5):
        assert np.array_equal(times([run]), together[:, [run]])


def test_probabilities_that_differ_between_runs_give_each_run_its_own_times() -> None:
    u = [0.1, 0.6, 0.97]
    tables = [[0.5, 0.3, 0.2], [0.1, 0.1, 0.8], [0.9, 0.05, 0.05]]
    together = RandomTravel([1, 2, 5], np.array(tables).T, Given(u))
    alone = [RandomTravel([1, 2, 5], table, Given([number]))(0).item() for table, number in zip(tables, u, strict=True)]
    assert together(0).tolist() == alone == [1, 5, 5]


def test_a_geometric_time_has_no_memory_and_a_longest() -> None:
    time: Any = check_time({"type": "geometric", "mean": 4.0, "longest": 5})
    support, probabilities = distribution(time)
    assert support == [1, 2, 3, 4, 5]
    assert np.allclose(probabilities, [0.25, 0.25 * 0.75, 0.25 * 0.75**2, 0.25 * 0.75**3, 0.75**4])
    assert (shortest(time), longest(time)) == (1, 5)


def test_a_mean_that_differs_between_runs_has_the_bits_of_each_alone() -> None:
    means = np.array([1.0, 2.5, 7.0])
    for place, mean in enumerate(means):
        assert np.array_equal(geometric(means, 9)[:, place], geometric(float(mean), 9))


@pytest.mark.parametrize(("spoilt", "message"), [({"mean": 0.5}, "mean"), ({"longest": 0}, "longest")])
def test_geometric_times_begin_with_one_period(spoilt: Any, message: str) -> None:
    with pytest.raises(Refused, match=message):
        check_time({"type": "geometric", "mean": 4.0, "longest": 50} | spoilt)
